"""One look through the books, from the first row to the last checkpoint, or over the last days."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from billing.verification import audit, books, lines
from billing.verification.cards import check_cards
from billing.verification.events import check_events
from billing.verification.findings import Report
from billing.verification.guards import check_guards
from billing.verification.records import check_records
from billing.verification.rows import one_moment, rows
from billing.verification.signatures import Signatures, Signed, check_checkpoints, check_days

_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MONTHS_OPEN: Final = timedelta(days=62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the verifier knows from outside the database."""

    keys: tuple[bytes, ...] = ()
    witness: Path | None = None
    application_role: str = ""


@dataclass(slots=True)
class _Start:
    """Where the chains are taken up: behind the last checkpoint that is old enough."""

    number: int = 0
    line: int = 0
    line_chain: bytes = field(default=lines.BEFORE_THE_FIRST)
    entry: int = 0
    entry_chain: bytes = field(default=audit.BEFORE_THE_FIRST)


def verify(*, trust: Trust, now: datetime, days: int | None = None, with_events: bool = False) -> Report:
    """Recompute and compare everything, or what was sealed in the last `days`.

    `with_events` also compares the books with the events that were published; for a house whose events all went through
    its own outbox.
    """
    report = Report()
    since = _BEGINNING if days is None else now - timedelta(days=days)
    with one_moment():
        _look(report, trust, since=since, now=now, with_events=with_events, is_whole=days is None)
    return report


def _look(report: Report, trust: Trust, *, since: datetime, now: datetime, with_events: bool, is_whole: bool) -> None:
    signed, signatures = Signed(), Signatures(trust.keys)
    report.add(check_guards(application_role=trust.application_role))
    report.add(check_checkpoints(signed, signatures, trust.witness))
    start = _Start() if is_whole else _start(signed, since)
    _follow(report, signed, start)
    report.add(check_records(signed.records))
    report.add(lines.check_explanations())
    report.add(books.check_whole())
    report.add(check_cards())
    report.add(books.check_closed_months(since=date.min if is_whole else (since - _MONTHS_OPEN).date()))
    report.add(check_days(signatures, since=start.number + 1))
    if with_events:
        report.add(check_events(since=since, now=now))
    report.checkpoints, report.groups, report.sum_vnd = len(signed.ends), books.groups(), books.total()


def _follow(report: Report, signed: Signed, start: _Start) -> None:
    read, entries = lines.LinesRead(), audit.EntriesRead()
    report.add(lines.check_lines(read, after=start.line, before=start.line_chain, heads=signed.lines))
    report.add(audit.check_audit(entries, after=start.entry, before=start.entry_chain, heads=signed.entries))
    report.lines, report.unsealed, report.entries = read.lines + read.unsealed, read.unsealed, entries.entries


def _start(signed: Signed, since: datetime) -> _Start:
    old = [end for end in signed.ends if end[1] <= since]
    if not old:
        return _Start()
    number, _at, line, entry = old[-1]
    line_chain = signed.lines.get(line) or _chain("billing_lineseal", line) or lines.BEFORE_THE_FIRST
    entry_chain = signed.entries.get(entry) or _chain("billing_auditseal", entry) or audit.BEFORE_THE_FIRST
    return _Start(number, line, line_chain, entry, entry_chain)


def _chain(table: str, sequence: int) -> bytes:
    found = rows(f"SELECT chain FROM {table} WHERE sequence = %s", [sequence])  # noqa: S608  # our own tables
    return bytes(found[0][0]) if found else b""

"""Looks for signals, each night: what is found opens a case for a person, or adds to the one that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from intake.brokers.cases import opened, written
from intake.brokers.models import BrokerRule, BrokerSignal
from intake.brokers.rules import FINAL, MOST_EVIDENCE
from intake.brokers.statements import STATEMENTS
from shared.actors import job
from shared.calendar import at_local, local
from shared.crypto import blind_index
from shared.transactions import operation

SUBJECT: Final = "broker.subject"
JOB: Final = job("compute_signals")
_ONE_AT_A_TIME: Final = 0x63F2  # an advisory lock: two runs at once would open a case twice


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a rule's statement."""

    outlet_id: UUID
    province_code: str
    subject_index: bytes
    clerk_id: UUID | None
    found: int
    baseline: float
    threshold: float
    dossiers: tuple[UUID, ...]


@operation
def compute_signals(*, at: datetime) -> int:
    """Run the rules in force over the days before the local day of `at`; returns how many cases were opened.

    The same night computed again changes nothing. After a case was closed the same subject opens another one only
    with as much new evidence as makes a signal by itself.
    """
    today = local(at).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    return sum(_run(rule, today, at) for rule in rules_on(today))


def rules_on(day: date) -> Sequence[BrokerRule]:
    """The rules in force on a day."""
    in_force = BrokerRule.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    return list(in_force.order_by("code"))


def _run(rule: BrokerRule, today: date, at: datetime) -> int:
    from_day = today - timedelta(days=rule.days)
    rows = find(rule, from_day, today)
    known = _known(rule, rows)
    return sum(_keep(rule, row, known.get((row.outlet_id, row.subject_index), []), (from_day, today), at)
               for row in rows)


def find(rule: BrokerRule, from_day: date, until_day: date) -> Sequence[Found]:
    """What the rule finds in the days, `until_day` not among them."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS[rule.code], {  # type: ignore[index]  # a checked choice
            "from": at_local(from_day, time(0)), "until": at_local(until_day, time(0)), "least": rule.least,
            "factor": rule.percent_of_usual / 100, "seconds": rule.seconds or 0, "kept": MOST_EVIDENCE})
        return [Found(outlet, province, blind_index(f"{rule.code}|{subject}", bound_to=SUBJECT), clerk, int(found),
                      float(baseline), float(threshold), tuple(dossiers))
                for outlet, province, subject, clerk, found, baseline, threshold, dossiers in cursor.fetchall()]


def _known(rule: BrokerRule, rows: Sequence[Found]) -> dict[tuple[UUID, bytes], list[BrokerSignal]]:
    """Earlier signals about the same subjects, newest first."""
    earlier = BrokerSignal.objects.select_related("case").filter(
        rule=rule.code, outlet_id__in={row.outlet_id for row in rows},
        subject_index__in=[row.subject_index for row in rows])
    found: dict[tuple[UUID, bytes], list[BrokerSignal]] = {}
    for signal in earlier.order_by("-first_seen_at", "-id"):
        found.setdefault((signal.outlet_id, bytes(signal.subject_index)), []).append(signal)
    return found


def _keep(rule: BrokerRule, row: Found, known: list[BrokerSignal], days: tuple[date, date], at: datetime) -> int:
    figures: dict[str, Any] = {
        "version": rule.version, "from_day": days[0], "until_day": days[1], "found": row.found,
        "baseline": row.baseline, "threshold": row.threshold, "dossiers": list(row.dossiers), "last_seen_at": at}
    still_open = next((signal for signal in known if signal.case.state not in FINAL), None)
    if still_open is not None:
        _add(still_open, figures, at)
        return 0
    judged = {dossier for signal in known for dossier in signal.dossiers}
    if len(set(row.dossiers) - judged) < (rule.least if judged else 0):
        return 0
    case = opened(province_code=row.province_code, outlet_id=row.outlet_id, by=JOB, at=at, reason=rule.code)
    BrokerSignal.objects.create(
        case=case, rule=rule.code, province_code=row.province_code, outlet_id=row.outlet_id, clerk_id=row.clerk_id,
        subject_index=row.subject_index, first_seen_at=at, **figures)
    return 1


def _add(signal: BrokerSignal, figures: dict[str, Any], at: datetime) -> None:
    more = len(set(figures["dossiers"]) - set(signal.dossiers))
    if not more and figures["found"] == signal.found:
        return
    BrokerSignal.objects.filter(id=signal.id).update(**figures)
    if more:
        written(signal.case, "evidence", JOB, at, str(more))


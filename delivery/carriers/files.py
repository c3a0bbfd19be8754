"""A carrier's daily file: CSV in UTF-8, one event a line, each judged alone."""

import csv
import re
from array import array
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final
from unicodedata import is_normalized
from zlib import crc32

import orjson

from delivery.carriers.adapter import adapter_of
from delivery.carriers.messages import CarrierEvent, read_event
from shared.errors import DomainError, FieldError
from shared.validation import InvalidRequest

COLUMNS: Final = ("event_id", "number", "code", "occurred_at", "office", "note", "receiver", "relation", "id_kind",
                  "method")  # fmt: skip
_STRAY: Final = re.compile(r"  |\| | \||^ | $")
_UNUSUAL: Final = ('"', "  ", ", ", " ,")
_RECEIVER: Final = ("name", "relation", "id_kind", "method")
MOST_PORTIONS: Final = 500
"""Of a very large file they grow rather than that there are more of them open."""
_BLOCK: Final = 1 << 20
NOBODY: Final[Mapping[str, str]] = {}
# What most rows look like; whatever does not is read like a webhook's event, slowly and with a reason for refusal.
_PLAIN: Final = re.compile(
    r"[!-~]{1,120}\x1f[A-Z0-9]{4,20}\x1f[A-Za-z0-9-]{1,20}\x1f"
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)  # fmt: skip
# The same of a line without quotation marks, cells and all.
_PLAIN_LINE: Final = re.compile(
    r"([!#-+\--~]{1,120}),([A-Z0-9]{4,20}),([A-Za-z0-9-]{1,20}),"
    r"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)),([^,]{0,120}),([^,]{0,300}),"
    r"(?:,,,|([^,]{1,160}),([^,]{1,40}),([^,]{1,20}),([^,]{1,20}))", re.ASCII)  # fmt: skip


class HeaderWrongError(ValueError):
    """The first line does not name the columns; the text says which are expected."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """All lines of a file about some parcels, so that each parcel is touched once."""

    position: int
    lines: Sequence[str]
    numbers: Sequence[int]
    """Where each line stands in the file; the header is line 1."""
    columns: tuple[str, ...] = COLUMNS
    translate: Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]] | None] | None = None
    """For a carrier's own columns: the events of a line under these names."""

    def read(self, received_at: datetime) -> tuple[list[CarrierEvent], list[RefusedLine]]:
        """The events, and the lines that cannot be taken."""
        events, refused = [], []
        for number, read in self._each(received_at):
            if isinstance(read, CarrierEvent):
                events.append(read)
            else:
                refused.append(RefusedLine(number, read))
        return events, refused

    def _each(self, received_at: datetime) -> Iterator[tuple[int, CarrierEvent | str]]:
        """Of each line that is not empty its event, or why it is refused."""
        lines = zip(self.numbers, self.lines, strict=True)
        if self.translate is None and _are_all_clean(self.lines):
            return ((number, _read_plain(line, received_at) or _read_row(line.split(","), received_at))
                    for number, line in lines if line)
        rows = zip(self.numbers, _rows(self.lines), strict=True)
        read = self._read_own if self.translate else _read_row
        return ((number, read(row, received_at)) for number, row in rows if row)

    def _read_own(self, row: Sequence[str], received_at: datetime) -> CarrierEvent | str:
        if len(row) != len(self.columns):
            return f"{len(row)} columns instead of {len(self.columns)}"
        own = self.translate(dict(zip(self.columns, row, strict=True))) if self.translate else None
        return _judged(own[0] if own else {}, received_at)


@dataclass(frozen=True, slots=True)
class DailyFile:
    """A file that was looked through once: what it is called by, and its lines in portions by parcel."""

    name: str
    """SHA-256 of its bytes: the same file has the same name and the same portions."""
    columns: tuple[str, ...]
    translate: Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]] | None] | None
    portions: Sequence[tuple[BinaryIO, Sequence[int]]]
    """On disk, so that a file may be larger than memory; with each the places of its lines."""

    def chunks(self) -> Iterator[Chunk]:
        """Each portion, one at a time."""
        for position, (portion, numbers) in enumerate(self.portions):
            portion.seek(0)
            lines = portion.read().decode().split("\n")[:-1]
            if lines:
                yield Chunk(position, lines, numbers, self.columns, self.translate)


@contextmanager
def looked_through(carrier: str, file: BinaryIO, size: int) -> Iterator[DailyFile]:
    """`file` in portions of about `size` lines, in each all the lines about some parcels, with our columns or the
    carrier's own. No field may hold a line break.

    Raises:
        HeaderWrongError: the columns are not named, or not in this order.
        UnicodeDecodeError: it is not UTF-8.
    """
    name, lines = _measured(file)
    file.seek(0)
    named, own = _named(file.readline()), adapter_of(carrier).file_columns
    if named != COLUMNS and (not own or named != own):
        expected = " or ".join(",".join(columns) for columns in (COLUMNS, own) if columns)
        raise HeaderWrongError(f"The first line must be: {expected}")
    with ExitStack() as opened:
        count = min(MOST_PORTIONS, max(1, -(-(lines - 1) // size)))
        # Without names in any folder: they hold who received what, and vanish with this process.
        portions = [(opened.enter_context(TemporaryFile()), array("Q")) for _ in range(count)]
        _spread(file, portions)
        yield DailyFile(name, named, adapter_of(carrier).translate if named == own else None, portions)


def _measured(file: BinaryIO) -> tuple[str, int]:
    """The digest of its bytes, which must be UTF-8, and how many lines it has."""
    digest, lines, text, last = sha256(), 0, getincrementaldecoder("utf-8")(), b"\n"
    while block := file.read(_BLOCK):
        digest.update(block)
        text.decode(block)
        lines, last = lines + block.count(b"\n"), block[-1:]
    text.decode(b"", final=True)
    return digest.hexdigest(), lines + (last != b"\n")


def _named(header: bytes) -> tuple[str, ...]:
    return tuple(next(csv.reader([header.decode("utf-8-sig").rstrip("\r\n")]), []))


def _spread(file: BinaryIO, portions: Sequence[tuple[BinaryIO, "array[int]"]]) -> None:
    """Put the lines into portions of about equal length; all with one second column lie together."""
    for number, line in enumerate(file, 2):
        key = line.split(b",", 2)[1:2]
        portion, numbers = portions[crc32(key[0]) % len(portions) if key else 0]
        portion.write(line.rstrip(b"\r\n") + b"\n")
        numbers.append(number)


def _rows(lines: Sequence[str]) -> Iterator[list[str]]:
    """The cells of each line; a quotation mark that is never closed spoils its own line only."""
    if any(line.count('"') % 2 for line in lines if '"' in line):
        return (next(csv.reader([line]), []) for line in lines)
    return csv.reader(lines)


def _read_plain(line: str, received_at: datetime) -> CarrierEvent | None:
    """The event of a clean line; None when the line has to be looked at more closely."""
    match = _PLAIN_LINE.fullmatch(line)
    if match is None:
        return None
    event_id, number, code, occurred_at, office, note, name, relation, id_kind, method = match.groups()
    try:
        moment = datetime.fromisoformat(occurred_at)
    except ValueError:
        return None
    data = {"name": name, "relation": relation, "id_kind": id_kind, "method": method} if name else NOBODY
    return CarrierEvent(event_id, number, code, moment, received_at, office, note, data, b"")


def _read_row(row: Sequence[str], received_at: datetime) -> CarrierEvent | str:
    """The event of a row, or why there is none."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} columns instead of {len(COLUMNS)}"
    event_id, number, code, occurred_at, office, note, *receiver = row
    is_plain = _PLAIN.fullmatch("\x1f".join(row[:4])) and _are_clean(row[4:]) and _are_short(row)
    if not is_plain or (receiver[0] and not all(receiver)):
        return _read_slowly(row, received_at)
    try:
        moment = datetime.fromisoformat(occurred_at)
    except ValueError:
        return _read_slowly(row, received_at)
    data = dict(zip(_RECEIVER, receiver, strict=True)) if receiver[0] else NOBODY
    return CarrierEvent(event_id, number, code, moment, received_at, office, note, data, b"")


def _are_clean(texts: Sequence[str]) -> bool:
    """Whether texts are as the webhook would keep them: one Unicode form, nothing hidden, no stray spaces."""
    whole = "|".join(texts)
    return whole.isprintable() and not _STRAY.search(whole) and is_normalized("NFC", whole)


def _are_short(row: Sequence[str]) -> bool:
    return (len(row[4]) <= 120 and len(row[5]) <= 300 and len(row[6]) <= 160 and len(row[7]) <= 40
            and len(row[8]) <= 20 and len(row[9]) <= 20)  # fmt: skip


def _are_all_clean(lines: Sequence[str]) -> bool:
    """The same of whole lines at once, for files without anything unusual."""
    whole = ",".join(lines)
    return whole.isprintable() and not any(sign in whole for sign in _UNUSUAL) and is_normalized("NFC", whole) and (
        whole[:1] != " " and whole[-1:] != " ")


def _read_slowly(row: Sequence[str], received_at: datetime) -> CarrierEvent | str:
    """As a webhook's event, with its rules and its words."""
    return _judged(as_message(row), received_at)


def _judged(message: Mapping[str, Any], received_at: datetime) -> CarrierEvent | str:
    try:
        return read_event(message, b"", received_at)
    except InvalidRequest as problem:
        return "; ".join(_told(error) for error in problem.errors)
    except DomainError as problem:
        return str(problem.detail)


def _told(error: FieldError) -> str:
    return f"{error.pointer.lstrip('/')}: {error.message}"


def as_message(row: Sequence[str]) -> dict[str, object]:
    """A row as the webhook would have brought it; empty cells say nothing."""
    cells = dict(zip(COLUMNS, row, strict=True))
    message: dict[str, object] = {name: cells[name] for name in ("event_id", "number", "code", "occurred_at")}
    message |= {name: cells[name] for name in ("office", "note") if cells[name]}
    if cells["receiver"]:
        parts = {"name": cells["receiver"], "relation": cells["relation"], "id_kind": cells["id_kind"],
                 "method": cells["method"]}  # fmt: skip
        message["receiver"] = {name: value for name, value in parts.items() if value}
    return message


def as_json(event: CarrierEvent) -> bytes:
    """The event as a webhook's body, for one that has to wait for its parcel alone."""
    message: dict[str, object] = {
        "event_id": event.event_id, "number": event.number, "code": event.said,
        "occurred_at": event.occurred_at.isoformat(), "office": event.office, "note": event.note}  # fmt: skip
    if event.data:
        message["receiver"] = dict(event.data)
    return orjson.dumps(message)

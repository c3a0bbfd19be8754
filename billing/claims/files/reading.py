"""A whole claim file: how it was understood, its rows one after another, and everything that is wrong with it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final

from billing.claims.files.header import Header, find_header
from billing.claims.files.rows import ClaimedRow, Fault, RowReader
from billing.claims.files.sheets import NotASheet, Sheet, open_sheet

MOST_ROWS: Final = 500_000
MOST_FAULTS_KEPT: Final = 1000
PREVIEWED: Final = 10


@dataclass(slots=True)
class Reading:
    """What a person is shown before she confirms. Counts of a file that was read to its end."""

    format: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    """CSV: encoding, score (per cent), delimiter. XLSX: sheet, other_sheets, has_macros."""
    header_row: int = 0
    titles: dict[str, str] = field(default_factory=dict)
    """Our field → the file's own word for it."""
    ignored: list[str] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    claimed: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    control_total: int | None = None
    """The file's own total, when it has a row for it; it agrees with `claimed`, or there is a fault."""

    def add(self, *faults: Fault) -> None:
        self.fault_count += len(faults)
        self.faults += faults[:max(0, MOST_FAULTS_KEPT - len(self.faults))]

    def as_data(self) -> dict[str, Any]:
        kept = ("format", "facts", "header_row", "titles", "ignored", "preview", "control_total")
        return {name: value for name, value in asdict(self).items() if name in kept}


def read_whole(content: bytes) -> Reading:
    """Read `content` to its end without keeping its rows."""
    reading = Reading()
    for row in claimed_rows(content, reading):
        if len(reading.preview) < PREVIEWED:
            reading.preview.append({name: _plain(value) for name, value in row._asdict().items()})
    if not reading.rows and not reading.fault_count:
        reading.add(Fault(0, "", "no-rows"))
    return reading


def claimed_rows(content: bytes, reading: Reading) -> Iterator[ClaimedRow]:
    """The readable rows; `reading` fills up while they are taken."""
    try:
        sheet = open_sheet(content)
        reading.format, reading.facts = sheet.format, sheet.facts
        yield from _rows(sheet, _header_of(sheet), reading)
    except NotASheet as wrong:
        reading.add(Fault(wrong.row, "", wrong.code, wrong.shown))


def _header_of(sheet: Sheet) -> Header:
    found = find_header(sheet.peek)
    if found is None:
        raise NotASheet("no-header")
    return found


def _rows(sheet: Sheet, header: Header, reading: Reading) -> Iterator[ClaimedRow]:
    reading.titles, reading.ignored = dict(header.titles), list(header.ignored)
    for name in header.twice:
        reading.add(Fault(0, header.titles[name], "column-twice"))
    reader = RowReader(header)
    for at, (number, cells) in enumerate(sheet.rows()):
        if at == header.index:
            reading.header_row = number
        if at <= header.index or reader.is_empty(cells):
            continue
        if reading.rows + reading.fault_count > MOST_ROWS:
            raise NotASheet("too-many-rows", row=number)
        if reader.is_total(cells):
            _control(reading, number, reader.total(cells))
            continue
        row, faults = reader.read(number, cells)
        reading.add(*faults)
        if row is not None:
            reading.rows += 1
            reading.claimed += row.claimed
            yield row


def _control(reading: Reading, row: int, total: int | None) -> None:
    reading.control_total = total
    if total != reading.claimed and not reading.fault_count:
        reading.add(Fault(row, "", "total-differs", "" if total is None else str(total)))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value

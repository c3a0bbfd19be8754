"""Demand and candidate sites from CSV text, and what is wrong with each row. Pure; messages are lazy.

The first line names the columns, in any order: `commune_code,demand,elderly_percent,online_percent,terrain_factor`, or
`code,name,latitude,longitude,address`. Comma, semicolon or tab separate; with the last two a decimal comma is read too.
"""

import csv
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext_lazy as _

from agents.placement.terms import MOST_DEMAND, MOST_SITES, MOST_TERRAIN, DemandRow, SiteRow
from shared.errors import Text
from shared.problems import told
from shared.text import clean, hidden_character

DEMAND_COLUMNS: Final = ("commune_code", "demand", "elderly_percent", "online_percent", "terrain_factor")
SITE_COLUMNS: Final = ("code", "name", "latitude", "longitude", "address")
_NEEDED: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    DEMAND_COLUMNS: ("commune_code", "demand"), SITE_COLUMNS: ("code", "name", "latitude", "longitude")}
MOST_ROWS: Final = 1000
SOUTH, NORTH, WEST, EAST = 8.0, 24.0, 102.0, 115.0


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` is the file's (the header is 1), or the row's number in a list that is no file."""

    line: int
    column: str
    code: str
    message: Text


@dataclass(slots=True)
class Read[R]:
    """Rows with their line numbers, and all that is wrong."""

    rows: list[R] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Row:
    """One line's cells, read column by column; what cannot be read is remembered."""

    def __init__(self, cells: Mapping[str, str], line: int, faults: list[Fault]) -> None:
        self.cells, self.line, self.faults = cells, line, faults

    def text(self, column: str, longest: int, *, needed: bool = True) -> str:
        value = clean(self.cells.get(column, ""))
        if needed and not value:
            self._wrong(column, "missing", _("This cell is empty."))
        elif len(value) > longest or hidden_character(value) is not None:
            self._wrong(column, "text", told(_("Plain text of at most {most} characters."), most=longest))
        return value

    def number(self, column: str) -> Decimal | None:
        value = clean(self.cells.get(column, "")).replace(",", ".")
        if not value:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > MOST_DEMAND or number.as_tuple().exponent < -8:  # type: ignore[operator]  # finite
            self._wrong(column, "number", told(_("“{value}” is not a number."), value=value[:20]))
            return None
        return number

    def needed_number(self, column: str) -> Decimal:
        if not clean(self.cells.get(column, "")):
            self._wrong(column, "missing", _("This cell is empty."))
        return self.number(column) or Decimal(0)

    def _wrong(self, column: str, code: str, message: Text) -> None:
        self.faults.append(Fault(self.line, column, code, message))


def read_demand(text: str, communes: Collection[str]) -> Read[DemandRow]:
    """Rows of demand for a city whose communes are `communes`."""
    found = _read(text, DEMAND_COLUMNS, _demand_row)
    if found.rows or not found.faults:
        _add(found, demand_faults(found.rows, communes, found.lines))
    return found


def read_sites(text: str) -> Read[SiteRow]:
    found = _read(text, SITE_COLUMNS, _site_row)
    if found.rows or not found.faults:
        _add(found, site_faults(found.rows, found.lines))
    return found


def demand_faults(rows: Sequence[DemandRow], communes: Collection[str], lines: Sequence[int]) -> list[Fault]:
    """What a city's demand may not hold, whoever brought it."""
    faults: list[Fault] = []
    if not any(row.demand > 0 for row in rows):
        faults.append(Fault(1, "demand", "nothing", _("No commune has any demand.")))
    again = {code for code, times in Counter(row.commune_code for row in rows).items() if times > 1}
    for line, row in zip(lines, rows, strict=True):
        if row.commune_code not in communes:
            faults.append(Fault(line, "commune_code", "unknown", told(
                _("No commune of this city has the code {code}."), code=row.commune_code[:10])))
        elif row.commune_code in again:
            faults.append(Fault(line, "commune_code", "twice", _("This commune stands here twice.")))
        if not 0 <= row.demand <= MOST_DEMAND:
            faults.append(Fault(line, "demand", "range", told(_("Between 0 and {most}."), most=MOST_DEMAND)))
        faults += [Fault(line, column, "range", _("A share lies between 0 and 100 per cent."))
                   for column, share in (("elderly_percent", row.elderly_share), ("online_percent", row.online_rate))
                   if share is not None and not 0 <= share <= 1]
        if not 1 <= row.terrain_factor <= MOST_TERRAIN:
            faults.append(Fault(line, "terrain_factor", "range", told(
                _("Between 1 (flat) and {most}."), most=MOST_TERRAIN)))
    return faults


def site_faults(rows: Sequence[SiteRow], lines: Sequence[int]) -> list[Fault]:
    """What a list of candidate sites may not hold."""
    faults: list[Fault] = []
    if not rows:
        faults.append(Fault(1, "code", "nothing", _("There is no site.")))
    if len(rows) > MOST_SITES:
        faults.append(Fault(1, "code", "too-many", told(_("At most {most} sites in one list."), most=MOST_SITES)))
    again = {code for code, times in Counter(row.code for row in rows).items() if times > 1}
    for line, row in zip(lines, rows, strict=True):
        if row.code in again:
            faults.append(Fault(line, "code", "twice", _("This code stands here twice.")))
        # Written so that a NaN fails too.
        if not SOUTH <= row.latitude <= NORTH:
            faults.append(Fault(line, "latitude", "outside-vietnam", told(
                _("A latitude in Vietnam lies between {least} and {most}."), least=SOUTH, most=NORTH)))
        if not WEST <= row.longitude <= EAST:
            faults.append(Fault(line, "longitude", "outside-vietnam", told(
                _("A longitude in Vietnam lies between {least} and {most}."), least=WEST, most=EAST)))
    return faults


def _demand_row(row: _Row) -> DemandRow:
    demand = row.needed_number("demand")
    if demand != demand.to_integral_value():
        row.faults.append(Fault(row.line, "demand", "whole", _("A whole number of people or dossiers.")))
    elderly, online, terrain = (row.number(name) for name in ("elderly_percent", "online_percent", "terrain_factor"))
    return DemandRow(row.text("commune_code", 5), int(demand), _share(elderly), _share(online),
                     terrain.quantize(Decimal("0.01")) if terrain is not None else Decimal(1))


def _site_row(row: _Row) -> SiteRow:
    return SiteRow(row.text("code", 24), row.text("name", 120), float(row.needed_number("latitude")),
                   float(row.needed_number("longitude")), row.text("address", 200, needed=False))


def _share(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else (percent / 100).quantize(Decimal("0.0001"))


def _read[R](text: str, columns: tuple[str, ...], make: Callable[[_Row], R]) -> Read[R]:
    found: Read[R] = Read()
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines:
        found.faults.append(Fault(1, "", "empty", _("There is nothing in it.")))
        return found
    separator = max(",;\t", key=lines[0].count)
    names = [clean(name).lower() for name in next(csv.reader(lines[:1], delimiter=separator), [])]
    found.faults += _header_faults(names, columns)
    if found.faults:
        return found
    for at, cells in enumerate(csv.reader(lines[1:], delimiter=separator), start=2):
        if any(cell.strip() for cell in cells):
            _take(found, dict(zip(names, cells, strict=False)), at, make)
    if len(found.rows) > MOST_ROWS:
        found.faults.insert(0, Fault(1, "", "too-many", told(_("At most {most} rows."), most=MOST_ROWS)))
    return found


def _take[R](found: Read[R], cells: dict[str, str], line: int, make: Callable[[_Row], R]) -> None:
    found.rows.append(make(_Row(cells, line, found.faults)))
    found.lines.append(line)


def _header_faults(names: Sequence[str], columns: tuple[str, ...]) -> list[Fault]:
    missing = [name for name in _NEEDED[columns] if name not in names]
    unknown = [name for name in names if name not in columns]
    faults = [Fault(1, name, "missing-column", told(_("The column {name} is missing."), name=name)) for name in missing]
    return faults + [Fault(1, name[:40], "unknown-column", told(_("There is no column {name}."), name=name[:40]))
                     for name in unknown]


def _add[R](found: Read[R], faults: Sequence[Fault]) -> None:
    """Append what is not said already: an unreadable cell need not be out of range too."""
    said = {(fault.line, fault.column) for fault in found.faults}
    found.faults += [fault for fault in faults if (fault.line, fault.column) not in said]
    found.faults.sort(key=lambda fault: fault.line)

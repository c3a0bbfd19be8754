"""How a board reads: the sums of a unit, broken down, with the names of places and procedures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from agents import public as agents
from agents.records import CentreInfo
from intake.boards.figures import Figures, Places, Unit, procedures_of_outlet, read_figures
from intake.boards.rules.counts import Counts
from intake.boards.statements import Cut
from intake.models.procedures import Procedure
from intake.rules.wording import Words
from shared.calendar import local
from shared.places import get_places


class By(StrEnum):
    """How a board's table is broken down; the value stands in addresses."""

    CENTRE = "trung-tam"
    OUTLET = "diem"
    OPERATOR = "doanh-nghiep"
    PROCEDURE = "thu-tuc"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table. `key` is the place's id or the procedure's code, empty for what names no place."""

    key: str
    name: Words
    code: str
    count: Counts
    commune_code: str = ""


@dataclass(frozen=True, slots=True)
class CentreLine:
    centre: CentreInfo
    count: Counts


@dataclass(frozen=True, slots=True)
class HourLine:
    starts_at: datetime
    count: Counts


@dataclass(frozen=True, slots=True)
class Board:
    """A unit as it stood at a moment. A whole province names every centre, also those where nothing was counted."""

    unit: Unit
    as_of: datetime
    total: Counts
    by_centre: tuple[CentreLine, ...]
    by_procedure: tuple[Line, ...]
    """Most received first."""
    by_hour: tuple[HourLine, ...]
    """The hours with a count in the three days up to the moment, in order."""

    @property
    def province_code(self) -> str:
        return self.unit.province_code

    @property
    def received(self) -> int:
        return self.total.received

    @property
    def resolved(self) -> int:
        return self.total.resolved


def board_as_of(province_code: str, as_of: datetime) -> Board:
    """The board of a province (two-digit code) as it stood at `as_of`, whenever it is asked."""
    return board_of(Unit(province_code), as_of)


def board_of(unit: Unit, as_of: datetime) -> Board:
    """The board of a unit as it stood at `as_of`, whenever it is asked."""
    centres, procedures = ("centre_id",), ("procedure_code",)
    cut = _cut_of_procedures(unit)
    groups: dict[Places, Cut] = {centres: Cut.CENTRE_OUTLET}
    if cut is not None:
        groups[procedures] = cut
    figures = read_figures(unit, as_of, groups=groups, with_hours=True)
    by_procedure = _keyed(figures, procedures) if cut else procedures_of_outlet(unit, as_of)
    by_centre = _keyed(figures, centres)
    # Beside the centres that stand that day, only those that have received something have a row.
    busy = {centre: counts for centre, counts in by_centre.items() if counts.received or counts.resolved}
    return Board(unit, as_of, sum(by_centre.values(), Counts()), _centres(unit, as_of, busy),
                 _procedure_lines(by_procedure), _hours(figures))


def lines_by(unit: Unit, as_of: datetime, by: By) -> Sequence[Line]:
    """A unit's figures broken down; most received first, then by name."""
    return sorted(_LINES[by](unit, as_of), key=lambda line: (-line.count.received, -line.count.filed, line.name.vi))


def _cut_of_procedures(unit: Unit) -> Cut | None:
    """The narrowest cut that tells a unit's procedures; None: only its stays do."""
    if unit.outlet_id or (unit.operator_id and unit.centre_id):
        return None
    return Cut.CENTRE_PROCEDURE if unit.centre_id else Cut.OPERATOR_PROCEDURE


def _procedures_of(unit: Unit, as_of: datetime) -> Mapping[str, Counts]:
    cut = _cut_of_procedures(unit)
    return procedures_of_outlet(unit, as_of) if cut is None else _by_place(unit, as_of, "procedure_code", cut)


def _by_place(unit: Unit, as_of: datetime, place: str, cut: Cut = Cut.CENTRE_OUTLET) -> Mapping[Any, Counts]:
    return _keyed(read_figures(unit, as_of, groups={(place,): cut}), (place,))


def _keyed(figures: Figures, place: Places) -> Mapping[Any, Counts]:
    return {key: counts for (key,), counts in figures.by[place].items()}


def _hours(figures: Figures) -> tuple[HourLine, ...]:
    return tuple(HourLine(hour, counts) for hour, counts in figures.by_hour.items())


def _centres(unit: Unit, as_of: datetime, counts: Mapping[UUID | None, Counts]) -> tuple[CentreLine, ...]:
    day = local(as_of).date()
    known = {} if unit.places else {
        centre.id: centre for centre in agents.centres_of_province(unit.province_code, day)}
    missing = [centre_id for centre_id in counts if centre_id is not None and centre_id not in known]
    listed = [*known.values(), *(agents.centres_by_id(missing) if missing else [])]
    return tuple(CentreLine(centre, counts.get(centre.id, Counts())) for centre in listed)


def _procedure_lines(counts: Mapping[str, Counts]) -> tuple[Line, ...]:
    versions = Procedure.objects.filter(code__in=counts).order_by("code", "valid_from")
    names = {code: Words(vi, en) for code, vi, en in versions.values_list("code", "name_vi", "name_en")}
    lines = [Line(code, names.get(code, Words(code, code)), code, each) for code, each in counts.items()]
    return tuple(sorted(lines, key=lambda line: (-line.count.received, line.code)))


def _by_procedure(unit: Unit, as_of: datetime) -> Iterable[Line]:
    return _procedure_lines(_procedures_of(unit, as_of))


def _by_centre(unit: Unit, as_of: datetime) -> Iterable[Line]:
    counts = _by_place(unit, as_of, "centre_id")
    centres = _centres(unit, as_of, counts)
    communes = get_places([line.centre.commune_code for line in centres if line.centre.commune_code])
    for line in centres:
        place = communes.get(line.centre.commune_code)
        name = place.full_name[0].upper() + place.full_name[1:] if place is not None else line.centre.name
        yield Line(str(line.centre.id), Words(name, name), line.centre.agency_code, line.count,
                   line.centre.commune_code)
    if None in counts:
        yield Line("", Words("Chưa rõ thẩm quyền", "Authority unclear"), "", counts[None])


def _by_outlet(unit: Unit, as_of: datetime) -> Iterable[Line]:
    counts = _by_place(unit, as_of, "outlet_id")
    outlets = {outlet.id: outlet for outlet in agents.outlets_by_id([key for key in counts if key])}
    for key, each in counts.items():
        if key is None:
            yield Line("", Words("Nộp thẳng tại trung tâm", "Filed at a centre's own counter"), "", each)
        elif key in outlets:
            outlet = outlets[key]
            yield Line(str(key), Words(outlet.name, outlet.name), outlet.code, each, outlet.commune_code)


def _by_operator(unit: Unit, as_of: datetime) -> Iterable[Line]:
    found = _by_place(unit, as_of, "operator_id", Cut.CENTRE_OUTLET if unit.places else Cut.OPERATOR_PROCEDURE)
    names = {operator.id: operator for operator in agents.operators()}
    for key, each in found.items():
        if key is None:
            yield Line("", Words("Nộp thẳng tại trung tâm", "Filed at a centre's own counter"), "", each)
        elif key in names:
            yield Line(str(key), Words(names[key].name, names[key].name), names[key].code, each)


_LINES: Final[Mapping[By, Callable[[Unit, datetime], Iterable[Line]]]] = {
    By.CENTRE: _by_centre, By.OUTLET: _by_outlet, By.OPERATOR: _by_operator, By.PROCEDURE: _by_procedure}

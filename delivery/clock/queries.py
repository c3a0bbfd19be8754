"""The clock as people read it: shares of kept promises, never without the numbers that they stand for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Min, Q, Sum

from agents import public as agents
from delivery.clock.counting import monday_of
from delivery.clock.models import OUTCOMES, PromiseCount
from shared import places
from shared.actors import Actor
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

FEWEST: Final = 5
"""Fewer promises than these say nothing about anybody, and might say something about a single citizen."""
WEEKS_SHOWN: Final = 13
MOST_WEEKS: Final = 27
BEGINNING: Final = date(2016, 12, 16)
"""Decision 45/2016/QĐ-TTg: before it no promise was made."""


class By(StrEnum):
    OPERATOR = "operator"
    OUTLET = "outlet"
    COMMUNE = "commune"
    WEEK = "week"


_COLUMNS: Final[Mapping[By, str]] = {
    By.OPERATOR: "operator_code", By.OUTLET: "outlet_id", By.COMMUNE: "commune_code", By.WEEK: "week"}


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some promises. `due` are those that can be judged."""

    kept: int = 0
    late: int = 0
    waiting: int = 0
    lost: int = 0
    uncounted: int = 0

    @property
    def due(self) -> int:
        return self.kept + self.late + self.waiting + self.lost

    @property
    def share(self) -> float | None:
        """Of 1; None while too few fell due to say anything."""
        return self.kept / self.due if self.due >= FEWEST else None

    @property
    def percent(self) -> float | None:
        return None if self.share is None else self.share * 100

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in OUTCOMES))


@dataclass(frozen=True, slots=True)
class Line:
    """One operator, outlet, commune or week."""

    key: str
    name: str
    tally: Tally
    at: tuple[float, float] | None = None
    """Of a commune: degrees."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which promises: of whole weeks from `first` to `last` (Mondays), of one city, operator or outlet."""

    first: date
    last: date
    province_code: str = ""
    operator_code: str = ""
    outlet_id: UUID | None = None
    direction: str = ""

    @property
    def filters(self) -> Q:
        return Q(week__range=(self.first, self.last)) & self.place

    @property
    def place(self) -> Q:
        """Without the weeks."""
        exact = {"province_code": self.province_code, "operator_code": self.operator_code, "outlet_id": self.outlet_id,
                 "direction": self.direction}
        return Q(**{name: value for name, value in exact.items() if value})


@dataclass(frozen=True, slots=True)
class Clock:
    """One look at the clock."""

    asked: Asked
    whole: Tally
    weeks: Sequence[Line]
    operators: Sequence[Line]
    by_week: Mapping[str, Mapping[date, Tally]] = field(default_factory=dict)
    """Operator → week → what became of its promises."""


def recent(today: date, weeks: int = WEEKS_SHOWN) -> tuple[date, date]:
    """The Mondays of the first and the last of the last `weeks` weeks, this one included."""
    return span(today, weeks)


def span(last: date, weeks: int) -> tuple[date, date]:
    """The Mondays of `weeks` weeks, of which the week of `last` is the last."""
    last = max(last, BEGINNING)
    return monday_of(last) - timedelta(weeks=weeks - 1), monday_of(last)


def weeks_told(asked: Asked) -> tuple[date | None, date | None]:
    """The first and the last week of which anything is counted, whatever weeks are asked for."""
    found = PromiseCount.objects.filter(asked.place).aggregate(first=Min("week"), last=Max("week"))
    return found["first"], found["last"]


def scope_of(actor: Actor) -> dict[str, Any]:
    """What bounds the clock that `actor` reads: her outlet's, her operator's, or her city's."""
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        return {"outlet_id": actor.outlet_id}
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        codes = [operator.code for operator in agents.operators() if operator.id == actor.operator_id]
        return {"operator_code": codes[0] if codes else "-"}
    if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
        return {"province_code": agents.get_centre(actor.centre_id).province_code if actor.centre_id else "-"}
    return {"province_code": actor.province_code}


def clock(asked: Asked) -> Clock:
    """The whole, and its weeks and operators. One query."""
    rows = _sums(asked, "week", "operator_code")
    tallies = [(row["operator_code"], row["week"], _tally(row)) for row in rows]
    by_week: dict[str, dict[date, Tally]] = {}
    for operator, week, tally in tallies:
        by_week.setdefault(operator, {})[week] = tally
    weeks = _weeks(asked)
    names = {operator.code: operator.name for operator in agents.operators()}
    return Clock(
        asked, _total(tally for _operator, _week, tally in tallies),
        [Line(week.isoformat(), "", _total(one.get(week, Tally()) for one in by_week.values())) for week in weeks],
        [Line(code, names.get(code, code), _total(one.values())) for code, one in sorted(by_week.items())], by_week)


def lines(asked: Asked, by: By) -> list[Line]:
    """Worst share first, those that say nothing last; weeks in their order."""
    if by is By.WEEK:
        return list(clock(asked).weeks)
    column = _COLUMNS[by]
    rows = {str(row[column] or ""): _tally(row) for row in _sums(asked, column)}
    named = _named(by, rows)
    return sorted(named, key=lambda line: (line.tally.share is None, line.tally.share or 0, -line.tally.due, line.name))


def _named(by: By, rows: Mapping[str, Tally]) -> list[Line]:
    if by is By.OPERATOR:
        names = {operator.code: operator.name for operator in agents.operators()}
        return [Line(code, names.get(code, code), tally) for code, tally in rows.items()]
    if by is By.COMMUNE:
        communes = places.get_places(list(rows))
        return [Line(code, place.full_name, rows[code], (place.latitude, place.longitude))
                for code, place in communes.items()]
    outlets = {str(outlet.id): outlet for outlet in agents.outlets_by_id([UUID(key) for key in rows if key])}
    return [Line(key, outlets[key].name if key in outlets else "", tally,
                 (outlets[key].latitude, outlets[key].longitude) if key in outlets else None)
            for key, tally in rows.items()]


def detail(asked: Asked, by: By) -> list[tuple[date, Line]]:
    """Week by week what `lines` says of the whole, for a file."""
    column = _COLUMNS[by]
    rows = _sums(asked, "week") if by is By.WEEK else _sums(asked, "week", column)
    keys = {str(row[column] or "") for row in rows}
    names = {} if by is By.WEEK else {line.key: line.name for line in _named(by, dict.fromkeys(keys, Tally()))}
    return [(row["week"], Line(str(row[column] or ""), names.get(str(row[column] or ""), ""), _tally(row)))
            for row in rows]


def provinces_told() -> list[tuple[str, str]]:
    """The cities and provinces that the clock knows: code and name."""
    codes = PromiseCount.objects.order_by("province_code").values_list("province_code", flat=True).distinct()
    return [(code, places.province_full_name(code)) for code in codes]


def _weeks(asked: Asked) -> list[date]:
    return [asked.first + timedelta(weeks=n) for n in range((asked.last - asked.first).days // 7 + 1)]


def _sums(asked: Asked, *columns: str) -> list[dict[str, Any]]:
    counts = PromiseCount.objects.filter(asked.filters).order_by(*columns).values(*columns)
    return list(counts.annotate(**{f"n_{name}": Sum(name) for name in OUTCOMES}))


def _tally(row: Mapping[str, Any]) -> Tally:
    return Tally(*(int(row[f"n_{name}"]) for name in OUTCOMES))


def _total(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())

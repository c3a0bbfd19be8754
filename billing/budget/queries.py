"""How budget lines stand: given, spent, left, forecast. Constant queries however many lines there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import FETCH_RAISE, QuerySet

from billing.models.budget import BudgetDay, BudgetGrant, BudgetLine, BudgetStop
from billing.models.rates import CompensationNorm, SubsidyRuleSet
from billing.rules.burning import Forecast, forecast, whole_weeks
from shared.money import Money, total


@dataclass(frozen=True, slots=True)
class Grant:
    amount: Money
    granted_on: date
    legal_basis: str
    confidence: str
    draft_id: Any
    approved_by: str


@dataclass(frozen=True, slots=True)
class Stop:
    valid_from: date
    valid_to: date | None
    when_empty: str
    spent: Money
    granted: Money


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    spent: Money
    waiting: Money


@dataclass(frozen=True, slots=True)
class LineState:
    """`waiting` is owed and not covered by any grant yet; `left` is what is given less what is spent."""

    id: int
    province_code: str
    code: str
    year: int
    name_vi: str
    name_en: str
    when_empty: str
    warn_weeks: int
    refreshed_at: datetime | None
    granted: Money
    spent: Money
    waiting: Money
    grants: tuple[Grant, ...]
    days: tuple[Day, ...]
    stops: tuple[Stop, ...]
    forecast: Forecast | None

    @property
    def left(self) -> Money:
        return self.granted - self.spent

    @property
    def stop(self) -> Stop | None:
        """The one that holds until more money is given."""
        return next((stop for stop in self.stops if stop.valid_to is None), None)


def line_states(lines: QuerySet[BudgetLine], *, today: date) -> list[LineState]:
    """The lines as they were last added up, by code and year."""
    rows = list(lines.order_by("code", "year").fetch_mode(FETCH_RAISE))
    ids = [row.id for row in rows]
    grants = _by_line(BudgetGrant.objects.filter(line__in=ids).select_related("draft").order_by("granted_on", "id"))
    days = _by_line(BudgetDay.objects.filter(line__in=ids).order_by("day"))
    stops = _stops(rows)
    return [_state(row, grants[row.id], days[row.id], stops[row.province_id, row.code], today) for row in rows]


def _by_line(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(row)
    return found


def _stops(rows: list[BudgetLine]) -> Mapping[tuple[str, str], list[BudgetStop]]:
    found: dict[tuple[str, str], list[BudgetStop]] = defaultdict(list)
    known = BudgetStop.objects.filter(province_id__in={row.province_id for row in rows},
                                      budget_line__in={row.code for row in rows})
    for stop in known.order_by("valid_from"):
        found[stop.province_id, stop.budget_line].append(stop)
    return found


def _state(row: BudgetLine, grants: list[BudgetGrant], days: list[BudgetDay], stops: list[BudgetStop],
           today: date) -> LineState:
    granted, spent = total(g.amount for g in grants), total(d.spent for d in days)
    first, last = date(row.year, 1, 1), date(row.year, 12, 31)
    spending = [(day.day, day.spent.amount) for day in days]
    begun = max(first, spending[0][0]) if spending else first
    weekly = whole_weeks(spending, today=today, first=begun) if spending else []
    return LineState(
        id=row.id, province_code=row.province_id, code=row.code, year=row.year, name_vi=row.name_vi,
        name_en=row.name_en, when_empty=row.when_empty, warn_weeks=row.warn_weeks, refreshed_at=row.refreshed_at,
        granted=granted, spent=spent, waiting=total(d.waiting for d in days),
        grants=tuple(Grant(g.amount, g.granted_on, g.legal_basis, g.confidence, g.draft_id, g.draft.decided_by_name)
                     for g in grants),
        days=tuple(Day(d.day, d.spent, d.waiting) for d in days),
        stops=tuple(Stop(s.valid_from, s.valid_to, s.when_empty, s.spent, s.granted) for s in stops
                    if s.valid_from.year == row.year or s.valid_to is None),
        forecast=forecast(left=(granted - spent).amount, weekly=weekly, today=today, year_end=last))


def lines_without_money(province_code: str, year: int) -> list[str]:
    """Codes that rules in force in the year name and that nobody has given anything to."""
    named: set[str] = set()
    for model in (SubsidyRuleSet, CompensationNorm):
        rules: QuerySet[Any] = model._default_manager.filter(
            province_id=province_code, valid_from__lt=date(year + 1, 1, 1))
        named |= set(rules.exclude(valid_to__lte=date(year, 1, 1)).values_list("budget_line", flat=True))
    known = BudgetLine.objects.filter(province_id=province_code, year=year).values_list("code", flat=True)
    return sorted(named - set(known) - {""})


def years_of(province_code: str) -> list[int]:
    return sorted(BudgetLine.objects.filter(province_id=province_code).values_list("year", flat=True).distinct())

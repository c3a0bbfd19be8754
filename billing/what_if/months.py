"""What concerns an outlet's whole month in a scenario: stand-by, and the cap on its work.

In a month that is fixed, what was paid stands in the books. In one that is still open the rules in force are asked what
its end will add, so that both sides of the comparison are whole.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from agents import public as agents
from billing.models.scenarios import Scenario
from billing.models.statements import Statement, StatementState
from billing.operations.month_end import last_day_of, standing_by
from billing.queries.cases import dumped, plan_of
from billing.rules.compensation import PERIOD_CAP, STAND_BY, cap_steps, owed
from billing.rules.periods import month_after
from billing.rules.plans import COMPENSATION
from billing.rules.rates import RateBook, Unit
from shared.money import Money

_STAND_BY: Final = f"{COMPENSATION}{STAND_BY}"
_CAP: Final = f"{COMPENSATION}{PERIOD_CAP}"
_STOOD_BY: Final = "SELECT DISTINCT period, outlet_id FROM what_if_line WHERE kind = %s"
_ADD_LINE: Final = """INSERT INTO what_if_line (kind, period, operator_code, outlet_id, procedure_code, what, lines,
    city_now, citizen_now) VALUES (%s, %s, %s, %s, '', %s::jsonb, 1, %s, 0)"""
_OUTLET_MONTHS: Final = """
    SELECT period, operator_code, outlet_id, sum(city_now), sum(city_then) FROM what_if_priced
    WHERE kind LIKE 'compensation:%' AND outlet_id IS NOT NULL GROUP BY 1, 2, 3
"""
_CAPPED_NOW: Final = """
    SELECT c.period, c.operator_code, c.outlet_id, sum(c.compensation) FROM billing_charge c
    WHERE c.province_code = %(province)s AND c.period >= %(first)s AND c.period < %(after)s AND c.kind LIKE %(cap)s
    GROUP BY 1, 2, 3
"""
_CAP_ROW: Final = """INSERT INTO what_if_priced (kind, period, operator_code, outlet_id, procedure_code, what, lines,
    city_now, citizen_now, city_then, citizen_then, changed) VALUES (%s, %s, %s, %s, '', '{}', 1, %s, 0, %s, 0, %s)"""


def span_of(scenario: Scenario) -> dict[str, Any]:
    return {"province": scenario.province_id, "first": scenario.first_period,
            "after": month_after(scenario.last_period)}


def add_stand_by(cursor: CursorWrapper, scenario: Scenario, *, before: RateBook, book: RateBook) -> None:
    """A line for every outlet that was under its agreement in a month and has no stand-by there yet."""
    if not any(_pays_stand_by(each, scenario.province_id, month) for each in (before, book)
               for month in _months(scenario)):
        return
    cursor.execute(_STOOD_BY, [_STAND_BY])
    there = set(cursor.fetchall())
    rows = [row for row in _stand_by_rows(scenario, before) if (row[1], row[3]) not in there]
    if rows:
        cursor.executemany(_ADD_LINE, rows)


def _pays_stand_by(book: RateBook, province_code: str, month: date) -> bool:
    norm = book.norm(province_code, last_day_of(month))
    return norm is not None and any(item.unit == Unit.MONTH for item in norm.items)


def _stand_by_rows(scenario: Scenario, before: RateBook) -> Iterator[tuple[Any, ...]]:
    outlets, fixed = agents.outlets_of_province(scenario.province_id), _fixed(scenario)
    for month in _months(scenario):
        for outlet, evidence in standing_by(outlets, month):
            operator = outlet.operator.code
            what = {**evidence, "operator_code": operator, "on": last_day_of(month).isoformat()}
            now = 0 if (operator, month) in fixed else plan_of(
                _STAND_BY, what, province_code=scenario.province_id, book=before).compensation.amount
            yield _STAND_BY, month, operator, outlet.id, dumped(what), now


def add_caps(cursor: CursorWrapper, scenario: Scenario, *, before: RateBook, book: RateBook) -> None:
    """A line for every outlet's month that is capped now or would be."""
    cursor.execute(_CAPPED_NOW, {**span_of(scenario), "cap": f"{_CAP}%"})
    written = {row[:3]: int(row[3]) for row in cursor.fetchall()}
    cursor.execute(_OUTLET_MONTHS)
    sums: dict[tuple[date, str, UUID], tuple[int, int]] = {
        row[:3]: (int(row[3]), int(row[4])) for row in cursor.fetchall()}
    fixed, rows = _fixed(scenario), []
    for key in sorted(set(written) | set(sums), key=str):
        month, operator, _outlet = key
        now, then = sums.get(key, (0, 0))
        was = written.get(key, 0) if key in written or (operator, month) in fixed else _above(
            before, scenario.province_id, month, now)
        would = _above(book, scenario.province_id, month, then)
        if was or would:
            rows.append((_CAP, *key, was, would, int(was != would)))
    if rows:
        cursor.executemany(_CAP_ROW, rows)


def _above(book: RateBook, province_code: str, month: date, counted: int) -> int:
    norm = book.norm(province_code, last_day_of(month))
    steps = cap_steps(norm, Money(counted)) if norm is not None else ()
    return owed(steps).amount if steps else 0


def _fixed(scenario: Scenario) -> set[tuple[str, date]]:
    """Operator and month of those that take no more lines."""
    return set(Statement.objects.exclude(state=StatementState.OPEN).filter(
        province_id=scenario.province_id, period__gte=scenario.first_period, period__lte=scenario.last_period,
    ).values_list("operator_code", "period"))


def _months(scenario: Scenario) -> Iterator[date]:
    month = scenario.first_period
    while month <= scenario.last_period:
        yield month
        month = month_after(month)

"""Budget lines are added up from the books; who is warned, and what happens when a line is used up."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from billing.budget.queries import LineState, line_states
from billing.models.budget import BudgetDay, BudgetLine, BudgetStop
from billing.models.rates import CompensationNorm, SubsidyRuleSet
from billing.queries import rates
from shared import audit, work
from shared.actors import job
from shared.calendar import LOCAL_ZONE, at_local, local
from shared.money import Money
from shared.roles import Role
from shared.transactions import operation

RUNNING_OUT: Final = "budget-running-out"
"""Work item of the reviewer: the forecast's band reaches the end of the line within its weeks of warning."""
USED_UP: Final = "budget-used-up"
"""Work item of the approver: the line is used up, its rule holds from tomorrow."""
_BY: Final = job("watch_budgets")

# A rule's code ends the chain of codes of a line that it paid for (billing.rules.plans). A day outside the month that a
# line counts in is counted at that month's edge.
_DAYS: Final = """
    INSERT INTO billing_budgetday (line_id, day, spent, waiting, lines)
    SELECT %(line)s, day, coalesce(sum(amount) FILTER (WHERE NOT is_waiting), 0),
           coalesce(sum(amount) FILTER (WHERE is_waiting), 0), count(*)
    FROM (
        SELECT least(greatest((c.occurred_at AT TIME ZONE %(zone)s)::date, c.period),
                     (c.period + interval '1 month' - interval '1 day')::date) AS day,
               c.city_subsidy + c.compensation AS amount,
               c.reason_code = 'budget-queued' AND %(stopped)s::date IS NOT NULL AND coalesce(
                   (c.evidence -> 'case' ->> 'on')::date, (c.occurred_at AT TIME ZONE %(zone)s)::date
               ) >= %(stopped)s::date AS is_waiting
        FROM billing_charge c
        WHERE c.province_code = %(province)s AND c.period >= %(first)s AND c.period < %(after)s
          AND (regexp_split_to_array(c.rule, ' \\+ '))[array_upper(regexp_split_to_array(c.rule, ' \\+ '), 1)]
              = ANY(%(rules)s) AND c.city_subsidy + c.compensation <> 0
    ) counted GROUP BY day
"""


@operation
def refresh_line(*, line_id: int, at: datetime) -> None:
    """Add the line's days up again from the books. Safe to run at any time."""
    line = BudgetLine.objects.select_for_update().get(id=line_id)
    stop = _open_stop(line)
    BudgetDay.objects.filter(line=line).delete()
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {
            "line": line.id, "province": line.province_id, "zone": LOCAL_ZONE.key, "rules": rules_of(line),
            "first": date(line.year, 1, 1), "after": date(line.year + 1, 1, 1),
            "stopped": None if stop is None else stop.valid_from})
    line.refreshed_at = at
    line.save(update_fields=["refreshed_at"])


def rules_of(line: BudgetLine) -> list[str]:
    """Codes of the rule sets and norms that the line pays for."""
    mine = Q(province_id=line.province_id, budget_line=line.code)
    return [code for model in (SubsidyRuleSet, CompensationNorm)
            for code in model._default_manager.filter(mine).values_list("code", flat=True)]


def watch_budgets(*, at: datetime) -> int:
    """Add every line of this year up again, warn, stop or let go on; returns how many lines were looked at."""
    today = local(at).date()
    lines = list(BudgetLine.objects.filter(year__in=[today.year, (today - timedelta(days=31)).year]).order_by("id"))
    for line in lines:
        refresh_line(line_id=line.id, at=at)
    for line in lines:
        if line.year == today.year:
            _watch(line_id=line.id, at=at)
    return len(lines)


@operation
def _watch(*, line_id: int, at: datetime) -> None:
    line = BudgetLine.objects.select_for_update().get(id=line_id)
    state = next(iter(line_states(BudgetLine.objects.filter(id=line.id), today=local(at).date())))
    stop = _open_stop(line)
    if stop is None and state.granted.amount > 0 and state.left.amount <= 0:
        _stop(line, state, at)
    elif stop is not None and state.left.amount > 0 and local(stop.stopped_at).year < line.year:
        _lift(stop, at)
    _warn(line, state, at)


def _open_stop(line: BudgetLine) -> BudgetStop | None:
    return BudgetStop.objects.filter(province_id=line.province_id, budget_line=line.code, valid_to=None).first()


def _stop(line: BudgetLine, state: LineState, at: datetime) -> None:
    """From tomorrow: what is accepted until then keeps the support it was promised."""
    begin = local(at).date() + timedelta(days=1)
    stop = BudgetStop.objects.create(
        province_id=line.province_id, budget_line=line.code, when_empty=line.when_empty, valid_from=begin,
        stopped_at=at, spent=state.spent, granted=state.granted)
    audit.record(actor=_BY, action="stop_budget", object_type="budget_stop", object_id=stop.id, at=at,
                 after={"line": line.code, "from": begin.isoformat(), "when_empty": line.when_empty})
    work.close_item(kind=RUNNING_OUT, reference=_reference(line), by=_BY.id, at=at, outcome="used-up")
    work.open_item(kind=USED_UP, reference=_reference(line), owner_role=Role.FINANCE_APPROVER,
                   owner_place=line.province_id, at=at, due_at=at + timedelta(days=5), detail=_detail(line, state))
    rates.forget()


def _lift(stop: BudgetStop, at: datetime) -> None:
    stop.valid_to = max(local(at).date() + timedelta(days=1), stop.valid_from)
    stop.save(update_fields=["valid_to"])
    audit.record(actor=_BY, action="lift_budget_stop", object_type="budget_stop", object_id=stop.id, at=at,
                 after={"to": stop.valid_to.isoformat()})
    rates.forget()


def _warn(line: BudgetLine, state: LineState, at: datetime) -> None:
    if state.left.amount > 0:
        work.close_item(kind=USED_UP, reference=_reference(line), by=_BY.id, at=at, outcome="filled")
    ends_on = state.forecast.warns_of if state.forecast is not None else None
    is_near = ends_on is not None and ends_on <= local(at).date() + timedelta(weeks=line.warn_weeks)
    if state.stop is not None or not is_near or ends_on is None:
        work.close_item(kind=RUNNING_OUT, reference=_reference(line), by=_BY.id, at=at, outcome="enough")
        return
    due_at = max(at + timedelta(days=1), at_local(ends_on, time(17)) - timedelta(weeks=1))
    work.open_item(kind=RUNNING_OUT, reference=_reference(line), owner_role=Role.FINANCE_REVIEWER,
                   owner_place=line.province_id, at=at, due_at=due_at, detail=_detail(line, state))


def _reference(line: BudgetLine) -> str:
    return f"{line.province_id}:{line.code}:{line.year}"


def _detail(line: BudgetLine, state: LineState) -> dict[str, Any]:
    days = {} if state.forecast is None else {
        name: pace.used_up_on.isoformat() for name, pace in (
            ("earliest", state.forecast.fast), ("expected", state.forecast.expected)) if pace.used_up_on}
    return {"line": line.code, "year": line.year, "left_vnd": _amount(state.left), "when_empty": line.when_empty,
            **days}


def _amount(money: Money) -> int:
    return money.amount

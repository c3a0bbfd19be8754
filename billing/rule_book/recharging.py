"""Lines of open months that a newly approved rule changes are taken back and charged again, thousands at a time.

Nothing is edited: each line gets its reversal with the rule as reason, and its event a new line, in one transaction for
a chunk of them. What was interrupted left whole chunks behind, so running twice or being killed changes nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from billing.models.rule_book import RuleDraft
from billing.operations.explanations import explanation_ids
from billing.operations.lines import account_ids
from billing.operations.periods import open_period
from billing.operations.posting import ask_for_tariff
from billing.operations.standing_hold import hold_standing
from billing.queries.cases import dumped, loaded, plan_of, shared_by
from billing.queries.rates import rate_book
from billing.rule_book import recharging_sql as sql
from billing.rules.plain_data import steps_as_data
from billing.rules.plans import COMPENSATION, POSTAGE, Plan
from billing.rules.rule_book import RuleKind
from shared import audit
from shared.actors import Actor, job
from shared.transactions import operation

CHUNK: Final = 10_000
"""Lines in one transaction: a stopped run loses at most the chunk it was in."""
AT_ONCE: Final = 200_000
"""Lines in one run of the sweep."""
MOST_LEFT: Final = 500
"""Corrected lines that a rule names; more are a matter for a known error."""
_SETTLED_AFTER: Final = timedelta(minutes=5)
"""Another process may have posted by the rates it read a minute before."""
_NOBODY: Final = UUID(int=0)
_BY: Final[Actor] = job("recharge")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a chunk ended, in the order of a month's lines."""

    period: date = date(1, 1, 1)
    operator_code: str = ""
    occurred_at: datetime = datetime(1, 1, 1, tzinfo=UTC)
    line_id: UUID = _NOBODY


@dataclass(frozen=True, slots=True)
class Done:
    """Of one chunk: how many lines were written anew, and where it ended; None: there was nothing left to look at."""

    lines: int
    mark: Mark | None


def recharge_waiting(*, at: datetime, at_once: int = AT_ONCE) -> int:
    """Write anew what approved rules changed; returns how many lines were written."""
    done = 0
    for draft in RuleDraft.objects.filter(to_recharge=True).order_by("decided_at", "id"):
        done += _recharge(draft, at=at, at_once=at_once - done)
        if done >= at_once:
            break
        if draft.decided_at is not None and at - draft.decided_at >= _SETTLED_AFTER:
            _finish(draft.id)
    return done


def reason_of(draft: RuleDraft) -> str:
    """What stands beside each reversal."""
    return f"{draft.code} áp dụng từ {draft.valid_from:%d/%m/%Y}"


@operation
def _finish(draft_id: UUID) -> None:
    RuleDraft.objects.filter(id=draft_id).update(to_recharge=False)


def _recharge(draft: RuleDraft, *, at: datetime, at_once: int) -> int:
    lines, mark = 0, Mark()
    while lines < at_once:
        done = recharge_chunk(draft=draft, after=mark, at=at, limit=min(CHUNK, at_once - lines))
        lines += done.lines
        if done.mark is None:
            break
        mark = done.mark
    return lines


@operation
def recharge_chunk(*, draft: RuleDraft, after: Mark, at: datetime, limit: int = CHUNK) -> Done:
    """Look at the next `limit` standing lines behind `after` and write those anew that the rules would write otherwise.

    Lines of months that are not open, and of days that the rule does not hold for, are left alone. So is a line that a
    decision or a known error has corrected: a person says what it comes to by the new rule.
    """
    hold_standing(draft.province_code)
    with connection.cursor() as cursor:
        cursor.execute(sql.EMPTY)
        mark = _look(cursor, draft, after, limit)
        lines = 0 if mark is None else _write_anew(cursor, draft, at)
        cursor.execute(sql.EMPTY)
    if lines:
        audit.record(actor=_BY, action="recharge_lines", object_type="rule_draft", object_id=draft.id, at=at,
                     reason=reason_of(draft), after={"lines": lines})
    return Done(lines, mark)


def _look(cursor: CursorWrapper, draft: RuleDraft, after: Mark, limit: int) -> Mark | None:
    family = f"{COMPENSATION}%" if draft.kind == RuleKind.NORM else f"{POSTAGE}%"
    cursor.execute(sql.LINES, {
        **shared_by(rate_book()), "province": draft.province_code, "first": draft.valid_from.replace(day=1),
        "family": family, "begin": draft.valid_from, "end": draft.valid_to, "limit": limit,
        "after_period": after.period, "after_operator": after.operator_code, "after_at": after.occurred_at,
        "after_id": after.line_id})
    cursor.execute(sql.LAST)
    last = cursor.fetchone()
    return None if last is None else Mark(*last)


def _write_anew(cursor: CursorWrapper, draft: RuleDraft, at: datetime) -> int:
    """Those of the chunk that differ; returns how many."""
    unposted = _price(cursor, draft.province_code)
    cursor.execute(sql.UNCHANGED)
    cursor.execute(sql.CORRECTED)
    if corrected := [line_id for line_id, in cursor.fetchall()]:
        _note_left(draft.id, corrected)
    _open_months(cursor, draft.province_code)
    cursor.execute(sql.CLOSED_MEANWHILE)
    _negate_words(cursor)
    cursor.execute(sql.MIRRORS)
    cursor.execute(sql.ANALYSE_MIRRORS)
    who: dict[str, Any] = {"at": at, "kind": str(_BY.kind), "actor": _BY.id, "reason": reason_of(draft)}
    cursor.execute(sql.TAKE_BACK, who)
    cursor.execute(sql.LEAVE_OUT)
    for statement in (sql.MIRROR_GROUPS, sql.MIRROR_LEGS, sql.CHARGES):
        cursor.execute(statement, who)
    lines = int(cursor.rowcount)
    cursor.execute(sql.GROUPS, who)
    cursor.execute(sql.LEGS)
    if unposted:
        _ask_for_tariffs(cursor, at)
    return lines


def _note_left(draft_id: UUID, line_ids: Iterable[UUID]) -> None:
    draft = RuleDraft.objects.select_for_update().get(id=draft_id)
    draft.left_lines = sorted({*draft.left_lines, *map(str, line_ids)})[:MOST_LEFT]
    draft.save(update_fields=["left_lines"])


def _price(cursor: CursorWrapper, province_code: str) -> bool:
    """Plan each kind of case once; whether some have no tariff."""
    cursor.execute(sql.CASES)
    book = rate_book()
    cases = [(kind, loaded(what)) for kind, what in cursor.fetchall()]
    plans = [plan_of(kind, what, province_code=province_code, book=book) for kind, what in cases]
    explained = explanation_ids([steps_as_data(plan.steps) for plan in plans])
    accounts = account_ids(leg.account for plan in plans for leg in plan.legs)
    cursor.execute(sql.CARDS)
    _copy(cursor, sql.COPY_CARDS, (_card(card, *case, plan, words) for card, (case, plan, words) in enumerate(
        zip(cases, plans, explained, strict=True))))
    _copy(cursor, sql.COPY_LEGS, ((card, accounts[leg.account.code], leg.amount.amount)
                                  for card, plan in enumerate(plans) for leg in plan.legs))
    cursor.execute(sql.ANALYSE)
    return any(plan.reason_code == "no-tariff" for plan in plans)


def _card(card: int, kind: str, what: dict[str, Any], plan: Plan, explanation_id: int) -> tuple[object, ...]:
    return (card, kind, dumped(what), bool(plan.legs), plan.rule, plan.reason_code,
            *(amount.amount for amount in plan.amounts), explanation_id)


def _open_months(cursor: CursorWrapper, province_code: str) -> None:
    """Hold the months that lines are taken from and written to; in one order for everybody."""
    cursor.execute(sql.MONTHS)
    wanted = dict.fromkeys((operator, month) for operator, month, _is_counted in cursor.fetchall())
    _copy(cursor, sql.COPY_MONTHS, [
        (operator, month, open_period(province_code=province_code, operator_code=operator, wanted=month))
        for operator, month in wanted])


def _negate_words(cursor: CursorWrapper) -> None:
    """A reversal's arithmetic is that of its line with every sign turned."""
    cursor.execute(sql.EXPLAINED)
    found = [(explanation, json.loads(steps)) for explanation, steps in cursor.fetchall()]
    negated = explanation_ids([[{**step, "amount": -step["amount"]} for step in steps] for _id, steps in found])
    _copy(cursor, sql.COPY_WORDS, ((explanation, turned) for (explanation, _steps_of), turned in zip(
        found, negated, strict=True)))


def _ask_for_tariffs(cursor: CursorWrapper, at: datetime) -> None:
    cursor.execute(sql.UNPRICED)
    for number, province, operator in cursor.fetchall():
        ask_for_tariff(reference=number, province_code=province, operator_code=operator, at=at)


def _copy(cursor: CursorWrapper, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)

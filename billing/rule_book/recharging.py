"""Lines of open months that a newly approved rule changes are taken back and charged again, a few at a time.

Nothing is edited: each line gets its reversal with the rule as reason, and its event a new line. What was interrupted
in between is found again, so running twice or being killed changes nothing.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from billing.errors import AlreadyReversed, StillCharged
from billing.models.ledger import Charge
from billing.models.rule_book import RuleDraft
from billing.models.statements import Statement, StatementState
from billing.operations.corrections import charge_again, reverse_charge
from billing.queries.rates import rate_book
from billing.rules.plans import COMPENSATION, POSTAGE, base_kind, plan_again
from billing.rules.rule_book import RuleKind
from shared.actors import Actor, job
from shared.calendar import local
from shared.transactions import operation

AT_ONCE: Final = 500
"""Lines in one run of the sweep."""
_SETTLED_AFTER: Final = timedelta(minutes=5)
"""Another process may have posted by the rates it read a minute before."""
_BY: Final[Actor] = job("recharge")
_LEFT_BETWEEN: Final = """
    SELECT c.id FROM billing_charge r JOIN billing_charge c ON c.id = r.reverses_id
    WHERE r.evidence ->> 'reversal_reason' = %s AND r.period >= %s AND r.province_code = %s AND NOT EXISTS (
        SELECT 1 FROM billing_charge s
        WHERE s.source_type = c.source_type AND s.source_id = c.source_id AND s.reverses_id IS NULL
          AND split_part(s.kind, '#', 1) = split_part(c.kind, '#', 1)
          AND NOT EXISTS (SELECT 1 FROM billing_charge m WHERE m.reverses_id = s.id))
    LIMIT %s
"""


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
    reason, done = reason_of(draft), 0
    for charge_id in _left_between(draft, reason, at_once):
        done += _again(charge_id, at)
    for charge in _changed(draft):
        if done >= at_once:
            break
        try:
            reverse_charge(charge_id=charge.id, reason=reason, by=_BY, at=at)
        except AlreadyReversed:
            continue
        done += _again(charge.id, at)
    return done


def _again(charge_id: UUID, at: datetime) -> int:
    try:
        charge_again(charge_id=charge_id, by=_BY, at=at)
    except StillCharged:
        return 0
    return 1


def _left_between(draft: RuleDraft, reason: str, limit: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_BETWEEN, [reason, draft.valid_from.replace(day=1), draft.province_code, limit])
        return [row[0] for row in cursor.fetchall()]


def _changed(draft: RuleDraft) -> Iterator[Charge]:
    """Standing lines of open months and of the rule's days that the rules of today would write otherwise."""
    book = rate_book()
    for charge in standing_lines(draft).iterator(chunk_size=2000):
        if not _is_of_its_days(draft, charge):
            continue
        plan = plan_again(kind=charge.kind, evidence=charge.evidence, province_code=charge.province_code,
                          operator_code=charge.operator_code, occurred_at=charge.occurred_at, book=book)
        kept = (charge.rule, charge.reason_code, charge.gross, charge.national_reduction, charge.city_subsidy,
                charge.citizen_share, charge.compensation)
        if kept != (plan.rule, plan.reason_code, *plan.amounts):
            yield charge


def standing_lines(draft: RuleDraft) -> QuerySet[Charge]:
    """The lines that the draft may concern: of its city's open months, not taken back."""
    kind = COMPENSATION if draft.kind == RuleKind.NORM else POSTAGE
    closed = Statement.objects.exclude(state=StatementState.OPEN).filter(
        province_id=OuterRef("province_code"), operator_code=OuterRef("operator_code"), period=OuterRef("period"))
    return Charge.objects.filter(
        ~Exists(closed), ~Exists(Charge.objects.filter(reverses=OuterRef("id"))), reverses=None,
        province_code=draft.province_code, kind__startswith=kind, period__gte=draft.valid_from.replace(day=1),
    ).order_by("period", "id")


def _is_of_its_days(draft: RuleDraft, charge: Charge) -> bool:
    day = _rule_day(charge.kind, charge.evidence, charge.occurred_at)
    return draft.valid_from <= day and (draft.valid_to is None or day < draft.valid_to)


def _rule_day(kind: str, evidence: dict[str, Any], occurred_at: datetime) -> date:
    """The day that chose the line's rules."""
    if base_kind(kind) == POSTAGE:
        return date.fromisoformat(evidence["case"]["on"])
    return local(occurred_at).date()

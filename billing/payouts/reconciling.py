"""When the last payee of a statement has her money, the month's way is over."""

from datetime import datetime
from typing import Final
from uuid import UUID

from billing.errors import StepNotPossible
from billing.models.statements import Statement
from billing.payouts.models import PayoutOrder
from billing.payouts.queries import paid_of
from billing.payouts.rules.states import OrderState
from billing.settling.released import mark_reconciled, released
from shared.actors import job
from shared.calendar import local

RECONCILER: Final = job("reconcile_payouts")


def reconcile_paid(*, statement_id: UUID, at: datetime) -> bool:
    """Reconcile a released statement with its confirmed orders; says whether it is reconciled now. Told again, or told
    too early, nothing happens.
    """
    found, statement = released(statement_id), Statement.objects.filter(id=statement_id).first()
    if found is None or statement is None or not (paid := paid_of(statement)).is_whole:
        return False
    last = PayoutOrder.objects.filter(payout__statement=statement, state=OrderState.CONFIRMED).select_related(
        "batch").order_by("-ended_at", "-id")[0]
    try:
        return mark_reconciled(
            statement_id=statement_id, digest=found.digest, amount_vnd=paid.amount.amount, by=RECONCILER, at=at,
            reference=f"{last.batch.number}/{found.operator_code}/{found.period:%Y-%m}",
            paid_on=local(last.ended_at or at).date())
    except StepNotPossible:  # a person was quicker
        return False

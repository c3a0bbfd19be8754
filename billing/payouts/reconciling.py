"""When the last payee of a statement has her money, the month's way is over."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from billing.errors import StepNotPossible
from billing.models.statements import Statement, StatementState
from billing.payouts.models import Payout, PayoutOrder
from billing.payouts.queries import paid_of
from billing.payouts.rules.states import OrderState, PayoutState
from billing.settling.released import mark_reconciled, released
from shared.actors import job
from shared.calendar import local

RECONCILER: Final = job("reconcile_payouts")


def reconcile_waiting(*, at: datetime) -> int:
    """Reconcile what is paid whole and was told of by nobody: the last two payees were confirmed at one moment. Says
    how many were.
    """
    of_it = Payout.objects.filter(statement=OuterRef("id"))
    paid = Statement.objects.filter(Exists(of_it), ~Exists(of_it.exclude(state=PayoutState.PAID)),
                                    state=StatementState.RELEASED)
    ids = list(paid.order_by("period", "id").values_list("id", flat=True))
    return sum(reconcile_paid(statement_id=each, at=at) for each in ids)


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

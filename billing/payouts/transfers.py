"""Orders that go by the card service: asked once each, and asked for before anything is tried again.

Three short steps: say in the database that the service is about to be asked; ask it, outside of any transaction; write
down what it said. Killed between any two of them, the next look begins with finding what may have happened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import Q, Sum

from billing.cards.errors import CardOutcomeUnknown, CardServiceRefused, CardsNotOffered
from billing.cards.gateway import transfer_once, transfers_since
from billing.payouts.confirming import confirm_order, return_order
from billing.payouts.models import PayoutBatch, PayoutOrder
from billing.payouts.reversals import look_at_reversals
from billing.payouts.rules.states import ORDERS, BatchState, Method, OrderAction, OrderState
from shared import work
from shared.actors import job
from shared.money import ZERO, Money
from shared.roles import Role
from shared.transactions import operation

log = structlog.get_logger()

PAYER: Final = job("send_transfers")
UNKNOWN: Final = "payout-unknown"
"""Work item of finance: the card service has not said for an hour what became of a transfer."""
LATE: Final = "payout-batch-late"
"""Work item of finance: a batch has stood at the same step for days."""
ASK_AGAIN: Final = timedelta(minutes=1)
TELL_AFTER: Final = timedelta(hours=1)
LATE_AFTER: Final = timedelta(days=3)
COMPARED: Final = timedelta(days=30)
_OPEN: Final = (OrderState.SENT, OrderState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What the card service is asked."""

    reference: str
    destination: str
    amount: Money
    attempt: int
    was_asked: bool
    batch: str


def send_transfer(*, order_id: UUID, at: datetime) -> str:
    """Send an order that was handed over, or find out what became of it; answers its state afterwards."""
    ask = _begin(order_id=order_id, at=at)
    if ask is None:
        return ""
    try:
        told = transfer_once(reference=ask.reference, destination=ask.destination, amount=ask.amount,
                             attempt=ask.attempt, was_asked=ask.was_asked, description=ask.batch,
                             metadata={"batch": ask.batch})
    except CardServiceRefused as refusal:
        return _refused(order_id=order_id, why=refusal.reason or str(refusal.title), at=at)
    except CardOutcomeUnknown as unknown:
        return _lost(order_id=order_id, is_repeated=unknown.is_repeated, at=at)
    except CardsNotOffered:
        log.error("transfers_without_key", order=str(order_id))
        return OrderState.SENT
    return _made(order_id=order_id, transfer_id=told.id, at=at)


def send_open_transfers(*, at: datetime) -> int:
    """Ask again for orders without an answer, a minute or more after the last time; says how many."""
    waiting = PayoutOrder.objects.filter(
        Q(asked_at__lt=at - ASK_AGAIN) | Q(asked_at=None, sent_at__lt=at - ASK_AGAIN), state__in=_OPEN,
        batch__method=Method.STRIPE).order_by("asked_at", "id")
    ids = list(waiting.values_list("id", flat=True)[:200])
    for order_id in ids:
        send_transfer(order_id=order_id, at=at)
    return len(ids)


def compare_transfers(*, at: datetime) -> int:
    """What the service took back of the last month's transfers, whole or in part, comes back here too; says of how
    many.
    """
    taken_back = {told.reference: told.reversed for told in transfers_since(at - COMPARED) if told.reversed}
    found = PayoutOrder.objects.filter(reference__in=taken_back, state=OrderState.CONFIRMED).annotate(
        known=Sum("reversals__amount", default=ZERO)).order_by("id")
    ids = [each.id for each in found if each.known != taken_back[each.reference]]
    for order_id in ids:
        look_at_reversals(order_id=order_id, at=at)
    return len(ids)


@operation
def watch_batches(*, at: datetime) -> int:
    """A batch that nobody moves becomes somebody's work; says how many there are."""
    waits = {BatchState.MADE: ("made_at", Role.FINANCE_APPROVER),
             BatchState.APPROVED: ("approved_at", Role.FINANCE_REVIEWER),
             BatchState.HANDED_OVER: ("handed_over_at", Role.FINANCE_REVIEWER)}
    many = 0
    for state, (since, role) in waits.items():
        for batch in PayoutBatch.objects.filter(state=state, **{f"{since}__lt": at - LATE_AFTER}).order_by("id")[:200]:
            work.open_item(kind=LATE, reference=f"{batch.id}:{state}", owner_role=role,
                           owner_place=batch.province_code, at=at, due_at=at + LATE_AFTER,
                           detail={"number": batch.number, "state": state})
            many += 1
    return many


# --- the parts ------------------------------------------------------------------------------------------------------


@operation
def _begin(*, order_id: UUID, at: datetime) -> _Ask | None:
    order = _locked(order_id)
    if order is None or order.state not in _OPEN or order.batch.method != Method.STRIPE:
        return None
    was_asked, order.asked_at = order.asked_at is not None, at
    order.save(update_fields=["asked_at"])
    return _Ask(order.reference, order.account.number, order.amount, order.attempt, was_asked, order.batch.number)


@operation
def _made(*, order_id: UUID, transfer_id: str, at: datetime) -> str:
    order = _locked(order_id)
    assert order is not None  # noqa: S101  # orders are never deleted
    if order.state in _OPEN:
        confirm_order(order, external_id=transfer_id, by=PAYER, at=at)
        _close(order, at)
    return order.state


@operation
def _refused(*, order_id: UUID, why: str, at: datetime) -> str:
    order = _locked(order_id)
    assert order is not None  # noqa: S101
    if (OrderState(order.state), OrderAction.RETURN) in ORDERS:
        return_order(order, why=why, by=PAYER, at=at)
        _close(order, at)
    return order.state


@operation
def _lost(*, order_id: UUID, is_repeated: bool, at: datetime) -> str:
    order = _locked(order_id)
    assert order is not None  # noqa: S101
    if order.state == OrderState.SENT:
        order.state = ORDERS[OrderState.SENT, OrderAction.LOSE]
    order.attempt += is_repeated
    order.save(update_fields=["state", "attempt"])
    if order.sent_at is not None and at - order.sent_at > TELL_AFTER:
        work.open_item(kind=UNKNOWN, reference=str(order.id), owner_role=Role.FINANCE_REVIEWER,
                       owner_place=order.payout.province_code, at=at, due_at=at + TELL_AFTER,
                       detail={"reference": order.reference, "batch": order.batch.number})
    return order.state


def _locked(order_id: UUID) -> PayoutOrder | None:
    return PayoutOrder.objects.select_for_update(of=("self", "payout")).select_related(
        "payout", "batch", "account").filter(id=order_id).first()


def _close(order: PayoutOrder, at: datetime) -> None:
    work.close_item(kind=UNKNOWN, reference=str(order.id), by=PAYER.id, at=at, outcome=order.state)

"""What the card service took back of a transfer: kept once by its number, and named by a person where it is a part.

The service does not say whether a part of a transfer was postage or agents' work, so nobody here guesses: the part lies
in an account of its own until finance names it. A transfer that is taken back whole is a returned order.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from billing.cards import gateway
from billing.cards.events import CardServiceTold
from billing.cards.records import Reversal
from billing.operations.entries import write_entry
from billing.payouts.books import named_entry, reversal_entry
from billing.payouts.confirming import return_order
from billing.payouts.errors import ReasonMissing, ReversalNamed, ReversalNotFound, ReversalPartsWrong
from billing.payouts.models import PayoutOrder, PayoutReversal
from billing.payouts.rules.states import OrderState
from shared import audit, work
from shared.actors import Actor, ActorKind, job
from shared.money import ZERO, Money
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

READER: Final = job("payout_reversals")
UNNAMED: Final = "payout-reversed-in-part"
"""Work item of finance: a part of a payout was taken back, and somebody says of what."""
NAME_WITHIN: Final = timedelta(days=3)
SHORTEST_REASON: Final = 5
_NAMES: Final = UUID("0f6f4c1e-3a55-4d5e-8c1a-7a1b9e2f4d20")


def look_at_transfer(told: CardServiceTold, at: datetime) -> str:
    """A message about a transfer: the service is asked what it took back."""
    order = PayoutOrder.objects.filter(external_id=told.object_id).exclude(external_id="").first()
    return "unknown-transfer" if order is None else look_at_reversals(order_id=order.id, at=at)


def look_at_reversals(*, order_id: UUID, at: datetime) -> str:
    """Ask what was taken back of an order's transfer, and keep it; says how much was new.

    Raises:
        CardOutcomeUnknown: no answer now; call again.
    """
    order = PayoutOrder.objects.get(id=order_id)
    return _keep(order_id=order_id, told=gateway.reversals_of(order.external_id), at=at)


@operation
def name_parts(*, reversal_id: UUID, postage: Money, of_work: Money, why: str, by: Actor, at: datetime
               ) -> PayoutReversal:
    """Say of what a part was taken back: it is owed again under that name.

    Raises:
        ReversalNotFound: unknown, or another city's.
        ReversalNamed: it was named, or the whole order has come back.
        ReversalPartsWrong: not its amount, more than was paid of a part, or said by nobody who may.
        ReasonMissing: no reason.
    """
    found: PayoutReversal | None = PayoutReversal.objects.seen_by(by).select_for_update(of=("self", )).filter(
        id=reversal_id).first()
    if found is None:
        raise ReversalNotFound
    order = _locked(found.order_id)
    if found.named_at is not None or order.state != OrderState.CONFIRMED:
        raise ReversalNamed
    if by.kind is not ActorKind.PERSON or by.role != Role.FINANCE_REVIEWER:
        raise ReversalPartsWrong(_("A finance reviewer of the city names them."))
    if len(clean(why)) < SHORTEST_REASON:
        raise ReasonMissing(_("Say in a sentence where you know it from."))
    known = named_of(order)
    if (postage + of_work != found.amount or not ZERO <= postage <= order.payout.postage - known[0]
            or not ZERO <= of_work <= order.payout.work - known[1]):
        raise ReversalPartsWrong(_("Postage and work together are what was taken back, and no more than was paid."))
    found.postage, found.work, found.why = postage, of_work, clean(why)[:300]
    found.named_at, found.named_by, found.named_by_name = at, by.id, by.name[:120]
    found.save()
    write_entry(named_entry(found, order, at=at), by=by, at=at)
    audit.record(actor=by, action="payout_reversal.name", object_type="payout_reversal", object_id=found.id, at=at,
                 after={"postage_vnd": postage.amount, "work_vnd": of_work.amount}, reason=found.why)
    work.close_item(kind=UNNAMED, reference=str(found.id), by=by.name, at=at, outcome=found.why)
    return found


def named_of(order: PayoutOrder) -> tuple[Money, Money]:
    """Postage and work that were named of what came back of an order."""
    told = PayoutReversal.objects.filter(order=order, named_at__isnull=False).aggregate(
        postage=Sum("postage", default=ZERO), work=Sum("work", default=ZERO))
    return told["postage"], told["work"]


# --- the parts ------------------------------------------------------------------------------------------------------


@operation
def _keep(*, order_id: UUID, told: list[Reversal], at: datetime) -> str:
    order = _locked(order_id)
    if order.state != OrderState.CONFIRMED:
        return "not-paid"
    known = set(PayoutReversal.objects.filter(order=order).values_list("reversal_ref", flat=True))
    fresh = [each for each in told if each.id not in known]
    made = [_written(order, each, at) for each in sorted(fresh, key=lambda each: (each.created_at, each.id))]
    if sum((each.amount for each in told), ZERO) == order.amount and fresh:
        _returned(order, at)
    else:
        for each in made:
            work.open_item(kind=UNNAMED, reference=str(each.id), owner_role=Role.FINANCE_REVIEWER,
                           owner_place=order.payout.province_code, at=at, due_at=at + NAME_WITHIN,
                           detail={"reference": order.reference, "amount_vnd": each.amount.amount})
    return f"{len(fresh)}-new"


def _written(order: PayoutOrder, told: Reversal, at: datetime) -> PayoutReversal:
    made = PayoutReversal.objects.create(
        id=uuid5(_NAMES, told.id), order=order, reversal_ref=told.id[:80], amount=told.amount,
        occurred_at=told.created_at, told_at=at)
    write_entry(reversal_entry(made, order), by=READER, at=at)
    audit.record(actor=READER, action="payout_reversal.keep", object_type="payout_reversal", object_id=made.id, at=at,
                 after={"amount_vnd": made.amount.amount, "reference": order.reference})
    return made


def _returned(order: PayoutOrder, at: datetime) -> None:
    """All of it is back: what nobody has named needs no name any more."""
    return_order(order, why="reversed", by=READER, at=at, named=named_of(order))
    for own in PayoutReversal.objects.filter(order=order, named_at=None).values_list("id", flat=True):
        work.close_item(kind=UNNAMED, reference=str(own), by=READER.id, at=at, outcome="returned-whole")


def _locked(order_id: UUID) -> PayoutOrder:
    found: PayoutOrder = PayoutOrder.objects.select_for_update(of=("self", "payout")).select_related(
        "payout", "batch", "account").get(id=order_id)
    return found

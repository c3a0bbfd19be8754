"""What the card service says about a payment becomes what it is to us. Its messages are hints; the service is asked.

Asked twice, late or in any order, the answer is the same: a payment is settled once.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.cards import gateway
from billing.cards.books import UNASKED, taken_entry, unasked_entry
from billing.cards.dispute_rules import DisputeState
from billing.cards.errors import CardPaymentNotFound, PaymentDisputed, RefundRefused
from billing.cards.models import CardPayment
from billing.cards.records import CURRENCY, Checkout, Payment
from billing.cards.rules import CARD_PAYMENTS, CardAction, CardState, CardVerdict, RefundState, Wanted, judge
from billing.models.ledger import Charge
from billing.operations.entries import write_entry
from billing.payments.collecting import pay
from billing.payments.models import Collection
from billing.payments.rules.matching import CollectionState
from shared import audit, work
from shared.actors import Actor, job
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

SETTLER: Final = job("card_payments")
EXCEPTION: Final = "card-payment-exception"
"""Work item of the operator's headquarters: a card payment that pays nothing we asked for then."""
DISPUTED: Final = "card-payment-disputed"
"""Work item of the operator's headquarters: the cardholder's bank asks for the money, and waits for an answer."""
FAILED: Final = "card-refund-failed"
"""Work item of the operator's headquarters: the service cannot give it back; it is given back in another way."""
SETTLE_WITHIN: Final = timedelta(days=3)
SHORTEST_REASON: Final = 5


def look(*, payment_id: UUID, at: datetime) -> str:
    """Ask the service how far a payment is and keep it; returns its state.

    Raises:
        CardOutcomeUnknown: no answer now.
    """
    payment = CardPayment.objects.get(id=payment_id)
    if not payment.page_ref:
        return str(payment.state)
    page = gateway.get_checkout(payment.page_ref)
    if not page.is_paid:
        return _not_paid(payment_id=payment_id, page=page, at=at)
    return _paid(payment_id=payment_id, told=gateway.get_payment(page.payment_id), at=at)


@operation
def accept_payment(*, payment_id: UUID, why: str, by: Actor, at: datetime) -> CardPayment:
    """A late payment pays after all; a person has decided so.

    Raises:
        CardPaymentNotFound: unknown, or another operator's.
        RefundRefused: it is not late or was settled, its request was paid otherwise, it is on its way back, or
            there is no reason.
        PaymentDisputed: the cardholder's bank asks for it.
    """
    payment: CardPayment | None = CardPayment.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=payment_id).first()
    if payment is None:
        raise CardPaymentNotFound
    collection = Collection.objects.select_for_update().get(id=payment.collection_id)
    if payment.verdict != CardVerdict.LATE or payment.settled_at is not None or collection.state in {
            CollectionState.PAID, CollectionState.RETURNED}:
        raise RefundRefused(_("Only a late payment that nobody has settled can be taken."))
    if payment.refunds.exclude(state__in=[RefundState.REFUSED, RefundState.FAILED]).exists():
        raise RefundRefused(_("It is being given back to its card."))
    if len(clean(why)) < SHORTEST_REASON:
        raise RefundRefused(_("Say in a sentence why."))
    if payment.disputes.exclude(state=DisputeState.WON).exists():
        raise PaymentDisputed
    payment.collection = collection
    pay(collection, paid_at=payment.paid_at or at, by=by, at=at)
    if is_owed(payment):
        write_entry(taken_entry(payment, at=at, why=clean(why)[:300]), by=by, at=at)
    settle(payment, clean(why)[:300], by=by, at=at)
    return payment


def settle(payment: CardPayment, words: str, *, by: Actor, at: datetime) -> None:
    """An exception is dealt with; for operations that hold the payment's lock."""
    payment.settled_at, payment.settled_by_name, payment.settlement = at, by.name[:120], words
    payment.save(update_fields=["settled_at", "settled_by_name", "settlement"])
    audit.record(actor=by, action="card_payment.settle", object_type="card_payment", object_id=payment.id, at=at,
                 after={"verdict": payment.verdict}, reason=words)
    work.close_item(kind=EXCEPTION, reference=str(payment.id), by=by.name, at=at, outcome=words)


def is_owed(payment: CardPayment) -> bool:
    """Whether the books say that what came is owed to the citizen: it paid nothing, and was not taken as payment."""
    kinds = Charge.objects.filter(source_type="card_payment", source_id=payment.id, reverses=None).values_list(
        "kind", flat=True)
    return list(kinds) == [UNASKED]


def ask_somebody(payment: CardPayment, kind: str, at: datetime) -> None:
    """Open a work item of the operator's headquarters about a payment loaded with its collection."""
    of = payment.collection
    work.open_item(kind=kind, reference=str(payment.id), owner_role=Role.OPERATOR_HQ, owner_place=of.operator_code,
                   at=at, due_at=at + SETTLE_WITHIN,
                   detail={"reference": of.reference, "amount_vnd": of.amount.amount, "verdict": payment.verdict})


# --- the parts ------------------------------------------------------------------------------------------------------


@operation
def _not_paid(*, payment_id: UUID, page: Checkout, at: datetime) -> str:
    payment = _locked(payment_id)
    payment.looked_at, payment.page_url = at, page.url or payment.page_url
    payment.save(update_fields=["looked_at", "page_url"])
    if page.status == "expired" and payment.state == CardState.OPEN:
        _move(payment, CardAction.END, at=at)
    return str(payment.state)


@operation
def _paid(*, payment_id: UUID, told: Payment, at: datetime) -> str:
    payment = _locked(payment_id)
    if payment.state == CardState.PAID or told.paid_at is None:
        return str(payment.state)
    collection = payment.collection
    payment.looked_at, payment.payment_ref, payment.received = at, told.id, told.received
    payment.paid_at, payment.brand, payment.last_four = told.paid_at, told.brand[:20], told.last_four[:4]
    payment.verdict = judge(
        Wanted(collection.amount, CollectionState(collection.state), collection.expires_at),
        received=told.received, currency=told.currency, paid_at=told.paid_at)
    _move(payment, CardAction.PAY, at=at)
    if payment.verdict == CardVerdict.PAYS:
        pay(collection, paid_at=told.paid_at, by=SETTLER, at=at)
    else:
        if told.currency == CURRENCY:
            write_entry(unasked_entry(payment, at=told.paid_at), by=SETTLER, at=at)
        ask_somebody(payment, EXCEPTION, at)
    return str(payment.state)


def _move(payment: CardPayment, action: CardAction, *, at: datetime) -> None:
    before = CardState(payment.state)
    payment.state = CARD_PAYMENTS[before, action]
    payment.save()
    audit.record(actor=SETTLER, action=f"card_payment.{action}", object_type="card_payment", object_id=payment.id,
                 at=at, before={"state": before.value}, after={"state": payment.state, "verdict": payment.verdict})


def _locked(payment_id: UUID) -> CardPayment:
    found: CardPayment = CardPayment.objects.select_for_update(of=("self", "collection")).select_related(
        "collection").get(id=payment_id)
    return found

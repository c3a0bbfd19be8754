"""A payment by card is asked for, its page opened at the card service, and closed when it is not wanted any more."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing.cards import gateway
from billing.cards.client import is_offered
from billing.cards.errors import CardAmountTooSmall, CardOutcomeUnknown, CardServiceRefused, CardsNotOffered
from billing.cards.events import CardAsked
from billing.cards.models import CardPayment
from billing.cards.records import Checkout, CheckoutAsked
from billing.cards.rules import CARD_PAYMENTS, CardAction, CardState
from billing.cards.settling import look
from billing.payments.collecting import CARD, end_request, new_request, pay_address, replace_live
from billing.payments.records import CollectionInfo, Due, Till
from billing.payments.rules.matching import CollectionState
from shared import audit
from shared.actors import Actor, job
from shared.money import Money
from shared.outbox.publishing import publish
from shared.transactions import operation

ASKER: Final = job("card_payments")
VALID_FOR: Final = timedelta(hours=23)
"""A page of the service lives a day at most; ours ends before."""
WORDS: Final = "Lệ phí và cước bưu chính, mã {reference}"


@operation
def ask_card(*, due: Due, till: Till, by: Actor, at: datetime) -> CollectionInfo:
    """Ask for `due` by card. Asked again for the same amount, it is the same request; for another, a new one.

    Raises:
        CardsNotOffered: this house has no card service.
        CardAmountTooSmall: the service takes no such amount.
        ValueError: nothing is due.
    """
    if not is_offered():
        raise CardsNotOffered(_("Take cash, or a transfer."))
    if due.amount < Money(settings.WARDPOST_CARD_MINIMUM):
        raise CardAmountTooSmall(_("Take cash, or a transfer."))
    known = replace_live(due, method=CARD, account_id=None, by=by, at=at)
    if known is not None:
        return known
    asked, info = new_request(due=due, till=till, method=CARD, account=None, ends=at + VALID_FOR, by=by, at=at)
    payment = CardPayment.objects.create(collection=asked)
    publish(CardAsked(payment.id))
    return info


def open_page(*, payment_id: UUID, at: datetime) -> None:
    """Open the page. What may have been opened before is looked up first; told again, nothing happens.

    Raises:
        CardOutcomeUnknown: not known; call again.
    """
    begun = _begin(payment_id=payment_id, at=at)
    if begun is None:
        return
    payment, was_tried = begun
    asked = _asked(payment)
    try:
        page = gateway.find_checkout(asked.reference, asked_at=asked.asked_at) if was_tried else None
        page = page or gateway.create_checkout(asked, attempt=payment.attempt)
    except CardServiceRefused as refusal:
        _refuse(payment_id=payment_id, reason=refusal.reason, at=at)
    except CardOutcomeUnknown as unknown:
        if unknown.is_repeated:
            _next_attempt(payment_id=payment_id)
        raise
    else:
        if _opened(payment_id=payment_id, page=page, at=at):
            close_page(payment_id=payment_id, at=at)


def close_page(*, payment_id: UUID, at: datetime) -> None:
    """Let nobody pay any more; whoever was faster has paid, and that is settled as a payment.

    Raises:
        CardOutcomeUnknown: not known; call again.
    """
    payment = CardPayment.objects.select_related("collection").get(id=payment_id)
    if payment.state == CardState.ASKED and payment.tried_at is not None:
        page = gateway.find_checkout(payment.collection.reference, asked_at=payment.collection.asked_at)
        if page is not None:
            _opened(payment_id=payment_id, page=page, at=at)
            payment.refresh_from_db()
    if payment.state == CardState.OPEN:
        gateway.close_checkout(payment.page_ref)
        look(payment_id=payment_id, at=at)
    elif payment.state == CardState.ASKED:
        _never_opened(payment_id=payment_id, at=at)


# --- the parts ------------------------------------------------------------------------------------------------------


def _asked(payment: CardPayment) -> CheckoutAsked:
    of = payment.collection
    return CheckoutAsked(of.id, of.reference, of.amount, WORDS.format(reference=of.reference), of.asked_at,
                         of.expires_at, pay_address(of.reference))


@operation
def _begin(*, payment_id: UUID, at: datetime) -> tuple[CardPayment, bool] | None:
    """The payment and whether its page was asked for before; None when there is nothing to open any more."""
    payment = _locked(payment_id)
    if payment.state != CardState.ASKED:
        return None
    if payment.collection.state != CollectionState.ASKED and payment.tried_at is None:
        _move(payment, CardAction.END, at=at)
        return None
    was_tried, payment.tried_at = payment.tried_at is not None, payment.tried_at or at
    payment.save(update_fields=["tried_at"])
    return payment, was_tried


@operation
def _opened(*, payment_id: UUID, page: Checkout, at: datetime) -> bool:
    """Keep the page; says whether it is not wanted any more."""
    payment = _locked(payment_id)
    if payment.state == CardState.ASKED:
        payment.page_ref, payment.page_url, payment.looked_at = page.id, page.url, at
        _move(payment, CardAction.OPEN, at=at)
    return bool(payment.state == CardState.OPEN and payment.collection.state != CollectionState.ASKED)


@operation
def _refuse(*, payment_id: UUID, reason: str, at: datetime) -> None:
    payment = _locked(payment_id)
    if payment.state != CardState.ASKED:
        return
    payment.refusal = reason[:60]
    _move(payment, CardAction.REFUSE, at=at)
    if payment.collection.state == CollectionState.ASKED:
        # The way is open again for cash or a transfer.
        end_request(payment.collection, by=ASKER, at=at)


@operation
def _never_opened(*, payment_id: UUID, at: datetime) -> None:
    payment = _locked(payment_id)
    if payment.state == CardState.ASKED:
        _move(payment, CardAction.END, at=at)


@operation
def _next_attempt(*, payment_id: UUID) -> None:
    payment = _locked(payment_id)
    payment.attempt += 1
    payment.save(update_fields=["attempt"])


def _move(payment: CardPayment, action: CardAction, *, at: datetime) -> None:
    before = CardState(payment.state)
    payment.state = CARD_PAYMENTS[before, action]
    payment.save()
    audit.record(actor=ASKER, action=f"card_payment.{action}", object_type="card_payment", object_id=payment.id, at=at,
                 before={"state": before.value}, after={"state": payment.state})


def _locked(payment_id: UUID) -> CardPayment:
    found: CardPayment = CardPayment.objects.select_for_update(of=("self", "collection")).select_related(
        "collection").get(id=payment_id)
    return found


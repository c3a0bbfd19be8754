"""Messages of the card service: checked on their raw bytes, kept before they are acknowledged, then looked into."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import stripe
from django.conf import settings

from billing.cards.errors import CardMessageUnreadable, CardSignatureWrong
from billing.cards.events import CardServiceTold
from billing.cards.models import CardPayment, CardRefund
from billing.cards.movements import look_at_money, look_at_money_of
from billing.cards.readings import event_of
from billing.cards.records import ServiceEvent
from billing.cards.refunds import send_refund
from billing.cards.rules import CardState
from billing.cards.settling import look
from shared.models.messages import InboxMessage
from shared.outbox.publishing import publish
from shared.transactions import operation

SOURCE: Final = "stripe"
OLDEST_SECONDS: Final = 300
"""A signature older than this is somebody's recording."""
KINDS: Final = (
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "payment_intent.succeeded", "charge.updated", "charge.refunded", "charge.dispute.created", "charge.dispute.updated",
    "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "refund.created",
    "refund.updated", "refund.failed", "transfer.created", "transfer.reversed", "account.updated")
"""What the service is to be asked to send; administrator.md lists the same."""
type Handler = Callable[[CardServiceTold, datetime], str]
_PAID_FOR: Final = ("checkout.session", "payment_intent", "charge")


def read_event(raw: bytes, header: str) -> ServiceEvent:
    """The event of a message whose signature fits one of our secrets.

    Raises:
        CardSignatureWrong: by none of them, or too old.
        CardMessageUnreadable: signed, and no event.
    """
    if not any(_is_signed(raw, header, secret) for secret in settings.WARDPOST_STRIPE_WEBHOOK_SECRETS):
        raise CardSignatureWrong
    try:
        told: Any = json.loads(raw)
        return event_of(stripe.Event.construct_from(told, None))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CardMessageUnreadable from error


@operation
def keep_event(*, event: ServiceEvent, raw: bytes, at: datetime, is_asked_for: bool = False) -> bool:
    """Keep a message and tell of it; False: it was kept before, and nothing happens."""
    kept = InboxMessage.objects.filter(source=SOURCE, event_id=event.id[:120])
    made = InboxMessage.objects.bulk_create([InboxMessage(
        source=SOURCE, event_id=event.id[:120], received_at=at, raw=raw,
        headers={"kind": event.kind, "asked_for": is_asked_for})], ignore_conflicts=True)
    message = kept.select_for_update().filter(processed_at=None, verdict="").first() if made else None
    if message is None:
        return False
    message.verdict = "kept"
    message.save(update_fields=["verdict"])
    publish(CardServiceTold(message.id, event.kind, event.object_kind, event.object_id, event.reference,
                            event.payment_id, event.created_at))
    return True


def look_into(told: CardServiceTold, *, at: datetime, others: Mapping[str, Handler] | None = None) -> str:
    """Ask the service about what a message is about. Told twice, late or first, the answer is the same.

    `others` look into what is no payment's: object kind → who asks about it.

    Raises:
        CardOutcomeUnknown: no answer now; call again.
    """
    verdict = _looked(told, others or {}, at=at)
    _noted(inbox_id=told.inbox_id, verdict=verdict, at=at)
    return verdict


# --- the parts ------------------------------------------------------------------------------------------------------


def _is_signed(raw: bytes, header: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(raw.decode(), header, secret, OLDEST_SECONDS))
    except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
        return False


def _looked(told: CardServiceTold, others: Mapping[str, Handler], *, at: datetime) -> str:
    about: Mapping[str, Handler] = {
        "refund": _refund, "dispute": _dispute, **dict.fromkeys(_PAID_FOR, _payment), **others}
    handler = about.get(told.object_kind)
    return handler(told, at) if handler is not None else "not-ours-to-handle"


def _payment(told: CardServiceTold, at: datetime) -> str:
    if told.kind == "charge.refunded":
        return _refunds_of(told.payment_ref, at)
    own = CardPayment.objects.filter(collection__reference=told.reference).values_list("id", flat=True).first()
    if own is None:
        return "unknown-payment"
    state = look(payment_id=own, at=at)
    if state == CardState.PAID:
        look_at_money(payment_id=own, at=at)
    return state


def _refund(told: CardServiceTold, at: datetime) -> str:
    return _refunds_of(told.payment_ref, at)


def _refunds_of(payment_ref: str, at: datetime) -> str:
    refunds = list(CardRefund.objects.filter(payment__payment_ref=payment_ref).values_list("id", flat=True))
    if not refunds or not payment_ref:
        return "unknown-refund"
    states = [send_refund(refund_id=own, at=at) for own in refunds]
    look_at_money_of(payment_ref=payment_ref, at=at)
    return ", ".join(states)


def _dispute(told: CardServiceTold, at: datetime) -> str:
    return look_at_money_of(payment_ref=told.payment_ref, at=at)


@operation
def _noted(*, inbox_id: int, verdict: str, at: datetime) -> None:
    InboxMessage.objects.filter(id=inbox_id).update(verdict=verdict[:40], processed_at=at)

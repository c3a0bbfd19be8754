"""What is read of card payments: one for its payer, a month of them for who answers for the money."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Case, Count, IntegerField, Prefetch, Q, Sum, When

from billing.cards.errors import CardPaymentNotFound
from billing.cards.models import CardPayment, CardRefund
from billing.cards.rules import (
    CARD_WORDS,
    REFUND_WORDS,
    VERDICT_WORDS,
    CardState,
    CardVerdict,
    RefundState,
)
from billing.payments.rules.matching import CollectionState
from billing.payments.words import said
from shared.actors import Actor
from shared.calendar import at_local
from shared.money import ZERO, Money

MOST_ROWS: Final = 200
_OPEN_EXCEPTION: Final = Q(state=CardState.PAID, settled_at=None) & ~Q(verdict=CardVerdict.PAYS)
_LIVE_REFUND: Final = (RefundState.ASKED, RefundState.APPROVED, RefundState.PENDING, RefundState.DONE)


@dataclass(frozen=True, slots=True)
class PayPage:
    """A payment as its payer sees it. `step`: "opening", "open", "confirming", "paid", "returned" or "ended"."""

    reference: str
    amount: Money
    step: str
    url: str
    expires_at: datetime
    paid_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.step in {"opening", "open", "confirming"}


def page_of(reference: str, *, came_back: bool) -> PayPage:
    """Raises CardPaymentNotFound."""
    payment = CardPayment.objects.select_related("collection").filter(collection__reference=reference).first()
    if payment is None:
        raise CardPaymentNotFound
    of = payment.collection
    return PayPage(of.reference, of.amount, _step(payment, came_back=came_back), payment.page_url, of.expires_at,
                   payment.paid_at)


def _step(payment: CardPayment, *, came_back: bool) -> str:
    if payment.collection.state == CollectionState.RETURNED:
        return "returned"
    if payment.state == CardState.PAID:
        return "paid"
    if payment.collection.state != CollectionState.ASKED or payment.state in {CardState.ENDED, CardState.REFUSED}:
        return "ended"
    if payment.state == CardState.ASKED:
        return "opening"
    return "confirming" if came_back else "open"


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card payment as a person reads it."""

    payment: CardPayment
    refunds: tuple[CardRefund, ...]

    @property
    def refund(self) -> CardRefund | None:
        """The refund that counts: a live one, or the latest that came to nothing."""
        live = [each for each in self.refunds if each.state in _LIVE_REFUND]
        return live[0] if live else self.refunds[0] if self.refunds else None

    @property
    def words(self) -> str:
        if self.payment.state == CardState.PAID:
            return said(VERDICT_WORDS[CardVerdict(self.payment.verdict)])
        return said(CARD_WORDS[CardState(self.payment.state)])

    @property
    def refund_words(self) -> str:
        return said(REFUND_WORDS[RefundState(self.refund.state)]) if self.refund is not None else ""

    @property
    def is_exception(self) -> bool:
        return (self.payment.state == CardState.PAID and self.payment.verdict != CardVerdict.PAYS
                and self.payment.settled_at is None)

    @property
    def may_be_taken(self) -> bool:
        """Late, and its request was not paid in another way."""
        return self.is_exception and self.payment.verdict == CardVerdict.LATE and not self.has_live_refund \
            and self.payment.collection.state in {CollectionState.CANCELLED, CollectionState.EXPIRED}

    @property
    def has_live_refund(self) -> bool:
        return any(each.state in _LIVE_REFUND for each in self.refunds)

    @property
    def may_be_refunded(self) -> bool:
        return self.payment.state == CardState.PAID and not self.has_live_refund

    @property
    def waits_for_second(self) -> bool:
        return self.refund is not None and self.refund.state == RefundState.ASKED


@dataclass(frozen=True, slots=True)
class CardMonth:
    """What came by card in a month, what went back, what a person has to look at; at most 200 rows."""

    came: Money
    returned: Money
    open_items: int
    rows: tuple[CardRow, ...]


def card_month(first: date, actor: Actor) -> CardMonth:
    """The payments asked for in a month in the actor's reach; what waits for a person stands first."""
    begins = at_local(first.replace(day=1), time(0, 0))
    ends = at_local((first.replace(day=1) + timedelta(days=32)).replace(day=1), time(0, 0))
    month = CardPayment.objects.seen_by(actor).filter(collection__asked_at__gte=begins, collection__asked_at__lt=ends)
    told = month.aggregate(came=Sum("received", filter=Q(state=CardState.PAID), default=ZERO),
                           strange=Count("id", filter=_OPEN_EXCEPTION))
    given = CardRefund.objects.seen_by(actor).filter(payment__in=month).aggregate(
        done=Sum("amount", filter=Q(state=RefundState.DONE), default=ZERO),
        waiting=Count("id", filter=Q(state=RefundState.ASKED)))
    waits = CardRefund.objects.filter(state=RefundState.ASKED).values("payment")
    rank = Case(When(_OPEN_EXCEPTION | Q(id__in=waits), then=0), default=1, output_field=IntegerField())
    rows = month.select_related("collection").prefetch_related(
        Prefetch("refunds", CardRefund.objects.order_by("-asked_at"))).annotate(rank=rank).order_by(
            "rank", "-collection__asked_at", "-id")[:MOST_ROWS]
    return CardMonth(told["came"], given["done"], told["strange"] + given["waiting"],
                     tuple(CardRow(each, tuple(each.refunds.all())) for each in rows))


def find_payment(payment_id: object, actor: Actor) -> CardRow:
    """Raises CardPaymentNotFound."""
    found = CardPayment.objects.seen_by(actor).select_related("collection").prefetch_related(
        Prefetch("refunds", CardRefund.objects.order_by("-asked_at"))).filter(id=payment_id).first()
    if found is None:
        raise CardPaymentNotFound
    return CardRow(found, tuple(found.refunds.all()))

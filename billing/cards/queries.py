"""What is read of card payments: one for its payer, a month of them for who answers for the money."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Case, Count, IntegerField, Prefetch, Q, Sum, When

from billing.cards.dispute_rules import DISPUTE_WORDS, DisputeState
from billing.cards.errors import CardPaymentNotFound
from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.cards.parts import GIVEN, LIVE, ON_ITS_WAY
from billing.cards.rules import (
    CARD_WORDS,
    REFUND_WORDS,
    VERDICT_WORDS,
    CardState,
    CardVerdict,
    MovementKind,
    RefundState,
)
from billing.payments.rules.matching import CollectionState
from billing.payments.words import said
from shared.actors import Actor
from shared.calendar import at_local
from shared.money import ZERO, Money

MOST_ROWS: Final = 200
_DISPUTES: Final = (MovementKind.DISPUTE, MovementKind.DISPUTE_BACK)
_OPEN_EXCEPTION: Final = Q(state=CardState.PAID, settled_at=None) & ~Q(verdict=CardVerdict.PAYS)


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
    disputes: tuple[CardDispute, ...] = ()

    @property
    def refund(self) -> CardRefund | None:
        """The refund that counts: a live one, or the latest that came to nothing."""
        live = [each for each in self.refunds if each.state in LIVE]
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
        return any(each.state in LIVE for each in self.refunds)

    @property
    def is_on_its_way(self) -> bool:
        """A refund is not over yet."""
        return any(each.state in ON_ITS_WAY for each in self.refunds)

    @property
    def given_back(self) -> Money:
        return sum((each.amount for each in self.refunds if each.state in GIVEN), ZERO)

    @property
    def dispute(self) -> CardDispute | None:
        """The latest, if its cardholder's bank ever asked for it."""
        return next(iter(self.disputes), None)

    @property
    def dispute_words(self) -> str:
        return said(DISPUTE_WORDS[DisputeState(self.dispute.state)]) if self.dispute is not None else ""

    @property
    def waits_for_second(self) -> bool:
        return self.refund is not None and self.refund.state == RefundState.ASKED


@dataclass(frozen=True, slots=True)
class CardMonth:
    """What came by card in a month, what went back, what a person has to look at; at most 200 rows."""

    came: Money
    returned: Money
    fees: Money
    disputed: Money
    """Taken back by cardholders' banks and not given back by them, lost or not yet decided."""
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
        done=Sum("amount", filter=Q(state__in=GIVEN), default=ZERO),
        waiting=Count("id", filter=Q(state=RefundState.ASKED)))
    moved = CardMovement.objects.seen_by(actor).filter(payment__in=month).aggregate(
        fees=Sum("fee", default=ZERO), disputed=Sum("amount", filter=Q(kind__in=_DISPUTES), default=ZERO))
    open_disputes = CardDispute.objects.seen_by(actor).filter(payment__in=month, state=DisputeState.OPEN)
    waits = CardRefund.objects.filter(state=RefundState.ASKED).values("payment")
    asked = CardDispute.objects.filter(state=DisputeState.OPEN).values("payment")
    rank = Case(When(_OPEN_EXCEPTION | Q(id__in=waits) | Q(id__in=asked), then=0), default=1,
                output_field=IntegerField())
    rows = month.select_related("collection").prefetch_related(
        Prefetch("refunds", CardRefund.objects.order_by("-asked_at")),
        Prefetch("disputes", CardDispute.objects.order_by("-opened_at"))).annotate(rank=rank).order_by(
            "rank", "-collection__asked_at", "-id")[:MOST_ROWS]
    return CardMonth(
        told["came"], given["done"], moved["fees"], -moved["disputed"],
        told["strange"] + given["waiting"] + open_disputes.count(),
        tuple(CardRow(each, tuple(each.refunds.all()), tuple(each.disputes.all())) for each in rows))

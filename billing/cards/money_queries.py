"""What became of each đồng of a card payment, and whether the card service and our books say the same."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Sum

from billing.cards.books import ruling_id
from billing.cards.dispute_rules import DISPUTE_WORDS, REASON_WORDS, DisputeState
from billing.cards.errors import CardPaymentNotFound
from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.cards.parts import Left, bars_refunds, left_of, may_be_given_otherwise
from billing.cards.queries import CardRow
from billing.cards.rules import MOVEMENT_WORDS, REFUND_WORDS, WAY_WORDS, CardState, MovementKind, OtherWay, RefundState
from billing.models.ledger import Charge, Posting
from billing.payments.words import said
from billing.wording import reason_title
from shared.actors import Actor
from shared.formatting import speaks_vietnamese
from shared.money import ZERO, Money

_SOURCES: Final = ("collection", "card_payment", "card_refund", "card_movement", "card_dispute")
_AT_SERVICE: Final = ":card-service"
_GOES: Final = (RefundState.APPROVED, RefundState.PENDING)


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a line's arithmetic, in the reader's language."""

    label: str
    amount: int
    basis: str


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line of the books that a card payment has caused."""

    charge: Charge
    moved: Money
    """What it added to our balance at the service, signed."""
    parts: tuple[Part, ...]

    @property
    def words(self) -> str:
        return reason_title(self.charge)


@dataclass(frozen=True, slots=True)
class DisputeRow:
    dispute: CardDispute

    @property
    def words(self) -> str:
        return said(DISPUTE_WORDS[DisputeState(self.dispute.state)])

    @property
    def reason_words(self) -> str:
        known = REASON_WORDS.get(self.dispute.reason)
        return said(known) if known is not None else self.dispute.reason

    @property
    def waits_for_us(self) -> bool:
        return bool(self.dispute.state == DisputeState.OPEN)


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund: CardRefund
    may_be_given_otherwise: bool = False

    @property
    def words(self) -> str:
        return said(REFUND_WORDS[RefundState(self.refund.state)])

    @property
    def way_words(self) -> str:
        return said(WAY_WORDS[OtherWay(self.refund.other_way)]) if self.refund.other_way else ""


@dataclass(frozen=True, slots=True)
class MovementRow:
    movement: CardMovement

    @property
    def words(self) -> str:
        return said(MOVEMENT_WORDS[MovementKind(self.movement.kind)])


@dataclass(frozen=True, slots=True)
class PaymentMoney:
    """A payment with all that came of it."""

    row: CardRow
    left: Left
    lines: tuple[MoneyLine, ...]
    movements: tuple[MovementRow, ...]
    refunds: tuple[RefundRow, ...]
    disputes: tuple[DisputeRow, ...]

    @property
    def in_books(self) -> Money:
        """What lies at the service by our books."""
        return sum((line.moved for line in self.lines), ZERO)

    @property
    def at_service(self) -> Money:
        """What lies there by its own lines."""
        return sum((each.movement.amount - each.movement.fee for each in self.movements), ZERO)

    @property
    def fees(self) -> Money:
        return sum((each.movement.fee for each in self.movements), ZERO)

    @property
    def may_be_refunded(self) -> bool:
        return self.row.payment.state == CardState.PAID and not self.left.is_nothing and not bars_refunds(
            self.row.payment, [each.dispute for each in self.disputes]) and not self.row.is_on_its_way


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Our balance at the service as both sides say it, and what explains the difference."""

    service: Money
    books: Money
    unread: Money
    """In our books, and its line of the service not read yet."""
    going: Money
    """Gone from the service for a refund that is not over yet."""

    @property
    def difference(self) -> Money:
        """What nothing explains; anything but 0 is looked into."""
        return self.books - self.service - self.unread - self.going


def money_of(payment_id: UUID, actor: Actor) -> PaymentMoney:
    """Raises CardPaymentNotFound: unknown, or of another's."""
    payment = CardPayment.objects.seen_by(actor).select_related("collection").prefetch_related(
        Prefetch("refunds", CardRefund.objects.order_by("-asked_at")),
        Prefetch("movements", CardMovement.objects.order_by("occurred_at", "line_ref")),
        Prefetch("disputes", CardDispute.objects.order_by("-opened_at"))).filter(id=payment_id).first()
    if payment is None:
        raise CardPaymentNotFound
    refunds, movements = tuple(payment.refunds.all()), tuple(payment.movements.all())
    disputes = tuple(payment.disputes.all())
    left = left_of(payment, refunds, disputes)
    return PaymentMoney(
        CardRow(payment, refunds), left, _lines(payment, disputes), tuple(map(MovementRow, movements)),
        tuple(RefundRow(each, may_be_given_otherwise(each, left)) for each in refunds),
        tuple(map(DisputeRow, disputes)))


def reconciled(actor: Actor) -> Reconciled:
    """Over all card payments in the actor's reach."""
    movements, refunds = CardMovement.objects.seen_by(actor), CardRefund.objects.seen_by(actor)
    lines = Charge.objects.filter(source_type__in=_SOURCES)
    in_reach = lines.filter(**({"operator_code__in": _operators(actor)} if actor.operator_id is not None else
                               {"province_code": actor.province_code}))
    books = Posting.objects.filter(group__charge__in=in_reach, account__code__endswith=_AT_SERVICE).aggregate(
        told=Sum("amount", default=ZERO))["told"]
    service = movements.aggregate(told=Sum(F("amount") - F("fee"), default=ZERO))["told"]
    has_line = CardMovement.objects.filter(payment=OuterRef("id"), kind=MovementKind.PAYMENT)
    gone = CardMovement.objects.filter(source_ref=OuterRef("refund_ref"), kind=MovementKind.REFUND)
    came = CardPayment.objects.seen_by(actor).filter(~Exists(has_line), state=CardState.PAID).aggregate(
        told=Sum("received", default=ZERO))["told"]
    told = refunds.aggregate(unread=Sum("amount", filter=Q(~Exists(gone), state=RefundState.DONE), default=ZERO),
                             going=Sum("amount", filter=Q(Exists(gone), state__in=_GOES), default=ZERO))
    return Reconciled(_money(service), _money(books), came - told["unread"], told["going"])


# --- the parts ------------------------------------------------------------------------------------------------------


def _operators(actor: Actor) -> list[str]:
    codes = CardPayment.objects.seen_by(actor).values_list("collection__operator_code", flat=True)
    return list(codes.distinct())


def _money(told: Money | int) -> Money:
    return told if isinstance(told, Money) else Money(int(told))


def _lines(payment: CardPayment, disputes: tuple[CardDispute, ...]) -> tuple[MoneyLine, ...]:
    rulings = [ruling_id(each.id, number) for each in disputes for number in range(1, each.rulings + 1)]
    sources = [payment.collection_id, payment.id, *(each.id for each in payment.refunds.all()),
               *(each.id for each in payment.movements.all()), *rulings]
    found = list(Charge.objects.filter(source_type__in=_SOURCES, source_id__in=sources).select_related(
        "explanation").order_by("occurred_at", "posted_at", "id"))
    moved = dict(Posting.objects.filter(group__in=[each.group_id for each in found],
                                        account__code__endswith=_AT_SERVICE).values_list("group_id").annotate(
        told=Sum("amount")))
    return tuple(MoneyLine(each, _money(moved.get(each.group_id, 0)), _parts(each)) for each in found)


def _parts(charge: Charge) -> tuple[Part, ...]:
    language = "vi" if speaks_vietnamese() else "en"
    return tuple(Part(step[f"label_{language}"], step["amount"], step["legal_basis"])
                 for step in charge.explanation.steps if step["amount"])

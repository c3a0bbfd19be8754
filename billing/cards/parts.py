"""Of what a card payment consists, what of it was given back, and what is left: by its parts, never by shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from billing.cards.dispute_rules import FINAL_CARD_DISPUTES, DisputeState
from billing.cards.models import CardDispute, CardPayment, CardRefund
from billing.cards.rules import CardVerdict, RefundState
from billing.payments.rules.matching import CollectionState
from shared.money import ZERO, Money

ON_ITS_WAY: Final = (RefundState.ASKED, RefundState.APPROVED, RefundState.PENDING)
GIVEN: Final = (RefundState.DONE, RefundState.OUTSIDE)
LIVE: Final = (*ON_ITS_WAY, RefundState.DONE, RefundState.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Parts:
    """đồng of each thing that a citizen pays for."""

    fee: Money
    postage: Money

    @property
    def amount(self) -> Money:
        return self.fee + self.postage

    def holds(self, wanted: "Parts") -> bool:
        """Whether `wanted` is something, and no part of it more than there is."""
        return bool(wanted.amount) and ZERO <= wanted.fee <= self.fee and ZERO <= wanted.postage <= self.postage


@dataclass(frozen=True, slots=True)
class Left:
    """What can still be given back. `parts` is None for a payment that paid nothing we had asked for."""

    amount: Money
    parts: Parts | None
    came_back: CardRefund | None
    """A refund that the cardholder's bank sent back, which is given again before anything else."""

    @property
    def is_nothing(self) -> bool:
        return not self.amount and self.came_back is None


def pays(payment: CardPayment) -> bool:
    """Whether it paid what was asked for, at once or by a person's word. Load it with its collection."""
    return payment.verdict in {CardVerdict.PAYS, CardVerdict.LATE} and payment.collection.state in {
        CollectionState.PAID, CollectionState.RETURNED}


def bars_refunds(payment: CardPayment, disputes: Iterable[CardDispute]) -> bool:
    """Whether the cardholder's bank has, or may get, what a refund would give. Load it with its collection.

    Of money that paid nothing, what a lost dispute did not take is still owed.
    """
    return any(each.state not in FINAL_CARD_DISPUTES or (each.state == DisputeState.LOST and pays(payment))
               for each in disputes)


def left_of(payment: CardPayment, refunds: Iterable[CardRefund], disputes: Iterable[CardDispute] = ()) -> Left:
    """What is left of a payment after `refunds` and lost `disputes`, all that it has."""
    told = list(refunds)
    repeated = {each.repeats_id for each in told if each.state in LIVE}
    # A repeat that comes back as well is the first one's money again, not more of it.
    came_back = [each for each in told if each.came_back and each.repeats_id is None
                 and each.id not in repeated and each.state != RefundState.OUTSIDE]
    given = [each for each in told if each.repeats_id is None and (each.state in LIVE or each.came_back)]
    oldest = min(came_back, key=lambda each: (each.asked_at, each.id), default=None)
    if not pays(payment):
        gone = [each.amount for each in given] + [each.settles for each in disputes]
        return Left(payment.received - sum(gone, ZERO), None, oldest)
    of = payment.collection
    parts = Parts(of.fee - sum((each.fee for each in given), ZERO),
                  of.postage - sum((each.postage for each in given), ZERO))
    return Left(parts.amount, parts, oldest)


def may_be_given_otherwise(refund: CardRefund, left: Left) -> bool:
    """Whether the money of a failed refund is still with us: nothing has given it meanwhile."""
    if refund.state != RefundState.FAILED:
        return False
    if refund.came_back or refund.repeats_id is not None:
        return left.came_back is not None and left.came_back.id in {refund.id, refund.repeats_id}
    if left.parts is None:
        return refund.amount <= left.amount
    return left.parts.holds(Parts(refund.fee, refund.postage))

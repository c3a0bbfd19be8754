"""A refund that its card did not take is given back in another way: by whom, how, under which number, what proof."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing.cards.books import outside_entry
from billing.cards.dispute_rules import FINAL_CARD_DISPUTES
from billing.cards.errors import (
    CardRefundNotFound,
    PaymentDisputed,
    RefundDecided,
    RefundedBefore,
    RefundRefused,
    SecondPersonNeeded,
)
from billing.cards.models import CardPayment, CardRefund
from billing.cards.parts import LIVE, ON_ITS_WAY, bars_refunds, left_of, may_be_given_otherwise
from billing.cards.refunds import after_giving
from billing.cards.rules import CARD_REFUNDS, OtherWay, RefundAction, RefundState
from billing.cards.rulings import owed_of
from billing.cards.settling import FAILED, is_owed
from billing.operations.entries import write_entry
from billing.payments.models import Collection
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.money import Money
from shared.text import clean
from shared.transactions import operation

SHORTEST_REFERENCE: Final = 3
SHORTEST_PROOF: Final = 10


@operation
def give_otherwise(*, refund_id: UUID, way: str, reference: str, proof: str, by: Actor, at: datetime) -> CardRefund:
    """Say that the citizen has it: `way` is one of OtherWay, `reference` the transfer's or receipt's number.

    Raises:
        CardRefundNotFound: unknown, or another operator's.
        RefundDecided: the card service has not given it up, or it was settled before.
        SecondPersonNeeded: a machine; or above the limit, whoever asked for the refund.
        RefundRefused: no such way, no number, or no proof.
        RefundedBefore: the same money was given back meanwhile, or is on its way.
        PaymentDisputed: the cardholder's bank asks for it, and has not decided.
    """
    refund: CardRefund | None = CardRefund.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=refund_id).first()
    if refund is None:
        raise CardRefundNotFound
    if refund.state != RefundState.FAILED:
        raise RefundDecided
    if by.kind != ActorKind.PERSON or (by.id == refund.asked_by and _needs_second(refund)):
        raise SecondPersonNeeded
    _must_be_proved(way, clean(reference), clean(proof))
    payment = refund.payment = _still_owed(refund)
    refund.other_way, refund.other_reference, refund.other_words = way, clean(reference)[:80], clean(proof)[:300]
    refund.other_at, refund.other_by, refund.other_by_name = at, by.id, by.name[:120]
    refund.state = CARD_REFUNDS[RefundState.FAILED, RefundAction.GIVE_OTHERWISE]
    refund.save()
    audit.record(actor=by, action="card_refund.give_otherwise", object_type="card_refund", object_id=refund.id, at=at,
                 before={"state": RefundState.FAILED.value}, reason=refund.other_words,
                 after={"state": refund.state, "way": way, "reference": refund.other_reference})
    if refund.fee or refund.postage or is_owed(payment):
        write_entry(outside_entry(refund, payment.collection, at=at), by=by, at=at)
    work.close_item(kind=FAILED, reference=str(refund.id), by=by.name, at=at, outcome=refund.other_reference)
    after_giving(refund, payment, by=by, at=at)
    return refund


# --- the parts ------------------------------------------------------------------------------------------------------


def _must_be_proved(way: str, reference: str, proof: str) -> None:
    if way not in set(OtherWay):
        raise RefundRefused(_("Say how it was given back."))
    if len(reference) < SHORTEST_REFERENCE:
        raise RefundRefused(_("Give the number of the transfer or of the signed receipt."))
    if len(proof) < SHORTEST_PROOF:
        raise RefundRefused(_("Say what proves that the citizen has it, and where that is kept."))


def _needs_second(refund: CardRefund) -> bool:
    """As at the asking, counted over the whole payment: what failed is no way around the limit."""
    given = refund.payment.refunds.filter(state__in=LIVE).values_list("amount", flat=True)
    return refund.needs_second or sum(given, refund.amount) > Money(settings.WARDPOST_CARD_REFUND_LIMIT)


def _still_owed(refund: CardRefund) -> CardPayment:
    payment: CardPayment = CardPayment.objects.select_for_update(of=("self",)).get(id=refund.payment_id)
    payment.collection = Collection.objects.select_for_update().get(id=payment.collection_id)
    refunds, disputes = list(payment.refunds.all()), list(payment.disputes.all())
    is_undecided = any(each.state not in FINAL_CARD_DISPUTES for each in disputes)
    if is_undecided or (bars_refunds(payment, disputes) and not (refund.came_back or refund.repeats_id)):
        raise PaymentDisputed
    left = left_of(payment, refunds, disputes)
    is_going = any(each.state in ON_ITS_WAY for each in refunds)
    # What a lost dispute has settled is not owed any more.
    is_a_debt = refund.came_back or refund.repeats_id is not None
    is_over = is_a_debt and owed_of(payment) < refund.amount
    if is_going or is_over or not may_be_given_otherwise(refund, left):
        raise RefundedBefore
    return payment

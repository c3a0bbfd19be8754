"""A card payment is given back: its parts named, with a reason, decided by two above the limit, told once, followed up.

What goes back is fee, postage or both, in đồng that somebody names: nothing is ever split by a guess.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from billing.cards import gateway
from billing.cards.books import failed_refund_entry, refund_entry
from billing.cards.errors import (
    CardOutcomeUnknown,
    CardPaymentNotFound,
    CardRefundNotFound,
    CardServiceRefused,
    PaymentDisputed,
    RefundDecided,
    RefundedBefore,
    RefundPartsRefused,
    RefundRefused,
    SecondPersonNeeded,
)
from billing.cards.events import CardRefundApproved
from billing.cards.models import CardPayment, CardRefund
from billing.cards.parts import LIVE, ON_ITS_WAY, Parts, bars_refunds, left_of, pays
from billing.cards.records import Refund
from billing.cards.rules import CARD_REFUNDS, CardState, CardVerdict, RefundAction, RefundState
from billing.cards.rulings import is_spent, rule_again
from billing.cards.settling import FAILED, SHORTEST_REASON, is_owed, settle
from billing.operations.entries import write_entry
from billing.payments.cash import TO_RETURN
from billing.payments.collecting import end_returned
from billing.payments.models import Collection
from billing.payments.rules.matching import CollectionState
from shared import audit, work
from shared.actors import Actor, ActorKind, job
from shared.formatting import money
from shared.money import Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

REFUNDER: Final = job("card_refunds")
TO_DECIDE: Final = "card-refund-to-decide"
"""Work item of the operator's headquarters: a refund above the limit waits for a second person."""
DECIDE_WITHIN: Final = timedelta(days=2)


@operation
def ask_refund(*, payment_id: UUID, why: str, by: Actor, at: datetime, parts: Parts | None = None) -> CardRefund:
    """Ask that named parts of a payment are given back, or with none named all that is left of it.

    Up to the limit, counted over the whole payment, it is told to the service at once; above, another person decides.

    Raises:
        CardPaymentNotFound: unknown, or another operator's.
        RefundRefused: nothing was paid, or there is no reason.
        RefundPartsRefused: more than is left of a part, nothing at all, or the payment has no parts.
        RefundedBefore: one is on its way, or nothing is left, a lost dispute counted.
        PaymentDisputed: the cardholder's bank asks for it.
    """
    payment: CardPayment | None = CardPayment.objects.seen_by(by).select_for_update(of=("self",)).select_related(
        "collection").filter(id=payment_id).first()
    if payment is None:
        raise CardPaymentNotFound
    if payment.state != CardState.PAID:
        raise RefundRefused(_("Nothing was paid by this card."))
    if len(clean(why)) < SHORTEST_REASON:
        raise RefundRefused(_("Say in a sentence why the money goes back."))
    if bars_refunds(payment, payment.disputes.all()):
        raise PaymentDisputed
    refund = _asked(payment, parts)
    if is_spent(refund, payment):
        raise RefundedBefore
    before = sum((each.amount for each in payment.refunds.all() if each.state in LIVE), Money(0))
    is_above = before + refund.amount > Money(settings.WARDPOST_CARD_REFUND_LIMIT)
    refund.reason, refund.needs_second, refund.asked_at = clean(why)[:300], is_above, at
    refund.asked_by, refund.asked_by_name = by.id, by.name
    refund.state = RefundState.ASKED if is_above else RefundState.APPROVED
    try:
        with transaction.atomic():
            refund.save(force_insert=True)
    except IntegrityError as error:
        raise RefundedBefore from error
    audit.record(actor=by, action="card_refund.ask", object_type="card_refund", object_id=refund.id, at=at,
                 after={"amount_vnd": refund.amount.amount, "fee_vnd": refund.fee.amount, "state": refund.state},
                 reason=refund.reason)
    if is_above:
        _item(refund, TO_DECIDE, at, due_at=at + DECIDE_WITHIN)
    else:
        publish(CardRefundApproved(refund.id))
    return refund


@operation
def decide_refund(*, refund_id: UUID, is_approved: bool, why: str, by: Actor, at: datetime) -> CardRefund:
    """The second person. A refusal needs a reason.

    Raises:
        CardRefundNotFound: unknown, or another operator's.
        RefundDecided: it was decided, or needed nobody.
        SecondPersonNeeded: whoever asked, or a machine.
        PaymentDisputed: approved, and the cardholder's bank asks for the money meanwhile.
        RefundRefused: refused without a reason.
    """
    refund: CardRefund | None = CardRefund.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=refund_id).first()
    if refund is None:
        raise CardRefundNotFound
    if refund.state != RefundState.ASKED:
        raise RefundDecided
    if by.kind != ActorKind.PERSON or by.id == refund.asked_by:
        raise SecondPersonNeeded
    if not is_approved and len(clean(why)) < SHORTEST_REASON:
        raise RefundRefused(_("Say in a sentence why it is not given back."))
    if is_approved and _is_disputed(refund):
        raise PaymentDisputed
    refund.decided_at, refund.decided_by, refund.decided_by_name = at, by.id, by.name
    refund.decision = clean(why)[:300]
    _move(refund, RefundAction.APPROVE if is_approved else RefundAction.REFUSE, by=by, at=at)
    work.close_item(kind=TO_DECIDE, reference=str(refund.id), by=by.name, at=at, outcome=refund.state)
    if is_approved:
        publish(CardRefundApproved(refund.id))
    return refund


def send_refund(*, refund_id: UUID, at: datetime) -> str:
    """Tell the service, or ask it how far it is; returns the refund's state. Told again, nothing is given back twice.

    What a lost dispute has settled before the first word goes out fails here, and the service is not asked.

    Raises:
        CardOutcomeUnknown: not known; call again.
    """
    refund, was_tried = _begin(refund_id=refund_id, at=at)
    if refund.state not in {RefundState.APPROVED, RefundState.PENDING, RefundState.DONE}:
        return str(refund.state)
    paid_by = refund.payment.payment_ref
    try:
        told = gateway.find_refund(str(refund.id), payment_id=paid_by) if was_tried else None
        if told is None and refund.state != RefundState.APPROVED:
            return str(refund.state)
        told = told or gateway.create_refund(reference=str(refund.id), payment_id=paid_by, amount=refund.amount,
                                             attempt=refund.attempt)
    except CardServiceRefused as refusal:
        return _told(refund_id=refund_id, told=Refund("", str(refund.id), "failed", refund.amount, paid_by,
                                                      refusal.reason), at=at)
    except CardOutcomeUnknown as unknown:
        if unknown.is_repeated:
            _next_attempt(refund_id=refund_id)
        raise
    return _told(refund_id=refund_id, told=told, at=at)


# --- the parts ------------------------------------------------------------------------------------------------------


@operation
def _begin(*, refund_id: UUID, at: datetime) -> tuple[CardRefund, bool]:
    refund = _locked(refund_id)
    was_tried = refund.tried_at is not None
    if not was_tried and refund.state == RefundState.APPROVED and is_spent(refund, refund.payment):
        _failed(refund, "charge_disputed", at)
        return refund, was_tried
    refund.tried_at, refund.looked_at = refund.tried_at or at, at
    refund.save(update_fields=["tried_at", "looked_at"])
    return refund, was_tried


@operation
def _told(*, refund_id: UUID, told: Refund, at: datetime) -> str:
    """What the service says becomes the refund's state; the same word again changes nothing."""
    refund = _locked(refund_id)
    refund.refund_ref = refund.refund_ref or told.id
    match told.status:
        case "succeeded" if refund.state in {RefundState.APPROVED, RefundState.PENDING}:
            _done(refund, at)
        case "failed" | "canceled" if refund.state not in {RefundState.FAILED, RefundState.REFUSED}:
            _failed(refund, told.reason, at)
        case "pending" | "requires_action" if refund.state == RefundState.APPROVED:
            _move(refund, RefundAction.TAKE, by=REFUNDER, at=at)
    return str(refund.state)


def _asked(payment: CardPayment, parts: Parts | None) -> CardRefund:
    """The refund as its parts, not kept yet. What came back from an earlier one goes first."""
    refunds = list(payment.refunds.all())
    if any(each.state in ON_ITS_WAY for each in refunds):
        raise RefundedBefore
    left = left_of(payment, refunds, payment.disputes.all())
    if left.came_back is not None:
        old = left.came_back
        if parts not in {None, Parts(old.fee, old.postage)}:
            raise RefundPartsRefused(_("A refund came back: it is given again first, as it was."))
        return CardRefund(payment=payment, amount=old.amount, fee=old.fee, postage=old.postage, repeats=old)
    if not left.amount:
        raise RefundedBefore
    if left.parts is None:
        if parts is not None:
            raise RefundPartsRefused(_("It paid nothing that was asked for, so it goes back whole."))
        return CardRefund(payment=payment, amount=left.amount)
    wanted = parts or left.parts
    if not left.parts.holds(wanted):
        raise RefundPartsRefused(
            _("Name what goes back: at most %(fee)s of the fees and %(postage)s of the postage.")
            % {"fee": money(left.parts.fee.amount), "postage": money(left.parts.postage.amount)})
    return CardRefund(payment=payment, amount=wanted.amount, fee=wanted.fee, postage=wanted.postage)


def _done(refund: CardRefund, at: datetime) -> None:
    refund.ended_at = at
    _move(refund, RefundAction.FINISH, by=REFUNDER, at=at)
    payment, by = refund.payment, Actor(ActorKind.JOB, REFUNDER.id, refund.asked_by_name)
    collection = payment.collection = Collection.objects.select_for_update().get(id=payment.collection_id)
    # What came in another currency, or before the books knew of it, is in no account.
    if refund.fee or refund.postage or is_owed(payment):
        write_entry(refund_entry(refund, collection, at=at), by=by, at=at)
    after_giving(refund, payment, by=by, at=at)


def after_giving(refund: CardRefund, payment: CardPayment, *, by: Actor, at: datetime) -> None:
    """What ends with money that the citizen has again; for operations that hold the refund and its collection."""
    refunds, collection = list(payment.refunds.all()), payment.collection
    left = left_of(payment, refunds, payment.disputes.all())
    if left.is_nothing and collection.state == CollectionState.PAID and pays(payment):
        end_returned(collection, by=by, at=at)
    if payment.verdict != CardVerdict.PAYS and payment.settled_at is None:
        settle(payment, refund.reason, by=by, at=at)
    if left.is_nothing:
        work.close_item(kind=TO_RETURN, reference=str(collection.id), by=by.name, at=at, outcome="refunded")
    for each in refunds:
        if each.state == RefundState.FAILED and (left.is_nothing or _gives_again(refund, each)):
            work.close_item(kind=FAILED, reference=str(each.id), by=by.name, at=at, outcome="given-again")


def _is_disputed(refund: CardRefund) -> bool:
    payment = CardPayment.objects.select_related("collection").get(id=refund.payment_id)
    return bars_refunds(payment, payment.disputes.all()) or is_spent(refund, payment)


def _gives_again(refund: CardRefund, failed: CardRefund) -> bool:
    """Whether `refund` gives what `failed` did not: by its name, or the same parts of one that never left."""
    if refund.repeats_id is not None:
        return refund.repeats_id in {failed.id, failed.repeats_id}
    return not failed.came_back and (failed.amount, failed.fee, failed.postage) == (
        refund.amount, refund.fee, refund.postage)


def _failed(refund: CardRefund, reason: str, at: datetime) -> None:
    was_done, refund.failure, refund.ended_at = refund.state == RefundState.DONE, reason[:60], at
    refund.came_back = was_done
    _move(refund, RefundAction.FAIL, by=REFUNDER, at=at)
    collection = Collection.objects.get(id=refund.payment.collection_id)
    if was_done and (refund.fee or refund.postage or is_owed(refund.payment)):
        write_entry(failed_refund_entry(refund, collection, at=at), by=REFUNDER, at=at)
    if not is_spent(refund, refund.payment):
        _item(refund, FAILED, at, due_at=at + DECIDE_WITHIN)
    if was_done:
        rule_again(refund.payment_id, by=REFUNDER, at=at)


def _item(refund: CardRefund, kind: str, at: datetime, *, due_at: datetime) -> None:
    place = Collection.objects.values_list("operator_code", flat=True).get(card=refund.payment_id)
    work.open_item(kind=kind, reference=str(refund.id), owner_role=Role.OPERATOR_HQ, owner_place=place, at=at,
                   due_at=due_at, detail={"amount_vnd": refund.amount.amount, "failure": refund.failure})


@operation
def _next_attempt(*, refund_id: UUID) -> None:
    refund = _locked(refund_id)
    refund.attempt += 1
    refund.save(update_fields=["attempt"])


def _move(refund: CardRefund, action: RefundAction, *, by: Actor, at: datetime) -> None:
    before = RefundState(refund.state)
    refund.state = CARD_REFUNDS[before, action]
    refund.save()
    audit.record(actor=by, action=f"card_refund.{action}", object_type="card_refund", object_id=refund.id, at=at,
                 before={"state": before.value}, after={"state": refund.state}, reason=refund.decision)


def _locked(refund_id: UUID) -> CardRefund:
    found: CardRefund = CardRefund.objects.select_for_update(of=("self",)).select_related(
        "payment__collection").get(id=refund_id)
    return found

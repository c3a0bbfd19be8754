"""A lost dispute in the books: what the bank took and did not give back is borne, but for what was owed anyway.

The amounts are reckoned anew each time from the movements that were told, and only what differs becomes an entry: told
in parts, twice, late or in any order, the books end the same.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Sum

from billing.cards.books import OWED, ruling_entry, ruling_id
from billing.cards.dispute_rules import DisputeState
from billing.cards.models import CardDispute, CardMovement, CardPayment, CardRefund
from billing.cards.parts import GIVEN, left_of
from billing.cards.rules import CardVerdict, MovementKind
from billing.cards.settling import EXCEPTION, FAILED, SETTLE_WITHIN, ask_somebody, is_owed, settle
from billing.models.ledger import Posting
from billing.operations.entries import write_entry
from shared import audit, work
from shared.actors import Actor
from shared.money import ZERO, Money
from shared.roles import Role

BANK_GAVE: Final = "Ngân hàng chủ thẻ đã trả lại tiền cho người dân (thua tranh chấp)."
OVERTURNED: Final = "Kết quả thua tranh chấp bị đảo lại."
_OF_DISPUTES: Final = (MovementKind.DISPUTE, MovementKind.DISPUTE_BACK)


def rule(payment: CardPayment, dispute: CardDispute, *, by: Actor, at: datetime) -> None:
    """Bring the books to what the bank's word and the movements say; under the payment's lock."""
    lost = taken_by(dispute) if dispute.state == DisputeState.LOST else ZERO
    settles = _settled(payment, dispute, lost)
    more_borne, more_settled = lost - settles - dispute.borne, settles - dispute.settles
    if not more_borne and not more_settled:
        return
    dispute.borne, dispute.settles, dispute.rulings = lost - settles, settles, dispute.rulings + 1
    dispute.save(update_fields=["borne", "settles", "rulings"])
    entry = ruling_entry(dispute, payment.collection, bears=more_borne, settles=more_settled, at=at)
    write_entry(entry, by=by, at=at)
    if more_settled > ZERO and not owed_of(payment):
        _nobodys_work(payment, by=by, at=at)
    elif more_settled < ZERO:
        _somebodys_work_again(payment, by=by, at=at)


def taken_by(dispute: CardDispute) -> Money:
    """What the bank has taken and not given back; a line that moved nothing takes nothing."""
    moved: Money = CardMovement.objects.filter(source_ref=dispute.dispute_ref, kind__in=_OF_DISPUTES).aggregate(
        told=Sum("amount", default=ZERO))["told"]
    return max(ZERO, -moved)


def owed_of(payment: CardPayment) -> Money:
    """What the books owe to the citizen of this payment."""
    rulings = [ruling_id(own, number) for own, many in payment.disputes.values_list("id", "rulings")
               for number in range(1, many + 1)]
    sources = [payment.id, *payment.refunds.values_list("id", flat=True), *rulings]
    owed: Money = Posting.objects.filter(
        account__code=f"{payment.collection.operator_code}:{OWED}", group__charge__source_id__in=sources,
        group__charge__source_type__in=["card_payment", "card_refund", "card_dispute"],
    ).aggregate(told=Sum("amount", default=ZERO))["told"]
    return -owed


def is_spent(refund: CardRefund, payment: CardPayment) -> bool:
    """Whether a lost dispute has settled meanwhile what `refund` would give: it must not be given a second time."""
    disputes = list(payment.disputes.all())
    if not any(each.settles for each in disputes):
        return False
    if refund.repeats_id is not None:
        return owed_of(payment) < refund.amount
    others = payment.refunds.exclude(id=refund.id)
    return refund.amount > left_of(payment, others, disputes).amount


def rule_again(payment_id: UUID, *, by: Actor, at: datetime) -> None:
    """What was owed has changed without a word from the bank: lost disputes are ruled by it, under the lock."""
    payment: CardPayment = CardPayment.objects.select_for_update(of=("self",)).select_related("collection").get(
        id=payment_id)
    for dispute in payment.disputes.filter(state=DisputeState.LOST).order_by("id"):
        rule(payment, dispute, by=by, at=at)


# --- the parts ------------------------------------------------------------------------------------------------------


def _settled(payment: CardPayment, dispute: CardDispute, lost: Money) -> Money:
    """Of a loss, what was owed to the citizen: she is owed no more than what is left of her payment after it."""
    owed = owed_of(payment) + dispute.settles
    given = [each.amount for each in payment.refunds.filter(state__in=GIVEN)]
    given += [each.borne + each.settles for each in payment.disputes.exclude(id=dispute.id)]
    left = max(ZERO, payment.received - sum(given, ZERO) - lost)
    return min(lost, max(ZERO, owed - left))


def _nobodys_work(payment: CardPayment, *, by: Actor, at: datetime) -> None:
    if payment.verdict != CardVerdict.PAYS and payment.settled_at is None and is_owed(payment):
        settle(payment, BANK_GAVE, by=by, at=at)
    for refund in payment.refunds.filter(came_back=True):
        work.close_item(kind=FAILED, reference=str(refund.id), by=by.name, at=at, outcome=BANK_GAVE)


def _somebodys_work_again(payment: CardPayment, *, by: Actor, at: datetime) -> None:
    """The bank gave back what had settled a debt: it is owed again, and somebody gives it."""
    if payment.verdict != CardVerdict.PAYS and is_owed(payment):
        payment.settled_at, payment.settled_by_name, payment.settlement = None, "", ""
        payment.save(update_fields=["settled_at", "settled_by_name", "settlement"])
        audit.record(actor=by, action="card_payment.reopen", object_type="card_payment", object_id=payment.id, at=at,
                     after={"verdict": payment.verdict}, reason=OVERTURNED)
        ask_somebody(payment, EXCEPTION, at)
    elif (refund := _came_back(payment)) is not None:
        work.open_item(kind=FAILED, reference=str(refund.id), owner_role=Role.OPERATOR_HQ,
                       owner_place=payment.collection.operator_code, at=at, due_at=at + SETTLE_WITHIN,
                       detail={"amount_vnd": refund.amount.amount, "failure": refund.failure})


def _came_back(payment: CardPayment) -> CardRefund | None:
    found: CardRefund | None = payment.refunds.filter(came_back=True).order_by("-asked_at", "-id").first()
    return found

"""What a payment moved of our balance at the card service: asked for there, kept line by line, and put into the books.

Messages only say that something may have moved. The service is asked for all of it each time, so that told twice, late,
in any order or never, the books are the same: a line has one number, and becomes one row and one entry.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from billing.cards import gateway
from billing.cards.books import dispute_entry, dispute_id, fee_entry, movement_id
from billing.cards.dispute_rules import FINAL_CARD_DISPUTES, DisputeState, is_inquiry, moved
from billing.cards.models import CardDispute, CardMovement, CardPayment
from billing.cards.records import CURRENCY, BalanceLine, ServiceDispute
from billing.cards.rules import CardState, MovementKind
from billing.cards.rulings import rule
from billing.cards.settling import DISPUTED, SETTLE_WITHIN
from billing.operations.entries import write_entry
from shared import audit, work
from shared.actors import job
from shared.roles import Role
from shared.transactions import operation

READER: Final = job("card_movements")
FOREIGN: Final = "card-line-in-another-currency"
"""Work item of the administrator: the card service keeps our balance in another currency than đồng."""
type Told = list[tuple[MovementKind, BalanceLine]]


def look_at_money(*, payment_id: UUID, at: datetime) -> str:
    """Ask the service what a payment moved, and keep it; says how much was new.

    Raises:
        CardOutcomeUnknown: no answer now; call again.
    """
    payment = CardPayment.objects.get(id=payment_id)
    if payment.state != CardState.PAID:
        return "not-paid"
    paid = gateway.get_payment(payment.payment_ref).line
    refunds, disputes = gateway.refunds_of(payment.payment_ref), gateway.disputes_of(payment.payment_ref)
    lines: Told = [(MovementKind.PAYMENT, paid)] if paid is not None else []
    lines += _of_both_ways((each for told in refunds for each in told.lines), MovementKind.REFUND_BACK,
                           MovementKind.REFUND)
    lines += _of_both_ways((each for told in disputes for each in told.lines), MovementKind.DISPUTE_BACK,
                           MovementKind.DISPUTE)
    return keep(payment_id=payment_id, lines=lines, disputes=disputes, at=at)


def look_at_money_of(*, payment_ref: str, at: datetime) -> str:
    """As `look_at_money`, by the service's name of the payment; "unknown-payment" when it is none of ours."""
    own = CardPayment.objects.filter(payment_ref=payment_ref).exclude(payment_ref="").values_list(
        "id", flat=True).first()
    return "unknown-payment" if own is None else look_at_money(payment_id=own, at=at)


@operation
def keep(*, payment_id: UUID, lines: Told, disputes: Iterable[ServiceDispute], at: datetime) -> str:
    """Keep what is new of a payment's money and of its disputes; told again, nothing happens."""
    payment = CardPayment.objects.select_for_update(of=("self",)).select_related("collection").get(id=payment_id)
    known = set(CardMovement.objects.filter(payment=payment).values_list("line_ref", flat=True))
    fresh = [(kind, line) for kind, line in _in_our_money(lines, at) if line.id not in known]
    for kind, line in sorted(fresh, key=lambda told: (told[1].created_at, told[1].id)):
        _keep_line(payment, kind, line, at)
    for told in sorted(disputes, key=lambda each: each.id):
        _keep_dispute(payment, told, at)
    payment.money_at = at
    payment.save(update_fields=["money_at"])
    return f"{len(fresh)}-new"


# --- the parts ------------------------------------------------------------------------------------------------------


def _in_our_money(lines: Told, at: datetime) -> Told:
    """A line in another currency is in no account of ours: an administrator looks how the service is set up."""
    for kind, line in lines:
        if line.currency != CURRENCY:
            work.open_item(kind=FOREIGN, reference=line.id, owner_role=Role.ADMINISTRATOR, owner_place="", at=at,
                           due_at=at + SETTLE_WITHIN, detail={"kind": kind.value, "currency": line.currency})
    return [(kind, line) for kind, line in lines if line.currency == CURRENCY]


def _of_both_ways(lines: Iterable[BalanceLine], came: MovementKind, left: MovementKind) -> Told:
    return [(came if line.amount.amount > 0 else left, line) for line in lines]


def _keep_line(payment: CardPayment, kind: MovementKind, line: BalanceLine, at: datetime) -> None:
    """What came and what was refunded is in the books by the payment and the refund; fees and disputes are by this."""
    movement = CardMovement.objects.create(
        id=movement_id(line.id), payment=payment, line_ref=line.id[:80], kind=kind, source_ref=line.source[:80],
        amount=line.amount, fee=line.fee, occurred_at=line.created_at, told_at=at)
    if kind in {MovementKind.DISPUTE, MovementKind.DISPUTE_BACK} and line.amount:
        write_entry(dispute_entry(movement, payment.collection), by=READER, at=at)
    if line.fee:
        write_entry(fee_entry(movement, payment.collection), by=READER, at=at)


def _keep_dispute(payment: CardPayment, told: ServiceDispute, at: datetime) -> None:
    own = dispute_id(told.id)
    dispute = CardDispute.objects.select_for_update().filter(id=own).first()
    is_new = dispute is None
    if dispute is None:
        dispute = CardDispute(id=own, payment=payment, dispute_ref=told.id[:80], reason=told.reason[:40],
                              amount=told.amount, opened_at=told.opened_at)
    before = DisputeState(dispute.state)
    state = moved(before, told.status)
    dispute.state, dispute.looked_at, dispute.answer_by = state, at, told.answer_by
    dispute.is_inquiry = is_inquiry(told.status)
    if state in FINAL_CARD_DISPUTES:
        dispute.ended_at = at if state is not before or dispute.ended_at is None else dispute.ended_at
    else:
        dispute.ended_at = None
    dispute.save(force_insert=is_new)
    if is_new or state is not before:
        audit.record(actor=READER, action=f"card_dispute.{'open' if is_new else 'move'}", object_type="card_dispute",
                     object_id=dispute.id, at=at, before={} if is_new else {"state": before.value},
                     after={"state": state.value, "status": told.status, "amount_vnd": told.amount.amount})
        _ask_somebody(payment, dispute, at)
    rule(payment, dispute, by=READER, at=at)


def _ask_somebody(payment: CardPayment, dispute: CardDispute, at: datetime) -> None:
    """A dispute that waits for our answer is the headquarters' work, with the bank's day as its clock."""
    of = payment.collection
    if dispute.state == DisputeState.OPEN:
        work.open_item(
            kind=DISPUTED, reference=str(dispute.id), owner_role=Role.OPERATOR_HQ, owner_place=of.operator_code, at=at,
            due_at=dispute.answer_by or at + SETTLE_WITHIN,
            detail={"reference": of.reference, "amount_vnd": dispute.amount.amount, "reason": dispute.reason})
    elif dispute.state != DisputeState.ANSWERED:
        work.close_item(kind=DISPUTED, reference=str(dispute.id), by=dispute.answered_by_name or READER.name, at=at,
                        outcome=dispute.state)

"""Payments by card and their refunds over the API: the same reasons, limits and two people as on the page."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.proof import with_fresh_proof
from billing.cards import disputes, outside, refunds, settling
from billing.cards.models import CardDispute, CardPayment, CardRefund
from billing.cards.money_queries import PaymentMoney, money_of, reconciled
from billing.cards.parts import Parts
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.money import Money
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["payments"])
READ = allow(roles=FINANCE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR})
SETTLE = allow(roles={Role.OPERATOR_HQ})
_Why = Annotated[str, Field(max_length=300)]


class WhyIn(In):
    why: _Why


class CardRefundIn(In):
    why: _Why
    fee_vnd: Annotated[int | None, Field(ge=0, le=10**12, description="Of the fees for the authority.")] = None
    postage_vnd: Annotated[int | None, Field(ge=0, le=10**12, description="Of the postage.")] = None

    @property
    def parts(self) -> Parts | None:
        """What is named; None when nothing is, which means all that is left."""
        if self.fee_vnd is None and self.postage_vnd is None:
            return None
        return Parts(Money(self.fee_vnd or 0), Money(self.postage_vnd or 0))


class CardDisputeAnswerIn(In):
    contest: Annotated[bool, Field(description="True: it was paid rightly. False: the loss is accepted, for good.")]
    words: Annotated[str, Field(max_length=2000, description="Goes to the cardholder's bank: nobody's name or number.")]


class OtherWayIn(In):
    way: Annotated[str, Field(description='"transfer" from the collecting account, or "cash" of the headquarters.')]
    reference: Annotated[str, Field(max_length=80, description="The number of the transfer or of the signed receipt.")]
    proof: Annotated[str, Field(max_length=300, description="What proves it and where that is kept; nobody's name.")]


class RefundDecisionIn(In):
    approve: bool
    why: Annotated[_Why, Field(description="Needed to refuse.")] = ""


class CardPaymentOut(Out):
    """No card number is ever here, nor the cardholder's name."""

    id: UUID
    request_id: UUID
    reference: str
    state: str
    asked_vnd: int
    received_vnd: int
    verdict: Annotated[str, Field(description="What a payment that came is: it pays, is late, double, or differs.")]
    brand: str
    last_four: str
    paid_at: datetime | None
    settled_at: datetime | None
    settlement: str

    @classmethod
    def of(cls, row: CardPayment) -> "CardPaymentOut":
        """Load the row with its collection."""
        asked = row.collection
        return cls(id=row.id, request_id=asked.id, reference=asked.reference, state=row.state,
                   asked_vnd=asked.amount.amount, received_vnd=row.received.amount, verdict=row.verdict,
                   brand=row.brand, last_four=row.last_four, paid_at=row.paid_at, settled_at=row.settled_at,
                   settlement=row.settlement)


class CardRefundOut(Out):
    id: UUID
    payment_id: UUID
    state: str
    amount_vnd: int
    fee_vnd: int
    postage_vnd: int
    reason: str
    needs_second: Annotated[bool, Field(description="Above the limit another person decides.")]
    asked_by_name: str
    asked_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    ended_at: datetime | None
    failure: str
    other_way: Annotated[str, Field(description="How it was given back instead of to the card; empty: it was not.")]
    other_reference: str
    other_proof: str
    other_by_name: str
    other_at: datetime | None

    @classmethod
    def of(cls, row: CardRefund) -> "CardRefundOut":
        return cls(id=row.id, payment_id=row.payment_id, state=row.state, amount_vnd=row.amount.amount,
                   reason=row.reason, needs_second=row.needs_second, asked_by_name=row.asked_by_name,
                   asked_at=row.asked_at, decided_by_name=row.decided_by_name, decided_at=row.decided_at,
                   ended_at=row.ended_at, failure=row.failure, fee_vnd=row.fee.amount, postage_vnd=row.postage.amount,
                   other_way=row.other_way, other_reference=row.other_reference, other_proof=row.other_words,
                   other_by_name=row.other_by_name, other_at=row.other_at)


class CardDisputeOut(Out):
    id: UUID
    payment_id: UUID
    state: str
    is_inquiry: Annotated[bool, Field(description="The bank only asks: no money has left.")]
    reason: Annotated[str, Field(description="The bank's, in the card service's word.")]
    amount_vnd: int
    opened_at: datetime
    answer_by: datetime | None
    contested: bool | None
    words: str
    answered_by_name: str
    answered_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: CardDispute) -> "CardDisputeOut":
        return cls(id=row.id, payment_id=row.payment_id, state=row.state, is_inquiry=row.is_inquiry, reason=row.reason,
                   amount_vnd=row.amount.amount, opened_at=row.opened_at, answer_by=row.answer_by,
                   contested=row.is_contested, words=row.words, answered_by_name=row.answered_by_name,
                   answered_at=row.answered_at, ended_at=row.ended_at)


class CardMovementOut(Out):
    """One line of the balance at the card service, as it told it."""

    line: str
    kind: str
    amount_vnd: Annotated[int, Field(description="Positive: it came.")]
    fee_vnd: int
    occurred_at: datetime


class CardStepOut(Out):
    label: str
    amount_vnd: int
    legal_basis: str


class CardLineOut(Out):
    """One line of the books that the payment caused, with its arithmetic in the reader's language."""

    id: UUID
    kind: str
    words: str
    occurred_at: datetime
    at_card_service_vnd: int
    arithmetic: list[CardStepOut]


class CardBalanceOut(Out):
    """What lies with the card service, by its list and by our books."""

    by_card_service_vnd: int
    by_books_vnd: int
    not_read_yet_vnd: int
    refunds_on_their_way_vnd: int
    not_explained_vnd: int


class CardPaymentDetailOut(Out):
    payment: CardPaymentOut
    refunds: list[CardRefundOut]
    disputes: list[CardDisputeOut]
    movements: list[CardMovementOut]
    lines: list[CardLineOut]

    @classmethod
    def of(cls, found: PaymentMoney) -> "CardPaymentDetailOut":
        return cls(
            payment=CardPaymentOut.of(found.row.payment),
            refunds=[CardRefundOut.of(each) for each in found.row.refunds],
            disputes=[CardDisputeOut.of(each.dispute) for each in found.disputes],
            movements=[CardMovementOut(
                line=each.movement.line_ref, kind=each.movement.kind, amount_vnd=each.movement.amount.amount,
                fee_vnd=each.movement.fee.amount, occurred_at=each.movement.occurred_at) for each in found.movements],
            lines=[CardLineOut(
                id=each.charge.id, kind=each.charge.kind, words=each.words, occurred_at=each.charge.occurred_at,
                at_card_service_vnd=each.moved.amount, arithmetic=[
                    CardStepOut(label=part.label, amount_vnd=part.amount, legal_basis=part.basis)
                    for part in each.parts]) for each in found.lines])


@router.get("/card-payments", response=Page[CardPaymentOut], auth=READ, summary="Payments by card, newest first")
def list_payments(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those of the operator, or of the city."""
    rows, following = page_of(CardPayment.objects.seen_by(request.actor).select_related("collection"), asked=asked,
                              order=("-id",))
    return {"items": [CardPaymentOut.of(row) for row in rows], "next": following}


@router.get("/card-payments/{uuid:payment_id}", response=CardPaymentDetailOut, auth=READ,
            summary="One payment, its refunds and disputes, and every line that it caused")
def get_payment(request: WardpostRequest, payment_id: UUID) -> CardPaymentDetailOut:
    return CardPaymentDetailOut.of(money_of(payment_id, request.actor))


@router.get("/card-payments-balance", response=CardBalanceOut, auth=READ,
            summary="Whether the card service says the same as the books")
def get_balance(request: WardpostRequest) -> CardBalanceOut:
    """Over all payments in reach."""
    both = reconciled(request.actor)
    return CardBalanceOut(
        by_card_service_vnd=both.service.amount, by_books_vnd=both.books.amount, not_read_yet_vnd=both.unread.amount,
        refunds_on_their_way_vnd=both.going.amount, not_explained_vnd=both.difference.amount)


@router.post("/card-payments/{uuid:payment_id}/refunds", response={201: CardRefundOut},
             auth=with_fresh_proof(SETTLE),
             summary="Give a payment back, whole or by its parts")
def ask_refund(request: WardpostRequest, payment_id: UUID, body: CardRefundIn) -> HttpResponse:
    """Name what goes back of the fees and of the postage, or nothing for all that is left.

    Up to the limit the card service is told at once; above it a second person decides.
    """
    return idempotent(request, status=201, schema=CardRefundOut, present=CardRefundOut.of, call=lambda: (
        refunds.ask_refund(payment_id=payment_id, why=body.why, by=request.actor, at=timezone.now(),
                           parts=body.parts)))


@router.post("/card-payments/{uuid:payment_id}/acceptances", response=CardPaymentDetailOut,
             auth=with_fresh_proof(SETTLE), summary="Let a late payment pay after all")
def accept_payment(request: WardpostRequest, payment_id: UUID, body: WhyIn) -> HttpResponse:
    return idempotent(
        request, status=200, schema=CardPaymentDetailOut, present=lambda row: get_payment(request, row.id),
        call=lambda: settling.accept_payment(payment_id=payment_id, why=body.why, by=request.actor,
                                             at=timezone.now()))


@router.post("/card-refunds/{uuid:refund_id}/decisions", response=CardRefundOut, auth=with_fresh_proof(SETTLE),
             summary="Decide on a refund above the limit")
def decide_refund(request: WardpostRequest, refund_id: UUID, body: RefundDecisionIn) -> HttpResponse:
    """By somebody else than who asked."""
    return idempotent(request, status=200, schema=CardRefundOut, present=CardRefundOut.of, call=lambda: (
        refunds.decide_refund(refund_id=refund_id, is_approved=body.approve, why=body.why, by=request.actor,
                              at=timezone.now())))


@router.post("/card-refunds/{uuid:refund_id}/other-ways", response=CardRefundOut, auth=with_fresh_proof(SETTLE),
             summary="A failed refund was given back in another way")
def give_otherwise(request: WardpostRequest, refund_id: UUID, body: OtherWayIn) -> HttpResponse:
    """Above the limit by somebody else than who asked for the refund."""
    return idempotent(request, status=200, schema=CardRefundOut, present=CardRefundOut.of, call=lambda: (
        outside.give_otherwise(refund_id=refund_id, way=body.way, reference=body.reference, proof=body.proof,
                               by=request.actor, at=timezone.now())))


@router.get("/card-disputes", response=Page[CardDisputeOut], auth=READ, summary="Card disputes, newest first")
def list_disputes(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """What cardholders' banks ask back, of the operator or of the city."""
    rows, following = page_of(CardDispute.objects.seen_by(request.actor), asked=asked, order=("-opened_at", "-id"))
    return {"items": [CardDisputeOut.of(row) for row in rows], "next": following}


@router.post("/card-disputes/{uuid:dispute_id}/answers", response=CardDisputeOut, auth=with_fresh_proof(SETTLE),
             summary="Answer a cardholder's bank, once")
def answer_dispute(request: WardpostRequest, dispute_id: UUID, body: CardDisputeAnswerIn) -> HttpResponse:
    """Contest it with words for the bank, or accept the loss."""
    return idempotent(request, status=200, schema=CardDisputeOut, present=CardDisputeOut.of, call=lambda: (
        disputes.answer_dispute(dispute_id=dispute_id, is_contested=body.contest, words=body.words, by=request.actor,
                                at=timezone.now())))

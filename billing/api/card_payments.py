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
from billing.cards import queries, refunds, settling
from billing.cards.models import CardPayment, CardRefund
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["payments"])
READ = allow(roles=FINANCE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR})
SETTLE = allow(roles={Role.OPERATOR_HQ})
_Why = Annotated[str, Field(max_length=300)]


class WhyIn(In):
    why: _Why


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
    reason: str
    needs_second: Annotated[bool, Field(description="Above the limit another person decides.")]
    asked_by_name: str
    asked_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    ended_at: datetime | None
    failure: str

    @classmethod
    def of(cls, row: CardRefund) -> "CardRefundOut":
        return cls(id=row.id, payment_id=row.payment_id, state=row.state, amount_vnd=row.amount.amount,
                   reason=row.reason, needs_second=row.needs_second, asked_by_name=row.asked_by_name,
                   asked_at=row.asked_at, decided_by_name=row.decided_by_name, decided_at=row.decided_at,
                   ended_at=row.ended_at, failure=row.failure)


class CardPaymentDetailOut(Out):
    payment: CardPaymentOut
    refunds: list[CardRefundOut]


@router.get("/card-payments", response=Page[CardPaymentOut], auth=READ, summary="Payments by card, newest first")
def list_payments(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those of the operator, or of the city."""
    rows, following = page_of(CardPayment.objects.seen_by(request.actor).select_related("collection"), asked=asked,
                              order=("-id",))
    return {"items": [CardPaymentOut.of(row) for row in rows], "next": following}


@router.get("/card-payments/{uuid:payment_id}", response=CardPaymentDetailOut, auth=READ,
            summary="One payment and its refunds")
def get_payment(request: WardpostRequest, payment_id: UUID) -> CardPaymentDetailOut:
    found = queries.find_payment(payment_id, request.actor)
    return CardPaymentDetailOut(payment=CardPaymentOut.of(found.payment),
                                refunds=[CardRefundOut.of(each) for each in found.refunds])


@router.post("/card-payments/{uuid:payment_id}/refunds", response={201: CardRefundOut}, auth=with_fresh_proof(SETTLE),
             summary="Give a payment back, whole")
def ask_refund(request: WardpostRequest, payment_id: UUID, body: WhyIn) -> HttpResponse:
    """Up to the limit the card service is told at once; above it a second person decides."""
    return idempotent(request, status=201, schema=CardRefundOut, present=CardRefundOut.of, call=lambda: (
        refunds.ask_refund(payment_id=payment_id, why=body.why, by=request.actor, at=timezone.now())))


@router.post("/card-payments/{uuid:payment_id}/acceptances", response=CardPaymentDetailOut, auth=SETTLE,
             summary="Let a late payment pay after all")
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

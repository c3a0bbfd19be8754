"""Asking a citizen for what is due by transfer or card, from a counter system."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from billing import public as billing
from intake.operations import payments
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import OUTLET_ROLES

router = Router(tags=["payments"])
COUNTER = allow(roles=OUTLET_ROLES)


class PaymentAskedIn(In):
    method: Annotated[Literal["transfer", "card"], Field(
        description="A transfer by VietQR code, or a page of the card service.")]


class PaymentAskedOut(Out):
    """What the citizen scans. Whether it was paid is asked by `GET /payment-requests/{request_id}`."""

    id: UUID
    reference: str
    method: str
    state: str
    amount_vnd: int
    asked_at: datetime
    expires_at: datetime
    code: Annotated[str, Field(description="The text of the QR code: a VietQR payload, or the address of our page.")]

    @classmethod
    def of(cls, info: billing.CollectionInfo) -> "PaymentAskedOut":
        return cls(id=info.id, reference=info.reference, method=info.method, state=info.state,
                   amount_vnd=info.amount.amount, asked_at=info.asked_at, expires_at=info.expires_at, code=info.code)


@router.post("/dossiers/{uuid:dossier_id}/payment-requests", response={201: PaymentAskedOut}, auth=COUNTER,
             summary="Ask for what is due by transfer or card")
def ask(request: WardpostRequest, dossier_id: UUID, body: PaymentAskedIn) -> HttpResponse:
    """Fee and the citizen's share of the postage. Asked again for the same amount, it is the same request."""
    way = payments.ask_card if body.method == "card" else payments.ask_transfer
    return idempotent(request, status=201, schema=PaymentAskedOut, present=PaymentAskedOut.of,
                      call=lambda: way(dossier_id=dossier_id, by=request.actor, at=timezone.now()))

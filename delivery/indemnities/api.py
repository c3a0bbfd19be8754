"""Indemnities for programs: those of one's own place, nothing else exists."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from delivery.errors import IndemnityNotFound
from delivery.indemnities import operations
from delivery.indemnities.models import Indemnity
from delivery.indemnities.operations import MAY_ANSWER, MAY_CLAIM, MAY_DECIDE, Reply
from delivery.indemnities.queries import indemnities_seen_by
from delivery.indemnities.rules import IndemnityKind, IndemnityState
from delivery.rules.readers import PARCEL_READERS
from shared.api import WardpostRequest, idempotent
from shared.money import Money
from shared.pagination import Page, PageAsked, page_of
from shared.schemas import Amount, Dong, In, Out

router = Router()

READ: Final = allow(roles=PARCEL_READERS, scopes={"parcels:read"})
ANSWER: Final = allow(roles=MAY_ANSWER)
DECIDE: Final = allow(roles=MAY_DECIDE)
CLAIM: Final = allow(roles=MAY_CLAIM)


class IndemnityOut(Out):
    id: UUID
    parcel_id: UUID
    parcel_number: str
    operator_code: str
    province_code: str
    kind: IndemnityKind
    state: IndemnityState
    amount: Amount
    terms_code: str
    what: str
    opened_at: datetime
    answer_by: date
    ground: str
    pay_by: date | None
    line_id: Annotated[UUID | None, Field(description="Its line in the books.")]
    paid_on: date | None


class IndemnitiesAsked(PageAsked):
    state: IndemnityState | None = None
    kind: IndemnityKind | None = None


class IndemnityReplyIn(In):
    """The operator's answer: it owes it, or on which ground not."""

    is_accepted: bool
    ground: Annotated[str, Field(max_length=20)] = ""
    words: Annotated[str, Field(max_length=500)] = ""


class IndemnityDecisionIn(In):
    is_owed: bool
    words: Annotated[str, Field(min_length=1, max_length=500)]


class IndemnityPaymentIn(In):
    paid_on: date
    reference: Annotated[str, Field(min_length=1, max_length=80)]


class ReissueIn(In):
    """What it costs to issue the papers of a lost parcel again."""

    amount: Annotated[Dong, Field(gt=0, le=100_000_000)]
    what: Annotated[str, Field(min_length=1, max_length=300, description="Which papers, and what shows the cost.")]


@router.get("/indemnities", response=Page[IndemnityOut], auth=READ,
            summary="What carriers owe for late and lost parcels", operation_id="indemnities")  # fmt: skip
def list_indemnities(request: WardpostRequest, filters: Query[IndemnitiesAsked]) -> dict[str, object]:
    """Newest first."""
    exact = {"state": filters.state, "kind": filters.kind}
    rows = indemnities_seen_by(request.actor).filter(**{name: value for name, value in exact.items() if value})
    found, following = page_of(rows, asked=filters, order=("-opened_at", "-id"))
    return {"items": [_out(each) for each in found], "next": following}


@router.get("/indemnities/{uuid:indemnity_id}", response=IndemnityOut, auth=READ, summary="An indemnity",
            operation_id="indemnity")  # fmt: skip
def get_indemnity(request: WardpostRequest, indemnity_id: UUID) -> IndemnityOut:
    found = indemnities_seen_by(request.actor).filter(id=indemnity_id).first()
    if found is None:
        raise IndemnityNotFound
    return _out(found)


@router.post("/indemnities/{uuid:indemnity_id}/answers", response={201: IndemnityOut}, auth=ANSWER,
             summary="Answer for the operator", operation_id="answer_indemnity")  # fmt: skip
def answer(request: WardpostRequest, indemnity_id: UUID, body: IndemnityReplyIn) -> HttpResponse:
    """Accepted, it is owed and paid within 30 days; objected to, the city decides."""
    reply = Reply(body.is_accepted, body.ground, body.words)
    return idempotent(
        request, status=201, schema=IndemnityOut, present=_out,
        call=lambda: operations.answer(indemnity_id=indemnity_id, reply=reply, by=request.actor, at=timezone.now()))


@router.post("/indemnities/{uuid:indemnity_id}/decisions", response={201: IndemnityOut}, auth=DECIDE,
             summary="Decide for the city", operation_id="decide_indemnity")  # fmt: skip
def decide(request: WardpostRequest, indemnity_id: UUID, body: IndemnityDecisionIn) -> HttpResponse:
    """Over an objection, or when no answer came."""
    return idempotent(
        request, status=201, schema=IndemnityOut, present=_out,
        call=lambda: operations.decide(indemnity_id=indemnity_id, is_owed=body.is_owed, words=body.words,
                                       by=request.actor, at=timezone.now()))


@router.post("/indemnities/{uuid:indemnity_id}/payments", response={201: IndemnityOut}, auth=ANSWER,
             summary="Say that it was paid", operation_id="pay_indemnity")  # fmt: skip
def pay(request: WardpostRequest, indemnity_id: UUID, body: IndemnityPaymentIn) -> HttpResponse:
    return idempotent(
        request, status=201, schema=IndemnityOut, present=_out,
        call=lambda: operations.record_payment(indemnity_id=indemnity_id, paid_on=body.paid_on,
                                               reference=body.reference, by=request.actor, at=timezone.now()))


@router.post("/parcels/{uuid:parcel_id}/reissue-claims", response={201: IndemnityOut}, auth=CLAIM,
             summary="Claim what it costs to issue lost papers again", operation_id="claim_reissue")  # fmt: skip
def claim_reissue(request: WardpostRequest, parcel_id: UUID, body: ReissueIn) -> HttpResponse:
    return idempotent(
        request, status=201, schema=IndemnityOut, present=_out,
        call=lambda: operations.claim_reissue(parcel_id=parcel_id, amount=Money(body.amount), what=body.what,
                                              by=request.actor, at=timezone.now()))


def _out(row: Indemnity) -> IndemnityOut:
    return IndemnityOut(
        id=row.id, parcel_id=row.parcel_id, parcel_number=row.parcel.number, operator_code=row.operator_code,
        province_code=row.province_code, kind=IndemnityKind(row.kind), state=IndemnityState(row.state),
        amount=row.amount.amount, terms_code=row.terms_code, what=row.what, opened_at=row.opened_at,
        answer_by=row.answer_by, ground=row.ground, pay_by=row.pay_by, line_id=row.line_id, paid_on=row.paid_on)

"""A clerk's drawer and requests for payment over the API."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents import public as agents
from agents.auth import allow
from billing.api.schemas import Vnd
from billing.payments import cash, collecting, queries
from billing.payments.models import CashShift, Collection
from billing.payments.records import Till
from billing.payments.rules.shifts import DENOMINATIONS, MOST_NOTES, ShiftCause
from shared.api import Dong, In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.money import Money
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["payments"])
READ = allow(roles=OUTLET_ROLES | FINANCE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR}, scopes={"billing:read"})
COUNTER = allow(roles=OUTLET_ROLES)
ANSWER = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ})
SETTLE = allow(roles={Role.OPERATOR_HQ})
_Note = Annotated[str, Field(pattern=r"^[1-9][0-9]{2,5}$")]
_IN_USE = ", ".join(str(value) for value in DENOMINATIONS)


class NotesIn(In):
    notes: Annotated[dict[_Note, Annotated[int, Field(ge=0, le=MOST_NOTES)]], Field(
        max_length=len(DENOMINATIONS), description=f"Denomination in đồng → number of notes; in use: {_IN_USE}.")] = {}

    @property
    def counted(self) -> dict[int, int]:
        return {int(value): many for value, many in self.notes.items()}


class CashCountIn(NotesIn):
    note: Annotated[str, Field(max_length=300)] = ""


class HandInIn(In):
    amount_vnd: Dong
    slip: Annotated[str, Field(min_length=1, max_length=60, description="Number of the deposit slip.")]


class ShiftAnswerIn(In):
    cause: ShiftCause
    answer: Annotated[str, Field(min_length=5, max_length=300)]


class ShiftOut(Out):
    """Its difference is a question, never anybody's debt."""

    id: UUID
    outlet_id: UUID
    clerk_name: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    opening_vnd: Annotated[Vnd, Field(validation_alias="opening_float")]
    expected_vnd: Annotated[Vnd, Field(validation_alias="expected", description="0 while it is open.")]
    counted_vnd: Annotated[Vnd, Field(validation_alias="counted")]
    cause: str
    answer: str


class MovementOut(Out):
    id: UUID
    kind: str
    fee_vnd: Annotated[Vnd, Field(validation_alias="fee")]
    postage_vnd: Annotated[Vnd, Field(validation_alias="postage")]
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    reference: str
    at: datetime


class ShiftDetailOut(Out):
    shift: ShiftOut
    must_lie_there_vnd: int
    movements: list[MovementOut]


class PaymentRequestOut(Out):
    id: UUID
    reference: str
    source_type: str
    source_id: UUID
    outlet_id: UUID
    method: str
    state: str
    fee_vnd: Annotated[Vnd, Field(validation_alias="fee")]
    postage_vnd: Annotated[Vnd, Field(validation_alias="postage")]
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    asked_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None


class ReturnIn(In):
    why: Annotated[str, Field(min_length=5, max_length=300, description="The bank's number of the returning transfer, "
                                                                        "and why.")]


class EndedOut(Out):
    id: UUID
    reference: str
    state: str


@router.get("/cash-shifts", response=Page[ShiftOut], auth=READ, summary="Cash shifts the caller sees, newest first")
def list_shifts(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(CashShift.objects.seen_by(request.actor), asked=asked, order=("-opened_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/cash-shifts", response={201: ShiftOut}, auth=COUNTER, summary="Open a shift with its small change")
def open_shift(request: WardpostRequest, body: NotesIn) -> HttpResponse:
    """The clerk's own, at her outlet."""
    assert request.actor.outlet_id is not None  # noqa: S101  # outlet roles have one
    outlet = agents.get_outlet(request.actor.outlet_id)
    till = Till(outlet.id, outlet.operator.id, outlet.operator.code, outlet.province_code)
    return idempotent(request, status=201, schema=ShiftOut, call=lambda: cash.open_shift(
        till=till, notes=body.counted, by=request.actor, at=timezone.now()))


@router.get("/cash-shifts/{uuid:shift_id}", response=ShiftDetailOut, auth=READ, summary="One drawer, its movements")
def get_shift(request: WardpostRequest, shift_id: UUID) -> dict[str, object]:
    """At most the 200 newest movements."""
    found = queries.find_shift(shift_id, request.actor)
    return {"shift": found.shift, "must_lie_there_vnd": found.sums.expected.amount,
            "movements": list(found.movements)}


@router.post("/cash-shifts/{uuid:shift_id}/hand-ins", response={201: MovementOut}, auth=COUNTER,
             summary="Hand money in to the operator's bank")
def hand_in(request: WardpostRequest, shift_id: UUID, body: HandInIn) -> HttpResponse:
    return idempotent(request, status=201, schema=MovementOut, call=lambda: cash.hand_in(
        shift_id=shift_id, amount=Money(body.amount_vnd), slip=body.slip, by=request.actor, at=timezone.now()))


@router.post("/cash-shifts/{uuid:shift_id}/counts", response=ShiftOut, auth=COUNTER, summary="Count and close")
def count_shift(request: WardpostRequest, shift_id: UUID, body: CashCountIn) -> HttpResponse:
    """Where count and movements differ, the shift is `questioned` and somebody else finds out why."""
    return idempotent(request, status=200, schema=ShiftOut, call=lambda: cash.close_shift(
        shift_id=shift_id, notes=body.counted, note=body.note, by=request.actor, at=timezone.now()))


@router.post("/cash-shifts/{uuid:shift_id}/answers", response=ShiftOut, auth=ANSWER, summary="Why a count differed")
def answer_shift(request: WardpostRequest, shift_id: UUID, body: ShiftAnswerIn) -> HttpResponse:
    """By somebody else than the clerk."""
    return idempotent(request, status=200, schema=ShiftOut, call=lambda: cash.answer_difference(
        shift_id=shift_id, cause=body.cause, answer=body.answer, by=request.actor, at=timezone.now()))


@router.get("/payment-requests", response=Page[PaymentRequestOut], auth=READ,
            summary="Money asked of citizens by transfer or card, newest first")
def list_requests(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(Collection.objects.seen_by(request.actor), asked=asked, order=("-asked_at", "-id"))
    return {"items": rows, "next": following}


@router.get("/payment-requests/{uuid:request_id}", response=PaymentRequestOut, auth=READ, summary="One request")
def get_request(request: WardpostRequest, request_id: UUID) -> Any:
    return queries.find_request(request_id, request.actor)


@router.post("/payment-requests/{uuid:request_id}/cancellations", response=EndedOut, auth=COUNTER,
             summary="Withdraw a request that was not paid")
def cancel_request(request: WardpostRequest, request_id: UUID) -> HttpResponse:
    return idempotent(request, status=200, schema=EndedOut, call=lambda: collecting.cancel_collection(
        collection_id=request_id, by=request.actor, at=timezone.now()))


@router.post("/payment-requests/{uuid:request_id}/returns", response=EndedOut, auth=SETTLE,
             summary="Put down that a payment was given back")
def return_request(request: WardpostRequest, request_id: UUID, body: ReturnIn) -> HttpResponse:
    return idempotent(request, status=200, schema=EndedOut, call=lambda: collecting.return_collection(
        collection_id=request_id, why=body.why, by=request.actor, at=timezone.now()))

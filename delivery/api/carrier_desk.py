"""Carriers for programs of an operator: lines, requests, events of unknown parcels, daily files."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from agents.auth import allow
from delivery.errors import ParkedEventNotFound
from delivery.models.carrier_requests import CarrierRequest
from delivery.operations.carrier_requests import answer_by_hand
from delivery.operations.carrier_uploads import LARGEST, upload_file
from delivery.operations.unknown_parcels import assign_event, dismiss_event
from delivery.queries import carriers
from delivery.rules.carrier_requests import RequestKind, RequestState
from shared.api import WardpostRequest, idempotent
from shared.roles import Role
from shared.schemas import In, Out

router = Router()
READ: Final = allow(roles={Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR}, scopes={"parcels:read"})
DECIDE: Final = allow(roles={Role.OPERATOR_HQ, Role.ADMINISTRATOR})
SEND: Final = allow(roles={Role.OPERATOR_HQ, Role.ADMINISTRATOR}, scopes={"parcels:write"})
LARGEST_ID: Final = 2**62

Reason = Annotated[str, Field(min_length=1, max_length=300)]


class CarrierRoundOut(Out):
    started_at: datetime
    ended_at: datetime | None
    calls: int
    parcels: int
    learned: Annotated[int, Field(description="Events that nobody had told us.")]


class CarrierLineOut(Out):
    carrier: str
    operators: list[str]
    state: Annotated[str, Field(description="up, down, unheard (never answered yet) or paper (no interface)")]
    answered_at: datetime | None
    failing_since: datetime | None
    error: str
    waiting_parcels: Annotated[int, Field(description="Booked, and not yet told.")]
    open_requests: int
    parked_events: int
    round: CarrierRoundOut | None
    is_behind: bool


class RequestOut(Out):
    id: UUID
    carrier: str
    parcel_id: UUID
    parcel_number: str
    kind: RequestKind
    reason: str
    state: RequestState
    asked_at: datetime
    attempts: int
    answer: str
    answered_at: datetime | None


class ParkedEventOut(Out):
    """An event that was kept and not applied. What it says of persons is not told."""

    id: int
    carrier: str
    number: str
    code: str
    is_code_known: bool
    occurred_at: datetime | None
    office: str
    received_at: datetime
    is_given_up: Annotated[bool, Field(description="After 72 hours: a person decides.")]
    hours_left: int


class RequestsAsked(In):
    is_open: bool = True


class CarrierAnswerIn(In):
    is_accepted: bool
    reason: Annotated[str, Field(min_length=1, max_length=300, description="Who answered, and how.")]


class EventAssignmentIn(In):
    number: Annotated[str, Field(min_length=4, max_length=20, description="Of the parcel the event is about.")]
    reason: Reason


class DismissalIn(In):
    reason: Reason


class AssignedOut(Out):
    applied: Annotated[int, Field(description="Events: all that waited under the carrier's number.")]


class DismissedOut(Out):
    id: int


class LineRefusedOut(Out):
    line: int
    reason: str


class CarrierFileOut(Out):
    lines: int
    applied: int
    known: int
    parked: Annotated[int, Field(description="Waiting for their parcel.")]
    refused: list[LineRefusedOut]


@router.get("/carrier-lines", response=list[CarrierLineOut], auth=READ, summary="Whether carriers answer",
            operation_id="carrier_lines")  # fmt: skip
def lines(request: WardpostRequest) -> list[carriers.LineRow]:
    """One row a carrier."""
    return carriers.lines_of(request.actor, timezone.now())


@router.get("/carrier-requests", response=list[RequestOut], auth=READ, summary="What carriers were asked",
            operation_id="carrier_requests")  # fmt: skip
def requests(request: WardpostRequest, asked: Query[RequestsAsked]) -> list[RequestOut]:
    """Up to a hundred: the open ones, those for a person first, or the latest that have their answer."""
    found = carriers.open_requests if asked.is_open else carriers.answered_requests
    return [_request(each) for each in found(request.actor)]


@router.post("/carrier-requests/{uuid:request_id}/answers", response={201: RequestOut}, auth=DECIDE,
             summary="Write down a carrier's answer", operation_id="answer_carrier_request")  # fmt: skip
def answer(request: WardpostRequest, request_id: UUID, body: CarrierAnswerIn) -> HttpResponse:
    """What it said to a person, where it has no interface or does not answer on it."""
    return idempotent(
        request, status=201, schema=RequestOut,
        present=lambda _: _request(carriers.find_request(request.actor, request_id)),
        call=lambda: answer_by_hand(request_id=request_id, is_accepted=body.is_accepted, reason=body.reason,
                                    by=request.actor, at=timezone.now()))


@router.get("/parked-events", response=list[ParkedEventOut], auth=READ, summary="Events of unknown parcels",
            operation_id="parked_events")  # fmt: skip
def parked(request: WardpostRequest) -> list[carriers.ParkedRow]:
    """The hundred that have waited longest."""
    return carriers.parked_rows(request.actor, timezone.now())


@router.post("/parked-events/{event_id}/assignments", response={201: AssignedOut}, auth=DECIDE,
             summary="Say which parcel an event is about", operation_id="assign_parked_event")  # fmt: skip
def assign(request: WardpostRequest, event_id: int, body: EventAssignmentIn) -> HttpResponse:
    """All that waits under the carrier's number is applied, and whatever comes under it later."""
    return idempotent(
        request, status=201, schema=AssignedOut, present=lambda applied: {"applied": applied},
        call=lambda: assign_event(event=_known(event_id), number=body.number, reason=body.reason, by=request.actor,
                                  at=timezone.now()))


@router.post("/parked-events/{event_id}/dismissals", response={201: DismissedOut}, auth=DECIDE,
             summary="Say that an event is about none of our parcels", operation_id="dismiss_parked_event")  # fmt: skip
def dismiss(request: WardpostRequest, event_id: int, body: DismissalIn) -> HttpResponse:
    """It stays kept, word for word."""
    return idempotent(
        request, status=201, schema=DismissedOut, present=lambda _: {"id": event_id},
        call=lambda: dismiss_event(event=_known(event_id), reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/carriers/{carrier}/files", response={201: CarrierFileOut}, auth=SEND,
             summary="Send a carrier's daily file", operation_id="upload_carrier_file")  # fmt: skip
def upload(request: WardpostRequest, carrier: str, file: File[UploadedFile]) -> HttpResponse:
    """CSV in UTF-8, up to 4 MB. Spoiled lines are named, the others taken; the same again changes nothing."""
    content = file.read(LARGEST + 1)
    return idempotent(request, status=201, schema=CarrierFileOut, call=lambda: upload_file(
        carrier=carrier, content=content, by=request.actor, at=timezone.now()))


def _known(event_id: int) -> int:
    """Raises ParkedEventNotFound for what no row can have."""
    if not 0 < event_id < LARGEST_ID:
        raise ParkedEventNotFound
    return event_id


def _request(each: CarrierRequest) -> RequestOut:
    return RequestOut(
        id=each.id, carrier=each.parcel.carrier, parcel_id=each.parcel_id, parcel_number=each.parcel.number,
        kind=RequestKind(each.kind), reason=each.reason, state=RequestState(each.state), asked_at=each.asked_at,
        attempts=each.attempts, answer=each.answer, answered_at=each.answered_at)  # fmt: skip

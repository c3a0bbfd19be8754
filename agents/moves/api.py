"""Moves of outlets through the API: asked for, decided, called off, listed."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.moves import operations, queries
from agents.moves.models import OutletMove
from agents.moves.operations import NewPlace
from agents.moves.rules import MoveState, MoveStep
from agents.operations.outlets import Site
from shared.api import In, Latitude, Longitude, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["network"])
READS = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})
ASKS = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER})
DECIDES = allow(roles={Role.PROGRAMME_OFFICER})
Words = Annotated[str, Field(max_length=300)]


class OutletMoveIn(In):
    effective_from: date = Field(description="The first day at the new place; at least a week ahead.")
    commune_code: Annotated[str, Field(pattern=r"^\d{5}$", max_length=5)]
    address: Annotated[str, Field(max_length=200)]
    latitude: Latitude
    longitude: Longitude
    phone: Annotated[str, Field(max_length=20, description="Empty: it stays.")] = ""
    reason: Words

    def place(self) -> NewPlace:
        site = Site(self.commune_code, self.address, self.latitude, self.longitude)
        return NewPlace(site, self.effective_from, self.phone)


class OutletMoveOut(Out):
    id: UUID
    outlet_id: UUID
    state: MoveState
    effective_from: date
    commune_code: str = Field(validation_alias="commune_id")
    address: str
    phone: str
    latitude: float
    longitude: float
    from_commune_code: str = Field(validation_alias="from_commune_id")
    from_address: str
    reason: str
    wants_survey: bool = Field(description="Nobody approves before the new place is surveyed.")
    asked_at: datetime
    asked_by_name: str
    decided_at: datetime | None
    decided_by_name: str
    decision: str
    ended_at: datetime | None
    ended_because: str


class OutletMoveDecisionIn(In):
    step: Literal["approve", "refuse"]
    decision: Words = Field(description="What it rests on.")


class OutletMoveCancellationIn(In):
    because: Words


class OutletMovesAsked(PageAsked):
    state: MoveState | None = None
    outlet_id: UUID | None = None


@router.get("/outlet-moves", response=Page[OutletMoveOut], auth=READS, summary="Moves of outlets")
def list_moves(request: WardpostRequest, asked: Query[OutletMovesAsked]) -> Any:
    """Those in sight, the newest day first."""
    rows = OutletMove.objects.seen_by(request.actor)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.outlet_id is not None:
        rows = rows.filter(outlet_id=asked.outlet_id)
    found, following = page_of(rows, asked=asked, order=("-effective_from", "-id"))
    return {"items": [OutletMoveOut.model_validate(each) for each in found], "next": following}


@router.get("/outlet-moves/{uuid:move_id}", response=OutletMoveOut, auth=READS, summary="One move of an outlet")
def get_move(request: WardpostRequest, move_id: UUID) -> OutletMove:
    """From where to where, from when, and who asked and decided."""
    return queries.find_move(move_id, request.actor)


@router.post("/outlets/{uuid:outlet_id}/moves", response={201: OutletMoveOut}, auth=ASKS,
             summary="Ask for an outlet's move")
def ask_move(request: WardpostRequest, outlet_id: UUID, body: OutletMoveIn) -> HttpResponse:
    """An officer of the programme who did not ask decides."""
    return idempotent(request, status=201, schema=OutletMoveOut, call=lambda: operations.ask_move(
        outlet_id=outlet_id, place=body.place(), reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/outlet-moves/{uuid:move_id}/decisions", response={201: OutletMoveOut}, auth=DECIDES,
             summary="Decide on an outlet's move")
def decide_move(request: WardpostRequest, move_id: UUID, body: OutletMoveDecisionIn) -> HttpResponse:
    """At the latest three days before; then citizens, centres and the operator are told."""
    return idempotent(request, status=201, schema=OutletMoveOut, call=lambda: operations.decide_move(
        move_id=move_id, step=MoveStep(body.step), decision=body.decision, by=request.actor, at=timezone.now()))


@router.post("/outlet-moves/{uuid:move_id}/cancellations", response={201: OutletMoveOut}, auth=ASKS,
             summary="Call an outlet's move off")
def cancel_move(request: WardpostRequest, move_id: UUID, body: OutletMoveCancellationIn) -> HttpResponse:
    """Before its day; whoever was told is told again."""
    return idempotent(request, status=201, schema=OutletMoveOut, call=lambda: operations.cancel_move(
        move_id=move_id, because=body.because, by=request.actor, at=timezone.now()))

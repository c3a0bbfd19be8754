"""Rounds for offices: sent out, added to, taken back."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from delivery.door.addresses import link_of
from delivery.door.api.doors import Number
from delivery.door.errors import RoundNotFound
from delivery.door.models import DeliveryRound
from delivery.door.operations import rounds
from delivery.door.queries import rounds_counted
from shared.api import WardpostRequest, idempotent
from shared.pagination import Page, PageAsked, page_of
from shared.roles import OUTLET_ROLES, Role
from shared.schemas import In, Out

router = Router()

OFFICES: Final = allow(roles=OUTLET_ROLES | {Role.OPERATOR_HQ}, scopes={"parcels:write"})
READERS: Final = allow(roles=OUTLET_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR}, scopes={"parcels:read"})



class RoundIn(In):
    postman_name: Annotated[str, Field(max_length=120)]
    badge: Annotated[str, Field(max_length=20, description="Of work; never an ID number.")] = ""
    numbers: Annotated[list[Number], Field(min_length=1, max_length=200)]


class NumbersIn(In):
    numbers: Annotated[list[Number], Field(min_length=1, max_length=200)]


class RoundOut(Out):
    id: UUID
    postman_name: str
    badge: str
    round_date: date
    outlet_id: UUID | None
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    expires_at: datetime
    last_seen_at: datetime | None
    parcels: int
    answered: int


class OpenedOut(RoundOut):
    link: str
    """For the postman's phone; told once, works once."""


@router.get("/rounds", response=Page[RoundOut], auth=READERS, summary="Delivery rounds, newest first",
            operation_id="rounds")
def list_rounds(request: WardpostRequest, filters: Query[PageAsked]) -> dict[str, object]:
    """Those of the caller's own place."""
    found, following = page_of(rounds_counted(request.actor), asked=filters, order=("-round_date", "-opened_at", "-id"))
    return {"items": found, "next": following}


@router.post("/rounds", response={201: OpenedOut}, auth=OFFICES, summary="Send a postman out",
             operation_id="open_round")
def open_round(request: WardpostRequest, body: RoundIn) -> HttpResponse:
    """Opens a round of today; its link works on the first phone that opens it, until midnight."""
    def present(opened: tuple[DeliveryRound, str]) -> OpenedOut:
        told = _round(request, opened[0].id)
        return OpenedOut(**told.model_dump(), link=link_of(opened[1]))

    return idempotent(request, status=201, schema=OpenedOut, present=present, call=lambda: rounds.open_round(
        rounds.RoundInput(body.postman_name, body.badge, tuple(body.numbers)), by=request.actor, at=timezone.now()))


@router.get("/rounds/{uuid:round_id}", response=RoundOut, auth=READERS, summary="A delivery round",
            operation_id="round")
def get_round(request: WardpostRequest, round_id: UUID) -> RoundOut:
    return _round(request, round_id)


def _round(request: WardpostRequest, round_id: UUID) -> RoundOut:
    found = rounds_counted(request.actor).filter(id=round_id).first()
    if found is None:
        raise RoundNotFound
    return RoundOut.model_validate(found)


@router.post("/rounds/{uuid:round_id}/parcels", response={201: RoundOut}, auth=OFFICES,
             summary="Give a postman more parcels", operation_id="add_to_round")
def add_parcels(request: WardpostRequest, round_id: UUID, body: NumbersIn) -> HttpResponse:
    """The phone has them with its next signal."""
    return idempotent(
        request, status=201, schema=RoundOut, present=lambda _: _round(request, round_id),
        call=lambda: rounds.add_parcels(round_id=round_id, numbers=body.numbers, by=request.actor, at=timezone.now()))


@router.post("/rounds/{uuid:round_id}/closings", response={201: RoundOut}, auth=OFFICES,
             summary="Take a round back", operation_id="close_round")
def close_round(request: WardpostRequest, round_id: UUID) -> HttpResponse:
    """From then on nothing that its phone sends is taken."""
    return idempotent(
        request, status=201, schema=RoundOut, present=lambda _: _round(request, round_id),
        call=lambda: rounds.close_round(round_id=round_id, by=request.actor, at=timezone.now()))

"""Parcels that wait at an outlet, for its counter and its machines."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from delivery.door.api.doors import HandOverIn, KeptOut, Number
from delivery.door.errors import PickUpNotFound
from delivery.door.models import PickUp
from delivery.door.operations import pick_ups
from delivery.door.queries import waiting_at
from shared import scope
from shared.api import WardpostRequest, idempotent
from shared.roles import OUTLET_ROLES
from shared.schemas import In, Out

router = Router()

COUNTERS: Final = allow(roles=OUTLET_ROLES, scopes={"parcels:write"})
READERS: Final = allow(roles=OUTLET_ROLES, scopes={"parcels:read"})
MOST: Final = 500



class PickUpOut(Out):
    parcel_id: UUID
    number: str
    outlet_id: UUID
    ordered_at: datetime
    arrived_at: datetime | None
    until_date: date | None


class LayOutIn(In):
    number: Number


class HandOutIn(HandOverIn):
    act_id: Annotated[UUID, Field(description="Chosen by the caller: the same again is the same hand-over.")]


@router.get("/pick-ups", response=list[PickUpOut], auth=READERS, summary="Parcels that wait at the outlet",
            operation_id="pick_ups")
def list_pick_ups(request: WardpostRequest) -> list[PickUpOut]:
    """The shortest time left first."""
    if request.actor.outlet_id is None:
        raise PickUpNotFound
    outlet_id = request.actor.outlet_id
    with scope.everything():
        return [_pick_up(each) for each in waiting_at(outlet_id).select_related("parcel")[:MOST]]


def _pick_up(each: PickUp) -> PickUpOut:
    return PickUpOut(parcel_id=each.parcel_id, number=each.parcel.number, outlet_id=each.outlet_id,
                     ordered_at=each.ordered_at, arrived_at=each.arrived_at, until_date=each.until_date)


@router.post("/pick-ups", response={201: PickUpOut}, auth=COUNTERS, summary="Lay a parcel out for collection",
             operation_id="lay_out")
def lay_out(request: WardpostRequest, body: LayOutIn) -> HttpResponse:
    """It waits five working days from now."""
    def present(made: PickUp) -> PickUpOut:
        with scope.everything():
            return _pick_up(PickUp.objects.select_related("parcel").get(parcel_id=made.parcel_id))

    return idempotent(request, status=201, schema=PickUpOut, present=present, call=lambda: pick_ups.lay_out(
        number=body.number, by=request.actor, at=timezone.now()))


@router.post("/pick-ups/{uuid:parcel_id}/hand-outs", response={201: KeptOut}, auth=COUNTERS,
             summary="Hand a waiting parcel out", operation_id="hand_out")
def hand_out(request: WardpostRequest, parcel_id: UUID, body: HandOutIn) -> HttpResponse:
    """Against the receiver's ID, by the same rules as at the door."""
    return idempotent(
        request, status=201, schema=KeptOut, call=lambda: pick_ups.hand_out(
            act_id=body.act_id, parcel_id=parcel_id, given=body.record(), by=request.actor, at=timezone.now()))

"""Deliveries ordered otherwise: by citizens with their code, by staff who have seen who they are."""

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from agents.auth import allow
from delivery.door.operations import changes
from delivery.door.queries import live_result
from delivery.errors import ParcelNotFound, TrackingNotFound
from delivery.operations.tracking import open_tracking
from delivery.views.tracking import at_even_pace
from shared import scope
from shared.api import WardpostRequest, idempotent
from shared.callers import client_address
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from shared.schemas import In, Out

router = Router()

CHANGERS: Final = allow(roles=OUTLET_ROLES | CENTRE_ROLES | {Role.OPERATOR_HQ}, scopes={"parcels:write"})
LONGEST_CODE: Final = 40



class CitizenChangeIn(In):
    kind: Literal["another_day", "pick_up"]
    wanted_date: date | None = None
    outlet_id: UUID | None = None
    phone_tail: Annotated[str, Field(min_length=3, max_length=3, pattern=r"^[0-9]{3}$")]


class StaffChangeIn(In):
    kind: Literal["another_day", "pick_up", "address"]
    wanted_date: date | None = None
    outlet_id: UUID | None = None
    commune_code: Annotated[str, Field(max_length=5)] = ""
    address: Annotated[str, Field(max_length=300)] = ""
    why: Annotated[str, Field(max_length=200, description="How it is known that the addressee wants it.")]


class ChangeOut(Out):
    id: UUID
    kind: str
    wanted_date: date | None
    outlet_id: UUID | None
    ordered_at: datetime


@router.post("/tracking/{code}/changes", response={201: ChangeOut}, auth=None, summary="Change a delivery",
             operation_id="change_delivery")
def change(request: HttpRequest, code: str, body: CitizenChangeIn) -> Status[ChangeOut]:
    """Another day, or fetched at a post office: twice at most. Code and digits as for following it."""
    if len(code) > LONGEST_CODE:
        raise TrackingNotFound
    now = timezone.now()
    opened = at_even_pace(
        lambda: open_tracking(code=code, tail=body.phone_tail, address=client_address(request), at=now))
    with scope.everything():
        parcel_id = live_result(opened.dossier_id, opened.parcel_id)
        if parcel_id is None:
            raise ParcelNotFound
        made = changes.change_by_citizen(parcel_id=parcel_id, at=now, given=changes.ChangeInput(
            body.kind, body.wanted_date, body.outlet_id))
    return Status(201, ChangeOut.model_validate(made))


@router.post("/parcels/{uuid:parcel_id}/changes", response={201: ChangeOut}, auth=CHANGERS,
             summary="Order another delivery for the addressee", operation_id="change_parcel")
def change_parcel(request: WardpostRequest, parcel_id: UUID, body: StaffChangeIn) -> HttpResponse:
    """By whoever compared the addressee's ID, or the authority that sends it: also to another door."""
    given = changes.ChangeInput(body.kind, body.wanted_date, body.outlet_id, body.commune_code, body.address, body.why)
    return idempotent(
        request, status=201, schema=ChangeOut,
        call=lambda: changes.change_by_staff(parcel_id=parcel_id, given=given, by=request.actor, at=timezone.now()))

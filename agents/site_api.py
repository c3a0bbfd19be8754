"""A site's own days and a centre's move through the API."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from agents.errors import CentreNotFound, OutletNotFound
from agents.models.organisations import Centre
from agents.models.sites import CentreMove, SiteDay, SiteDayKind
from agents.operations import sites
from agents.scope import outlets_seen_by
from shared.api import In, Latitude, Longitude, Out, WardpostRequest, idempotent
from shared.roles import Role

router = Router(tags=["network"])
READS = allow(roles=EVERY_ROLE, scopes={"network:read"})
SETS_CENTRE = allow(roles={Role.CENTRE_MANAGER, Role.ADMINISTRATOR})
SETS_OUTLET = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.ADMINISTRATOR})
Words = Annotated[str, Field(max_length=300)]


class SiteDayIn(In):
    date: date
    kind: SiteDayKind
    reason: Words
    legal_basis: Words


class SiteDayOut(Out):
    id: UUID
    date: date
    kind: str
    reason: str
    legal_basis: str
    set_by_name: str
    withdrawn_at: datetime | None


class SiteDaysOut(Out):
    items: list[SiteDayOut]


class CentreMoveIn(In):
    effective_from: date
    address: Words
    phone: Annotated[str, Field(max_length=20)] = ""
    latitude: Latitude
    longitude: Longitude
    legal_basis: Words


class CentreMoveOut(Out):
    id: UUID
    effective_from: date
    address: str
    legal_basis: str


@router.get("/centres/{uuid:centre_id}/days", response=SiteDaysOut, auth=READS, summary="A centre's days out of turn")
def centre_days(request: WardpostRequest, centre_id: UUID) -> Any:
    """From today on, those in force."""
    if not Centre.objects.filter(id=centre_id).exists():
        raise CentreNotFound
    return {"items": list(_days().filter(centre_id=centre_id))}


@router.get("/outlets/{uuid:outlet_id}/days", response=SiteDaysOut, auth=READS, summary="An outlet's days out of turn")
def outlet_days(request: WardpostRequest, outlet_id: UUID) -> Any:
    """From today on, those in force."""
    if not outlets_seen_by(request.actor).filter(id=outlet_id).exists():
        raise OutletNotFound
    return {"items": list(_days().filter(outlet_id=outlet_id))}


def _days() -> Any:
    return SiteDay.objects.filter(withdrawn_at=None, date__gte=timezone.localdate()).order_by("date")


@router.post("/centres/{uuid:centre_id}/days", response={201: SiteDayOut}, auth=SETS_CENTRE,
             summary="Close or open a centre out of turn")
def set_centre_day(request: WardpostRequest, centre_id: UUID, body: SiteDayIn) -> HttpResponse:
    """Due moments of the dossiers decided there follow."""
    return _set(request, sites.Site(centre_id=centre_id), body)


@router.post("/outlets/{uuid:outlet_id}/days", response={201: SiteDayOut}, auth=SETS_OUTLET,
             summary="Close or open an outlet out of turn")
def set_outlet_day(request: WardpostRequest, outlet_id: UUID, body: SiteDayIn) -> HttpResponse:
    """Its opening hours, and the nearest outlets, follow."""
    return _set(request, sites.Site(outlet_id=outlet_id), body)


def _set(request: WardpostRequest, site: sites.Site, body: SiteDayIn) -> HttpResponse:
    return idempotent(request, status=201, schema=SiteDayOut, call=lambda: sites.set_day(
        site=site, day=body.date, kind=body.kind, reason=body.reason, legal_basis=body.legal_basis, by=request.actor,
        at=timezone.now()))


@router.post("/site-days/{uuid:site_day_id}/withdrawals", response={201: SiteDayOut},
             auth=allow(roles={Role.CENTRE_MANAGER, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.ADMINISTRATOR}),
             summary="Take a day out of turn back")
def withdraw_day(request: WardpostRequest, site_day_id: UUID) -> HttpResponse:
    """The day is as the calendar says after all."""
    return idempotent(request, status=201, schema=SiteDayOut, call=lambda: sites.withdraw_day(
        site_day_id=site_day_id, by=request.actor, at=timezone.now()))


@router.post("/centres/{uuid:centre_id}/moves", response={201: CentreMoveOut}, auth=allow(roles={Role.ADMINISTRATOR}),
             summary="Move a centre")
def move_centre(request: WardpostRequest, centre_id: UUID, body: CentreMoveIn) -> HttpResponse:
    """From its day on papers go to the new address; who is competent does not change."""
    return idempotent(request, status=201, schema=CentreMoveOut, call=lambda: _moved(request, centre_id, body))


def _moved(request: WardpostRequest, centre_id: UUID, body: CentreMoveIn) -> CentreMove:
    return sites.move_centre(centre_id=centre_id, by=request.actor, at=timezone.now(), **body.model_dump())

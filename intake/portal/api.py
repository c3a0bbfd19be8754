"""The portal's synchronisation over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from agents.auth import allow
from intake.portal import queries, settling
from intake.portal.models import PortalLane
from shared.api import Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, Role

router = Router(tags=["portal"])

READERS = allow(roles=CENTRE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}, scopes={"centre:read"})
SETTLERS = allow(roles=CENTRE_ROLES | {Role.ADMINISTRATOR}, scopes={"centre:write"})


class SyncOut(Out):
    is_connected: bool
    waiting: int
    sent: int
    parked: int
    oldest_waiting_since: datetime | None
    differing: int
    compared_at: datetime | None


class ParkedUpdateOut(Out):
    dossier_id: UUID
    reference: str
    portal_code: str
    cause: str
    since: datetime | None


class ParkedListOut(Out):
    items: list[ParkedUpdateOut]


class UpdateOut(Out):
    happened_at: datetime
    status: int
    sent_at: datetime | None


class TrailOut(Out):
    dossier_id: UUID
    sync: str
    reference: str
    portal_code: str
    cause: str
    is_parked: bool
    differs: bool
    updates: list[UpdateOut]


class LaneOut(Out):
    dossier_id: UUID
    portal_code: str
    is_waiting: bool


@router.get("/portal/sync", response=SyncOut, auth=READERS)
def portal_sync(request: WardpostRequest) -> SyncOut:
    """How far the portal knows what we know, among the caller's dossiers."""
    return SyncOut.model_validate(queries.counts(request.actor))


@router.get("/portal/parked", response=ParkedListOut, auth=READERS)
def portal_parked(request: WardpostRequest) -> ParkedListOut:
    """What the portal refused and a person has to look at, the longest first; at most 100."""
    rows = queries.situation(request.actor).parked_rows
    return ParkedListOut(items=[ParkedUpdateOut.model_validate(row) for row in rows])


@router.get("/dossiers/{uuid:dossier_id}/portal-trail", response=TrailOut, auth=READERS)
def portal_trail(request: WardpostRequest, dossier_id: UUID) -> TrailOut:
    """What the portal was told of a dossier, in order."""
    return TrailOut.model_validate(queries.trail(dossier_id, actor=request.actor))


@router.post("/dossiers/{uuid:dossier_id}/portal-releases", response={201: LaneOut}, auth=SETTLERS)
def portal_release(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Send a parked dossier again, after its cause was corrected."""
    return idempotent(request, status=201, schema=LaneOut, present=_lane, call=lambda: settling.release(
        dossier_id=dossier_id, by=request.actor, at=timezone.now()))


def _lane(lane: PortalLane) -> dict[str, Any]:
    return {"dossier_id": lane.pk, "portal_code": lane.portal_code, "is_waiting": lane.is_waiting}

"""Support access for machines and people: the same steps, the same looks left behind."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from billing.queries.books import ROLES
from billing.support import opening
from billing.support.errors import SupportAccessNotFound
from billing.support.models import SupportAccess
from billing.support.opening import AccessAsked
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import OUTLET_ROLES, Role

router = Router(tags=["support access"])
READ = allow(roles=ROLES | OUTLET_ROLES | {Role.ADMINISTRATOR})
ASK = allow(roles={Role.ADMINISTRATOR})
DECIDE = allow(roles={Role.FINANCE_APPROVER})
END = allow(roles={Role.ADMINISTRATOR, Role.FINANCE_APPROVER, Role.OUTLET_MANAGER, Role.OPERATOR_HQ})


class SupportAccessIn(In):
    outlet_id: UUID
    ticket: Annotated[str, Field(max_length=60, description="The question, incident or dispute it is for.")]
    reason: Annotated[str, Field(max_length=500, description="A sentence; the outlet reads it.")]
    minutes: Annotated[int, Field(ge=1, le=60)]


class SupportAccessDecisionIn(In):
    allow: bool


class LookOut(Out):
    at: datetime
    period: date
    line_id: UUID | None


class SupportAccessOut(Out):
    """Reading is all that it opens."""

    id: UUID
    state: str
    outlet_id: UUID
    ticket: str
    reason: str
    minutes: int
    asked_by_name: str
    asked_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


class SupportAccessDetailOut(SupportAccessOut):
    looks: list[LookOut]


@router.get("/support-accesses", response=Page[SupportAccessOut], auth=READ, summary="Who was let into the books")
def list_accesses(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Newest first: an outlet's own, an operator's outlets', a city's."""
    rows, following = page_of(SupportAccess.objects.seen_by(request.actor), asked=asked, order=("-asked_at", "-id"))
    return {"items": rows, "next": following}


@router.get("/support-accesses/{uuid:access_id}", response=SupportAccessDetailOut, auth=READ,
            summary="One access with every look")
def get_access(request: WardpostRequest, access_id: UUID) -> object:
    row = SupportAccess.objects.seen_by(request.actor).filter(id=access_id).prefetch_related("looks").first()
    if row is None:
        raise SupportAccessNotFound
    told = SupportAccessOut.model_validate(row, from_attributes=True).model_dump()
    return {**told, "looks": sorted(row.looks.all(), key=lambda look: (look.at, look.id))}


@router.post("/support-accesses", response={201: SupportAccessOut}, auth=ASK, summary="Ask to read an outlet's books")
def ask(request: WardpostRequest, body: SupportAccessIn) -> HttpResponse:
    asked = AccessAsked(outlet_id=body.outlet_id, ticket=body.ticket, reason=body.reason, minutes=body.minutes)
    return idempotent(request, status=201, schema=SupportAccessOut,
                      call=lambda: opening.ask_access(asked, by=request.actor, at=timezone.now()))


@router.post("/support-accesses/{uuid:access_id}/decisions", response=SupportAccessOut, auth=DECIDE,
             summary="Allow or refuse")
def decide(request: WardpostRequest, access_id: UUID, body: SupportAccessDecisionIn) -> HttpResponse:
    return idempotent(request, status=200, schema=SupportAccessOut, call=lambda: opening.decide_access(
        access_id, allow=body.allow, by=request.actor, at=timezone.now()))


@router.post("/support-accesses/{uuid:access_id}/endings", response=SupportAccessOut, auth=END, summary="End it now")
def end(request: WardpostRequest, access_id: UUID) -> HttpResponse:
    """The asker, the city, the outlet's manager or its operator."""
    return idempotent(request, status=200, schema=SupportAccessOut,
                      call=lambda: opening.end_access(access_id, by=request.actor, at=timezone.now()))

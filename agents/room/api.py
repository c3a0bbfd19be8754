"""Incidents, beats and contacts over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from agents.room import beats, queries, reporting, steps, vendors
from agents.room.errors import IncidentNotFound
from agents.room.models import Incident, Outage
from agents.room.reporting import Report
from agents.room.rules import Effect, IncidentKind, IncidentStep
from agents.room.steps import Said
from agents.surges.queries import surges_now
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["operations room"])

ANYBODY = allow(roles=EVERY_ROLE, scopes={"room:write"})
READERS = allow(roles=EVERY_ROLE, scopes={"room:read"})
ROOM = allow(roles={Role.OPERATIONS_OFFICER, Role.ADMINISTRATOR})
AT_A_PLACE = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"room:write"})
WATCHERS = allow(roles={Role.OPERATIONS_OFFICER, Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER, Role.OPERATOR_HQ,
                        Role.CENTRE_MANAGER, Role.OUTLET_MANAGER, Role.AUDITOR}, scopes={"room:read"})


class IncidentIn(In):
    kind: IncidentKind
    effect: Effect = Effect.SLOW
    text: Paragraphs = ""
    place: Annotated[str, Field(max_length=60, description="`outlet:<id>` or `centre:<id>`; empty: one's own place.")
                     ] = ""


class IncidentOut(Out):
    id: UUID
    code: str
    kind: str
    effect: str
    state: str
    place_name: str
    text: str
    reported_at: datetime
    reported_by_name: str
    owner_name: str
    vendor: str
    vendor_ticket: str
    vendor_due_at: datetime | None
    level: int = Field(description="0 operations room … 3 the city's administrator.")
    climbs_at: datetime | None
    solved_at: datetime | None
    solution: str
    closed_at: datetime | None
    dossiers: int | None = Field(description="How many dossiers were touched, once it is solved.")


class IncidentPlaceOut(Out):
    outlet_id: UUID | None
    centre_id: UUID | None
    name: str
    since: datetime


class IncidentEntryOut(Out):
    what: str
    text: str
    by_name: str
    at: datetime


class WholeIncidentOut(IncidentOut):
    places: list[IncidentPlaceOut]
    entries: list[IncidentEntryOut]


class IncidentsAsked(PageAsked):
    open_only: bool = True


class IncidentStepIn(In):
    step: IncidentStep
    text: Paragraphs = ""
    vendor: Annotated[str, Field(max_length=120)] = ""
    ticket: Annotated[str, Field(max_length=60)] = ""


@router.post("/incidents", response={201: IncidentOut}, auth=ANYBODY)
def report_incident(request: WardpostRequest, body: IncidentIn) -> HttpResponse:
    """Report trouble; one of the same kind that is open at the place is added to."""
    report = Report(kind=body.kind, effect=body.effect, text=body.text, place=body.place)
    return idempotent(request, status=201, schema=IncidentOut, call=lambda: reporting.report_incident(
        report, by=request.actor, at=timezone.now()))


@router.get("/incidents", response=Page[IncidentOut], auth=READERS)
def list_incidents(request: WardpostRequest, asked: Query[IncidentsAsked]) -> Any:
    """Incidents within sight, the latest first."""
    seen = Incident.objects.seen_by(request.actor)
    rows, following = page_of(seen.exclude(state="closed") if asked.open_only else seen, asked=asked,
                              order=("-reported_at", "-id"))
    return {"items": [IncidentOut.model_validate(row) for row in rows], "next": following}


@router.get("/incidents/{uuid:incident_id}", response=WholeIncidentOut, auth=READERS)
def one_incident(request: WardpostRequest, incident_id: UUID) -> Any:
    """One incident with its places and everything that was done."""
    found = Incident.objects.seen_by(request.actor).filter(id=incident_id).first()
    if found is None:
        raise IncidentNotFound
    return IncidentOut.model_validate(found).model_dump() | {
        "places": list(found.places.order_by("since", "name")), "entries": list(found.entries.order_by("at", "id"))}


@router.post("/incidents/{uuid:incident_id}/steps", response={201: IncidentOut}, auth=ANYBODY)
def take_incident_step(request: WardpostRequest, incident_id: UUID, body: IncidentStepIn) -> HttpResponse:
    """One step of the state table; the operations room takes all of them, a place says whether it is over."""
    return idempotent(request, status=201, schema=IncidentOut, call=lambda: steps.take_step(
        incident_id, body.step, by=request.actor, at=timezone.now(), said=Said(body.text, body.vendor, body.ticket)))


class NoteIn(In):
    text: Paragraphs


@router.post("/incidents/{uuid:incident_id}/notes", response={201: IncidentOut}, auth=ANYBODY)
def add_incident_note(request: WardpostRequest, incident_id: UUID, body: NoteIn) -> HttpResponse:
    """Say something more about it."""
    return idempotent(request, status=201, schema=IncidentOut, call=lambda: steps.add_note(
        incident_id, text=body.text, by=request.actor, at=timezone.now()))


class AlsoAtIn(In):
    place: Annotated[str, Field(max_length=60)]


@router.post("/incidents/{uuid:incident_id}/places", response={201: IncidentOut}, auth=ROOM)
def add_incident_place(request: WardpostRequest, incident_id: UUID, body: AlsoAtIn) -> HttpResponse:
    """The same trouble is at another place too."""
    return idempotent(request, status=201, schema=IncidentOut, call=lambda: steps.add_place(
        incident_id, place=body.place, by=request.actor, at=timezone.now()))


class DutyIn(In):
    vendor: Annotated[str, Field(max_length=120)]
    phone: Annotated[str, Field(max_length=20)] = ""
    minutes: Annotated[int, Field(ge=5, le=vendors.MOST_MINUTES)]
    basis: Annotated[str, Field(max_length=200)] = ""


class DutyOut(Out):
    kind: str
    vendor: str
    phone: str
    minutes: int
    basis: str


@router.put("/incident-vendors/{kind}", response=DutyOut, auth=ROOM)
def set_incident_vendor(request: WardpostRequest, kind: Literal["network", "software", "equipment", "procedure",
                                                                "people"], body: DutyIn) -> HttpResponse:
    """Say who puts right what goes wrong of one kind."""
    return idempotent(request, status=200, schema=DutyOut, call=lambda: vendors.set_duty(
        kind=kind, by=request.actor, at=timezone.now(), **body.model_dump()))


class BeatIn(In):
    latency_ms: Annotated[int, Field(ge=0, le=120_000)] | None = None


class BeatOut(Out):
    is_kept: bool = Field(description="False: the place has been heard of within the minute.")


@router.post("/heartbeats", response=BeatOut, auth=AT_A_PLACE)
def beat(request: WardpostRequest, body: BeatIn) -> Any:
    """A kiosk or desk is in contact. Its Idempotency-Key is not kept: a repeat within the minute writes nothing."""
    return {"is_kept": beats.beat(by=request.actor, latency_ms=body.latency_ms, at=timezone.now())}


class ContactOut(Out):
    name: str
    code: str
    is_outlet: bool
    contact: str
    last_at: datetime | None
    latency_ms: int | None


class ContactsOut(Out):
    counts: dict[str, int]
    places: list[ContactOut]


@router.get("/contacts", response=ContactsOut, auth=WATCHERS)
def list_contacts(request: WardpostRequest) -> Any:
    """Every place within sight and whether it is in contact, the worst first."""
    return queries.contacts(request.actor, timezone.now())


class OutageOut(Out):
    id: UUID
    place_id: UUID
    place_name: str
    started_at: datetime
    ended_at: datetime | None
    ended_by: str
    dossiers: int | None
    incident_id: UUID | None


@router.get("/outages", response=Page[OutageOut], auth=WATCHERS)
def list_outages(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """The log of outages within sight, the latest first."""
    rows, following = page_of(Outage.objects.seen_by(request.actor), asked=asked, order=("-started_at", "-id"))
    return {"items": [OutageOut.model_validate(row) for row in rows], "next": following}


class SurgeOut(Out):
    place_id: UUID
    is_outlet: bool
    name: str
    hour: datetime
    count: int
    usual: float = Field(description="The mean of the same hour of the days before, for four weeks.")


@router.get("/surges", response=list[SurgeOut], auth=WATCHERS)
def list_surges(request: WardpostRequest) -> Any:
    """Places within sight where, in this hour or the last, at least twice as many came as usual."""
    return surges_now(request.actor, timezone.now())

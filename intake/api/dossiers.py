"""Dossiers: kept as drafts, submitted once under their client_ref, forwarded, followed."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.api.schemas import (
    CommuneCode,
    DecidingPlaceIn,
    DossierStepOut,
    PricingOut,
    ProcedureCode,
    RouteOut,
    WordsOut,
    pricing_out,
)
from intake.models.dossiers import Dossier
from intake.operations import drafts, forwarding, payments, submission
from intake.plain_data import pricing_from_data
from intake.queries.dossiers import dossiers_seen_by, filtered, get_dossier, is_masked_for, steps_of
from intake.records import AddressCheck, DeliveryAddress, DocumentRef, PlaceChoice, SubmissionInput, route_from_data
from intake.rules.catalogue import Channel, ResultChoice
from intake.rules.states import Handling
from shared.actors import Actor
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["dossiers"])
READERS = frozenset({*OUTLET_ROLES, *CENTRE_ROLES, *FINANCE_ROLES, Role.AUDITOR})
READS = allow(roles=READERS, scopes={"dossiers:read"})
PAYS = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"dossiers:write", "centre:write"})
WRITES = allow(roles=OUTLET_ROLES, scopes={"dossiers:write"})


class PaperIn(In):
    """A paper of the procedure's list: an uploaded document, or (without an id) one that was shown and checked."""

    component: Annotated[str, Field(min_length=1, max_length=40)]
    document_id: UUID | None = None


class DeliveryIn(In):
    street: Annotated[str, Field(max_length=200)]
    commune_code: CommuneCode
    name: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    former_commune_code: CommuneCode | Literal[""] = Field(
        default="", description="The dissolved commune that the address still names; its district is the tariff's.")


class AddressCheckIn(In):
    """What the counter found out about the address. A filing never waits for it."""

    landmark: Annotated[str, Field(max_length=160)] = ""
    pin: Annotated[str, Field(max_length=200, description="As pasted from a map.")] = ""
    is_verified: bool = Field(default=False, description="Read back, and the citizen said that it is right.")


class FilingIn(In):
    """A filing. The same `client_ref` is the same dossier, for ever: make it once, keep it, send it again."""

    client_ref: UUID
    citizen_id: UUID
    procedure_code: ProcedureCode
    channel: Literal["online", "post"]
    result_choice: ResultChoice = ResultChoice.HOME
    place: DecidingPlaceIn = DecidingPlaceIn()
    documents: Annotated[list[PaperIn], Field(max_length=40)] = []
    delivery: DeliveryIn | None = Field(default=None, description="Left out: the citizen's own address.")
    address_check: AddressCheckIn = AddressCheckIn()
    collect_reason: Annotated[str, Field(max_length=200)] = ""
    copies: Annotated[int, Field(ge=1, le=200)] = 1
    pages: Annotated[int, Field(ge=1, le=2000)] = 1
    priority_group: Annotated[str, Field(max_length=40)] = ""
    receiving_centre_id: UUID | None = None
    session_id: UUID | None = Field(default=None, description="Machines name the open session of the citizen.")
    note: Paragraphs = ""


def filing_of(body: FilingIn) -> SubmissionInput:
    fields = body.model_dump(exclude={"place", "documents", "delivery", "address_check"})
    return SubmissionInput(
        **fields, place=PlaceChoice(**body.place.model_dump()),
        documents=tuple(DocumentRef(paper.component, paper.document_id) for paper in body.documents),
        delivery=None if body.delivery is None else DeliveryAddress(**body.delivery.model_dump()),
        address_check=AddressCheck(**body.address_check.model_dump()))


class DossierItem(Out):
    id: UUID
    agent_ref: str
    code: str | None = Field(description="The authority's code; null until received.")
    procedure_code: str
    procedure: WordsOut
    citizen_id: UUID | None = Field(description="Null for who may not know the citizen.")
    citizen_name: str
    channel: Channel
    result_choice: ResultChoice
    handling: int = Field(description="National status code 1–10; 0 is a draft.")
    handling_name: str
    money: str
    result: str
    outlet_id: UUID | None
    receiving_centre_id: UUID | None
    authority_centre_id: UUID | None
    created_at: datetime
    submitted_at: datetime | None
    forwarded_at: datetime | None
    handed_over_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    version: int


class DossierOut(DossierItem):
    route: RouteOut | None
    pricing: PricingOut | None
    copies: int
    presented: list[str]
    collect_reason: str
    delivery_name: str
    delivery_street: str
    delivery_commune_code: str
    beneficiary_class: str
    note: str


_ITEM = ("id", "agent_ref", "code", "procedure_code", "channel", "result_choice", "handling", "money", "result",
         "outlet_id", "receiving_centre_id", "authority_centre_id", "created_at", "submitted_at", "forwarded_at",
         "handed_over_at", "received_at", "due_at", "closed_at", "version")


def item(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    masked = is_masked_for(actor)
    return {name: getattr(dossier, name) for name in _ITEM} | {
        "procedure": {"vi": dossier.procedure.name_vi, "en": dossier.procedure.name_en},
        "citizen_id": None if masked else dossier.citizen_id,
        "citizen_name": "" if masked else dossier.citizen.full_name,
        "handling_name": Handling(dossier.handling).name.lower()}


def whole(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    masked = is_masked_for(actor)
    route = route_from_data(dossier.route)
    return item(dossier, actor) | {
        "route": None if route is None else RouteOut.model_validate(route),
        "pricing": pricing_out(pricing_from_data(dossier.quote)), "copies": dossier.copies,
        "presented": dossier.presented, "beneficiary_class": dossier.beneficiary_class,
        "collect_reason": "" if masked else dossier.collect_reason,
        "delivery_name": "" if masked else dossier.delivery_name,
        "delivery_street": "" if masked else dossier.delivery_street,
        "delivery_commune_code": dossier.delivery_commune_id or "", "note": "" if masked else dossier.note}


@router.post("/submissions", response={201: DossierOut}, auth=WRITES, summary="Submit a dossier in one call")
def submit(request: WardpostRequest, body: FilingIn) -> HttpResponse:
    """Submit on the citizen's behalf; everything that is wrong is named in one answer, and nothing is lost."""
    return idempotent(
        request, status=201, schema=DossierOut, present=lambda dossier: whole(dossier, request.actor),
        call=lambda: submission.submit_dossier(filing_of(body), by=request.actor, at=timezone.now()))


@router.post("/dossiers", response={201: DossierOut}, auth=WRITES, summary="Keep a draft")
def draft(request: WardpostRequest, body: FilingIn) -> HttpResponse:
    """Keep what was entered so far; the same client_ref again replaces it until it is submitted."""
    return idempotent(
        request, status=201, schema=DossierOut, present=lambda dossier: whole(dossier, request.actor),
        call=lambda: drafts.save_draft(filing_of(body), by=request.actor, at=timezone.now()))


class NothingElseIn(In):
    """An empty object."""


@router.post("/dossiers/{uuid:dossier_id}/submissions", response={201: DossierOut}, auth=WRITES,
             summary="Submit a draft")
def submit_draft(request: WardpostRequest, dossier_id: UUID, body: NothingElseIn) -> HttpResponse:
    """Submit a draft as it was last kept; once submitted, it is the same dossier again."""
    return idempotent(
        request, status=201, schema=DossierOut, present=lambda dossier: whole(dossier, request.actor),
        call=lambda: submission.submit_draft(dossier_id=dossier_id, by=request.actor, at=timezone.now()))


class DossiersAsked(PageAsked):
    handling: Annotated[int | None, Field(ge=0, le=10)] = None
    channel: Channel | None = None
    procedure_code: Annotated[str, Field(max_length=20)] = ""
    citizen_id: UUID | None = None
    reference: Annotated[str, Field(max_length=40, description="The authority's code, or our own reference.")] = ""
    created_from: Annotated[date | None, Field(ge=date(2000, 1, 1), le=date(2999, 1, 1))] = None
    created_to: Annotated[date | None, Field(ge=date(2000, 1, 1), le=date(2999, 1, 1))] = None


@router.get("/dossiers", response=Page[DossierItem], auth=READS, summary="Dossiers within sight, newest first")
def listed(request: WardpostRequest, filters: Query[DossiersAsked]) -> Any:
    """List an outlet's, a centre's or a city's dossiers."""
    rows = filtered(dossiers_seen_by(request.actor), **filters.model_dump(exclude={"limit", "cursor"}))
    found, following = page_of(rows, asked=filters, order=("-created_at", "-id"))
    return {"items": [item(each, request.actor) for each in found], "next": following}


@router.get("/dossiers/{uuid:dossier_id}", response=DossierOut, auth=READS, summary="One dossier")
def one(request: WardpostRequest, dossier_id: UUID) -> Any:
    """Show a dossier with its route and price, each with its reasons."""
    return whole(get_dossier(dossier_id, request.actor), request.actor)


class DossierStepsOut(Out):
    items: list[DossierStepOut]


@router.get("/dossiers/{uuid:dossier_id}/steps", response=DossierStepsOut, auth=READS,
            summary="What happened to a dossier")
def steps(request: WardpostRequest, dossier_id: UUID) -> Any:
    """List the steps of its four machines, oldest first."""
    return {"items": list(steps_of(dossier_id, request.actor).order_by("at", "id"))}


@router.post("/dossiers/{uuid:dossier_id}/payments", response={201: DossierOut}, auth=PAYS,
             summary="Record what the citizen paid")
def pay(request: WardpostRequest, dossier_id: UUID, body: NothingElseIn) -> HttpResponse:
    """Record that everything due was paid at the counter; once."""
    return idempotent(
        request, status=201, schema=DossierOut, present=lambda dossier: whole(dossier, request.actor),
        call=lambda: payments.record_payment(dossier_id=dossier_id, by=request.actor, at=timezone.now()))


class ForwardingIn(In):
    """`electronic` needs nothing more; `paper` books a parcel from the outlet to the centre."""

    mode: Literal["electronic", "paper"]
    with_dossier_ids: Annotated[list[UUID], Field(max_length=99, description="Others in the same parcel.")] = []
    weight_grams: Annotated[int, Field(ge=1, le=30_000)] = 100


class ForwardingOut(Out):
    id: UUID
    dossier_id: UUID
    centre_id: UUID
    mode: str
    parcel_number: str
    sent_at: datetime


@router.post("/dossiers/{uuid:dossier_id}/forwardings", response={201: ForwardingOut}, auth=WRITES,
             summary="Send a dossier to its centre")
def forward(request: WardpostRequest, dossier_id: UUID, body: ForwardingIn) -> HttpResponse:
    """Put the dossier into its centre's inbox, or into a parcel; again: the same forwarding."""
    if body.mode == "electronic":
        return idempotent(request, status=201, schema=ForwardingOut, call=lambda: forwarding.forward_online(
            dossier_id=dossier_id, by=request.actor, at=timezone.now()))
    return idempotent(
        request, status=201, schema=ForwardingOut,
        present=lambda sent: next(each for each in sent if each.dossier_id == dossier_id),
        call=lambda: forwarding.forward_on_paper(
            dossier_ids=[dossier_id, *body.with_dossier_ids], by=request.actor, at=timezone.now(),
            weight_grams=body.weight_grams))

"""Citizens: registered once, found by their whole number for a purpose, shown masked."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from intake.api.schemas import CommuneCode, Purpose
from intake.errors import CitizenNotFound
from intake.models.citizens import Citizen, ConsentPurpose
from intake.operations import citizens, sessions
from intake.records import CitizenInput, ClaimInput
from shared.api import In, NothingIn, Out, WardpostRequest, idempotent
from shared.formatting import mask_phone
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

router = Router(tags=["citizens"])

OUTLET_WRITES = allow(roles=OUTLET_ROLES, scopes={"citizens:write"})
REGISTERS = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"citizens:write"})
READS = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"citizens:read"})
REVEALS = allow(roles=OUTLET_ROLES | CENTRE_ROLES)

Name = Annotated[str, Field(max_length=300)]
Typed = Annotated[str, Field(max_length=40)]


class PriorityClaimIn(In):
    """A priority group with a reference to its evidence, never a copy of it."""

    group: Annotated[str, Field(min_length=1, max_length=40)]
    evidence_reference: Annotated[str, Field(min_length=1, max_length=120)]
    valid_from: date
    valid_to: date | None = None


class CitizenIn(In):
    """As typed; every wrong entry is named in one answer."""

    full_name: Name
    commune_code: CommuneCode = ""
    former_commune_code: CommuneCode = ""
    national_id: Typed = Field(default="", description="Twelve digits; spaces and dots are dropped.")
    birth: Typed = Field(default="", description="A day (1992-03-14), or the year alone where only that is known.")
    sex: Literal["", "female", "male"] = ""
    phone: Typed = ""
    email: Annotated[str, Field(max_length=254)] = ""
    street: Annotated[str, Field(max_length=200)] = ""
    claims: Annotated[list[PriorityClaimIn], Field(max_length=10)] = []
    is_confirmed: bool = Field(default=False, description="The entries that do not fit were compared with the card.")
    distinct_from: Annotated[list[UUID], Field(max_length=40)] = Field(
        default=[], description="After 409 `citizen-maybe-known`: these were compared and are other people.")


class CitizenCorrectionIn(CitizenIn):
    version: Annotated[int, Field(ge=1, description="The version that was read.")]


class CitizenOut(Out):
    id: UUID
    full_name: str
    national_id: str = Field(description="Masked: 046•••••4127.")
    birth_date: date | None
    birth_precision: str
    sex: str
    phone: str = Field(description="Masked.")
    has_email: bool
    street: str
    commune_code: str
    former_commune_code: str
    priority_groups: list[str]
    version: int


def shown_citizen(citizen: Citizen) -> dict[str, Any]:
    return {
        "id": citizen.id, "full_name": citizen.full_name, "national_id": citizen.national_id_masked,
        "birth_date": citizen.birth_date, "birth_precision": citizen.birth_precision, "sex": citizen.sex,
        "phone": mask_phone(citizen.phone).replace("\u00a0", " "), "has_email": bool(citizen.email),
        "street": citizen.street, "commune_code": citizen.commune_id,
        "former_commune_code": citizen.former_commune_id or "",
        "priority_groups": list(citizen.priority_claims.order_by("id").values_list("group", flat=True)),
        "version": citizen.version}


def citizen_input(body: CitizenIn, *, without: AbstractSet[str] = frozenset()) -> CitizenInput:
    """The entries for the operations; fields in `without` are the caller's own."""
    fields = body.model_dump(exclude={"claims", "version", "distinct_from", *without})
    return CitizenInput(**fields, claims=tuple(ClaimInput(**claim.model_dump()) for claim in body.claims),
                        distinct_from=tuple(body.distinct_from))


@router.post("/citizens", response={201: CitizenOut}, auth=REGISTERS, summary="Register a citizen")
def register(request: WardpostRequest, body: CitizenIn) -> HttpResponse:
    """Register a person once; 409 `citizen-already-registered` names the citizen who has this number.

    409 `citizen-maybe-known` names people who look alike: recognise one of them, or say in `distinct_from` that she is
    somebody else.
    """
    return idempotent(request, status=201, schema=CitizenOut, present=shown_citizen, call=lambda: (
        citizens.register_citizen(typed=citizen_input(body), by=request.actor, at=timezone.now())))


class CitizenFindIn(In):
    national_id: Annotated[str, Field(min_length=1, max_length=40)]
    purpose: Purpose


@router.post("/citizens/find", response=CitizenOut, auth=READS, summary="Find by the whole national ID number")
def find(request: WardpostRequest, body: CitizenFindIn) -> Any:
    """Find exactly one citizen, masked. Every search is written down with its purpose."""
    found = citizens.find_by_national_id(national_id=body.national_id, purpose=body.purpose, by=request.actor,
                                         at=timezone.now())
    if found is None:
        raise CitizenNotFound
    return shown_citizen(found)


@router.get("/citizens/{uuid:citizen_id}", response=CitizenOut, auth=READS, summary="One citizen, masked")
def one(request: WardpostRequest, citizen_id: UUID) -> Any:
    """Show a citizen within sight; looking is written down."""
    return shown_citizen(citizens.see_citizen(citizen_id=citizen_id, by=request.actor, at=timezone.now()))


@router.put("/citizens/{uuid:citizen_id}", response=CitizenOut, auth=OUTLET_WRITES, summary="Correct a citizen")
def correct(request: WardpostRequest, citizen_id: UUID, body: CitizenCorrectionIn) -> HttpResponse:
    """Replace the entries; an empty national ID number leaves the kept one. Claims are added apart."""
    return idempotent(request, status=200, schema=CitizenOut, present=shown_citizen, call=lambda: (
        citizens.correct_citizen(citizen_id=citizen_id, typed=citizen_input(body), version=body.version,
                                 by=request.actor, at=timezone.now())))


class RevealIn(In):
    purpose: Purpose


class RevealOut(Out):
    national_id: str


@router.post("/citizens/{uuid:citizen_id}/reveals", response=RevealOut, auth=REVEALS, summary="Show the whole number")
def reveal(request: WardpostRequest, citizen_id: UUID, body: RevealIn, response: HttpResponse) -> Any:
    """Show one citizen's whole number to a person; each look is written down, and no answer is kept."""
    response["Cache-Control"] = "no-store"
    number = citizens.reveal_national_id(citizen_id=citizen_id, purpose=body.purpose, by=request.actor,
                                         at=timezone.now())
    return {"national_id": number}


class PriorityClaimOut(Out):
    id: int
    group: str
    evidence_reference: str
    valid_from: date
    valid_to: date | None


@router.post("/citizens/{uuid:citizen_id}/priority-claims", response={201: PriorityClaimOut}, auth=OUTLET_WRITES,
             summary="Record a priority group")
def claim(request: WardpostRequest, citizen_id: UUID, body: PriorityClaimIn) -> HttpResponse:
    """Record a proven priority group by the reference of its evidence."""
    return idempotent(request, status=201, schema=PriorityClaimOut, call=lambda: citizens.claim_priority(
        citizen_id=citizen_id, claim=ClaimInput(**body.model_dump()), by=request.actor, at=timezone.now()))


class SessionIn(In):
    purposes: Annotated[list[ConsentPurpose], Field(min_length=1, max_length=4)]
    is_citizen_present: bool = Field(default=True, description="False: somebody came for her; record a mandate next.")


class SessionOut(Out):
    id: UUID
    citizen_id: UUID
    opened_at: datetime
    closed_at: datetime | None


@router.post("/citizens/{uuid:citizen_id}/sessions", response={201: SessionOut}, auth=OUTLET_WRITES,
             summary="Begin to act for a citizen")
def open_session(request: WardpostRequest, citizen_id: UUID, body: SessionIn) -> HttpResponse:
    """Record what the citizen agreed to and act for her; one clerk acts for one citizen at a time."""
    return idempotent(request, status=201, schema=SessionOut, call=lambda: sessions.open_session(
        citizen_id=citizen_id, purposes=list(body.purposes), is_citizen_present=body.is_citizen_present,
        by=request.actor, at=timezone.now()))


@router.post("/sessions/{uuid:session_id}/closings", response={201: SessionOut}, auth=OUTLET_WRITES,
             summary="Stop acting for a citizen")
def close_session(request: WardpostRequest, session_id: UUID, body: NothingIn) -> HttpResponse:
    """Close the session; closing it again changes nothing."""
    return idempotent(request, status=201, schema=SessionOut, call=lambda: sessions.close_session(
        session_id=session_id, by=request.actor, at=timezone.now()))

"""Who decides and why, and what each way to file would mean: asked before anything is chosen."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents import public as agents
from agents.auth import EVERY_ROLE, allow
from intake.api.schemas import (
    CommuneCode,
    DecidingPlaceIn,
    PricingOut,
    ProcedureCode,
    RouteOut,
    WordsOut,
    pricing_out,
    route_out,
    words,
)
from intake.errors import CitizenNotFound, RouteRefused
from intake.filing import acting_outlet
from intake.models.citizens import Citizen
from intake.operations.authority import answer_authority_question
from intake.queries.catalogue import get_procedure
from intake.queries.offers import Wish, filing_offer
from intake.records import ChannelOption, PlaceChoice
from intake.routing import default_place, find_route
from intake.rules.catalogue import ResultChoice
from intake.rules.faults import Fault
from intake.wording import field_error
from shared.api import Asked, In, Out, WardpostRequest, idempotent
from shared.calendar import local
from shared.roles import OUTLET_ROLES, Role

router = Router(tags=["routing"])
READS = allow(roles=EVERY_ROLE, scopes={"catalogue:read"})
OUTLET = allow(roles=OUTLET_ROLES, scopes={"dossiers:write"})
ANSWERS = allow(roles={Role.CENTRE_MANAGER, Role.ADMINISTRATOR})


class RouteIn(In):
    """A procedure, a place and a day; the same three always give the same route."""

    procedure_code: ProcedureCode
    place: DecidingPlaceIn = DecidingPlaceIn()
    on: date | None = None
    receiving_centre_id: UUID | None = None


@router.post("/routes", response=RouteOut, auth=READS, summary="Explain a route")
def explain(request: WardpostRequest, body: RouteIn) -> Any:
    """Say who is competent and why. Unclear is an answer too: nothing is guessed."""
    day = body.on or local(timezone.now()).date()
    procedure = get_procedure(body.procedure_code, day)
    outlet = agents.get_outlet(request.actor.outlet_id) if request.actor.outlet_id else None
    place = PlaceChoice(**body.place.model_dump()) or default_place(
        procedure, residence=PlaceChoice(), outlet_commune=outlet.commune_code if outlet else "")
    return route_out(find_route(procedure=procedure, place=place, on=day, outlet=outlet,
                                receiving=_centre(body.receiving_centre_id)))


class RouteAsked(Asked):
    procedure_code: ProcedureCode
    commune_code: CommuneCode = ""
    former_commune_code: CommuneCode = ""
    on: Annotated[date | None, Field(description="Any day; today when left out.")] = None


@router.get("/routes", response=RouteOut, auth=READS,
            summary="The route of a procedure at a place on a day")
def read_route(request: WardpostRequest, asked: Query[RouteAsked]) -> Any:
    """Who receives and who decides, by which rule, and why; for any day, past or to come."""
    day = asked.on or local(timezone.now()).date()
    procedure = get_procedure(asked.procedure_code, day)
    outlet = agents.get_outlet(request.actor.outlet_id) if request.actor.outlet_id else None
    place = PlaceChoice(asked.commune_code, asked.former_commune_code) or default_place(
        procedure, residence=PlaceChoice(), outlet_commune=outlet.commune_code if outlet else "")
    return route_out(find_route(procedure=procedure, place=place, on=day, outlet=outlet))


def _centre(centre_id: UUID | None) -> agents.CentreInfo | None:
    if centre_id is None:
        return None
    try:
        return agents.get_centre(centre_id)
    except agents.CentreNotFound:
        raise RouteRefused(errors=(field_error("/receiving_centre_id", Fault("unknown-centre")),)) from None


class OfferIn(In):
    """What the citizen wants, as far as the counter knows it."""

    citizen_id: UUID
    procedure_code: ProcedureCode
    place: DecidingPlaceIn = DecidingPlaceIn()
    home_commune_code: Annotated[str, Field(max_length=5, pattern=r"^([0-9]{5})?$")] = ""
    result_choice: ResultChoice = ResultChoice.HOME
    there: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=60)] = []
    copies: Annotated[int, Field(ge=1, le=200)] = 1
    pages: Annotated[int, Field(ge=1, le=2000)] = 1
    priority_group: Annotated[str, Field(max_length=40)] = ""
    receiving_centre_id: UUID | None = None


class MissingOut(Out):
    code: str
    name: WordsOut
    kind: str


class OptionOut(Out):
    channel: str
    is_allowed: bool
    why_not: WordsOut
    clock_start: WordsOut
    clock_starts_at: datetime | None
    due_at: datetime | None
    due_reason: WordsOut
    result_home_date: date | None
    pricing: PricingOut | None
    missing: list[MissingOut]
    legal_basis: str
    confidence: str


class OfferOut(Out):
    route: RouteOut
    options: list[OptionOut]


@router.post("/offers", response=OfferOut, auth=OUTLET, summary="What each way to file would mean")
def offer(request: WardpostRequest, body: OfferIn) -> Any:
    """Show each channel with its clock, due moment, cost and missing papers, or why it is closed."""
    citizen = Citizen.objects.seen_by(request.actor).filter(id=body.citizen_id).first()
    if citizen is None:
        raise CitizenNotFound
    asked = body.model_dump(exclude={"citizen_id", "place", "there", "receiving_centre_id"})
    wish = Wish(citizen=citizen, place=PlaceChoice(**body.place.model_dump()), there=tuple(body.there), **asked)
    found = filing_offer(wish, outlet=acting_outlet(request.actor), at=timezone.now(),
                         receiving=_centre(body.receiving_centre_id))
    return {"route": route_out(found.route), "options": [_option(each) for each in found.options]}


def _option(option: ChannelOption) -> dict[str, Any]:
    plain = ("channel", "is_allowed", "clock_starts_at", "due_at", "result_home_date", "legal_basis", "confidence")
    return {name: getattr(option, name) for name in plain} | {
        "why_not": words(option.why_not), "clock_start": words(option.clock_start),
        "due_reason": words(option.due_reason), "pricing": pricing_out(option.pricing),
        "missing": [{"code": item.code, "name": words(item.name), "kind": item.kind} for item in option.missing]}


class AuthorityAnswerIn(In):
    centre_id: UUID
    legal_basis: Annotated[str, Field(min_length=3, max_length=300)]
    is_general: bool = Field(False, description="Holds for the next dossier of this procedure at this place.")


class SettledOut(Out):
    id: UUID
    authority_centre_id: UUID
    receiving_centre_id: UUID
    version: int


@router.post("/authority-questions/{uuid:question_id}/answers", response={201: SettledOut}, auth=ANSWERS,
             summary="Say which authority is competent")
def answer(request: WardpostRequest, question_id: UUID, body: AuthorityAnswerIn) -> HttpResponse:
    """Answer an unclear authority with its legal basis; the dossier then goes on by itself."""
    return idempotent(request, status=201, schema=SettledOut, call=lambda: answer_authority_question(
        question_id=question_id, centre_id=body.centre_id, legal_basis=body.legal_basis, by=request.actor,
        at=timezone.now(), is_general=body.is_general))



"""The public register through the API, and accreditations for whoever answers for them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.accreditation import queries
from agents.accreditation.models import Accreditation
from agents.accreditation.queries import Registered
from agents.accreditation.rules import State
from agents.auth import allow
from agents.programme.queries import price_list
from shared import scope
from shared.api import Out, Page, PageAsked, WardpostRequest, page_of
from shared.calendar import local
from shared.roles import Role

router = Router(tags=["network"])
READS = allow(roles={Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR})


class RegisterAsked(PageAsked):
    q: Annotated[str, Field(max_length=80, description="A part of commune (accents do not matter), name or code.")] = ""
    province: Annotated[str, Field(max_length=2, description="Two-digit code; empty: everywhere.")] = ""


class RegisteredOut(Out):
    code: str
    name: str
    operator: str
    commune_code: str
    commune_name: str
    address: str
    phone: str
    latitude: float
    longitude: float
    tasks: list[str]
    licence_number: str
    licensed_from: date | None
    licensed_until: date | None = Field(description="Half-open: the first day on which it no longer holds.")
    is_genuine: bool = Field(description="Works at present, under a licence that holds today.")
    moves_on: date | None = Field(description="The first day at a new place, when a move is decided.")
    moves_to: str


class RegisterPriceOut(Out):
    what: str
    amount: int = Field(description="Đồng; 0 where it is free.")


class RegisterPricesOut(Out):
    agreement: str
    in_force_from: date
    legal_basis: str
    items: list[RegisterPriceOut]


class GenuineOut(RegisteredOut):
    prices: RegisterPricesOut | None = Field(
        description="The price list of the operator's agreement with the city, as in force today.")


def _registered(found: Registered) -> dict[str, object]:
    outlet = found.outlet
    return {name: getattr(outlet, name) for name in (
        "code", "name", "address", "phone", "latitude", "longitude", "tasks")} | {
        "operator": outlet.operator.name, "commune_code": outlet.commune_id, "commune_name": outlet.commune.full_name,
        "licence_number": found.licence_number, "licensed_from": found.licensed_from,
        "licensed_until": found.licensed_until, "is_genuine": found.is_genuine,
        "moves_on": found.move.on if found.move else None, "moves_to": found.move.there.words if found.move else ""}


@router.get("/register", response=Page[RegisteredOut], auth=None, summary="The public register of agents")
def register(request: WardpostRequest, asked: Query[RegisterAsked]) -> Any:
    """List the outlets under a licence; anybody may read it."""
    text = asked.q.replace("\x00", "").strip()
    with scope.everything():
        rows, following = page_of(queries.register(text, province_code=asked.province.replace("\x00", "")),
                                  asked=asked, order=("code",))
    found = queries.registered(rows, local(timezone.now()).date())
    return {"items": [_registered(each) for each in found], "next": following}


@router.get("/register/{code}", response=GenuineOut, auth=None, summary="Is this agent genuine?")
def genuine(request: WardpostRequest, code: str) -> Any:
    """Show one outlet that is or was under a licence, by the code at its counter."""
    today = local(timezone.now()).date()
    found = queries.find_registered(code.replace("\x00", "").upper(), today)
    return _registered(found) | {"prices": _prices(found, today)}


def _prices(found: Registered, today: date) -> dict[str, object] | None:
    prices = price_list(found.outlet.operator_id, found.outlet.commune.province_id, today)
    return None if prices is None else {
        "agreement": prices.agreement, "in_force_from": prices.since, "legal_basis": prices.legal_basis,
        "items": [{"what": what, "amount": amount.amount} for what, amount in prices.prices]}


class AccreditationOut(Out):
    id: UUID
    state: State
    code: str
    name: str
    operator_id: UUID
    outlet_id: UUID | None
    commune_code: str = Field(validation_alias="commune_id")
    address: str
    proposed_at: datetime
    changed_at: datetime
    reason: str
    licence_number: str | None
    licensed_from: date | None
    licensed_until: date | None


@router.get("/accreditations", response=Page[AccreditationOut], auth=READS, summary="Accreditations in sight")
def accreditations(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """List places and licences of one's operator or city, newest first."""
    rows, following = page_of(Accreditation.objects.seen_by(request.actor), asked=asked, order=("-proposed_at", "-id"))
    return {"items": [AccreditationOut.model_validate(row) for row in rows], "next": following}

"""What exists while requests are made up: a dossier at its centre, a parcel, and everybody who may ask for them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.test import Client
from django.utils import timezone

from agents.models.people import ApiToken, StaffAccount
from agents.rules import SCOPES, Bound
from agents.tokens import digest_of, new_token
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from tests.factories import dossiers, network, parcels, rates

_CSRF: Final = "f" * 32


@dataclass(frozen=True)
class World:
    identifiers: dict[str, str]
    """Of things that exist, by the name of the parameter of an address."""
    tokens: dict[Bound, str]
    sessions: dict[str, dict[str, str]]

    def bearer(self, scope: str) -> dict[str, str]:
        """The header of a machine with every scope that makes sense at a place where this one does."""
        bound = next(bound for bound in Bound if bound in SCOPES[scope])
        return {"Authorization": f"Bearer {self.tokens[bound]}"}


def made() -> World:
    """A place in Huế where work is under way."""
    rates.load()
    at = dossiers.counter()
    dossier = dossiers.forwarded(at)
    parcel = parcels.parcel(outlet=at.outlet, centre=at.centre, dossier_ids=[dossier.id])
    identifiers = {
        "outlet_id": at.outlet.id, "centre_id": at.centre.id, "account_id": at.clerk.id, "citizen_id": at.citizen.id,
        "dossier_id": dossier.id, "session_id": dossiers.at_session(at), "parcel_id": parcel.id,
        "procedure_code": dossier.procedure_code}
    province = {"province_id": at.outlet.commune.province_id}
    sessions = {str(role): _session(_somebody(role, at, province)) for role in Role}
    return World({name: str(value) for name, value in identifiers.items()}, _tokens(at, province), sessions)


def _somebody(role: Role, at: dossiers.Counter, province: dict[str, str]) -> StaffAccount:
    if role == Role.OUTLET_CLERK:
        return at.clerk
    if role in OUTLET_ROLES:
        return network.staff(role, "Trưởng điểm", outlet=at.outlet)
    if role in CENTRE_ROLES:
        return network.staff(role, "Cán bộ", centre=at.centre)
    if role == Role.OPERATOR_HQ:
        return network.staff(role, "Đơn vị", operator=at.outlet.operator)
    return network.staff(role, "Thành phố", **province)


def _session(account: StaffAccount) -> dict[str, str]:
    """The headers that this person's browser sends."""
    browser = Client()
    browser.force_login(account)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_CSRF}"
    return {"Cookie": cookies, "X-CSRFToken": _CSRF}


def _tokens(at: dossiers.Counter, province: dict[str, str]) -> dict[Bound, str]:
    places: dict[Bound, dict[str, Any]] = {
        Bound.OUTLET: {"outlet": at.outlet}, Bound.CENTRE: {"centre": at.centre},
        Bound.OPERATOR: {"operator": at.outlet.operator}, Bound.PROVINCE: province}
    return {bound: _token(bound, place) for bound, place in places.items()}


def _token(bound: Bound, place: dict[str, Any]) -> str:
    clear = new_token()
    ApiToken.objects.create(
        name="Máy thử", digest=digest_of(clear), expires_at=timezone.now() + timedelta(days=30),
        scopes=[scope for scope, bounds in SCOPES.items() if bound in bounds], **place)
    return clear

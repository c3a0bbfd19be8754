"""Dossiers as a rule sees them, and cases as people find them."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from intake.brokers.models import BrokerCase, BrokerRule
from intake.brokers.signals import compute_signals
from intake.models.citizens import ActingSession, Citizen
from intake.models.dossiers import Dossier
from shared.identifiers import spoken_code
from shared.text import fold
from tests.factories import catalogue, network, places
from tests.intake.moments import local

NIGHT = local("2026-01-13 01:30")
MONDAY = local("2026-01-12 09:30")
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_numbers = count(1)


def rule(code: str, **changes: Any) -> BrokerRule:
    """A threshold in force, made for the test."""
    fields = {"version": "t-1", "valid_from": date(2025, 1, 1), "days": 90, "least": 5, "percent_of_usual": 300,
              "seconds": None, "legal_basis": "Ngưỡng thử nghiệm", "confidence": "assumed"}
    return BrokerRule.objects.create(code=code, **fields | changes)


def citizen(family: str = "", phone: str = "", **fields: Any) -> Citizen:
    """With a phone of her own unless one is named."""
    number = next(_numbers)
    name = f"{family or FAMILIES[number % len(FAMILIES)]} Thị Thử {number}"
    return Citizen.objects.create(**{
        "full_name": name, "search_key": fold(name), "phone": phone or f"+8491{number:07d}",
        "commune": places.commune(), "street": f"Số {number} đường Nhà", "registered_at": MONDAY} | fields)


def dossier(outlet: Outlet, *, clerk: StaffAccount | None = None, of: Citizen | None = None, at: datetime = MONDAY,
            code: str = catalogue.BIRTH, **fields: Any) -> Dossier:
    """Filed at an outlet, home delivery to the citizen's own door."""
    who, procedure = of or citizen(), catalogue.procedure(code)
    return Dossier.objects.create(**{
        "client_ref": uuid4(), "agent_ref": spoken_code(), "procedure": procedure, "procedure_code": procedure.code,
        "citizen": who, "province_code": outlet.commune.province_id, "outlet": outlet, "operator": outlet.operator,
        "clerk": clerk, "channel": "online", "result_choice": "home", "created_at": at, "submitted_at": at,
        "delivery_name": who.full_name, "delivery_phone": who.phone, "delivery_street": who.street,
        "delivery_commune_id": who.commune_id, "handling": 1} | fields)


def session(of: Citizen, outlet: Outlet, clerk: StaffAccount, *, before: timedelta, at: datetime = MONDAY,
            is_present: bool = True) -> ActingSession:
    """Opened `before` the filing at `at`, over since."""
    return ActingSession.objects.create(
        citizen=of, outlet=outlet, clerk=clerk, opened_by=str(clerk.id), opened_at=at - before,
        is_citizen_present=is_present, closed_at=at + timedelta(minutes=1), closed_because="ended")


def behind_one_phone(outlet: Outlet, people: int = 6, phone: str = "+84912000111", **fields: Any) -> list[Dossier]:
    """Applicants of different families who all left one number."""
    return [dossier(outlet, of=citizen(FAMILIES[n % len(FAMILIES)], phone), **fields) for n in range(people)]


def case(outlet: Outlet | None = None) -> BrokerCase:
    """Opened by the phone behind six applicants."""
    rule("same_phone")
    behind_one_phone(outlet or network.outlet())
    compute_signals(at=NIGHT)
    return BrokerCase.objects.get()


def officer(province_code: str = places.HUE) -> StaffAccount:
    return network.programme_officer(province_code)

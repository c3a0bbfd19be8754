"""First states of the network. Later states are reached through operations."""

from datetime import date, datetime, time
from itertools import count
from typing import Any

from agents.models.organisations import Centre, CentreLevel, OpeningHours, Operator, OperatorClass, Outlet, Task
from agents.models.people import StaffAccount
from shared.actors import Actor, ActorKind
from shared.calendar import LOCAL_ZONE
from shared.models.places import Commune, Province
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, PROGRAMME_ROLES, Role
from shared.text import fold

PASSWORD = "quay-so-3-hue"
OFFICE = Actor(ActorKind.JOB, "tests")
"""Acts where it does not matter who did."""

_numbers = count(1)


def moment(text: str) -> datetime:
    """A local moment: "2025-07-03 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


def make_province(code: str = "46", **facts: Any) -> Province:
    given = {"name": "Huế", "kind": "thanh_pho", "region": "centre"} | facts
    return Province.objects.get_or_create(code=code, defaults=given)[0]


def make_commune(**facts: Any) -> Commune:
    number = next(_numbers)
    name = facts.setdefault("name", f"Phường {number}")
    given = {"code": f"{90000 + number}", "kind": "phuong", "latitude": 16.46, "longitude": 107.59,
             "search_key": fold(name)} | facts
    given.setdefault("province", make_province())
    return Commune.objects.create(**given)


def make_operator(code: str = "VNPOST", **facts: Any) -> Operator:
    given = {"name": "Bưu điện Việt Nam", "operator_class": OperatorClass.PUBLIC_POST, "carrier_code": "vnpost"} | facts
    return Operator.objects.get_or_create(code=code, defaults=given)[0]


def build_outlet(**facts: Any) -> Outlet:
    """An outlet that is not saved yet; give it an operator and a commune."""
    number = next(_numbers)
    return Outlet(**{
        "code": f"TST-{number:05d}", "name": f"Bưu cục {number}", "address": "1 Lê Lợi", "latitude": 16.46,
        "longitude": 107.59, "tasks": [task.value for task in Task], "agreement_from": date(2025, 1, 1)} | facts)


def make_outlet(**facts: Any) -> Outlet:
    facts.setdefault("operator", make_operator())
    if "commune" not in facts:
        facts["commune"] = make_commune()
    outlet = build_outlet(**facts)
    outlet.save()
    return outlet


def make_centre(**facts: Any) -> Centre:
    if "commune" not in facts:
        facts["commune"] = make_commune()
    commune, number = facts["commune"], next(_numbers)
    return Centre.objects.create(**{
        "agency_code": f"H57.{number:03d}", "name": f"Trung tâm PVHCC {commune.name}",
        "authority_name": f"UBND {commune.name}", "level": CentreLevel.COMMUNE, "province": commune.province,
        "latitude": 16.46, "longitude": 107.59, "open_from": date(2025, 7, 1)} | facts)


def staff(role: Role, **facts: Any) -> StaffAccount:
    """An account of `role`, at a new place where none is given; its password is PASSWORD."""
    if role in OUTLET_ROLES and "outlet" not in facts:
        facts["outlet"] = make_outlet()
    elif role in CENTRE_ROLES and "centre" not in facts:
        facts["centre"] = make_centre()
    elif role == Role.OPERATOR_HQ and "operator" not in facts:
        facts["operator"] = make_operator()
    elif role in FINANCE_ROLES | PROGRAMME_ROLES | {Role.AUDITOR} and "province" not in facts:
        facts["province"] = make_province()
    facts.setdefault("username", f"{role.value.replace('_', '.')}.{next(_numbers)}")
    facts.setdefault("display_name", "Nguyễn Thị Hạnh")
    return StaffAccount.objects.create_user(password=PASSWORD, role=role, **facts)


def opens(outlet: Outlet, *weekdays: int, at: str = "07:30", until: str = "17:30") -> None:
    """Give the outlet one span on each of `weekdays` (0 Monday), Monday to Saturday when none is named."""
    OpeningHours.objects.bulk_create([
        OpeningHours(outlet=outlet, weekday=day, opens=time.fromisoformat(at), closes=time.fromisoformat(until))
        for day in weekdays or range(6)
    ])

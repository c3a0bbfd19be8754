"""Operators, outlets, centres and their staff."""

from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from agents.models.organisations import Centre, CentreLevel, OpeningHours, Operator, OperatorClass, Outlet, Task
from agents.models.people import StaffAccount
from shared.actors import Actor
from shared.roles import Role
from tests.factories import places

_numbers = count(1)
PASSWORD = "mat-khau-thu-nghiem"


def operator(code: str = "VNPOST", **fields: Any) -> Operator:
    """The designated public operator."""
    defaults = {"name": "Tổng công ty Bưu điện Việt Nam", "operator_class": OperatorClass.PUBLIC_POST,
                "carrier_code": "vnpost"} | fields
    return Operator.objects.get_or_create(code=code, defaults=defaults)[0]


def other_operator() -> Operator:
    """An operator that is not the designated public one."""
    return operator("VTPOST", name="Tổng công ty cổ phần Bưu chính Viettel", operator_class=OperatorClass.OTHER_POST,
                    carrier_code="vtpost")


def outlet(commune_code: str = places.PHONG_DINH, **fields: Any) -> Outlet:
    """An active outlet that may do everything."""
    code = f"T{next(_numbers):05d}"
    commune = places.commune(commune_code)
    return Outlet.objects.create(**{
        "code": code, "operator": fields.get("operator") or operator(), "name": f"Bưu cục {code}", "commune": commune,
        "address": "12 đường Thử Nghiệm", "latitude": commune.latitude, "longitude": commune.longitude,
        "tasks": list(Task.values), "agreement_from": date(2025, 1, 1)} | fields)


def opening_hours(outlet: Outlet) -> None:
    """Monday to Friday 07:30 to 17:00."""
    for weekday in range(5):
        OpeningHours.objects.create(outlet=outlet, weekday=weekday, opens="07:30", closes="17:00")


def centre(commune_code: str = places.PHONG_DINH, **fields: Any) -> Centre:
    """The communal centre of a commune; the same one when asked again."""
    commune = places.commune(commune_code)
    code = fields.pop("agency_code", f"H{commune.province_id}.{commune_code}")
    return Centre.objects.get_or_create(agency_code=code, defaults={
        "name": f"Trung tâm Phục vụ hành chính công {commune.full_name}", "authority_name": f"UBND {commune.full_name}",
        "level": CentreLevel.COMMUNE, "province": commune.province, "commune": commune, "latitude": commune.latitude,
        "longitude": commune.longitude, "open_from": date(2025, 7, 1)} | fields)[0]


def provincial_centre(province_code: str = places.HUE) -> Centre:
    province = places.province(province_code)
    return Centre.objects.get_or_create(agency_code=f"H{province_code}", defaults={
        "name": f"Trung tâm Phục vụ hành chính công {province.name}", "authority_name": f"UBND {province.name}",
        "level": CentreLevel.PROVINCE, "province": province, "latitude": 16.46, "longitude": 107.59,
        "open_from": date(2025, 7, 1)})[0]


def staff(role: Role | str, display_name: str, **place: Any) -> StaffAccount:
    """A person with the password `PASSWORD`; `place` names what the role needs."""
    return StaffAccount.objects.create(username=f"nhanvien{next(_numbers)}", display_name=display_name, role=role,
                                       password=make_password(PASSWORD), **place)


def clerk(at: Outlet | None = None) -> StaffAccount:
    return staff(Role.OUTLET_CLERK, "Trần Thị Thử", outlet=at or outlet())


def outlet_manager(at: Outlet | None = None) -> StaffAccount:
    return staff(Role.OUTLET_MANAGER, "Đỗ Văn Trưởng", outlet=at or outlet())


def operator_hq(of: Operator | None = None) -> StaffAccount:
    return staff(Role.OPERATOR_HQ, "Vũ Thị Mạng", operator=of or operator())


def officer(at: Centre | None = None) -> StaffAccount:
    return staff(Role.CENTRE_OFFICER, "Lê Văn Giải", centre=at or centre())


def centre_manager(at: Centre | None = None) -> StaffAccount:
    return staff(Role.CENTRE_MANAGER, "Phạm Thị Quản", centre=at or centre())


def reviewer(province_code: str = places.HANOI) -> StaffAccount:
    return staff(Role.FINANCE_REVIEWER, "Ngô Văn Tài", province=places.province(province_code))


def auditor(province_code: str = places.HANOI) -> StaffAccount:
    return staff(Role.AUDITOR, "Bùi Thị Soát", province=places.province(province_code))


def programme_officer(province_code: str = places.HANOI) -> StaffAccount:
    return staff(Role.PROGRAMME_OFFICER, "Phan Thị Chọn", province=places.province(province_code))


def operations_officer(province_code: str = places.HANOI) -> StaffAccount:
    return staff(Role.OPERATIONS_OFFICER, "Nguyễn Văn Trực", province=places.province(province_code))


def acting(account: StaffAccount) -> Actor:
    """The actor of an account, loaded with its place as a request would."""
    loaded = StaffAccount.objects.select_related("outlet__commune", "outlet__operator", "centre")
    return loaded.get(id=account.id).actor

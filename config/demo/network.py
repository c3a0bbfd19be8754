"""The demo's network: every commune centre of two cities, and a plausible set of outlets that says that it is one.

Only the first Hà Nội outlet is a reported fact (75 Đinh Tiên Hoàng, opened 5 February 2025); the others are invented
near the centroid of their commune.
"""

from collections.abc import Sequence
from datetime import date, time
from random import Random
from typing import Final

from django.db import transaction

from agents.models.organisations import (
    Centre,
    CentreLevel,
    OpeningHours,
    Operator,
    OperatorClass,
    Outlet,
    Phase,
    Task,
)
from config.demo.hue_figures import PROVINCE as HUE
from shared.models.places import Commune, Province

HANOI: Final = "01"
AGENCY: Final = {HANOI: "H26", HUE: "H57"}
"""Agency identifiers of the two cities (Decision 20/2020/QĐ-TTg); the numbers of communes after them are ours."""

CENTRES_FROM: Final = date(2025, 7, 1)
AGREEMENT_FROM: Final = {HANOI: date(2024, 12, 9), HUE: date(2025, 3, 21)}
"""Hà Nội: agreement of the city's centre with the postal operators. Huế: agreement with Vietnam Post."""

VNPOST_HANOI: Final = (
    "Hoàn Kiếm",
    "Ba Đình",
    "Cầu Giấy",
    "Tây Hồ",
    "Hà Đông",
    "Đống Đa",
    "Hai Bà Trưng",
    "Long Biên",
    "Gia Lâm",
    "Đông Anh",
    "Sóc Sơn",
    "Sơn Tây",
    "Quảng Oai",
    "Vân Đình",
    "Chương Mỹ",
    "Thạch Thất",
)
VTPOST_HANOI: Final = (
    "Thanh Xuân",
    "Hoàng Mai",
    "Hoài Đức",
    "Mê Linh",
    "Thường Tín",
    "Đan Phượng",
    "Phú Xuyên",
    "Nghĩa Đô",
)
VNPOST_HUE: Final = (
    "Phú Xuân",
    "Thuận Hóa",
    "Phong Dinh",
    "Phong Điền",
    "Hương Trà",
    "Phú Bài",
    "Quảng Điền",
    "Thuận An",
    "A Lưới 2",
)

_ALL_TASKS: Final = [task.value for task in Task]


@transaction.atomic
def lay_network() -> None:
    """Operators, centres and outlets of both cities. Running it again changes nothing."""
    vnpost, vtpost = _operators()
    for province_code in (HUE, HANOI):
        _centres(province_code)
    _outlets(vnpost, "HNI", HANOI, VNPOST_HANOI)
    _outlets(vtpost, "HNV", HANOI, VTPOST_HANOI)
    _outlets(vnpost, "HUE", HUE, VNPOST_HUE)


def _operators() -> tuple[Operator, Operator]:
    vnpost, _ = Operator.objects.get_or_create(
        code="VNPOST",
        defaults={
            "name": "Bưu điện Việt Nam",
            "operator_class": OperatorClass.PUBLIC_POST,
            "carrier_code": "vnpost",
            "hotline": "1900545481",
        },
    )
    vtpost, _ = Operator.objects.get_or_create(
        code="VTPOST",
        defaults={"name": "Viettel Post", "operator_class": OperatorClass.OTHER_POST, "carrier_code": "vtpost"},
    )
    return vnpost, vtpost


def _centres(province_code: str) -> None:
    province = Province.objects.get(code=province_code)
    communes = Commune.objects.filter(province=province).order_by("code")
    rows = [
        Centre(
            agency_code=f"{AGENCY[province_code]}.{number:02d}",
            name=f"Trung tâm PVHCC {commune.full_name}",
            authority_name=f"UBND {commune.full_name}",
            level=CentreLevel.COMMUNE,
            province=province,
            commune=commune,
            latitude=commune.latitude,
            longitude=commune.longitude,
            open_from=CENTRES_FROM,
        )
        for number, commune in enumerate(communes, start=1)
    ]
    seat = communes[0]
    rows.append(
        Centre(
            agency_code=AGENCY[province_code],
            name=f"Trung tâm PVHCC {province.name}",
            authority_name=f"UBND {province.name}",
            level=CentreLevel.PROVINCE,
            province=province,
            latitude=seat.latitude,
            longitude=seat.longitude,
            open_from=CENTRES_FROM,
        )
    )
    Centre.objects.bulk_create(rows, ignore_conflicts=True)


def _outlets(operator: Operator, prefix: str, province_code: str, names: Sequence[str]) -> None:
    random = Random(prefix)  # noqa: S311  # a plausible spot near the centroid, the same at every run
    known = {c.name: c for c in Commune.objects.filter(province_id=province_code, name__in=names)}
    for number, name in enumerate(names, start=1):
        code = f"{prefix}-{number:03d}"
        outlet, is_new = Outlet.objects.get_or_create(
            code=code, defaults=_outlet(operator, known[name], random, province_code)
        )
        if is_new:
            OpeningHours.objects.bulk_create(_hours(outlet, opens_sunday=number == 1))


def _outlet(operator: Operator, commune: Commune, random: Random, province_code: str) -> dict[str, object]:
    is_first = commune.name == "Hoàn Kiếm"
    what = "Bưu cục" if operator.code == "VNPOST" else "Điểm Viettel Post"
    return {
        "operator": operator,
        "name": f"{what} {commune.name}",
        "commune": commune,
        "address": "75 Đinh Tiên Hoàng" if is_first else f"{random.randrange(1, 180)} đường trung tâm (minh hoạ)",
        "latitude": commune.latitude + random.uniform(-0.006, 0.006),
        "longitude": commune.longitude + random.uniform(-0.006, 0.006),
        "phase": Phase.PILOT if is_first else Phase.CITY_WIDE,
        "tasks": _ALL_TASKS,
        "agreement_from": AGREEMENT_FROM[province_code],
    }


def _hours(outlet: Outlet, *, opens_sunday: bool) -> list[OpeningHours]:
    weekdays = [OpeningHours(outlet=outlet, weekday=day, opens=time(7, 30), closes=time(18)) for day in range(6)]
    sunday = [OpeningHours(outlet=outlet, weekday=6, opens=time(8), closes=time(12))] if opens_sunday else []
    return weekdays + sunday

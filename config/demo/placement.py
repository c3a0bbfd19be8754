"""Where 32 outlets of Hà Nội should stand: demand of its 126 communes, 300 invented candidates, solved and kept."""

from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Final

from agents.models.placement import DemandSet, PlacementScenario, SiteSet
from agents.placement.asking import PlacementInput, ask_placement
from agents.placement.demand import estimated_rows, take_demand
from agents.placement.sites import take_sites
from agents.placement.solving import Objective
from agents.placement.terms import DemandSource, SiteRow, SiteSource, Weighing
from config.demo.accounts import actor_of
from shared.actors import Actor
from shared.models.places import Commune

_NAME: Final = "32 điểm, quãng đường trung bình ngắn nhất (minh hoạ)"
_DEMAND: Final = "Ước tính dân số 126 xã, phường (minh hoạ)"
_CANDIDATES: Final = "300 vị trí ứng viên (minh hoạ)"
_SITES: Final = 300
_WANTED: Final = 32
_REACH_KM: Final = Decimal(3)
_SPREAD: Final = 0.015
"""Degrees around a commune's point: a kilometre and a half."""


def tell(now: datetime) -> None:
    """Bring demand and sites, and ask; the answer comes as everywhere, by a worker. Once."""
    by = actor_of("chuongtrinh.hanoi")
    if PlacementScenario.objects.filter(province_id=by.province_code, name=_NAME).exists():
        return
    demand, sites = _demand(by, now), _sites(by, now)
    ask_placement(
        PlacementInput(_NAME, demand.id, sites.id, _WANTED, keeps_standing=False,
                       objective=Objective.DISTANCE, reach_km=_REACH_KM, weighing=Weighing(Decimal(0), Decimal(0))),
        by=by, at=now)


def _demand(by: Actor, now: datetime) -> DemandSet:
    known: DemandSet | None = DemandSet.objects.filter(province_id=by.province_code, name=_DEMAND).first()
    return known or take_demand(
        name=_DEMAND, note="Ước tính theo đơn vị cũ, không phải số điều tra", rows=estimated_rows(by.province_code),
        source=DemandSource.ESTIMATE, by=by, at=now)


def _sites(by: Actor, now: datetime) -> SiteSet:
    known: SiteSet | None = SiteSet.objects.filter(province_id=by.province_code, name=_CANDIDATES).first()
    return known or take_sites(name=_CANDIDATES, rows=candidates(by.province_code), source=SiteSource.FILE, by=by,
                               at=now)


def candidates(province_code: str) -> list[SiteRow]:
    """Invented places near the communes' points, in turn; the same at every run."""
    random = Random("placement")  # noqa: S311  # a plausible spot, no secret
    communes = list(Commune.objects.filter(province_id=province_code).order_by("code"))
    found = []
    for number in range(_SITES):
        commune, turn = communes[number % len(communes)], number // len(communes) + 1
        found.append(SiteRow(f"UV-{number + 1:03d}", f"Vị trí {turn} gần {commune.name} (minh hoạ)",
                             commune.latitude + random.uniform(-_SPREAD, _SPREAD),
                             commune.longitude + random.uniform(-_SPREAD, _SPREAD)))
    return found

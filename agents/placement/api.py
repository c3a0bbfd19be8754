"""The placement planner for machines and screens."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.placement.asking import PlacementInput, ask_placement
from agents.placement.demand import take_demand
from agents.placement.errors import DemandSetNotFound, PlacementNotFound
from agents.placement.handing_over import hand_over_site
from agents.placement.outcome import Outcome
from agents.placement.queries import demand_sets, find_placement, outcome_of, placements, rows_of, site_sets
from agents.placement.sites import take_sites
from agents.placement.solving import Objective
from agents.placement.terms import DemandRow, DemandSource, SiteRow, SiteSource, Weighing
from shared.api import In, Latitude, Longitude, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["placement"])
READ = allow(roles={Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}, scopes={"placement:read"})
WRITE = allow(roles={Role.PROGRAMME_OFFICER}, scopes=set())
Name = Annotated[str, Field(min_length=1, max_length=120)]
Share = Annotated[float, Field(ge=0, le=1)]


class DemandRowIn(In):
    commune_code: Annotated[str, Field(pattern=r"^\d{5}$")]
    demand: Annotated[int, Field(ge=0, le=10_000_000)]
    elderly_share: Share | None = None
    online_rate: Share | None = None
    terrain_factor: Annotated[float, Field(ge=1, le=5)] = 1

    def row(self) -> DemandRow:
        return DemandRow(self.commune_code, self.demand, _share(self.elderly_share), _share(self.online_rate),
                         Decimal(str(self.terrain_factor)).quantize(Decimal("0.01")))


class DemandSetIn(In):
    name: Name
    note: Annotated[str, Field(max_length=300)] = ""
    rows: Annotated[list[DemandRowIn], Field(min_length=1, max_length=500)]


class DemandSetOut(Out):
    id: UUID
    name: str
    note: str
    source: Annotated[str, Field(description="file, estimate or dossiers")]
    state: Annotated[str, Field(description="asked while a worker counts, computed, or failed.")]
    communes: int
    total: int
    made_by_name: str
    made_at: datetime


class DemandRowOut(Out):
    commune_code: Annotated[str, Field(validation_alias="commune_id")]
    demand: int
    elderly_share: float | None
    online_rate: float | None
    terrain_factor: float
    centre_km: float | None


class DemandSetDetailOut(DemandSetOut):
    rows: list[DemandRowOut]


class SiteRowIn(In):
    code: Annotated[str, Field(min_length=1, max_length=24)]
    name: Name
    latitude: Latitude
    longitude: Longitude
    address: Annotated[str, Field(max_length=200)] = ""


class SiteSetIn(In):
    name: Name
    sites: Annotated[list[SiteRowIn], Field(min_length=1, max_length=500)]


class SiteSetOut(Out):
    id: UUID
    name: str
    source: Annotated[str, Field(description="file, or former: points of communes dissolved on 1 July 2025")]
    sites: int
    made_by_name: str
    made_at: datetime


class PlacementIn(In):
    name: Name
    demand_set_id: UUID
    site_set_id: UUID
    wanted: Annotated[int, Field(ge=1, le=200)]
    keeps_standing: Annotated[bool, Field(description="False: today's outlets compete with the candidates.")] = True
    objective: Objective = Objective.COVERAGE
    reach_km: Annotated[float, Field(ge=0.5, le=100)] = 5
    elderly_weight: Annotated[float, Field(ge=0, le=5)] = 0
    offline_weight: Annotated[float, Field(ge=0, le=5)] = 0

    planned_on: Annotated[date | None, Field(
        description="Outlets count where they stand on this day, decided moves included. None: today.")] = None

    def asked(self) -> PlacementInput:
        return PlacementInput(
            self.name, self.demand_set_id, self.site_set_id, self.wanted, self.keeps_standing, self.objective,
            _hundredths(self.reach_km), Weighing(_hundredths(self.elderly_weight), _hundredths(self.offline_weight)),
            self.planned_on)


class PlacementOut(Out):
    id: UUID
    name: str
    state: Annotated[str, Field(description="asked, computed or failed")]
    problem: str
    demand_set_id: UUID
    site_set_id: UUID
    wanted: int
    keeps_standing: bool
    planned_on: Annotated[date | None, Field(description="None: the day it was asked.")]
    objective: str
    reach_km: float
    elderly_weight: float
    offline_weight: float
    is_proven: bool
    value: Annotated[float | None, Field(description="Weight within reach, or the weighted mean way in km.")]
    bound: Annotated[float | None, Field(description="What no choice can beat.")]
    seconds: float | None
    asked_by_name: str
    asked_at: datetime
    computed_at: datetime | None


class PlacementFiguresOut(Out):
    demand: int
    covered_before: int
    covered_after: int
    weight: float
    weight_before: float
    weight_after: float
    mean_before: float | None
    mean_after: float
    farthest_before: float | None
    farthest_after: float


class SiteOut(Out):
    key: str
    code: str
    name: str
    address: str
    latitude: float
    longitude: float
    communes: int
    demand: int
    only: int
    newly: int
    mean_before: float | None
    mean_after: float | None


class CommuneOut(Out):
    code: str
    name: str
    demand: int
    weight: float
    before: str
    after: str
    km_before: float | None
    km_after: float
    is_covered_before: bool
    is_covered_after: bool


class OutcomeOut(Out):
    figures: PlacementFiguresOut
    sites: list[SiteOut]
    communes: list[CommuneOut]


class PlacementDetailOut(PlacementOut):
    outcome: OutcomeOut | None


@router.get("/demand-sets", response=Page[DemandSetOut], auth=READ, summary="Demand sets, newest first")
def list_demand_sets(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those of the caller's city."""
    found, following = page_of(demand_sets(request.actor), asked=asked, order=("-made_at", "-id"))
    return {"items": found, "next": following}


@router.post("/demand-sets", response={201: DemandSetOut}, auth=WRITE, summary="Bring a city's demand")
def bring_demand(request: WardpostRequest, body: DemandSetIn) -> HttpResponse:
    """All rows, or none when one is wrong."""
    rows = [row.row() for row in body.rows]
    return idempotent(request, status=201, schema=DemandSetOut, call=lambda: take_demand(
        name=body.name, note=body.note, rows=rows, source=DemandSource.FILE, by=request.actor, at=timezone.now()))


@router.get("/demand-sets/{uuid:demand_set_id}", response=DemandSetDetailOut, auth=READ, summary="One demand set")
def get_demand_set(request: WardpostRequest, demand_set_id: UUID) -> dict[str, object]:
    """With every commune."""
    found = demand_sets(request.actor).filter(id=demand_set_id).first()
    if found is None:
        raise DemandSetNotFound
    shown = DemandSetOut.model_validate(found).model_dump()
    return {**shown, "rows": [DemandRowOut.model_validate(row) for row in rows_of(found)]}


@router.get("/site-sets", response=Page[SiteSetOut], auth=READ, summary="Lists of candidate sites, newest first")
def list_site_sets(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those of the caller's city."""
    found, following = page_of(site_sets(request.actor), asked=asked, order=("-made_at", "-id"))
    return {"items": found, "next": following}


@router.post("/site-sets", response={201: SiteSetOut}, auth=WRITE, summary="Bring candidate sites")
def bring_sites(request: WardpostRequest, body: SiteSetIn) -> HttpResponse:
    """All sites, or none when one is wrong."""
    rows = [SiteRow(each.code, each.name, each.latitude, each.longitude, each.address) for each in body.sites]
    return idempotent(request, status=201, schema=SiteSetOut, call=lambda: take_sites(
        name=body.name, rows=rows, source=SiteSource.FILE, by=request.actor, at=timezone.now()))


@router.get("/placements", response=Page[PlacementOut], auth=READ, summary="Placement scenarios, newest first")
def list_placements(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those of the caller's city."""
    found, following = page_of(placements(request.actor), asked=asked, order=("-asked_at", "-id"))
    return {"items": found, "next": following}


@router.post("/placements", response={201: PlacementOut}, auth=WRITE, summary="Ask where outlets should stand")
def ask(request: WardpostRequest, body: PlacementIn) -> HttpResponse:
    """The answer follows; read the scenario until its state is no longer "asked"."""
    return idempotent(request, status=201, schema=PlacementOut, call=lambda: ask_placement(
        body.asked(), by=request.actor, at=timezone.now()))


@router.get("/placements/{uuid:scenario_id}", response=PlacementDetailOut, auth=READ, summary="One placement scenario")
def get_placement(request: WardpostRequest, scenario_id: UUID) -> dict[str, Any]:
    """The chosen sites with their reasons, and every commune before and after."""
    found = find_placement(request.actor, scenario_id)
    if found is None:
        raise PlacementNotFound
    outcome: Outcome | None = outcome_of(found)
    return {**PlacementOut.model_validate(found).model_dump(),
            "outcome": OutcomeOut.model_validate(outcome) if outcome else None}


class SiteHandOverIn(In):
    site_key: Annotated[str, Field(max_length=40, description="Of a chosen site, as the outcome names it.")]
    operator_id: UUID


class CandidateOut(Out):
    id: UUID
    code: str
    name: str
    state: str


@router.post("/placements/{uuid:scenario_id}/candidates", response={201: CandidateOut}, auth=WRITE,
             summary="Make a chosen site a candidate")
def make_candidate(request: WardpostRequest, scenario_id: UUID, body: SiteHandOverIn) -> HttpResponse:
    """Hand a chosen site to accreditation, as an operator's candidate, with the reasons of the choice."""
    return idempotent(request, status=201, schema=CandidateOut, call=lambda: hand_over_site(
        scenario_id=scenario_id, site_key=body.site_key.replace("\x00", ""), operator_id=body.operator_id,
        by=request.actor, at=timezone.now()))


def _share(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.0001"))


def _hundredths(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))

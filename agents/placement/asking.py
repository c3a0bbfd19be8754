"""Somebody asks where outlets should stand; a worker answers."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Outlet, OutletStatus
from agents.models.placement import DemandSet, PlacementScenario, SiteSet
from agents.moves.places import places_on
from agents.placement.errors import PlacementNotFound, PlacementRefused
from agents.placement.events import PlacementAsked
from agents.placement.queries import demand_sets, site_sets
from agents.placement.solving import Objective
from agents.placement.terms import (
    FARTHEST_AHEAD,
    LEAST_REACH,
    MOST_REACH,
    MOST_WANTED,
    MOST_WEIGHT,
    PlacementState,
    Weighing,
)
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.problems import told
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class PlacementInput:
    """What is asked. `wanted`: how many are added; when outlets are not kept, how many there are in all."""

    name: str
    demand_set_id: UUID
    site_set_id: UUID
    wanted: int
    keeps_standing: bool
    objective: Objective
    reach_km: Decimal
    weighing: Weighing
    planned_on: date | None = None
    """The day it is planned for; none: today."""


@operation
def ask_placement(asked: PlacementInput, *, by: Actor, at: datetime) -> PlacementScenario:
    """Keep the question with the outlets as they stand on its day; the answer follows within seconds to a minute.

    Raises:
        PlacementRefused: no name, unknown lists, or figures out of range.
    """
    demand = demand_sets(by).filter(id=asked.demand_set_id, state=PlacementState.COMPUTED).first()
    sites = site_sets(by).filter(id=asked.site_set_id).first()
    today = local(at).date()
    planned_on = asked.planned_on or today
    standing = _standing(by.province_code, planned_on)
    wrong = ErrorCollector()
    _check_lists(wrong, asked, demand, sites, len(standing))
    _check_figures(wrong, asked)
    if not today <= planned_on <= today + FARTHEST_AHEAD:
        wrong.add("/planned_on", "range", told(_("From today on, at most {n} days ahead."), n=FARTHEST_AHEAD.days))
    wrong.raise_if_any(PlacementRefused)
    assert demand is not None and sites is not None  # noqa: S101, PT018  # refused above
    scenario = PlacementScenario.objects.create(
        province_id=by.province_code, name=asked.name.strip()[:120], demand_set=demand, site_set=sites,
        wanted=asked.wanted, keeps_standing=asked.keeps_standing, standing=standing, planned_on=planned_on,
        objective=asked.objective, reach_km=asked.reach_km, elderly_weight=asked.weighing.elderly,
        offline_weight=asked.weighing.offline, asked_by=by.id, asked_by_name=by.name, asked_at=at)
    audit.record(actor=by, action="ask_placement", object_type="placement_scenario", object_id=scenario.id, at=at,
                 after={"demand_set": str(asked.demand_set_id), "site_set": str(asked.site_set_id),
                        "wanted": asked.wanted})
    publish(PlacementAsked(scenario.id, asked_at=at))
    return scenario


@operation
def drop_placement(*, scenario_id: UUID, by: Actor, at: datetime) -> None:
    """Throw a scenario away: it is a question, not a decision.

    Raises:
        PlacementNotFound: none of this city.
    """
    found = PlacementScenario.objects.select_for_update().filter(
        id=scenario_id, province_id=by.province_code).first()
    if found is None:
        raise PlacementNotFound
    found.delete()
    audit.record(actor=by, action="drop_placement", object_type="placement_scenario", object_id=scenario_id, at=at)


def _standing(province_code: str, day: date) -> list[dict[str, object]]:
    """The city's outlets that work under an agreement on the day, each where it stands then."""
    found = Outlet.objects.filter(commune__province_id=province_code, status=OutletStatus.ACTIVE,
                                  agreement_from__lte=day).exclude(agreement_until__lte=day).order_by("code")
    moved = places_on(day)
    places = [(each, moved.get(each.id, each)) for each in found]
    return [{"key": f"outlet:{outlet.code}", "code": outlet.code, "name": outlet.name, "address": there.address,
             "latitude": there.latitude, "longitude": there.longitude} for outlet, there in places]


def _check_lists(wrong: ErrorCollector, asked: PlacementInput, demand: DemandSet | None, sites: SiteSet | None,
                 standing: int) -> None:
    if not asked.name.strip():
        wrong.add("/name", "missing", _("Give it a name, to find it again."))
    if demand is None:
        wrong.add("/demand_set_id", "unknown", _("Choose a demand set of this city that is ready."))
    if sites is None:
        wrong.add("/site_set_id", "unknown", _("Choose a list of candidate sites of this city."))
        return
    most = min(MOST_WANTED, sites.sites + (0 if asked.keeps_standing else standing))
    if not 1 <= asked.wanted <= most:
        wrong.add("/wanted", "range", told(_("Between 1 and {most}: so many candidates there are."), most=most))


def _check_figures(wrong: ErrorCollector, asked: PlacementInput) -> None:
    if not LEAST_REACH <= asked.reach_km <= MOST_REACH:
        wrong.add("/reach_km", "range", told(_("Between {least} and {most} km."), least=LEAST_REACH, most=MOST_REACH))
    for name, value in (("elderly_weight", asked.weighing.elderly), ("offline_weight", asked.weighing.offline)):
        if not 0 <= value <= MOST_WEIGHT:
            wrong.add(f"/{name}", "range", told(_("Between 0 and {most}."), most=MOST_WEIGHT))

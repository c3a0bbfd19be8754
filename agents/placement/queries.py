"""The planner's lists and answers, each of the actor's city."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import FETCH_RAISE, QuerySet

from agents.models.placement import CandidateSite, CommuneDemand, DemandSet, PlacementScenario, SiteSet
from agents.placement.outcome import Outcome
from agents.placement.terms import Demand, Layout, Place, Weighing
from shared.actors import Actor


def demand_sets(actor: Actor) -> QuerySet[DemandSet]:
    """The newest first."""
    return DemandSet.objects.filter(province_id=actor.province_code or "").order_by("-made_at", "-id").fetch_mode(
        FETCH_RAISE)


def site_sets(actor: Actor) -> QuerySet[SiteSet]:
    """The newest first."""
    return SiteSet.objects.filter(province_id=actor.province_code or "").order_by("-made_at", "-id").fetch_mode(
        FETCH_RAISE)


def placements(actor: Actor) -> QuerySet[PlacementScenario]:
    """The newest first, with the names of their lists."""
    return PlacementScenario.objects.filter(province_id=actor.province_code or "").select_related(
        "demand_set", "site_set").order_by("-asked_at", "-id").fetch_mode(FETCH_RAISE)


def find_placement(actor: Actor, scenario_id: UUID) -> PlacementScenario | None:
    return placements(actor).filter(id=scenario_id).first()


def rows_of(demand_set: DemandSet) -> list[CommuneDemand]:
    return list(CommuneDemand.objects.filter(demand_set=demand_set).select_related("commune").order_by("commune_id"))


def sites_of(site_set: SiteSet) -> list[CandidateSite]:
    return list(CandidateSite.objects.filter(site_set=site_set).select_related("commune").order_by("code"))


def weighing_of(scenario: PlacementScenario) -> Weighing:
    return Weighing(scenario.elderly_weight, scenario.offline_weight)


def demands_of(scenario: PlacementScenario) -> list[Demand]:
    """Every commune with its weight in this scenario."""
    weighing = weighing_of(scenario)
    return [Demand(row.commune_id, row.commune.full_name, row.commune.latitude, row.commune.longitude, row.demand,
                   row.elderly_share, row.online_rate, row.terrain_factor,
                   float(weighing.weight(row.demand, row.elderly_share, row.online_rate)))
            for row in rows_of(scenario.demand_set)]


def layout_of(scenario: PlacementScenario) -> Layout:
    """Outlets that compete stand among the candidates, before the sites."""
    standing: Sequence[Place] = [Place.from_data(each) for each in scenario.standing]
    sites = [Place(f"site:{row.code}", row.code, row.name, row.address or row.commune.full_name, row.latitude,
                   row.longitude) for row in sites_of(scenario.site_set)]
    return Layout(standing, sites if scenario.keeps_standing else [*standing, *sites], scenario.keeps_standing)


def outcome_of(scenario: PlacementScenario) -> Outcome | None:
    return Outcome.from_data(scenario.outcome) if scenario.outcome else None

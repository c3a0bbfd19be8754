"""A chosen site goes on to accreditation: a candidate of an operator, with the reasons for which it was chosen."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from agents.accreditation import steps
from agents.accreditation.models import Accreditation
from agents.accreditation.rules import State
from agents.models.organisations import Phase, Task
from agents.models.placement import CandidateSite, PlacementScenario
from agents.operations.outlets import Site
from agents.placement.errors import PlacementNotFound, SiteAlreadyProposed
from agents.placement.outcome import Outcome, SiteReasons
from agents.placement.queries import find_placement, outcome_of
from shared.actors import Actor
from shared.formatting import number
from shared.identifiers import spoken_code
from shared.transactions import operation

_PREFIX: Final = "UV"
"""Of a candidate's code ("ứng viên"), until the outlet has one of its own."""


@operation
def hand_over_site(*, scenario_id: UUID, site_key: str, operator_id: UUID, by: Actor, at: datetime) -> Accreditation:
    """Make a chosen site a candidate of the operator; the programme's office surveys it, the operator may withdraw it.

    Raises:
        PlacementNotFound: no such scenario of this city, or the site is not among those it chose.
        SiteAlreadyProposed: a place at this point is a candidate already, or an outlet.
        InvalidOutlet: there is no such operator.
    """
    scenario = find_placement(by, scenario_id)
    outcome = outcome_of(scenario) if scenario is not None else None
    if scenario is None or outcome is None:
        raise PlacementNotFound
    site = next((each for each in outcome.sites if each.key == site_key and is_candidate(each)), None)
    row = CandidateSite.objects.filter(site_set_id=scenario.site_set_id, code=site.code).first() if site else None
    if site is None or row is None:
        raise PlacementNotFound
    if proposed(scenario, [site]):
        raise SiteAlreadyProposed
    proposal = steps.Proposal(
        f"{_PREFIX}-{spoken_code(6)}", site.name, Site(row.commune_id, site.address, site.latitude, site.longitude),
        frozenset(Task.values), Phase.EXTENDED)
    return steps.handed_over(operator_id=operator_id, proposal=proposal, by=by, at=at,
                             reason=_reasons(scenario, site)[:500])


def is_candidate(site: SiteReasons) -> bool:
    """An outlet that competes with the candidates needs no accreditation anew."""
    return site.key.startswith("site:")


def proposed(scenario: PlacementScenario, sites: Iterable[SiteReasons]) -> Mapping[str, UUID]:
    """Which of the sites are candidates or outlets already: key → accreditation."""
    points = {(site.latitude, site.longitude): site.key for site in sites}
    rows = Accreditation.objects.filter(
        province_code=scenario.province_id, latitude__in=[latitude for latitude, _longitude in points],
    ).exclude(state=State.CLOSED).values_list("latitude", "longitude", "id")
    return {points[latitude, longitude]: found for latitude, longitude, found in rows
            if (latitude, longitude) in points}


def _reasons(scenario: PlacementScenario, site: SiteReasons) -> str:
    """In Vietnamese, as the other steps' reasons are written."""
    before = "chưa có điểm nào" if site.mean_before is None else f"{site.mean_before:.1f} km".replace(".", ",")
    after = "" if site.mean_after is None else f" còn {site.mean_after:.1f} km".replace(".", ",")
    return (f"Theo phương án “{scenario.name}”: gần nhất cho {site.communes} xã, phường, nhu cầu {number(site.demand)};"
            f" chỉ nơi này với tới {number(site.only)}; mới vào tầm {number(site.newly)};"
            f" quãng đường trung bình từ {before}{after}.")


def handed_over_of(scenario: PlacementScenario, outcome: Outcome) -> Mapping[str, UUID]:
    """For the page: which chosen sites are candidates already."""
    return proposed(scenario, [site for site in outcome.sites if is_candidate(site)])

"""A scenario in words: figures, proof and maps, for the page and for the comparison of two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agents.models.placement import PlacementScenario
from agents.placement.outcome import CommuneReach, Figures, Outcome, SiteReasons
from agents.placement.queries import weighing_of
from agents.placement.solving import Objective
from agents.placement.terms import Demand
from shared import formatting
from shared.formatting import speaks_vietnamese
from shared.pictures import Map, Point, Tone

SMALL, LARGE = 5, 9
_LEAST_SHOWN: Final = 0.0001


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of before and after."""

    name: str
    before: str
    after: str
    change: str


def decimal(value: float, digits: int = 1) -> str:
    """"3,2" or "3.2"."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if speaks_vietnamese() else text


def km(value: float | None) -> str:
    return pgettext("placement", "none") if value is None else f"{decimal(value)} km"


def figures(outcome: Outcome) -> list[Figure]:
    """Covered demand, mean and longest way, before and after."""
    all_of, covered = outcome.figures, _covered(outcome.figures)
    return [covered,
            Figure(_("Mean way, by weight"), km(all_of.mean_before), km(all_of.mean_after),
                   _km_change(all_of.mean_before, all_of.mean_after)),
            Figure(_("Longest way"), km(all_of.farthest_before), km(all_of.farthest_after),
                   _km_change(all_of.farthest_before, all_of.farthest_after))]


def _covered(all_of: Figures) -> Figure:
    more = all_of.covered_after - all_of.covered_before
    return Figure(_("Demand within reach"), _part(all_of.covered_before, all_of.demand),
                  _part(all_of.covered_after, all_of.demand), f"{'+' if more > 0 else ''}{formatting.number(more)}")


def _part(covered: int, demand: int) -> str:
    return f"{formatting.number(covered)} ({formatting.percent(100 * covered / demand if demand else 0, 1)})"


def _km_change(before: float | None, after: float) -> str:
    if before is None:
        return ""
    change = after - before
    return f"{'+' if change > 0 else ''}{decimal(change)} km"


def proof(scenario: PlacementScenario) -> str:
    """Said plainly: nothing is better, or by how much something could be."""
    seconds = decimal(scenario.seconds or 0)
    if scenario.is_proven:
        return _("Proven: no other choice of sites is better. Worked out in %(seconds)s s.") % {"seconds": seconds}
    gap = decimal(100 * max(scenario.gap, _LEAST_SHOWN), 2)
    return _("Not proven: the best found in %(seconds)s s; a better choice could gain at most %(gap)s %%.") % {
        "seconds": seconds, "gap": gap}


def objective_words(scenario: PlacementScenario) -> str:
    if scenario.objective == Objective.COVERAGE:
        return _("as much demand as possible within %(reach)s km") % {"reach": decimal(float(scenario.reach_km))}
    return _("the shortest mean way")


def arithmetic(scenario: PlacementScenario, reach: CommuneReach | Demand) -> str:
    """"12.000 × (1 + 0,5 × 18 % + 1 × 60 %) = 20.280": how a commune's weight came about."""
    weighing, parts = weighing_of(scenario), ["1"]
    if weighing.elderly and reach.elderly_share is not None:
        parts.append(f"{decimal(float(weighing.elderly), 2)} × {_percent(float(reach.elderly_share))}")
    if weighing.offline and reach.online_rate is not None:
        parts.append(f"{decimal(float(weighing.offline), 2)} × {_percent(1 - float(reach.online_rate))}")
    return f"{formatting.number(reach.demand)} × ({' + '.join(parts)}) = {decimal(reach.weight, 0)}"


def _percent(share: float) -> str:
    return formatting.percent(100 * share, 1)


def map_before(scenario: PlacementScenario, outcome: Outcome) -> Map:
    """Communes by whether something is within reach, and the outlets of today."""
    return Map(_("Before"), [*_communes(outcome.communes, is_after=False), *_standing(scenario)])


def map_after(scenario: PlacementScenario, outcome: Outcome) -> Map:
    """The same with the chosen sites, numbered as in their table."""
    kept = _standing(scenario) if scenario.keeps_standing else []
    chosen = [_chosen(site, number) for number, site in enumerate(outcome.sites, start=1)]
    return Map(_("After"), [*_communes(outcome.communes, is_after=True), *kept, *chosen])


def _communes(communes: Sequence[CommuneReach], *, is_after: bool) -> list[Point]:
    points = []
    for each in communes:
        covered, way = (each.is_covered_after, each.km_after) if is_after else (each.is_covered_before, each.km_before)
        points.append(Point(each.latitude, each.longitude, each.name, f"{formatting.number(each.demand)} · {km(way)}",
                            Tone.OK if covered else Tone.SOON, SMALL))
    return points


def _standing(scenario: PlacementScenario) -> list[Point]:
    return [Point(each["latitude"], each["longitude"], each["name"], each["address"], Tone.NIGHT, LARGE)
            for each in scenario.standing]


def _chosen(site: SiteReasons, number: int) -> Point:
    return Point(site.latitude, site.longitude, site.name, site.address, Tone.ACTION, LARGE + 2, str(number))

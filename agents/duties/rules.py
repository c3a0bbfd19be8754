"""Which duties may be handed to whom, and which pages and API operations each of them opens. Pure tables.

Second factors, passwords, invitations, bank details and payments are in no duty, and neither is whatever the city or
the operator confirms. Where a duty has a second person (the difference of a cash shift), the operation asks
`Actor.is_one_of`: she and whom she stands in for count as one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.roles import Role

LONGEST: Final = timedelta(days=92)
"""Who is away for longer than a quarter needs a successor."""
AHEAD: Final = timedelta(days=92)


class Duty(StrEnum):
    ROSTER = "roster"
    VISITS = "visits"
    TRAINING = "training"
    QUALITY = "quality"
    COMPLAINTS = "complaints"
    CASH = "cash"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Reach:
    """`giver` hands it to `receivers` of the same place; `pages` are names of addresses, `routes` the API's."""

    giver: str
    receivers: frozenset[str]
    begins_at: str
    """The page where the work begins."""
    pages: frozenset[str]
    routes: frozenset[str] = frozenset()


def _of_outlet(begins_at: str, *pages: str, routes: frozenset[str] = frozenset()) -> Reach:
    return Reach(Role.OUTLET_MANAGER, frozenset({Role.OUTLET_CLERK}), begins_at, frozenset({begins_at, *pages}), routes)


REACHES: Final[Mapping[Duty, Reach]] = MappingProxyType({
    Duty.ROSTER: _of_outlet(
        "agents:own-roster", "agents:roster", "agents:roster-add", "agents:roster-remove", "agents:roster-copy",
        "agents:roster-absence", "agents:roster-end-absence", routes=frozenset({
            "outlets/{outlet_id}/roster", "outlets/{outlet_id}/roster-shifts",
            "roster-shifts/{shift_id}", "roster-absences", "roster-absences/{absence_id}"})),
    Duty.VISITS: _of_outlet(
        "agents:visits", "agents:open-sub-point", "agents:sub-point", "agents:visit", "agents:end-visit-series",
        routes=frozenset({
            "sub-points", "sub-points/{sub_point_id}/closures", "sub-points/{sub_point_id}/visits",
            "sub-points/{sub_point_id}/series", "visit-series/{series_id}/ends",
            "visits/{visit_id}/cancellations", "visits/{visit_id}/moves"})),
    Duty.TRAINING: _of_outlet("agents:training-coverage"),
    Duty.QUALITY: _of_outlet("agents:scorecards", "agents:scorecard", "agents:score-measure", "agents:score-appeals",
                             routes=frozenset({"score-appeals"})),
    Duty.COMPLAINTS: _of_outlet("intake:complaints", "intake:explain-complaint", routes=frozenset({
        "complaints", "complaints/{complaint_id}/explanations"})),
    Duty.CASH: _of_outlet("billing:shifts", "billing:one-shift", "billing:answer-shift", routes=frozenset({
        "cash-shifts/{shift_id}/answers"})),
    Duty.TEAM: Reach(
        Role.CENTRE_MANAGER, frozenset({Role.CENTRE_OFFICER}), "intake:team",
        frozenset({"intake:team", "intake:absence", "intake:work", "intake:assign-chosen"}),
        frozenset({"dossiers/{dossier_id}/assignments", "centre/assignments"})),
})

_CONVERTED: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_BY_PAGE: Final = {page: duty for duty, reach in REACHES.items() for page in reach.pages}
_BY_ROUTE: Final = {f"api/v1/{route}": duty for duty, reach in REACHES.items() for route in reach.routes}


def duty_of(view_name: str, route: str) -> Duty | None:
    """The duty that an address belongs to, as Django resolved it; None: it is in none."""
    return _BY_PAGE.get(view_name) or _BY_ROUTE.get(_CONVERTED.sub(r"{\1}", route))


def duties_of(role: str) -> tuple[Duty, ...]:
    """What people of a role may hand on."""
    return tuple(duty for duty, reach in REACHES.items() if reach.giver == role)


def may_take(role: str, duty: Duty) -> bool:
    return role in REACHES[duty].receivers

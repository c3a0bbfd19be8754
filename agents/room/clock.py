"""The escalation clock: winding it, and keeping the one work item that tells who is to act."""

from datetime import datetime
from typing import Final

from agents.room.models import Incident
from agents.room.rules import LEVELS, UNSOLVED, UNTAKEN, Effect, IncidentState, next_climb
from shared import work
from shared.working_days import work_calendar

KIND: Final = "incident"
SETTLE_MINUTES: Final = 60
"""Working minutes for the work item of the highest level, which nobody stands above."""


def wind(incident: Incident) -> None:
    """Set when the next level is to be told; the caller saves."""
    if IncidentState(incident.state) not in UNSOLVED:
        incident.climbs_at = None
        return
    climb = next_climb(level=incident.level, effect=Effect(incident.effect), since=incident.clock_from,
                       is_taken=IncidentState(incident.state) not in UNTAKEN, calendar=work_calendar())
    incident.climbs_at = None if climb is None else climb[1]


def follow(incident: Incident, *, at: datetime, outcome: str = "") -> None:
    """Close the work item of before, and open one for whoever is to act now."""
    work.close_item(kind=KIND, reference=str(incident.id), by="incident", at=at, outcome=outcome or incident.state)
    if IncidentState(incident.state) not in UNSOLVED:
        return
    due_at = incident.climbs_at or work_calendar().add_working_minutes(at, SETTLE_MINUTES)
    work.open_item(kind=KIND, reference=str(incident.id), owner_role=LEVELS[incident.level].role,
                   owner_place=incident.province_code, at=at, due_at=max(due_at, at),
                   detail={"province": incident.province_code, "code": incident.code, "kind": incident.kind,
                           "level": incident.level})

"""Searching people by whole number is for whoever stands at the counter: past a day's cap a manager is told."""

from datetime import datetime
from typing import Final

from django.db.models import F

from agents import public as agents
from intake.errors import TooManySearches
from intake.models.citizens import SearchTally
from intake.rules import clock
from shared import work
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

CAP: Final = 200
"""Searches of one person on one local day: a busy counter serves 60 citizens, some of them twice."""
KIND: Final = "searches-unusual"


def count_one(*, by: Actor, at: datetime) -> None:
    """Count a search. Raises TooManySearches past the cap; the manager's work item is kept all the same."""
    if by.kind != ActorKind.PERSON:
        return
    if _count(by=by, at=at) > CAP:
        _tell_manager(by=by, at=at)
        raise TooManySearches(cap=CAP)


@operation
def _count(*, by: Actor, at: datetime) -> int:
    day = local(at).date()
    tally, _is_new = SearchTally.objects.get_or_create(actor_id=by.id, day=day)
    SearchTally.objects.filter(id=tally.id).update(searches=F("searches") + 1)
    tally.refresh_from_db(fields=["searches"])
    return tally.searches


@operation
def _tell_manager(*, by: Actor, at: datetime) -> None:
    """One item a person and day, for the manager of her place."""
    role, place = _manager(by)
    work.open_item(kind=KIND, reference=f"{by.id}:{local(at).date().isoformat()}", owner_role=role, owner_place=place,
                   at=at, due_at=clock.due_after_pause(clock.DAY_MINUTES, at, work_calendar()), detail={"cap": CAP})


def _manager(by: Actor) -> tuple[str, str]:
    if by.outlet_id is not None:
        return Role.OUTLET_MANAGER, agents.get_outlet(by.outlet_id).code
    if by.centre_id is not None:
        return Role.CENTRE_MANAGER, agents.get_centre(by.centre_id).agency_code
    return Role.ADMINISTRATOR, ""

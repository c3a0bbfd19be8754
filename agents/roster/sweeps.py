"""Gaps of the coming week as work of the outlet's manager, found from the rows; swaps that nobody answered."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from agents.models.organisations import Outlet, OutletStatus
from agents.models.people import StaffAccount
from agents.queries import outlets
from agents.roster.models import RosterShift, RosterSwap
from agents.roster.queries import Day, absences_of, day_of, hours_of, is_away
from agents.roster.rules import DAYS_WATCHED, SwapState
from agents.roster.skills import skills_of
from shared.calendar import at_local, local
from shared.models.oversight import WorkItem
from shared.roles import Role
from shared.transactions import operation

GAP: Final = "roster-gap"
_IN_USE: Final = timedelta(days=14)


@operation
def watch_rosters(*, at: datetime) -> int:
    """Give managers an item for each day of the coming week that is short; returns how many are new.

    Watched are outlets that use a roster: with a shift within two weeks. What is covered by now is closed.
    """
    today = local(at).date()
    days = [today + timedelta(days=number) for number in range(DAYS_WATCHED)]
    used = RosterShift.objects.filter(date__range=(today - _IN_USE, today + _IN_USE)).values("outlet_id")
    watched = list(outlets().filter(id__in=used, status=OutletStatus.ACTIVE).order_by("code"))
    found = {item.reference: item for outlet, day in _told(watched, days) if (item := _item(outlet, day, at))}
    waiting = WorkItem.objects.filter(kind=GAP, closed_at=None)
    waiting.exclude(reference__in=found).update(closed_at=at, closed_by="sweep", outcome="covered")
    known = {item.reference: item for item in waiting}
    changed = [_as_found(item, found[reference]) for reference, item in known.items()
               if item.detail != found[reference].detail]
    WorkItem.objects.bulk_update(changed, ["detail", "due_at"])
    new = [item for reference, item in found.items() if reference not in known]
    WorkItem.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _as_found(item: WorkItem, found: WorkItem) -> WorkItem:
    item.detail, item.due_at = found.detail, found.due_at
    return item


def _told(watched: list[Outlet], days: list[date]) -> Iterable[tuple[Outlet, Day]]:
    """Each of the days of each outlet; a fixed number of questions to the database."""
    ids = [outlet.id for outlet in watched]
    hours, away = hours_of(ids), absences_of(ids, days[0], days[-1])
    there: dict[UUID, list[tuple[StaffAccount, RosterShift]]] = {}
    for each in RosterShift.objects.filter(outlet__in=ids, date__in=days, account__is_active=True).select_related(
            "account"):
        person = each.account
        is_here = person.outlet_id == each.outlet_id and person.has_access(each.date)
        if is_here and not is_away(away, person.id, each.date):
            there.setdefault(each.outlet_id, []).append((person, each))
    skills = skills_of({person.id for rows in there.values() for person, _ in rows}, days[0])
    for outlet in watched:
        for day in days:
            yield outlet, day_of(outlet, day, hours.get(outlet.id, ()), there.get(outlet.id, []), skills)


def _item(outlet: Outlet, day: Day, at: datetime) -> WorkItem | None:
    if not day.is_short:
        return None
    return WorkItem(
        kind=GAP, reference=f"{outlet.code}:{day.date.isoformat()}", owner_role=Role.OUTLET_MANAGER,
        owner_place=outlet.code, opened_at=at, due_at=max(at_local(day.date, day.first_lack.begins), at),
        detail={"gaps": [str(gap) for gap in day.gaps],
                "unskilled": [{"hours": str(each.stretch), "groups": list(each.groups)} for each in day.unskilled]})


@operation
def lapse_swaps(*, at: datetime) -> int:
    """Close the questions whose shift has begun unanswered; returns how many."""
    moment = local(at)
    begun = Q(shift__date__lt=moment.date()) | Q(shift__date=moment.date(), shift__begins__lte=moment.time())
    late = list(RosterSwap.objects.filter(begun, state=SwapState.ASKED).values_list("id", flat=True))
    return RosterSwap.objects.filter(id__in=late, state=SwapState.ASKED).update(state=SwapState.LAPSED, ended_at=at)

"""Which places have unusually many to serve."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from agents.surges.models import PlaceLoad, PlaceLoadQuerySet
from agents.surges.rules import LEAST, LOOKS_BACK, is_surge, usual_of
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.working_days import work_calendar

NOW_IS: Final = timedelta(hours=2)
"""The running hour, and the one before it."""


@dataclass(frozen=True, slots=True)
class Surge:
    """One hour of one place in which at least twice as many came as usual."""

    place_id: UUID
    is_outlet: bool
    name: str
    hour: datetime
    count: int
    usual: float


def surges_now(actor: Actor, now: datetime) -> list[Surge]:
    """Within sight, in the running hour or the one before; the largest crowd first, each place once. Two statements."""
    found = surges(PlaceLoad.objects.seen_by(actor), now - NOW_IS, now)
    latest: dict[UUID, Surge] = {each.place_id: each for each in sorted(found, key=lambda each: each.hour)}
    return sorted(latest.values(), key=lambda each: (-each.count, each.name))


def surges_of_city(province_code: str, since: datetime, until: datetime) -> list[Surge]:
    """In the hours that begin between the two moments, the largest first."""
    return surges(PlaceLoad.objects.filter(province_code=province_code), since, until)


def surges(rows: PlaceLoadQuerySet, since: datetime, until: datetime) -> list[Surge]:
    """Of `rows` the hours after `since` that are unusual for their place."""
    busy = list(rows.filter(hour__gt=since, hour__lte=until, count__gte=LEAST).select_related("outlet", "centre"))
    if not busy:
        return []
    earlier, calendar = _earlier({each.place_id for each in busy}, since, until), work_calendar()
    told = [(each, usual_of(each.hour, earlier[each.place_id], calendar)) for each in busy]
    found = [_surge(row, usual.mean) for row, usual in told if is_surge(row.count, usual)]
    return sorted(found, key=lambda each: (-each.count, each.name, each.hour))


def _earlier(places: set[UUID], since: datetime, until: datetime) -> defaultdict[UUID, list[tuple[datetime, int]]]:
    begin = at_local(local(since).date(), time()) - LOOKS_BACK
    rows = PlaceLoad.objects.filter(place_id__in=places, hour__gte=begin, hour__lte=until)
    found: defaultdict[UUID, list[tuple[datetime, int]]] = defaultdict(list)
    for place_id, hour, count in rows.values_list("place_id", "hour", "count"):
        found[place_id].append((hour, count))
    return found


def _surge(row: PlaceLoad, usual: float) -> Surge:
    place = row.outlet or row.centre
    return Surge(row.place_id, row.outlet_id is not None, place.name if place is not None else "", row.hour, row.count,
                 usual)

"""Whether a place is open now, and since when: silence counts only then."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from agents.models.organisations import OpeningHours, Outlet
from agents.opening import Span, spans_of
from agents.room.models import PlaceBeat
from agents.site_days import site_calendar
from shared.calendar import at_local, local


def open_since(beats: Iterable[PlaceBeat], now: datetime) -> Mapping[UUID, datetime | None]:
    """For each place the opening of the span that `now` lies in; None: it is shut. Two statements for all."""
    known = list(beats)
    active = dict(Outlet.objects.filter(id__in=[each.outlet_id for each in known if each.outlet_id])
                  .values_list("id", "status"))
    hours: dict[UUID, list[Span]] = {}
    rows = OpeningHours.objects.filter(outlet_id__in=active).values_list("outlet_id", "weekday", "opens", "closes")
    for outlet_id, weekday, opens, closes in rows:
        hours.setdefault(outlet_id, []).append(Span(weekday, opens, closes))
    return {each.place_id: _opening(each, hours, active, now) for each in known}


def _opening(beat: PlaceBeat, hours: Mapping[UUID, list[Span]], active: Mapping[UUID, str],
             now: datetime) -> datetime | None:
    day, clock = local(now).date(), local(now).time()
    calendar = site_calendar(beat.place_id)
    if beat.outlet_id is None:
        spans = [(opens, closes) for opens, closes in calendar.open_hours_of(day)]
    elif active.get(beat.outlet_id) == "active":
        spans = [(each.opens, each.closes) for each in spans_of(day, hours.get(beat.outlet_id, ()), calendar)]
    else:
        spans = []
    return next((at_local(day, opens) for opens, closes in spans if opens <= clock < closes), None)

"""The public calendar as iCalendar (RFC 5545), for telephones and the city's own pages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from agents.visits.models import Visit
from agents.visits.queries import ends_at
from agents.visits.rules import Service, VisitState
from shared.calendar import at_local

PRODUCT: Final = "-//Wardpost//Visits//VI"
REFRESH: Final = timedelta(hours=6)


def feed(visits: Iterable[Visit], at: datetime) -> bytes:
    """One event for each visit; those called off say so, so that a telephone strikes them through."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Mobile visits"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for visit in visits:
        calendar.add_component(_event(visit, at))
    return bytes(calendar.to_ical())


def _event(visit: Visit, at: datetime) -> Event:
    point, event = visit.sub_point, Event()
    event.add("uid", f"{visit.id}@wardpost")
    event.add("dtstamp", at)
    event.add("last-modified", visit.settled_at or visit.planned_at)
    event.add("dtstart", at_local(visit.date, visit.opens))
    event.add("dtend", ends_at(visit))
    event.add("summary", f"{point.outlet.name}: {point.name}")
    event.add("location", ", ".join(filter(None, [point.address, point.landmark, point.commune.full_name])))
    event.add("geo", (point.latitude, point.longitude))
    event.add("status", "CANCELLED" if visit.state == VisitState.CANCELLED else "CONFIRMED")
    event.add("description", "\n".join(filter(None, [
        ", ".join(str(Service(each).label) for each in visit.services), visit.note, visit.because, point.access,
        point.outlet.phone])))
    return event

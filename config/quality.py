"""What scorecards count: each app's facts, and the operations room's log of what was down."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from agents.quality import ports
from agents.quality.rules import Measure
from agents.quality.training_cases import SOURCE as CERTIFICATES
from agents.room.models import Incident, Outage
from agents.room.rules import IncidentKind
from delivery.clock.measure import SOURCE as PROMISES
from intake.measures.complaints import SOURCE as COMPLAINTS
from intake.measures.sources import SOURCES

SYSTEMS: Final = (IncidentKind.NETWORK, IncidentKind.SOFTWARE, IncidentKind.EQUIPMENT)
"""What an outlet cannot help; an incident about procedures or people takes nothing out."""


def what_was_down(province_code: str, since: datetime, until: datetime) -> Sequence[ports.Fault]:
    """Incidents of our systems and outages of outlets; an outage whose cause nobody knows is not held against one."""
    faults = [*_incidents(province_code, since, until), *_outages(province_code, since, until)]
    return sorted(faults, key=lambda each: (each.since, each.until, str(each.outlet_id)))


def _incidents(province_code: str, since: datetime, until: datetime) -> Iterator[ports.Fault]:
    touching = Incident.objects.filter(Q(solved_at=None) | Q(solved_at__gt=since), province_code=province_code,
                                       kind__in=SYSTEMS, reported_at__lt=until)
    # An incident at a place is of that place and of those that joined it; without any it is the whole city's.
    rows: Any = touching.values_list("id", "kind", "reported_at", "solved_at", "outlet_id", "centre_id",
                                     "places__outlet_id", "places__centre_id", "places__since").order_by(
        "reported_at", "id")
    seen: set[tuple[object, object]] = set()
    for each, kind, reported_at, solved_at, outlet_id, centre_id, joined, joined_centre, joined_at in rows:
        for outlet, begun in ((outlet_id, reported_at), (joined, joined_at)):
            if outlet and (each, outlet) not in seen:
                seen.add((each, outlet))
                yield ports.Fault(outlet, begun, solved_at or until, kind)
        if not (outlet_id or centre_id or joined or joined_centre):
            yield ports.Fault(None, reported_at, solved_at or until, kind)


def _outages(province_code: str, since: datetime, until: datetime) -> Iterator[ports.Fault]:
    silent = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=since), Q(incident=None) | Q(incident__kind__in=SYSTEMS),
        province_code=province_code, outlet__isnull=False, started_at__lt=until)
    rows = silent.order_by("started_at", "id").values_list("outlet_id", "started_at", "ended_at", "incident__kind")
    for outlet_id, started_at, ended_at, kind in rows:
        yield ports.Fault(outlet_id, started_at, ended_at or until, kind or IncidentKind.NETWORK)


for measure, source in SOURCES.items():
    ports.register_source(measure, source)
ports.register_source(Measure.PROMISE_KEPT, PROMISES)
ports.register_source(Measure.COMPLAINTS, COMPLAINTS)
ports.register_source(Measure.TRAINING, CERTIFICATES)
ports.register_faults(what_was_down)

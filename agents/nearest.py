"""The nearest outlets that may do something: the index finds candidates on a sphere, geopy measures them exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import LlToEarth, OpeningHours, Outlet, OutletStatus
from agents.opening import Span, is_holiday, is_open, next_opening
from agents.queries import outlet_info, outlets
from agents.records import NearbyOutlet
from agents.site_days import site_calendar
from shared.calendar import WorkCalendar, local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.problems import told
from shared.working_days import work_calendar

MOST: Final = 50
SOUTH, NORTH, WEST, EAST = 8.0, 24.0, 102.0, 115.0
"""The bounds that the outlet table itself holds to: Vietnam with its islands."""

# In these latitudes a geodesic (WGS 84) is at least 0.9927 times the distance on the index's sphere of 6,378,168 m.
_SHORTEST: Final = 0.992


@dataclass(frozen=True, slots=True)
class Where:
    latitude: float
    longitude: float


def nearest_outlets(*, latitude: float, longitude: float, at: datetime, tasks: frozenset[str], limit: int = 5,
                    only_open: bool = False) -> list[NearbyOutlet]:
    """The `limit` nearest active outlets whose agreement on the local day of `at` delegates all `tasks`, nearest first.

    Distances are geodesics in kilometres. `only_open` leaves out those closed at `at`.

    Raises:
        Invalid: the point lies outside Vietnam, or `limit` is not between 1 and 50.
    """
    _check(latitude, longitude, limit)
    where, calendar = Where(latitude, longitude), work_calendar()
    if only_open and is_holiday(local(at).date(), calendar):
        return []
    eligible = _eligible(at, tasks, only_open=only_open)
    found = _measured(eligible, where, limit)
    spans = _spans_of([outlet for _distance, outlet in found])
    nearby = [_nearby(outlet, distance, spans.get(outlet.pk, []), at, site_calendar(outlet.pk))
              for distance, outlet in found]
    return [each for each in nearby if each.is_open] if only_open else nearby


def _check(latitude: float, longitude: float, limit: int) -> None:
    wrong = ErrorCollector()
    # Written so that a NaN fails too.
    if not SOUTH <= latitude <= NORTH:
        wrong.add("/latitude", "outside-vietnam", told(_("A latitude in Vietnam lies between {least} and {most}."),
                                                       least=SOUTH, most=NORTH))
    if not WEST <= longitude <= EAST:
        wrong.add("/longitude", "outside-vietnam", told(_("A longitude in Vietnam lies between {least} and {most}."),
                                                        least=WEST, most=EAST))
    if not 1 <= limit <= MOST:
        wrong.add("/limit", "out-of-range", told(_("Ask for 1 to {most} outlets."), most=MOST))
    wrong.raise_if_any()


def _eligible(at: datetime, tasks: frozenset[str], *, only_open: bool) -> QuerySet[Outlet]:
    day, clock = local(at).date(), local(at).time()
    found = outlets().filter(
        Q(agreement_until=None) | Q(agreement_until__gt=day), status=OutletStatus.ACTIVE, agreement_from__lte=day,
        tasks__contains=sorted(tasks))
    if only_open:
        spans = OpeningHours.objects.filter(outlet=OuterRef("pk"), weekday=day.weekday())
        found = found.filter(Exists(spans.filter(opens__lte=clock, closes__gt=clock)))
    return found


def _measured(eligible: QuerySet[Outlet], where: Where, limit: int) -> list[tuple[float, Outlet]]:
    """The nearest by geodesic. More candidates are fetched until no outlet outside of them can be nearer."""
    wanted = limit * 2 + 8
    while True:
        candidates = list(_by_chord(eligible, where)[:wanted])
        measured = sorted(((_distance(outlet, where), outlet) for outlet in candidates),
                          key=lambda pair: (pair[0], str(pair[1].pk)))[:limit]
        if len(candidates) < wanted or measured[-1][0] < _chord_km(candidates[-1]) * _SHORTEST:
            return measured
        wanted *= 4


def _by_chord(eligible: QuerySet[Outlet], where: Where) -> QuerySet[Outlet]:
    """Nearest first on the sphere, answered by the index `outlet_on_earth`."""
    outlet_point: Any = LlToEarth(F("latitude"), F("longitude"))
    here: Any = LlToEarth(Value(where.latitude, FloatField()), Value(where.longitude, FloatField()))
    return eligible.annotate(chord=CombinedExpression(outlet_point, "<->", here, FloatField())).order_by("chord")


def _chord_km(outlet: Outlet) -> float:
    metres: float = outlet.chord  # type: ignore[attr-defined]  # annotated by _by_chord
    return metres / 1000


def _distance(outlet: Outlet, where: Where) -> float:
    return distance_km((where.latitude, where.longitude), (outlet.latitude, outlet.longitude))


def _spans_of(found: Sequence[Outlet]) -> dict[object, list[Span]]:
    spans: dict[object, list[Span]] = {}
    for row in OpeningHours.objects.filter(outlet__in=[outlet.pk for outlet in found]):
        spans.setdefault(row.outlet_id, []).append(Span(row.weekday, row.opens, row.closes))
    return spans


def _nearby(outlet: Outlet, distance: float, spans: list[Span], at: datetime, calendar: WorkCalendar) -> NearbyOutlet:
    opened = is_open(spans, at, calendar)
    following = None if opened else next_opening(spans, at, calendar)
    return NearbyOutlet(outlet_info(outlet), distance, opened, following.isoformat() if following else "")

"""Sub-points and visits as they are read: within sight for staff, all that is announced for the public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, Min, Q, QuerySet

from agents.models.organisations import OutletStatus
from agents.scope import outlets_seen_by
from agents.visits.errors import SubPointNotFound, VisitNotFound
from agents.visits.models import SubPoint, Visit, VisitSeries
from agents.visits.rules import AHEAD, VisitState
from shared.actors import Actor
from shared.calendar import at_local, local
from shared.geo import distance_km

MOST: Final = 400
SHOWN_BACK: Final = timedelta(days=30)
"""What was held stays on the staff's page for a month."""
_DEGREE_KM: Final = 111.2


@dataclass(frozen=True, slots=True)
class NearbyVisit:
    """A visit that is to come, with its sub-point and the geodesic distance to it."""

    sub_point_id: UUID
    date: date
    opens: time
    closes: time
    name: str
    address: str
    services: tuple[str, ...]
    distance_km: float


def points_seen_by(actor: Actor) -> QuerySet[SubPoint]:
    seen = SubPoint.objects.filter(outlet__in=outlets_seen_by(actor).order_by().values("id"))
    return seen.select_related("outlet__operator", "commune__province").fetch_mode(FETCH_RAISE)


def visits_seen_by(actor: Actor) -> QuerySet[Visit]:
    return loaded().filter(sub_point__outlet__in=outlets_seen_by(actor).order_by().values("id"))


def loaded() -> QuerySet[Visit]:
    """Visits, each with all that is shown of it."""
    return Visit.objects.select_related(
        "sub_point__outlet__operator", "sub_point__commune__province", "moved_to__sub_point").fetch_mode(FETCH_RAISE)


def find_point(point_id: UUID, actor: Actor) -> SubPoint:
    """Raises SubPointNotFound, also for another place's."""
    found = points_seen_by(actor).filter(id=point_id).first()
    if found is None:
        raise SubPointNotFound
    return found


def find_visit(visit_id: UUID, actor: Actor) -> Visit:
    """Raises VisitNotFound, also for another place's."""
    found = visits_seen_by(actor).filter(id=visit_id).first()
    if found is None:
        raise VisitNotFound
    return found


def open_points(actor: Actor) -> list[SubPoint]:
    """With how many visits are to come and when the next one is."""
    to_come = Q(visits__state=VisitState.PLANNED)
    rows = points_seen_by(actor).filter(closed_at=None)
    return list(rows.annotate(to_come=Count("visits", filter=to_come), next_on=Min("visits__date", filter=to_come))
                .order_by("outlet__code", "name")[:MOST])


def calendar_of(actor: Actor, today: date) -> list[Visit]:
    """From a month ago to as far as is laid out."""
    rows = visits_seen_by(actor).filter(date__gte=today - SHOWN_BACK)
    return list(rows.order_by("date", "opens", "id")[:MOST])


def of_point(point: SubPoint, today: date) -> tuple[list[Visit], list[VisitSeries]]:
    """Its visits from a month ago on, and its weekly series that still run."""
    visits = loaded().filter(sub_point=point, date__gte=today - SHOWN_BACK).order_by("date", "opens", "id")[:MOST]
    series = point.series.filter(ended_at=None).order_by("starts_on", "id")
    return list(visits), list(series)


def announced(*, on: date, commune_codes: Sequence[str] = (), province_code: str = "") -> list[Visit]:
    """What the public is told: visits of active outlets in the weeks to come, those called off among them."""
    told = Q(state=VisitState.PLANNED) | Q(state__in=[VisitState.CANCELLED, VisitState.HELD])
    rows = loaded().filter(told, date__gte=on, date__lte=on + AHEAD, sub_point__outlet__status=OutletStatus.ACTIVE)
    if commune_codes:
        rows = rows.filter(sub_point__commune__in=commune_codes)
    if province_code:
        rows = rows.filter(sub_point__commune__province=province_code)
    return list(rows.order_by("date", "opens", "id")[:MOST])


def visits_near(*, latitude: float, longitude: float, at: datetime, within_km: float = 15.0, limit: int = 3,
                service: str = "") -> list[NearbyVisit]:
    """The next visits within `within_km` of a point, one for each sub-point, soonest first."""
    reach, today = within_km / _DEGREE_KM, local(at).date()
    rows = loaded().filter(
        state=VisitState.PLANNED, date__gte=today, date__lte=today + AHEAD,
        sub_point__outlet__status=OutletStatus.ACTIVE, sub_point__latitude__range=(latitude - reach, latitude + reach),
        sub_point__longitude__range=(longitude - 1.2 * reach, longitude + 1.2 * reach))
    if service:
        rows = rows.filter(services__contains=[service])
    first: dict[UUID, NearbyVisit] = {}
    for visit in rows.order_by("date", "opens", "id")[:MOST]:
        point = visit.sub_point
        distance = distance_km((latitude, longitude), (point.latitude, point.longitude))
        if distance <= within_km and ends_at(visit) > at:
            first.setdefault(point.id, NearbyVisit(
                point.id, visit.date, visit.opens, visit.closes, point.name, point.address,
                tuple(visit.service_names), distance))
    return list(first.values())[:limit]


def ends_at(visit: Visit) -> datetime:
    return at_local(visit.date, visit.closes)

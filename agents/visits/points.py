"""Opening and closing sub-points."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents.models.organisations import Outlet, OutletStatus
from agents.visits import planners
from agents.visits.errors import InvalidVisit
from agents.visits.models import SubPoint, Visit, VisitSeries
from agents.visits.planning import call_off
from agents.visits.rules import FARTHEST_KM, PointKind, VisitState
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.geo import distance_km
from shared.places import get_place
from shared.problems import told
from shared.text import clean
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Place:
    """What is said of a sub-point. `commune_code`: five digits; degrees are WGS 84."""

    name: str
    kind: str
    commune_code: str
    address: str
    latitude: float
    longitude: float
    landmark: str = ""
    access: str = ""


@operation
def open_sub_point(*, outlet_id: UUID, place: Place, by: Actor, at: datetime) -> SubPoint:
    """Open a sub-point of an outlet.

    Raises:
        OutletNotFound, NotYourVisits: the outlet is not within sight, or `by` does not plan its visits.
        InvalidVisit: something is missing, the commune is of another province, or the point is far from the outlet;
            a name that an open sub-point of the outlet has already.
    """
    outlet = planners.outlet_to_plan(outlet_id, by)
    _check(place, outlet)
    try:
        with transaction.atomic():
            made = SubPoint.objects.create(
                outlet=outlet, name=clean(place.name), kind=place.kind, commune_id=place.commune_code,
                address=clean(place.address), landmark=clean(place.landmark), access=clean(place.access),
                latitude=place.latitude, longitude=place.longitude, opened_at=at, opened_by_name=by.name)
    except IntegrityError:
        wrong = ErrorCollector()
        wrong.add("/name", "twice", _("An open sub-point of this outlet has this name already."))
        wrong.raise_if_any(InvalidVisit)
        raise
    audit.record(actor=by, action="sub_point.open", object_type="sub_point", object_id=made.id, at=at,
                 after={"outlet": outlet.code, "name": made.name, "commune": place.commune_code})
    return made


@operation
def close_sub_point(*, sub_point_id: UUID, because: str, by: Actor, at: datetime) -> SubPoint:
    """Close a sub-point for good: its weekly series end, and visits to come are cancelled with the same reason.

    Raises:
        SubPointNotFound, NotYourVisits, SubPointClosed: as they say.
        InvalidVisit: without a reason.
    """
    point = planners.point_to_plan(sub_point_id, by)
    reason = clean(because)
    if not reason:
        wrong = ErrorCollector()
        wrong.add("/because", "missing", _("Say why; people who meant to come will read it."))
        wrong.raise_if_any(InvalidVisit)
    today, now = local(at).date(), local(at).time()
    # One that has begun is not called off any more: who was there says how it went.
    to_come = Visit.objects.filter(sub_point=point, state=VisitState.PLANNED, date__gte=today).exclude(
        date=today, opens__lte=now)
    for visit in to_come.select_for_update().order_by("id"):
        call_off(visit, reason, by, at)
    VisitSeries.objects.filter(sub_point=point, ended_at=None).update(ended_at=at, ended_by_name=by.name)
    point.closed_at, point.closed_by_name, point.closed_because = at, by.name, reason[:300]
    point.save(update_fields=["closed_at", "closed_by_name", "closed_because"])
    audit.record(actor=by, action="sub_point.close", object_type="sub_point", object_id=point.id, at=at, reason=reason)
    return point


def _check(place: Place, outlet: Outlet) -> None:
    wrong = ErrorCollector()
    for name, most in (("name", 120), ("address", 200)):
        if not 0 < len(clean(getattr(place, name))) <= most:
            wrong.add(f"/{name}", "missing", told(_("Enter it, in at most {most} characters."), most=most))
    if place.kind not in PointKind.values:
        wrong.add("/kind", "unknown", _("There is no such kind of place."))
    commune = get_place(place.commune_code)
    if commune is None or commune.province_code != outlet.commune.province_id:
        wrong.add("/commune_code", "unknown", _("No commune of the outlet's province has this code."))
    far = distance_km((place.latitude, place.longitude), (outlet.latitude, outlet.longitude))
    if far > FARTHEST_KM:
        wrong.add("/latitude", "far", told(_("This point lies {km} km from the outlet. Check the coordinates."),
                                           km=round(far)))
    if outlet.status == OutletStatus.CLOSED:
        wrong.add("/name", "outlet-closed", _("The outlet is closed for good."))
    wrong.raise_if_any(InvalidVisit)

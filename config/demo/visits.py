"""Sub-points and mobile visits of the demonstration: what a city's public calendar looks like."""

from datetime import datetime, time, timedelta
from typing import Final

from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from agents.visits import planning, points
from agents.visits.models import SubPoint
from agents.visits.planning import Span
from agents.visits.points import Place
from agents.visits.rules import Service, VisitState
from shared.actors import Actor
from shared.calendar import local

_ALL: Final = tuple(Service.values)
# outlet, kind, name, landmark, where from the outlet (degrees), weekdays, hours
_POINTS: Final = (
    ("HUE-003", "culture_house", "Nhà văn hóa thôn Phong Chương (minh hoạ)", "cạnh chợ", (0.021, -0.013), (2,),
     (time(8), time(11))),
    ("HUE-003", "former_office", "Trụ sở xã cũ (minh hoạ)", "đối diện trạm y tế", (-0.018, 0.016), (1, 4),
     (time(13, 30), time(16, 30))),
)
_AHEAD: Final = timedelta(days=6)


def plan(now: datetime) -> None:
    """Open the sub-points, plan their weeks, move one visit and call one off; what was done before is left."""
    accounts = StaffAccount.objects.select_related("outlet__operator", "outlet__commune")
    manager = accounts.get(username="truong.hue").actor
    for code, kind, name, landmark, (north, east), weekdays, (opens, closes) in _POINTS:
        outlet = Outlet.objects.select_related("commune").get(code=code)
        if SubPoint.objects.filter(outlet=outlet, name=name).exists():
            continue
        place = Place(name, kind, outlet.commune_id, "Đường liên thôn", outlet.latitude + north,
                      outlet.longitude + east, landmark, "Có lối cho xe lăn")
        point = points.open_sub_point(outlet_id=outlet.id, place=place, by=manager, at=now)
        planning.plan_series(sub_point_id=point.id, weekdays=weekdays, span=Span(opens, closes, _ALL),
                             starts_on=local(now).date(), ends_on=None, by=manager, at=now)
        _unsettle(point, manager, now)


def _unsettle(point: SubPoint, manager: Actor, now: datetime) -> None:
    """One visit moved, so that the calendar shows how that looks."""
    visit = point.visits.filter(state=VisitState.PLANNED, date__gt=local(now).date() + _AHEAD).order_by("date").first()
    if visit is not None:
        planning.move_visit(visit_id=visit.id, day=visit.date + timedelta(days=1), opens=visit.opens,
                            closes=visit.closes, because="Nhà văn hóa có họp dân (minh hoạ)", by=manager, at=now)

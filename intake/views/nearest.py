"""The nearest outlet that may do something: a public page, phone first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agents import public as agents
from intake.queries import procedures
from intake.queries.place_offers import PlaceOffer, chosen_place, offer_places
from intake.rules.catalogue import AgentMode
from shared.calendar import local
from shared.errors import Invalid

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Start:
    """Where somebody looks from."""

    latitude: float
    longitude: float
    name: str


@dataclass(frozen=True, slots=True)
class Near:
    """An outlet in the list, ready to be drawn."""

    number: int
    outlet: agents.OutletInfo
    distance_km: float
    is_open: bool
    opens_next: datetime | None
    tasks: list[str]
    is_crowded: bool
    moves_on: date | None = None
    moves_to: str = ""

    @property
    def map_point(self) -> dict[str, object]:
        return {"number": self.number, "name": self.outlet.name, "lat": self.outlet.latitude,
                "lon": self.outlet.longitude, "open": self.is_open}


@require_GET
def nearest(request: HttpRequest) -> HttpResponse:
    """Show the nearest outlets; an answer to htmx is the part below the form."""
    asked = request.GET
    now = timezone.now()
    start, offers, problem = _start(request)
    found: list[Near] = []
    visits: list[agents.NearbyVisit] = []
    if start is not None:
        visits = agents.visits_near(latitude=start.latitude, longitude=start.longitude, at=now)
        tasks, group = _tasks(asked.get("procedure", ""), local(now).date())
        found, problem = _found(start, tasks, group, now, only_open=bool(asked.get("open")))
    page = "intake/public/nearest.html#results" if getattr(request, "htmx", False) else "intake/public/nearest.html"
    return render(request, page, {
        "asked": asked, "start": start, "offers": offers, "problem": problem, "found": found,
        "visits": visits, "points": _points(start, found), "fields": procedures.names_by_field(local(now).date()),
    })


def _start(request: HttpRequest) -> tuple[Start | None, list[PlaceOffer], str]:
    """Where to look from; else places to choose among, or what is wrong."""
    asked = request.GET
    if asked.get("lat") and asked.get("lon"):
        point = _point(asked["lat"], asked["lon"])
        return (point, [], "") if point else (None, [], _("This is no position. Choose a commune instead."))
    if asked.get("place"):
        chosen = chosen_place(asked["place"])
        if chosen is not None and chosen.place is not None:
            return Start(chosen.place.latitude, chosen.place.longitude, chosen.place.full_name), [], ""
    text = asked.get("q", "").strip()
    offers = offer_places(text)
    if text and not offers:
        return None, [], _("No commune has this name. Try a part of it, the old name is fine too.")
    return None, offers, ""


def _point(latitude: str, longitude: str) -> Start | None:
    try:
        return Start(float(latitude), float(longitude), _("your position"))
    except ValueError:
        return None


def _tasks(procedure_code: str, on: date) -> tuple[frozenset[str], str]:
    """What an outlet must be allowed to do for this procedure, and its group; without one, any help will do."""
    procedure = procedures.in_force(on).filter(code=procedure_code).first() if procedure_code else None
    if procedure is None:
        return frozenset(), ""
    if AgentMode.ONLINE in procedure.agent_modes:
        return frozenset({agents.Task.FILE_ONLINE.value}), procedure.field
    if AgentMode.PAPER in procedure.agent_modes:
        return frozenset({agents.Task.FORWARD_PAPER.value}), procedure.field
    return frozenset({agents.Task.ADVISE.value}), procedure.field


def _found(start: Start, tasks: frozenset[str], group: str, at: datetime, *,
           only_open: bool) -> tuple[list[Near], str]:
    try:
        near = agents.nearest_outlets(latitude=start.latitude, longitude=start.longitude, at=at, tasks=tasks,
                                      limit=SHOWN, only_open=only_open, group=group)
    except Invalid:
        return [], _("This position lies outside Vietnam. Choose a commune instead.")
    return [_near(number, outlet) for number, outlet in enumerate(near, start=1)], ""


def _near(number: int, near: agents.NearbyOutlet) -> Near:
    opens = datetime.fromisoformat(near.opens_next) if near.opens_next else None
    tasks = [str(task.label) for task in agents.Task if task.value in near.outlet.tasks]
    return Near(number, near.outlet, near.distance_km, near.is_open, opens,
                [_("All kinds of help")] if len(tasks) == len(agents.Task) else tasks, near.is_crowded,
                near.moves_on, near.moves_to)


def _points(start: Start | None, found: list[Near]) -> dict[str, object]:
    if start is None or not found:
        return {}
    return {"here": {"lat": start.latitude, "lon": start.longitude, "name": start.name},
            "outlets": [near.map_point for near in found]}

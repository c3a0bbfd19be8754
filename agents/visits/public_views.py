"""The public calendar of visits: a page, and a feed for telephones."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agents.visits import queries
from agents.visits.feed import feed
from agents.visits.models import Visit
from agents.visits.rules import VisitState
from shared import scope
from shared.calendar import local
from shared.pictures import Map, Point, Tone
from shared.places import search_places
from shared.text import clean

PAGE: Final = "agents/visits/public.html"
LONGEST: Final = 80
_ON_MAP: Final = 60


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Where staff come in the weeks ahead; `q` finds by commune, former names too."""
    visits, query = _asked(request)
    standing = [visit for visit in visits if visit.state != VisitState.CANCELLED]
    return render(request, f"{PAGE}#rows" if getattr(request, "htmx", False) else PAGE, {
        "days": _by_day(visits), "query": query, "map": _map(standing), "count": len(standing)})


@cache_control(public=True, max_age=900)
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The same as iCalendar, to subscribe to."""
    visits, _query = _asked(request)
    return HttpResponse(feed(visits, timezone.now()), content_type="text/calendar; charset=utf-8", headers={
        "Content-Disposition": 'inline; filename="lich-luu-dong.ics"'})


def _asked(request: HttpRequest) -> tuple[list[Visit], str]:
    query, today = clean(request.GET.get("q", ""))[:LONGEST], local(timezone.now()).date()
    with scope.everything():
        if not query:
            return queries.announced(on=today), query
        found = search_places(query)
        codes = {place.code for place in found.present}
        codes |= {successor.place.code for former in found.former for successor in former.successors}
        return (queries.announced(on=today, commune_codes=sorted(codes)) if codes else []), query


def _by_day(visits: list[Visit]) -> list[tuple[object, list[Visit]]]:
    days: dict[object, list[Visit]] = {}
    for visit in visits:
        days.setdefault(visit.date, []).append(visit)
    return list(days.items())


def _map(visits: list[Visit]) -> Map:
    """The sub-points of the visits, one disc each."""
    points = {visit.sub_point_id: visit.sub_point for visit in visits}
    return Map(_("Where visits are to come"), [
        Point(point.latitude, point.longitude, point.name, point.address, Tone.ACTION)
        for point in list(points.values())[:_ON_MAP]])

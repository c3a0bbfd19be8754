"""Why a dossier is where it is, and who would decide about a procedure at a place on any day."""

from datetime import date
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agents import public as agents
from agents.auth import require_role
from intake.errors import ProcedureNotFound
from intake.queries.catalogue import get_procedure
from intake.queries.precedents import rows_of
from intake.queries.replays import replayed
from intake.routing import default_place, find_route
from intake.views.place_entries import read_place
from shared.api import WardpostRequest
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

COUNTERS: Final = (*sorted(OUTLET_ROLES), *sorted(CENTRE_ROLES))


@never_cache
@require_GET
@require_role(*COUNTERS, Role.AUDITOR)
def why(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The dossier's route with every reason, and whether it comes out the same today with what was known then."""
    found = replayed(dossier_id, request.actor)
    if found is None:
        raise Http404
    return render(request, "intake/opinions/why.html", {"found": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*COUNTERS)
def finder(request: WardpostRequest) -> HttpResponse:
    """Who decides about a procedure at a place on a day, and what was answered about it before."""
    asked = request.POST if request.method == "POST" else request.GET
    code, day = asked.get("thu-tuc", "")[:20].strip(), _day(asked.get("ngay", ""))
    place = read_place(asked, "place", request.actor.province_code)
    context = {"code": code, "day": day, "place": place, "found": None}
    if not code:
        return render(request, "intake/opinions/why.html", context)
    try:
        procedure = get_procedure(code, day)
    except ProcedureNotFound as refusal:
        return render(request, "intake/opinions/why.html", context | {"error": str(refusal.title)}, status=422)
    outlet = agents.get_outlet(request.actor.outlet_id) if request.actor.outlet_id else None
    chosen = place.choice or default_place(procedure, residence=place.choice,
                                           outlet_commune=outlet.commune_code if outlet else "")
    if chosen:
        route = find_route(procedure=procedure, place=chosen, on=day, outlet=outlet)
        named = [*([route.precedent] if route.precedent else []), *route.advice]
        context |= {"route": route, "precedents": rows_of(named)}
    return render(request, "intake/opinions/why.html", context)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return timezone.localdate()

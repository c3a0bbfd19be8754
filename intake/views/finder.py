"""The procedure finder: for the clerk at the counter, and for everybody without signing in."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.errors import ProcedureNotFound
from intake.papers.bring import bring_data
from intake.papers.codes import qr_data_uri
from intake.papers.render import render_pdf
from intake.queries.catalogue import search_procedures
from intake.queries.counter import common_procedures
from intake.queries.guides import Guide, procedure_guide
from intake.queries.life_events import events_in_force
from intake.queries.place_offers import chosen_place
from intake.queries.procedures import names_by_field
from intake.rules.catalogue import Channel
from intake.views.place_entries import PlaceEntry, read_place
from shared.api import WardpostRequest
from shared.calendar import MORNING, at_local, local
from shared.roles import Role

LONGEST: Final = 100
SHOWN: Final = 12


@require_GET
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def finder(request: WardpostRequest) -> HttpResponse:
    """Find a procedure in the citizen's own words."""
    today = local(timezone.now()).date()
    return _found(request, "intake/procedures/finder.html", {
        "common": common_procedures(request.actor, today), "one_url": "intake:guide",
        "events": events_in_force(today)})


@require_GET
def public_finder(request: HttpRequest) -> HttpResponse:
    """The same for citizens, phone first."""
    return _found(request, "intake/public/finder.html", {"one_url": "intake:public-guide"})


def _found(request: HttpRequest, page: str, context: dict[str, object]) -> HttpResponse:
    typed, today = request.GET.get("q", "").strip()[:LONGEST], local(timezone.now()).date()
    found = search_procedures(typed, today, limit=SHOWN) if typed else []
    is_part = bool(getattr(request, "htmx", False))
    return render(request, f"{page}#results" if is_part else page, {
        **context, "typed": typed, "found": found, "fields": [] if typed else names_by_field(today)})


@require_GET
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def guide(request: WardpostRequest, code: str) -> HttpResponse:
    """One procedure in full, with a way to take it."""
    return _guide(request, code, "intake/procedures/guide.html", request.actor.province_code)


@require_GET
def public_guide(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure in full, for whoever wants to know what to bring."""
    return _guide(request, code, "intake/public/guide.html", "")


def _guide(request: HttpRequest, code: str, page: str, province_code: str) -> HttpResponse:
    place = read_place(request.GET, "place", province_code)
    found = _known(code, place)
    way = found.way(request.GET.get("channel", ""))
    link = _public_link(code, way.channel, place)
    return render(request, page, {
        "guide": found, "way": way, "place": place, "link": link, "qr_data": qr_data_uri(link)})


def _known(code: str, place: PlaceEntry) -> Guide:
    try:
        return procedure_guide(code, on=local(timezone.now()).date(), place=place.choice if place.is_settled else None)
    except ProcedureNotFound:
        raise Http404 from None


def _public_link(code: str, channel: str, place: PlaceEntry) -> str:
    where = f"&place={place.value}" if place.is_settled else ""
    return f"{settings.WARDPOST_PUBLIC_URL}{reverse('intake:public-guide', args=[code])}?channel={channel}{where}"


@require_GET
def bring_list(request: HttpRequest, code: str) -> HttpResponse:
    """What to bring, as one sheet to print. The same day gives the same sheet."""
    chosen = chosen_place(request.GET.get("place", ""))
    place = PlaceEntry("place", "", chosen)
    found = _known(code, place)
    way = found.way(request.GET.get("channel", Channel.ONLINE))
    today = local(timezone.now()).date()
    data = bring_data(found, way, link=_public_link(code, way.channel, place), on=today)
    pdf = render_pdf("bring", data, dated=at_local(today, MORNING[0]))
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="mang-theo-{found.procedure.code}.pdf"'})

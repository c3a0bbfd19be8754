"""Demand sets and candidate sites: bring a file, look at it first, keep it whole or not at all."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.placement import exports, showing
from agents.placement.demand import ask_history, drop_demand, estimated_rows, take_demand
from agents.placement.errors import SetInUse
from agents.placement.forms import FileForm, SiteFileForm
from agents.placement.queries import demand_sets, rows_of, site_sets, sites_of
from agents.placement.reading import DEMAND_COLUMNS, SITE_COLUMNS, Read, read_demand, read_sites
from agents.placement.sites import drop_sites, former_rows, take_sites
from agents.placement.terms import DemandRow, DemandSource, SiteSource
from agents.placement.views import READERS, SHOWN, WRITERS
from shared.api import WardpostRequest
from shared.errors import DomainError, NotFound
from shared.pictures import Map, Point, Tone
from shared.places import places_of_province
from shared.text import clean, hidden_character

MOST_FAULTS = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def demand_list(request: WardpostRequest) -> HttpResponse:
    """The demand sets of a city, and the ways to a new one."""
    form = FileForm(request.POST or None, request.FILES or None) if _is(request, "look") else FileForm()
    if request.method != "POST":
        return _demand_page(request, form)
    _writes(request)
    now, name = timezone.now(), _typed(request, "name", 120)
    match request.POST.get("do"):
        case "look" if form.is_valid():
            data = form.cleaned_data
            return _look(request, "demand", _read_demand(request, data["file"]), data["file"], data)
        case "take":
            return _take_demand(request, name)
        case "estimate":
            rows = estimated_rows(request.actor.province_code)
            return _kept(request, lambda: take_demand(
                name=name or _("Estimate by former units"), rows=rows,
                note=_("An estimate, no census: least populations of former units (Resolution 1211/2016/UBTVQH13)"),
                source=DemandSource.ESTIMATE, by=request.actor, at=now), "agents:demand-sets")
        case "history":
            return _kept(request, lambda: ask_history(name=name or _("Our dossiers of twelve months"),
                                                      by=request.actor, at=now), "agents:demand-sets")
    return _demand_page(request, form, status=422)


@never_cache
@require_safe
@require_role(*READERS)
def demand_set(request: WardpostRequest, set_id: UUID) -> HttpResponse:
    """Every commune of a set."""
    found = demand_sets(request.actor).filter(id=set_id).first()
    if found is None:
        raise Http404
    rows = [(row, showing.km(row.centre_km) if row.centre_km is not None else "–") for row in rows_of(found)]
    return render(request, "agents/placement/demand_set.html", {
        "set": found, "rows": rows, "may_drop": request.actor.role in WRITERS, "role": request.actor.role})


@never_cache
@require_safe
@require_role(*READERS)
def demand_sample(request: WardpostRequest) -> HttpResponse:
    """A file to fill in: the communes of the city with an estimate each."""
    rows = [(row.commune_code, row.demand, "", "", 1) for row in estimated_rows(request.actor.province_code)]
    return _file(exports.as_csv([DEMAND_COLUMNS, *rows]), "nhu-cau-mau.csv")


@require_POST
@require_role(*WRITERS)
def demand_drop(request: WardpostRequest, set_id: UUID) -> HttpResponse:
    """Throw a set away that nothing rests on."""
    return _dropped(request, lambda: drop_demand(demand_set_id=set_id, by=request.actor, at=timezone.now()),
                    "agents:demand-sets")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def site_list(request: WardpostRequest) -> HttpResponse:
    """The lists of candidate sites of a city, and the ways to a new one."""
    form = SiteFileForm(request.POST or None, request.FILES or None) if _is(request, "look") else SiteFileForm()
    if request.method != "POST":
        return _site_page(request, form)
    _writes(request)
    now, name = timezone.now(), _typed(request, "name", 120)
    match request.POST.get("do"):
        case "look" if form.is_valid():
            data = form.cleaned_data
            return _look(request, "sites", read_sites(data["file"]), data["file"], data)
        case "take":
            return _take_sites(request, name)
        case "former":
            rows = former_rows(request.actor.province_code)
            return _kept(request, lambda: take_sites(name=name or _("Points of former communes"), rows=rows,
                                                     source=SiteSource.FORMER, by=request.actor, at=now),
                         "agents:site-sets")
    return _site_page(request, form, status=422)


@never_cache
@require_safe
@require_role(*READERS)
def site_set(request: WardpostRequest, set_id: UUID) -> HttpResponse:
    """Every site of a list, on the map and in a table."""
    found = site_sets(request.actor).filter(id=set_id).first()
    if found is None:
        raise Http404
    rows = sites_of(found)
    ground = [(place.latitude, place.longitude) for place in places_of_province(found.province_id)]
    points = [Point(row.latitude, row.longitude, row.name, row.address, Tone.ACTION, 5) for row in rows]
    return render(request, "agents/placement/site_set.html", {
        "set": found, "rows": rows, "map": Map(found.name, points, ground),
        "may_drop": request.actor.role in WRITERS, "role": request.actor.role})


@never_cache
@require_safe
@require_role(*READERS)
def site_sample(request: WardpostRequest) -> HttpResponse:
    """A file to fill in: one line for the centre of the first commune, as an example."""
    places = places_of_province(request.actor.province_code)[:3]
    rows = [(f"DD-{number:03d}", place.full_name, place.latitude, place.longitude, "")
            for number, place in enumerate(places, start=1)]
    return _file(exports.as_csv([SITE_COLUMNS, *rows]), "dia-diem-mau.csv")


@require_POST
@require_role(*WRITERS)
def site_drop(request: WardpostRequest, set_id: UUID) -> HttpResponse:
    """Throw a list away that nothing rests on."""
    return _dropped(request, lambda: drop_sites(site_set_id=set_id, by=request.actor, at=timezone.now()),
                    "agents:site-sets")


def _typed(request: WardpostRequest, name: str, longest: int) -> str:
    """One line of text; characters that nobody sees are left out."""
    text = clean(request.POST.get(name, ""))
    return "".join(letter for letter in text if hidden_character(letter) is None)[:longest]


def _is(request: WardpostRequest, step: str) -> bool:
    return request.method == "POST" and request.POST.get("do") == step


def _writes(request: WardpostRequest) -> None:
    if request.actor.role not in WRITERS:
        raise PermissionDenied


def _read_demand(request: WardpostRequest, text: str) -> Read[DemandRow]:
    return read_demand(text, {place.code for place in places_of_province(request.actor.province_code)})


def _take_demand(request: WardpostRequest, name: str) -> HttpResponse:
    content, note = request.POST.get("content", ""), _typed(request, "note", 300)
    read = _read_demand(request, content)
    if read.faults:
        return _look(request, "demand", read, content, {"name": name, "note": note})
    return _kept(request, lambda: take_demand(name=name, note=note, rows=read.rows, source=DemandSource.FILE,
                                              by=request.actor, at=timezone.now()), "agents:demand-sets")


def _take_sites(request: WardpostRequest, name: str) -> HttpResponse:
    content = request.POST.get("content", "")
    read = read_sites(content)
    if read.faults:
        return _look(request, "sites", read, content, {"name": name})
    return _kept(request, lambda: take_sites(name=name, rows=read.rows, source=SiteSource.FILE, by=request.actor,
                                             at=timezone.now()), "agents:site-sets")


def _look(request: WardpostRequest, what: str, read: Read[Any], content: str, typed: dict[str, Any]) -> HttpResponse:
    """What would be kept, or what is wrong; nothing is kept yet."""
    total = sum(row.demand for row in read.rows) if what == "demand" else 0
    return render(request, "agents/placement/preview.html", {
        "what": what, "read": read, "faults": read.faults[:MOST_FAULTS], "content": content, "total": total,
        "name": typed.get("name", ""), "note": typed.get("note", ""), "role": request.actor.role,
        "rows": list(zip(read.lines, read.rows, strict=True))[:20]}, status=422 if read.faults else 200)


def _kept(request: WardpostRequest, call: Callable[[], object], back: str) -> HttpResponse:
    try:
        call()
    except DomainError as refusal:
        messages.error(request, " ".join(str(error.message) for error in refusal.errors[:5]) or str(refusal.detail))
    else:
        messages.success(request, _("Kept whole."))
    return redirect(back)


def _dropped(request: WardpostRequest, call: Callable[[], object], back: str) -> HttpResponse:
    try:
        call()
    except NotFound as error:
        raise Http404 from error
    except SetInUse as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Thrown away."))
    return redirect(back)


def _demand_page(request: WardpostRequest, form: FileForm, status: int = 200) -> HttpResponse:
    return render(request, "agents/placement/demand_sets.html", {
        "form": form, "sets": demand_sets(request.actor)[:SHOWN], "may_add": request.actor.role in WRITERS,
        "role": request.actor.role, "columns": ",".join(DEMAND_COLUMNS)}, status=status)


def _site_page(request: WardpostRequest, form: FileForm, status: int = 200) -> HttpResponse:
    return render(request, "agents/placement/site_sets.html", {
        "form": form, "sets": site_sets(request.actor)[:SHOWN], "may_add": request.actor.role in WRITERS,
        "role": request.actor.role, "columns": ",".join(SITE_COLUMNS)}, status=status)


def _file(text: str, name: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/csv; charset=utf-8",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})

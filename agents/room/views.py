"""The operations room on screens: report, list, one incident, contact with places, vendors."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import EVERY_ROLE, require_role
from agents.room import beats, queries, reporting, steps, vendors, wording
from agents.room.errors import IncidentNotFound
from agents.room.models import Incident, IncidentPhoto
from agents.room.places import own_site, site_choices
from agents.room.reporting import LARGEST_PHOTO, Report
from agents.room.rules import LEVELS, OF_THE_PLACE, Effect, IncidentKind, IncidentState, IncidentStep, steps_from
from agents.surges.queries import surges_now
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

EVERYBODY: Final = tuple(sorted(EVERY_ROLE))
ROOM: Final = (Role.OPERATIONS_OFFICER, Role.ADMINISTRATOR)
AT_A_PLACE: Final = tuple(sorted(OUTLET_ROLES | CENTRE_ROLES))
WATCHERS: Final = (*ROOM, Role.PROGRAMME_OFFICER, Role.OPERATOR_HQ, Role.CENTRE_MANAGER, Role.OUTLET_MANAGER,
                   Role.AUDITOR)
ON_A_PAGE: Final = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERYBODY)
def report(request: WardpostRequest) -> HttpResponse:
    """Say that something is wrong. In the drawer when asked from another page, which then stays as it is."""
    if request.method != "POST":
        return _report_form(request)
    posted, photo = request.POST, request.FILES.get("photo")
    told = Report(kind=posted.get("kind", ""), effect=posted.get("effect", Effect.SLOW), text=posted.get("text", ""),
                  place=posted.get("place", ""), page=_page_of(posted.get("page", "")),
                  photo=photo.read(LARGEST_PHOTO + 1) if photo is not None else b"")
    try:
        made = reporting.report_incident(told, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _report_form(request, errors=errors_of(refusal), status=422)
    if request.htmx:
        return render(request, "agents/room/reported.html", {"incident": made})
    messages.success(request, _("Reported. The operations room has it now: %(code)s.") % {"code": made.code})
    return redirect("agents:incident", incident_id=made.id)


def _report_form(request: WardpostRequest, *, errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    site = own_site(request.actor)
    template = "agents/room/report_drawer.html" if request.htmx else "agents/room/report.html"
    return render(request, template, {
        "errors": errors or {}, "entered": request.POST, "kinds": _kinds(), "effects": wording.EFFECTS.items(),
        "site": site, "places": [] if site is not None else site_choices(request.actor),
        "may_be_everywhere": site is None and bool(request.actor.province_code),
        "page": _page_of(request.POST.get("page") or request.GET.get("trang", "")),
        "effect": request.POST.get("effect", Effect.SLOW)}, status=status)


def _kinds() -> list[tuple[str, object, object, str]]:
    return [(kind, wording.KINDS[kind], wording.HINTS[kind], wording.ICONS[kind]) for kind in IncidentKind]


def _page_of(address: str) -> str:
    """The path alone: what was asked of a page may name a person."""
    path = address.partition("?")[0].partition("#")[0][:200]
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


@never_cache
@require_safe
@require_role(*EVERYBODY)
def incident_list(request: WardpostRequest) -> HttpResponse:
    """What is wrong within sight; the operations room sees its whole city."""
    kind = request.GET.get("loai", "")
    kind = kind if kind in set(IncidentKind) else ""
    shows_all = request.GET.get("tat-ca") == "1"
    may_watch = request.actor.role in WATCHERS
    page = Paginator(queries.incidents(request.actor, kind=kind, only_open=not shows_all), ON_A_PAGE).get_page(
        request.GET.get("page"))
    return render(request, "agents/room/incidents.html", {
        "page": page, "rows": [_row(each) for each in page], "kinds": _kinds(), "kind": kind, "shows_all": shows_all,
        "now": timezone.now(), "surges": surges_now(request.actor, timezone.now()) if may_watch else []})


def _row(found: Incident) -> dict[str, Any]:
    return {"incident": found, "kind": wording.KINDS[found.kind], "icon": wording.ICONS[found.kind],
            "state": wording.STATES[IncidentState(found.state)], "tone": wording.TONES[found.state],
            "reporter": wording.who(found.reported_by_name),
            "effect": wording.EFFECTS[found.effect], "level": wording.LEVELS[found.level],
            "others": max(0, getattr(found, "place_count", 1) - 1)}


def _seen(request: WardpostRequest, incident_id: UUID) -> Incident:
    found = Incident.objects.seen_by(request.actor).filter(id=incident_id).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@require_role(*EVERYBODY)
def incident(request: WardpostRequest, incident_id: UUID) -> HttpResponse:
    """One incident: what is known, what was done, what may be done next."""
    return _page(request, _seen(request, incident_id))


def _page(request: WardpostRequest, found: Incident, *, errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    now, is_room = timezone.now(), request.actor.role in ROOM
    possible = [step for step in steps_from(IncidentState(found.state)) if is_room or step in OF_THE_PLACE]
    duty = dict(queries.duties(found.province_code)).get(IncidentKind(found.kind))
    return render(request, "agents/room/incident.html", _row(found) | {
        "places": list(found.places.order_by("since", "name")),
        "photos": list(found.photos.values_list("id", flat=True)),
        "entries": [(each, wording.who(each.by_name), wording.DONE.get(each.what, each.what),
                     wording.LEVELS[int(each.text)] if each.what == "climb" and each.text.isdigit() else each.text)
                    for each in found.entries.order_by("at", "id")],
        "steps": possible, "words": {str(step): wording.STEPS[step] for step in IncidentStep}, "duty": duty,
        "levels": [(level.number, wording.LEVELS[level.number]) for level in LEVELS], "is_room": is_room, "now": now,
        "dossiers": found.dossiers if found.solved_at else steps.dossiers_touched(found, until=now),
        "lasts": wording.lasting((found.solved_at or now) - found.reported_at),
        "outages": list(found.outages.order_by("started_at")),
        "choices": site_choices(request.actor) if is_room and not found.solved_at else [],
        "errors": errors or {}, "entered": request.POST}, status=status)


@require_POST
@require_role(*EVERYBODY)
def take_step(request: WardpostRequest, incident_id: UUID, step: str) -> HttpResponse:
    """One step of the state table."""
    if step not in set(IncidentStep):
        raise Http404
    posted = request.POST
    said = steps.Said(posted.get("text", ""), posted.get("vendor", ""), posted.get("ticket", ""))
    return _done(request, incident_id, lambda: steps.take_step(
        incident_id, IncidentStep(step), by=request.actor, at=timezone.now(), said=said))


@require_POST
@require_role(*EVERYBODY)
def note(request: WardpostRequest, incident_id: UUID) -> HttpResponse:
    """Say something more."""
    return _done(request, incident_id, lambda: steps.add_note(
        incident_id, text=request.POST.get("text", ""), by=request.actor, at=timezone.now()))


@require_POST
@require_role(*ROOM)
def place(request: WardpostRequest, incident_id: UUID) -> HttpResponse:
    """The same trouble is elsewhere too."""
    return _done(request, incident_id, lambda: steps.add_place(
        incident_id, place=request.POST.get("place", ""), by=request.actor, at=timezone.now()))


def _done(request: WardpostRequest, incident_id: UUID, call: Any) -> HttpResponse:
    try:
        call()
    except IncidentNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, _seen(request, incident_id), errors=errors_of(refusal), status=422)
    return redirect("agents:incident", incident_id=incident_id)


@never_cache
@require_safe
@require_role(*EVERYBODY)
def photo(request: WardpostRequest, photo_id: UUID) -> HttpResponse:
    """A picture of an incident within sight, and nothing but a picture."""
    seen = Incident.objects.seen_by(request.actor).values("id")
    found = IncidentPhoto.objects.filter(id=photo_id, incident_id__in=seen).first()
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=found.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@never_cache
@require_safe
@require_role(*WATCHERS)
def contact_list(request: WardpostRequest) -> HttpResponse:
    """Which places are in contact, and the log of those that were not."""
    now = timezone.now()
    found, log = queries.contacts(request.actor, now), queries.outages(request.actor, now)
    return render(request, "agents/room/contacts.html", {
        "places": [(each, wording.CONTACTS[each.contact], wording.TONES[each.contact]) for each in found.places],
        "counts": [(label, wording.TONES[name], found.counts.get(name, 0)) for name, label in wording.CONTACTS.items()],
        "outages": [(each, int(((each.ended_at or now) - each.started_at).total_seconds() // 60)) for each in log],
        "now": now})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*ROOM)
def vendor_list(request: WardpostRequest) -> HttpResponse:
    """Who puts right what, for each kind of incident."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        posted, minutes = request.POST, request.POST.get("minutes", "")
        try:
            vendors.set_duty(
                kind=posted.get("kind", ""), vendor=posted.get("vendor", ""), phone=posted.get("phone", ""),
                minutes=int(minutes) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 6 else 0,
                basis=posted.get("basis", ""), by=request.actor, at=timezone.now())
        except DomainError as refusal:
            errors = errors_of(refusal)
        else:
            messages.success(request, _("Kept. It holds for what is handed over from now on."))
            return redirect("agents:vendors")
    return render(request, "agents/room/vendors.html", {
        "rows": [(kind, wording.KINDS[kind], wording.ICONS[kind], duty)
                 for kind, duty in queries.duties(request.actor.province_code)],
        "errors": errors, "entered": request.POST}, status=422 if errors else 200)


@require_POST
@require_role(*AT_A_PLACE)
def beat(request: WardpostRequest) -> HttpResponse:
    """A counter's or desk's browser is there. One statement; nothing comes back."""
    told = request.POST.get("ms", "")
    is_number = told.isascii() and told.isdecimal() and len(told) < 7
    beats.beat(by=request.actor, latency_ms=int(told) if is_number else None, at=timezone.now())
    return HttpResponse(status=204)


def errors_of(refusal: DomainError) -> dict[str, str]:
    """Field name → what to do; what belongs to no field is under "all"."""
    found = {error.pointer.strip("/"): str(error.message) for error in refusal.errors}
    return found or {"all": str(refusal.detail)}

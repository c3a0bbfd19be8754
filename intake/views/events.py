"""One visit for an event of life: choose what goes together, bring one list, submit once."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agents import public as agents
from agents.auth import require_role
from intake.models.citizens import ConsentPurpose
from intake.models.counter import EventBundle
from intake.models.dossiers import Dossier
from intake.operations import documents
from intake.operations.bundles import submit_bundle
from intake.queries.counter_citizens import citizens_in_reach
from intake.queries.life_events import Event, get_event
from intake.queries.sessions import consents_of, open_session_of
from intake.rules.wording import Words
from intake.views.answers import go, said, show, uploads
from intake.views.event_entries import EventEntries, as_bundle, event_lines, read_event, return_parcels
from intake.views.take_entries import moment_or_none
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.money import total
from shared.roles import Role

PAGE = "intake/procedures/event.html"


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def event(request: WardpostRequest, code: str) -> HttpResponse:
    """The event with its procedures; for a citizen who is here, its dossiers are filled in and sent together."""
    found = get_event(code, local(timezone.now()).date())
    if found is None:
        raise Http404
    session = open_session_of(request.actor)
    if session is None:
        return render(request, PAGE, {"event": found})
    entries = read_event(request.POST, found, request.actor.province_code, timezone.now())
    entries = _with_uploads(request, entries)
    if request.method == "POST" and request.POST.get("do") == "submit":
        return _submit(request, found, entries)
    return _page(request, found, entries)


def _page(request: WardpostRequest, found: Event, entries: EventEntries, *, problems: tuple[str, ...] = (),
          status: int = 200) -> HttpResponse:
    session = open_session_of(request.actor)
    assert session is not None  # noqa: S101  # asked for only where somebody is acted for
    citizen = citizens_in_reach(request.actor).get(id=session.citizen_id)
    lines = event_lines(found, entries, citizen, agents.get_outlet(session.outlet_id), timezone.now())
    chosen = [line for line in lines if line.is_chosen]
    agreed = consents_of(session)
    pays = total(line.option.pricing.citizen_total for line in chosen if line.option and line.option.pricing)
    return show(request, PAGE, "form", {
        "event": found, "entries": entries, "lines": lines, "chosen": chosen, "citizen": citizen, "session": session,
        "agreed": agreed, "problems": problems, "parcels": return_parcels(lines), "pays": pays,
        "asks_place": any(line.needs_place for line in chosen),
        "lacking": [paper for line in chosen for paper in line.lacking],
        "is_agreed": entries.result_choice != "home" or ConsentPurpose.DELIVER_HOME in agreed}, status=status)


def _with_uploads(request: WardpostRequest, entries: EventEntries) -> EventEntries:
    kept = list(entries.documents)
    for name, upload in uploads(request):
        try:
            stored = documents.store_document(chunks=upload.chunks(), name=upload.name or "",
                                              component=name.partition("|")[2], by=request.actor, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, _("%(name)s: %(why)s") % {"name": upload.name, "why": refusal.title})
        else:
            kept.append((name, stored.id))
    return replace(entries, documents=tuple(dict.fromkeys(kept)))


def _submit(request: WardpostRequest, found: Event, entries: EventEntries) -> HttpResponse:
    session = open_session_of(request.actor)
    assert session is not None  # noqa: S101
    citizen = citizens_in_reach(request.actor).get(id=session.citizen_id)
    now = timezone.now()
    lines = event_lines(found, entries, citizen, agents.get_outlet(session.outlet_id), now)
    try:
        made = submit_bundle(as_bundle(found, entries, lines, citizen.id), by=request.actor, at=now,
                             opened_at=moment_or_none(entries.opened))
    except DomainError as refusal:
        problems = tuple(dict.fromkeys(str(each.message) for each in refusal.errors)) or (said(refusal),)
        return _page(request, found, entries, problems=problems, status=422)
    return go(request, "intake:bundle", bundle_id=made.bundle.id)


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def bundle(request: WardpostRequest, bundle_id: UUID) -> HttpResponse:
    """What was submitted together: each dossier with its slip and its state."""
    dossiers = list(Dossier.objects.seen_by(request.actor).filter(bundle_id=bundle_id).select_related(
        "procedure", "citizen").order_by("created_at", "id"))
    if not dossiers:
        raise Http404
    row = EventBundle.objects.get(id=bundle_id)
    known = get_event(row.event_code, local(row.created_at).date())
    session = open_session_of(request.actor)
    is_hers = session is not None and session.citizen_id == dossiers[0].citizen_id
    return render(request, "intake/procedures/bundle.html", {
        "name": known.name if known is not None else Words(row.event_code, row.event_code), "dossiers": dossiers,
        "citizen": dossiers[0].citizen, "session": session if is_hers else None,
        "agreed": consents_of(session) if session is not None and is_hers else frozenset()})

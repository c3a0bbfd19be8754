"""The files of a filing on the page "take a dossier": uploaded, photographed by a phone, put in order, used again."""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.errors import DocumentNotFound
from intake.models.citizens import ActingSession
from intake.models.documents import Document
from intake.models.phone_links import PhoneLink
from intake.operations import arranging, documents, phone_links, reusing
from intake.operations.arranging import PageChoice
from intake.papers.codes import qr_data_uri
from intake.queries.catalogue import get_procedure
from intake.queries.sessions import open_session_of
from intake.rules.catalogue import DocumentKind
from intake.rules.document_states import DocumentState
from intake.views.answers import uploads
from intake.views.take_entries import Entries, uuid_or_none
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import Role

CLERKS = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)


def with_files(request: WardpostRequest, session: ActingSession, entries: Entries) -> Entries:
    """The form after everything that this request does to its files; what is refused is said, the rest is kept."""
    _take_back(request)
    entries = _with_uploads(request, entries)
    entries = _with_reused(request, entries)
    entries = _with_arranged(request, entries)
    return with_arrivals(session, entries)


def with_arrivals(session: ActingSession, entries: Entries) -> Entries:
    """And what a phone has sent meanwhile."""
    arrived = _arrived(session, entries.client_ref).order_by("uploaded_at", "id").values_list("component", "id")
    return replace(entries, documents=tuple(dict.fromkeys((*entries.documents, *arrived))))


def _arrived(session: ActingSession, client_ref: UUID) -> QuerySet[Document]:
    return Document.objects.filter(dossier=None, outlet_id=session.outlet_id, phone_link__session=session,
                                   phone_link__client_ref=client_ref)


def _take_back(request: WardpostRequest) -> None:
    """Delete a scan that was dropped from the form; one that is gone already is gone."""
    document_id = uuid_or_none(request.POST.get("drop_document", "").partition(":")[2])
    if document_id is not None:
        with suppress(DocumentNotFound):
            documents.remove_waiting_document(document_id=document_id, by=request.actor, at=timezone.now())


def _with_uploads(request: WardpostRequest, entries: Entries) -> Entries:
    kept = list(entries.documents)
    for component, upload in uploads(request):
        try:
            stored = documents.store_document(chunks=upload.chunks(), name=upload.name or "", component=component,
                                              by=request.actor, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, _("%(name)s: %(why)s") % {"name": upload.name, "why": _why(refusal)})
        else:
            kept.append((component, stored.id))
    return replace(entries, documents=tuple(dict.fromkeys(kept)))


def _why(refusal: DomainError) -> str:
    """The cause, where the refusal names one, else its title."""
    return str(refusal.errors[0].message if refusal.errors else refusal.title)


def _with_reused(request: WardpostRequest, entries: Entries) -> Entries:
    component, _colon, text = request.POST.get("reuse_document", "").partition(":")
    document_id = uuid_or_none(text)
    if document_id is None or not entries.procedure_code:
        return entries
    now = timezone.now()
    try:
        listed = get_procedure(entries.procedure_code, local(now).date()).documents
        months = next((paper.get("valid_months") for paper in listed if paper["code"] == component), None)
        used = reusing.reuse_document(document_id=document_id, component=component, valid_months=months,
                                      by=request.actor, at=now)
    except DomainError as refusal:
        messages.error(request, _why(refusal))
        return entries
    return replace(entries, documents=(*entries.documents, (component, used.id)))


def _with_arranged(request: WardpostRequest, entries: Entries) -> Entries:
    """Put the pages of a component in the order that was asked for; its files become one, at the place of the first."""
    component = request.POST.get("arrange", "")
    if request.POST.get("do") != "arrange" or not component:
        return entries
    of_component = [document_id for code, document_id in entries.documents if code == component]
    pages = [page for page in map(_page_choice, request.POST.getlist("page")) if page is not None]
    sources = [each for each in map(uuid_or_none, request.POST.getlist("source")) if each in of_component]
    try:
        made = arranging.arrange_pages(component=component, pages=[p for p in pages if p.document_id in sources],
                                       dropped=[each for each in sources if each], by=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, _why(refusal))
        return entries
    rest = [each for each in entries.documents if each[1] not in sources]
    return replace(entries, documents=(*rest, (component, made.id)))


def _page_choice(text: str) -> PageChoice | None:
    """Read `document:number:turns`, as the drawer writes it."""
    document, _colon, rest = text.partition(":")
    number, _colon, turns = rest.partition(":")
    document_id = uuid_or_none(document)
    if document_id is None or not (number.isascii() and number.isdecimal() and turns.isascii() and turns.isdecimal()):
        return None
    return PageChoice(document_id, int(number[:4]), int(turns[:1]))


# --- drawers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageTile:
    """One page in the drawer; `value` is what the form sends. `has_picture`: a small one was drawn."""

    document_id: UUID
    number: int
    value: str
    has_picture: bool


def pages_drawer(request: WardpostRequest, entries: Entries) -> HttpResponse:
    """The pages of one component, to be put in order, turned and left out. Signed files stay as they are."""
    component = request.POST.get("component", "")
    order = [document_id for code, document_id in entries.documents if code == component]
    mine = Document.objects.filter(id__in=order, outlet=request.actor.outlet_id, dossier=None)
    found = {document.id: document for document in mine}
    files = [found[each] for each in order if each in found]
    usable = [each for each in files if each.is_ready and not each.signatures]
    tiles = [PageTile(each.id, number, f"{each.id}:{number}:0", bool(each.thumbs_name) and number <= 40)
             for each in usable for number in range(1, (each.pages or 1) + 1)]
    return render(request, "intake/papers/pages.html", {
        "component": component, "tiles": tiles, "sources": usable,
        "is_waiting": any(each.state == DocumentState.QUARANTINED for each in files),
        "has_signed": any(each.signatures for each in files)})


def phone_drawer(request: WardpostRequest, entries: Entries) -> HttpResponse:
    """Open a link and show it as a QR code; only here its token is ever seen."""
    now = timezone.now()
    link, token = phone_links.open_phone_link(client_ref=entries.client_ref, papers=_offered(entries, now),
                                              by=request.actor, at=now)
    address = request.build_absolute_uri(reverse("intake:phone", args=[token]))
    return render(request, "intake/papers/phone_drawer.html", {
        "link": link, "address": address, "qr": qr_data_uri(address), "papers": link.papers})


def close_phone(request: WardpostRequest, entries: Entries) -> None:
    phone_links.close_phone_link(client_ref=entries.client_ref, by=request.actor, at=timezone.now())


def _offered(entries: Entries, now: datetime) -> list[dict[str, str]]:
    """The papers of the chosen procedure that are scanned at all."""
    listed = get_procedure(entries.procedure_code, local(now).date()).documents
    return [{"code": paper["code"], "vi": paper["name_vi"], "en": paper["name_en"]} for paper in listed
            if paper["kind"] != DocumentKind.PRESENT_ONLY]


# --- what arrives while the page lies open ---------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*CLERKS)
def files_state(request: WardpostRequest, client_ref: UUID) -> HttpResponse:
    """A short text that differs as soon as a photo arrived or a file was looked at; the page then asks for itself."""
    session = open_session_of(request.actor)
    ids = [each for each in map(uuid_or_none, request.GET.get("files", "")[:2000].split(",")) if each]
    return HttpResponse(state_of_files(session, client_ref, ids), content_type="text/plain")


def state_of_files(session: ActingSession | None, client_ref: UUID, ids: list[UUID]) -> str:
    if session is None:
        return "-"
    known = Document.objects.filter(id__in=ids, outlet_id=session.outlet_id)
    states = sorted((str(document_id), state) for document_id, state in (
        *known.values_list("id", "state"), *_arrived(session, client_ref).values_list("id", "state")))
    links = phone_links.open_links(timezone.now()).filter(session=session, client_ref=client_ref)
    told = json.dumps([list(dict.fromkeys(states)), links.exists()])
    return sha256(told.encode()).hexdigest()[:16]


def open_link_of(session: ActingSession, client_ref: UUID) -> PhoneLink | None:
    return phone_links.open_links(timezone.now()).filter(session=session, client_ref=client_ref).first()

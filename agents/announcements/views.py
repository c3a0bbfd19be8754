"""Announcements on screens."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.announcements import operations, queries
from agents.announcements.forms import NoticeForm
from agents.announcements.rules import SENDERS
from agents.auth import require_role
from agents.forms import show
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

EVERYBODY: Final = tuple(Role.values)
USUAL_DAYS: Final = timedelta(days=7)
USUAL_TO_READ: Final = timedelta(days=1)


@never_cache
@require_safe
@require_role(*EVERYBODY)
def announcement_list(request: WardpostRequest) -> HttpResponse:
    """What was announced to the reader; those who announce see all of their city."""
    rows = queries.seen_by(request.actor, timezone.now())
    return render(request, "agents/announcements/list.html", {
        "rows": rows, "may_announce": request.actor.role in SENDERS, "now": timezone.now()})


@never_cache
@require_safe
@require_role(*EVERYBODY)
def announcement(request: WardpostRequest, announcement_id: UUID) -> HttpResponse:
    """One announcement; its readers for managers and those who announce."""
    return _page(request, announcement_id)


@require_POST
@require_role(*EVERYBODY)
def read(request: WardpostRequest, announcement_id: UUID) -> HttpResponse:
    """Confirm that one has read."""
    try:
        operations.confirm(announcement_id=announcement_id, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Confirmed: you have read it."))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("agents:announcement", announcement_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*SENDERS)
def publish(request: WardpostRequest) -> HttpResponse:
    """Write an announcement; `?replaces=` takes the words of one that it replaces."""
    now = timezone.now()
    before = _replaced(request)
    if request.method != "POST":
        return _form(request, NoticeForm(initial=_initial(before)), before)
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            made = operations.publish(notice=form.notice(), by=request.actor, at=now,
                                      replaces=before.announcement.id if before else None)
        except DomainError as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("Announced."))
            return redirect("agents:announcement", made.id)
    return _form(request, form, before, status=422)


@require_POST
@require_role(*SENDERS)
def withdraw(request: WardpostRequest, announcement_id: UUID) -> HttpResponse:
    """Take an announcement back with a reason."""
    try:
        operations.withdraw(announcement_id=announcement_id, because=request.POST.get("because", "")[:300],
                            by=request.actor, at=timezone.now())
    except DomainError as refusal:
        if refusal.status == 422:
            return _page(request, announcement_id, problem=str(refusal.errors[0].message), status=422)
        return _refused(request, refusal)
    messages.success(request, _("Withdrawn."))
    return redirect("agents:announcement", announcement_id)


def _page(request: WardpostRequest, announcement_id: UUID, *, problem: str = "", status: int = 200) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    row = queries.one(announcement_id, actor, now)
    if row is None:
        raise Http404
    people = queries.readers(row.announcement, actor) if queries.may_see_readers(actor) else None
    return render(request, "agents/announcements/one.html", {
        "row": row, "it": row.announcement, "people": people, "problem": problem, "now": now,
        "read_count": sum(each.read_at is not None for each in people or ()),
        "roles": [Role(role).label for role in row.announcement.roles],
        "may_end": actor.role in SENDERS and row.announcement.withdrawn_at is None and row.announcement.ends_at > now,
    }, status=status)


def _replaced(request: WardpostRequest) -> queries.Row | None:
    wished = request.GET.get("replaces", "")
    if not wished:
        return None
    try:
        row = queries.one(UUID(wished), request.actor, timezone.now())
    except ValueError:
        raise Http404 from None
    if row is None:
        raise Http404
    return row


def _initial(before: queries.Row | None) -> dict[str, object]:
    now = timezone.localtime().replace(second=0, microsecond=0)
    given: dict[str, object] = {"starts_at": now, "ends_at": now + USUAL_DAYS, "read_by": now + USUAL_TO_READ}
    if before is None:
        return given
    it = before.announcement
    return given | {"title": it.title, "text": it.text, "is_must_read": it.is_must_read, "roles": it.roles}


def _form(request: WardpostRequest, form: forms.Form, before: queries.Row | None, *, status: int = 200) -> HttpResponse:
    return render(request, "agents/announcements/form.html", {"form": form, "before": before}, status=status)


def _show(refusal: DomainError, form: forms.Form) -> None:
    if refusal.status == 403:
        raise PermissionDenied from refusal
    if refusal.status == 404:
        raise Http404 from refusal
    show(refusal, form)


def _refused(request: WardpostRequest, refusal: DomainError) -> HttpResponse:
    if refusal.status == 404:
        raise Http404 from refusal
    if refusal.status == 403:
        raise PermissionDenied from refusal
    messages.warning(request, str(refusal.detail))
    return redirect("agents:announcements")

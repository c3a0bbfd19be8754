"""The briefs on screens: the list, one brief to read on a phone, and what the operations room writes into it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from agents.briefs import operations, queries
from agents.briefs.errors import BriefActionNotFound, BriefNotFound
from agents.briefs.models import Brief
from agents.briefs.paper import brief_pdf
from agents.briefs.rules import ActionStep, BriefState
from agents.room.views import errors_of
from shared.api import WardpostRequest
from shared.calendar import LOCAL_ZONE
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OPERATIONS_OFFICER, Role.PROGRAMME_OFFICER, Role.CENTRE_MANAGER, Role.AUDITOR,
                  Role.ADMINISTRATOR)
WRITER: Final = Role.OPERATIONS_OFFICER
ON_A_PAGE: Final = 30


@never_cache
@require_safe
@require_role(*READERS)
def brief_list(request: WardpostRequest) -> HttpResponse:
    """The briefs of the city, the newest first."""
    page = Paginator(queries.briefs(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agents/briefs/briefs.html", {"page": page, "is_room": request.actor.role == WRITER})


@never_cache
@require_safe
@require_role(*READERS)
def brief(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """One brief."""
    return _page(request, _found(request, brief_id))


def _found(request: WardpostRequest, brief_id: UUID) -> Brief:
    try:
        return queries.find_brief(brief_id, request.actor)
    except BriefNotFound:
        raise Http404 from None


def _page(request: WardpostRequest, found: Brief, *, errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    now = timezone.now()
    writes = request.actor.role == WRITER
    return render(request, "agents/briefs/brief.html", {
        "brief": found, "sections": queries.told(found), "now": now, "errors": errors or {}, "entered": request.POST,
        "actions": [(each, each.is_late(now)) for each in queries.shown_actions(found)],
        "is_draft": found.state == BriefState.DRAFT, "writes": writes and found.state == BriefState.DRAFT,
        "may_end": writes}, status=status)


@never_cache
@require_safe
@require_role(*READERS)
def brief_paper(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """The brief as PDF."""
    found = _found(request, brief_id)
    answer = HttpResponse(brief_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="giao-ban-{found.day:%Y%m%d}-{found.half}.pdf"'
    return answer


@require_POST
@require_role(WRITER)
def remarks(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """What figures do not say."""
    return _done(request, brief_id, lambda: operations.write_remarks(
        brief_id, text=request.POST.get("remarks", ""), by=request.actor, at=timezone.now()), _("Remarks kept."))


@require_POST
@require_role(WRITER)
def refresh(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """Figures as of now."""
    return _done(request, brief_id, lambda: operations.refresh_brief(brief_id, by=request.actor, at=timezone.now()),
                 _("The figures are as of now."))


@require_POST
@require_role(WRITER)
def release(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """Let everybody read it."""
    return _done(request, brief_id, lambda: operations.release_brief(brief_id, by=request.actor, at=timezone.now()),
                 _("Released. Centres and the city's offices read it now."))


@require_POST
@require_role(WRITER)
def agree(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """Something is to be done."""
    posted = request.POST
    due_at = _moment(posted.get("due_at", ""))
    if due_at is None:
        return _page(request, _found(request, brief_id), status=422,
                     errors={"due_at": _("Say until when, such as 03/07/2025 16:00.")})
    return _done(request, brief_id, lambda: operations.agree_action(
        brief_id, text=posted.get("text", ""), owner_name=posted.get("owner_name", ""), due_at=due_at,
        by=request.actor, at=timezone.now()), _("Agreed. It stands in every brief until it is done."))


@require_POST
@require_role(WRITER)
def end_action(request: WardpostRequest, brief_id: UUID, action_id: UUID, step: str) -> HttpResponse:
    """Done, or dropped."""
    if step not in set(ActionStep):
        raise Http404
    return _done(request, brief_id, lambda: operations.end_action(
        action_id, ActionStep(step), outcome=request.POST.get("outcome", ""), by=request.actor, at=timezone.now()),
        _("Kept."))


def _done(request: WardpostRequest, brief_id: UUID, call: Callable[[], object], words: str) -> HttpResponse:
    found = _found(request, brief_id)
    try:
        call()
    except (BriefNotFound, BriefActionNotFound):
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, found, errors=errors_of(refusal), status=422)
    messages.success(request, words)
    return redirect("agents:brief", brief_id=brief_id)


def _moment(text: str) -> datetime | None:
    """A local moment as a browser sends it or as people write it."""
    for form in ("%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=LOCAL_ZONE)
        except ValueError:
            continue
    return None

"""Coaching on screens: entered from the citizen's page, listed at the counter, counted for those who answer for it."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.coaching import operations, queries
from intake.coaching.errors import CoachingNotFound
from intake.coaching.operations import CoachingInput
from intake.coaching.rules import LATER, ORDER, SAID, TOPICS, WINDOW
from intake.models.citizens import Citizen
from intake.queries.counter_citizens import citizens_in_reach
from intake.queries.procedures import names_by_field
from intake.views.answers import errors_of, said
from intake.views.take_entries import uuid_or_none
from intake.views.typed_moments import typed_moment
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.ids import uuid7
from shared.roles import Role

STAFF: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.OPERATIONS_OFFICER, Role.AUDITOR,
                  Role.ADMINISTRATOR)
_USUAL_MINUTES: Final = 20


@require_GET
@never_cache
@require_role(*STAFF)
def sessions(request: WardpostRequest) -> HttpResponse:
    """The outlet's sessions, newest first, with what may still be asked."""
    return _sessions(request)


def _sessions(request: WardpostRequest, *, errors: dict[str, str] | None = None, about: UUID | None = None,
              status: int = 200) -> HttpResponse:
    return render(request, "intake/coaching/sessions.html", {
        "lines": queries.sessions_of(request.actor), "answers": SAID.items(), "errors": errors or {}, "about": about,
        "entered": request.POST, "sees_results": request.actor.role in READERS, "now": timezone.now()}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF)
def record(request: WardpostRequest, citizen_id: UUID) -> HttpResponse:
    """What was taught to one citizen; nothing is kept without her yes."""
    citizen = citizens_in_reach(request.actor).filter(id=citizen_id).first()
    if citizen is None:
        raise Http404
    if request.method == "GET":
        return _form(request, citizen, request.POST)
    try:
        operations.record_session(_typed(request.POST, citizen_id), by=request.actor, at=timezone.now())
    except ValueError:
        return _form(request, citizen, request.POST, {"held_at": _("Give day and time.")}, status=422)
    except DomainError as refusal:
        return _form(request, citizen, request.POST, errors_of(refusal), status=422)
    messages.success(request, _("The session is kept. Ask at the next visit whether it went alone."))
    return redirect("intake:citizen", citizen_id)


def _typed(entered: QueryDict, citizen_id: UUID) -> CoachingInput:
    minutes, held_at = entered.get("minutes", "").strip(), entered.get("held_at", "").strip()
    return CoachingInput(
        client_ref=uuid_or_none(entered.get("client_ref", "")) or uuid7(), citizen_id=citizen_id,
        topics=tuple(entered.getlist("topics")),
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 5 else 0,
        agrees=entered.get("agrees") == "1", held_at=typed_moment(held_at) if held_at else None,
        procedure_code=entered.get("procedure_code", "")[:20])


def _form(request: WardpostRequest, citizen: Citizen, entered: QueryDict, errors: dict[str, str] | None = None, *,
          status: int = 200) -> HttpResponse:
    return render(request, "intake/coaching/record.html", {
        "citizen": citizen, "topics": TOPICS.items(), "chosen": entered.getlist("topics"), "entered": entered,
        "minutes": entered.get("minutes", _USUAL_MINUTES), "client_ref": entered.get("client_ref") or uuid7(),
        "groups": names_by_field(local(timezone.now()).date()), "errors": errors or {}}, status=status)


@require_POST
@require_role(*STAFF)
def answer(request: WardpostRequest, session_id: UUID) -> HttpResponse:
    """What the citizen says about filing since then."""
    try:
        operations.record_answer(session_id=session_id, said=request.POST.get("said", ""),
                                 code=request.POST.get("code", "")[:60], by=request.actor, at=timezone.now())
    except CoachingNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _sessions(request, errors=errors_of(refusal), about=session_id, status=422)
    messages.success(request, _("Written down."))
    return redirect("intake:coaching")


@require_POST
@require_role(*STAFF)
def strike(request: WardpostRequest, session_id: UUID) -> HttpResponse:
    """Strike out what was entered by mistake."""
    try:
        operations.strike_out(session_id=session_id, because=request.POST.get("because", ""), by=request.actor,
                              at=timezone.now())
    except CoachingNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, str(refusal.errors[0].message) if refusal.errors else said(refusal))
    else:
        messages.success(request, _("Struck out: it is counted nowhere."))
    return redirect("intake:coaching")


@require_GET
@never_cache
@require_role(*READERS)
def results(request: WardpostRequest) -> HttpResponse:
    """Who was coached, and what is known of them afterwards, by outlet and operator; the days may be chosen."""
    now = timezone.now()
    since, until = queries.usual_period(local(now).date())
    since, last = _day(request, "tu") or since, _day(request, "den") or until - timedelta(days=1)
    if last < since:
        since, last = last, since
    return render(request, "intake/coaching/results.html", {
        "results": queries.results(request.actor, since=since, until=last + timedelta(days=1), at=now),
        "since": since, "last": last, "kinds": [LATER[kind] for kind in ORDER], "window_days": WINDOW.days})


def _day(request: WardpostRequest, name: str) -> date | None:
    try:
        found = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return found if date(2020, 1, 1) <= found <= date(2100, 1, 1) else None

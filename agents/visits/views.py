"""Sub-points and visits for the staff that plans and pays them."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.models.organisations import OutletStatus
from agents.scope import outlets_seen_by
from agents.visits import planning, points, queries, reporting
from agents.visits.forms import (
    BecauseForm,
    HeldForm,
    MoveVisitForm,
    NotHeldForm,
    SeriesForm,
    SubPointForm,
    VisitForm,
)
from agents.visits.models import VisitSeries
from agents.visits.planners import PLANNERS, REPORTERS
from agents.visits.rules import Service, VisitState
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role

READERS: Final = (*sorted(OUTLET_ROLES), Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.OPERATIONS_OFFICER,
                  Role.AUDITOR, Role.ADMINISTRATOR)
_PLANNERS: Final = tuple(sorted(PLANNERS))


@never_cache
@require_safe
@require_role(*READERS)
def visit_list(request: WardpostRequest) -> HttpResponse:
    """All sub-points within sight, and the visits around today."""
    now = timezone.now()
    today = local(now).date()
    visits = queries.calendar_of(request.actor, today)
    return render(request, "agents/visits/list.html", {
        "points": queries.open_points(request.actor), "today": today, "may_plan": request.actor.role in PLANNERS,
        "to_come": [visit for visit in visits if visit.date >= today],
        "unreported": [visit for visit in visits
                       if visit.state == VisitState.PLANNED and queries.ends_at(visit) <= now],
        "past": [visit for visit in reversed(visits) if visit.date < today and visit.state != VisitState.PLANNED]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*_PLANNERS)
def open_sub_point(request: WardpostRequest) -> HttpResponse:
    """A place where the outlet's people will help."""
    outlets = outlets_seen_by(request.actor).exclude(status=OutletStatus.CLOSED).order_by("code")
    form = SubPointForm(request.POST or None, outlets=outlets)
    if form.is_valid():
        try:
            made = points.open_sub_point(outlet_id=form.cleaned_data["outlet"].id, place=form.place(), by=request.actor,
                                         at=timezone.now())
        except DomainError as refusal:
            _beside(refusal, form)
        else:
            messages.success(request, _("The sub-point is open. Now plan its visits."))
            return redirect("agents:sub-point", made.id)
    return render(request, "agents/visits/open.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def sub_point(request: WardpostRequest, point_id: UUID) -> HttpResponse:
    """One sub-point: its visits and weekly series; planners plan here."""
    at, actor = timezone.now(), request.actor
    act = request.POST.get("act", "")
    bound = {name: make(request.POST) if act == name else make(initial=_START) for name, make in _POINT_FORMS.items()}
    if act in bound and actor.role not in PLANNERS:
        raise PermissionDenied
    if act in bound and bound[act].is_valid():
        data = bound[act].cleaned_data
        acts: dict[str, Callable[[], Any]] = {
            "visit": lambda: planning.plan_visit(sub_point_id=point_id, day=data["date"], span=bound[act].span(),
                                                 by=actor, at=at),
            "series": lambda: planning.plan_series(
                sub_point_id=point_id, weekdays=data["weekdays"], span=bound[act].span(), starts_on=data["starts_on"],
                ends_on=data["ends_on"], by=actor, at=at),
            "close": lambda: points.close_sub_point(sub_point_id=point_id, because=data["because"], by=actor, at=at)}
        if _done(request, acts[act], bound[act]):
            return redirect("agents:sub-point", point_id)
    return _point_page(request, point_id, bound)


_START: Final = {"services": Service.values}
_POINT_FORMS: Final[dict[str, Any]] = {"visit": VisitForm, "series": SeriesForm, "close": BecauseForm}


def _point_page(request: WardpostRequest, point_id: UUID, bound: dict[str, Any]) -> HttpResponse:
    try:
        point = queries.find_point(point_id, request.actor)
    except DomainError as unknown:
        raise Http404 from unknown
    visits, series = queries.of_point(point, local(timezone.now()).date())
    may_plan = request.actor.role in PLANNERS and point.closed_at is None
    return render(request, "agents/visits/point.html", {
        "point": point, "visits": visits, "series": series, "may_plan": may_plan,
        **{f"{name}_form": form for name, form in bound.items()},
    }, status=422 if any(form.errors for form in bound.values()) else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def visit(request: WardpostRequest, visit_id: UUID) -> HttpResponse:
    """One visit: call it off, move it, or say how it went."""
    try:
        found = queries.find_visit(visit_id, request.actor)
    except DomainError as unknown:
        raise Http404 from unknown
    at, actor, act = timezone.now(), request.actor, request.POST.get("act", "")
    initial = {"date": found.date, "opens": found.opens, "closes": found.closes}
    bound = {name: make(request.POST) if act == name else make(initial=initial) for name, make in _VISIT_FORMS.items()}
    if act in bound and actor.role not in (REPORTERS if act in {"held", "not_held"} else PLANNERS):
        raise PermissionDenied
    if act in bound and bound[act].is_valid():
        data = bound[act].cleaned_data
        acts: dict[str, Callable[[], Any]] = {
            "cancel": lambda: planning.cancel_visit(visit_id=visit_id, because=data["because"], by=actor, at=at),
            "move": lambda: planning.move_visit(visit_id=visit_id, day=data["date"], opens=data["opens"],
                                                closes=data["closes"], because=data["because"], by=actor, at=at),
            "held": lambda: reporting.report_held(visit_id=visit_id, people_helped=data["people_helped"], by=actor,
                                                  at=at),
            "not_held": lambda: reporting.report_not_held(visit_id=visit_id, because=data["because"], by=actor, at=at)}
        if _done(request, acts[act], bound[act]):
            return redirect("agents:sub-point", found.sub_point_id)
    is_planned, has_ended = found.state == VisitState.PLANNED, queries.ends_at(found) <= at
    return render(request, "agents/visits/visit.html", {
        "visit": found, "point": found.sub_point,
        "may_plan": is_planned and not has_ended and actor.role in PLANNERS,
        "may_report": is_planned and has_ended and actor.role in REPORTERS,
        **{f"{name}_form": form for name, form in bound.items()},
    }, status=422 if any(form.errors for form in bound.values()) else 200)


_VISIT_FORMS: Final[dict[str, Any]] = {
    "cancel": BecauseForm, "move": MoveVisitForm, "held": HeldForm, "not_held": NotHeldForm}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*_PLANNERS)
def end_series(request: WardpostRequest, series_id: UUID) -> HttpResponse:
    """End a weekly series with a reason."""
    series = VisitSeries.objects.select_related("sub_point").filter(
        id=series_id, sub_point__in=queries.points_seen_by(request.actor).order_by().values("id")).first()
    if series is None:
        raise Http404
    form = BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(request, lambda: planning.end_series(
            series_id=series_id, because=form.cleaned_data["because"], by=request.actor, at=timezone.now()), form):
        return redirect("agents:sub-point", series.sub_point_id)
    return render(request, "agents/visits/end_series.html", {"series": series, "form": form},
                  status=422 if form.errors else 200)


def _done(request: WardpostRequest, act: Callable[[], Any], form: forms.Form) -> bool:
    """Take the step; a refusal lands beside its field."""
    try:
        act()
    except DomainError as refusal:
        _beside(refusal, form)
        return False
    messages.success(request, _("Done. The public calendar says so at once."))
    return True


def _beside(refusal: DomainError, form: forms.Form) -> None:
    if refusal.status == 403:
        raise PermissionDenied from refusal
    if refusal.status == 404:
        raise Http404 from refusal
    show(refusal, form)

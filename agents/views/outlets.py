"""The network: its outlets, and the life of each."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.forms import HoursForm, OutletForm, ReasonForm, show
from agents.models.organisations import Operator, Outlet, OutletStatus, Task
from agents.moves.queries import moves as moves_of
from agents.moves.rules import ASKERS, OPEN
from agents.opening import Span, is_open, next_opening
from agents.operations import outlets as operations
from agents.rules import OUTLET_STEPS, OutletStep
from agents.scope import outlets_seen_by
from agents.site_days import site_calendar
from shared.actors import Actor
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role
from shared.text import clean

ON_A_PAGE: Final = 50
READERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
RUNNERS: Final = (Role.OPERATOR_HQ, Role.ADMINISTRATOR)

STEPS: Final = {
    OutletStep.SUSPEND: operations.suspend_outlet,
    OutletStep.RESUME: operations.resume_outlet,
    OutletStep.CLOSE: operations.close_outlet,
}


@require_safe
@require_role(*READERS)
def outlet_list(request: WardpostRequest) -> HttpResponse:
    """List the outlets in sight with state, hours and tasks; `q` searches code, name and commune."""
    found = outlets_seen_by(request.actor).prefetch_related("opening_hours").order_by("code")
    query, status = clean(request.GET.get("q", ""))[:80], request.GET.get("status", "")
    if query:
        found = found.filter(Q(code__icontains=query) | Q(name__icontains=query) | Q(commune__name__icontains=query))
    if status in OutletStatus.values:
        found = found.filter(status=status)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {"page": page, "rows": [_row(outlet, now) for outlet in page], "query": query, "status": status,
               "statuses": OutletStatus.choices, "of_many": request.actor.operator_id is None,
               "may_see_centres": request.actor.role in {Role.ADMINISTRATOR, Role.AUDITOR},
               "may_open": request.actor.role in RUNNERS}
    return render(request, "agents/outlets.html#rows" if request.htmx else "agents/outlets.html", context)


def _row(outlet: Outlet, now: datetime) -> dict[str, object]:
    spans = _spans(outlet)
    calendar = site_calendar(outlet.id)
    works = outlet.status == OutletStatus.ACTIVE
    opened = works and is_open(spans, now, calendar)
    tasks = _tasks(outlet)
    return {"outlet": outlet, "is_open": opened, "tasks": tasks, "has_all_tasks": len(tasks) == len(Task),
            "opens_next": next_opening(spans, now, calendar) if works and not opened else None}


def _spans(outlet: Outlet) -> list[Span]:
    return sorted(Span(row.weekday, row.opens, row.closes) for row in outlet.opening_hours.all())


def _tasks(outlet: Outlet) -> list[Any]:
    return [label for value, label in Task.choices if value in outlet.tasks]


def _seen(request: WardpostRequest, outlet_id: UUID) -> Outlet:
    outlet = outlets_seen_by(request.actor).prefetch_related("opening_hours").filter(id=outlet_id).first()
    if outlet is None:
        raise Http404
    return outlet


@require_safe
@require_role(Role.OUTLET_MANAGER)
def own_outlet(request: WardpostRequest) -> HttpResponse:
    """The outlet that she runs."""
    return redirect("agents:outlet", request.actor.outlet_id)


@require_safe
@require_role(*READERS)
def outlet_detail(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Show one outlet and what may be done with it now."""
    outlet = _seen(request, outlet_id)
    return _detail(request, outlet, ReasonForm(), HoursForm(spans=_spans(outlet)))


def _detail(request: WardpostRequest, outlet: Outlet, reason: ReasonForm, hours: HoursForm) -> HttpResponse:
    steps = [step for step in OutletStep if (outlet.status, step) in OUTLET_STEPS]
    moves = list(moves_of(request.actor).filter(outlet=outlet).order_by("-effective_from", "-id"))
    context = {**_row(outlet, timezone.now()), "reason": reason, "hours": hours, "moves": moves[:5],
               "open_move": next((each for each in moves if each.state in OPEN), None),
               "may_move": request.actor.role in ASKERS and outlet.status != OutletStatus.CLOSED,
               "steps": steps if request.actor.role in RUNNERS else [],
               "may_set_hours": request.actor.role in (*RUNNERS, Role.OUTLET_MANAGER)}
    status = 422 if reason.errors or hours.errors else 200
    return render(request, "agents/outlet.html", context, status=status)


@require_POST
@require_role(*RUNNERS)
def take_step(request: WardpostRequest, outlet_id: UUID, step: str) -> HttpResponse:
    """Suspend, resume or close."""
    if step not in {each.value for each in OutletStep}:
        raise Http404
    outlet, form = _seen(request, outlet_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            STEPS[OutletStep(step)](outlet_id=outlet_id, reason=form.cleaned_data["reason"], by=request.actor,
                                    at=timezone.now())
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("Done."))
            return redirect("agents:outlet", outlet_id)
    return _detail(request, outlet, form, HoursForm(spans=_spans(outlet)))


@require_POST
@require_role(Role.OUTLET_MANAGER, *RUNNERS)
def set_hours(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Replace the week."""
    outlet, form = _seen(request, outlet_id), HoursForm(request.POST)
    if form.is_valid():
        try:
            operations.set_opening_hours(outlet_id=outlet_id, hours=form.spans(), by=request.actor, at=timezone.now())
        except DomainError as error:
            _show_or_raise(error, form)
        else:
            messages.success(request, _("The opening hours are in force."))
            return redirect("agents:outlet", outlet_id)
    return _detail(request, outlet, ReasonForm(), form)


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*RUNNERS)
def open_outlet(request: WardpostRequest) -> HttpResponse:
    """Take an outlet into the network; its hours are set on its own page afterwards."""
    form = OutletForm(request.POST or None, initial={"agreement_from": timezone.localdate()})
    operators = Operator.objects.order_by("name")
    if request.actor.operator_id is not None:
        operators = operators.filter(id=request.actor.operator_id)
        form.fields["operator"].initial = request.actor.operator_id
    form.fields["operator"].queryset = operators  # type: ignore[attr-defined]  # a ModelChoiceField
    if request.method == "POST" and form.is_valid():
        outlet = _opened(form, request.actor)
        if outlet is not None:
            messages.success(request, _("The outlet is in the network. Enter its opening hours now."))
            return redirect("agents:outlet", outlet.id)
    return render(request, "agents/outlet_open.html", {"form": form}, status=422 if form.errors else 200)


def _opened(form: OutletForm, by: Actor) -> Outlet | None:
    data = form.cleaned_data
    site = operations.Site(data["commune"], data["address"], data["latitude"], data["longitude"])
    agreement = operations.Agreement(frozenset(data["tasks"]), data["agreement_from"], data["agreement_until"],
                                     data["phase"])
    try:
        return operations.open_outlet(code=data["code"], name=data["name"], operator_id=data["operator"].id, site=site,
                                      agreement=agreement, hours=[], phone=data["phone"], by=by, at=timezone.now())
    except DomainError as error:
        _show_or_raise(error, form)
        return None


def _show_or_raise(error: DomainError, form: forms.Form) -> None:
    if error.status == 403:
        raise PermissionDenied from error
    if error.status == 404:
        raise Http404 from error
    show(error, form)

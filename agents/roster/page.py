"""The page of a week, with every form on it as it was filled in."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from agents.forms import show
from agents.models.organisations import Outlet
from agents.roster.forms import AbsenceForm, ShiftForm, SwapForm
from agents.roster.operations import MAKERS
from agents.roster.queries import Week, open_swaps, shifts_to_give, week_of
from agents.roster.rules import monday_of
from agents.scope import outlets_seen_by
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES

_REACH_DAYS: Final = 400


def seen_outlet(request: WardpostRequest, outlet_id: UUID) -> Outlet:
    """An outlet within sight, or 404."""
    outlet = outlets_seen_by(request.actor).filter(id=outlet_id).first()
    if outlet is None:
        raise Http404
    return outlet


def asked_monday(asked: str) -> date:
    """The Monday of the week asked for; this week's when nothing sensible was asked."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return monday_of(timezone.localdate())
    in_reach = abs((day - timezone.localdate()).days) <= _REACH_DAYS
    return monday_of(day if in_reach else timezone.localdate())


def shift_form(request: WardpostRequest, week: Week, typed: Any = None) -> ShiftForm:
    return ShiftForm(typed, week=week, today=timezone.localdate())


def absence_form(request: WardpostRequest, week: Week, typed: Any = None) -> AbsenceForm:
    """Of oneself; of everybody for who makes the roster."""
    people = [row.account for row in week.rows
              if request.actor.role in MAKERS or str(row.account.id) == request.actor.id]
    return AbsenceForm(typed, people=people)


def swap_form(request: WardpostRequest, outlet: Outlet, week: Week, typed: Any = None) -> SwapForm | None:
    """None: she has no shift to give away, or nobody to give it to."""
    if request.actor.role not in OUTLET_ROLES:
        return None
    shifts = shifts_to_give(UUID(request.actor.id), outlet.id, timezone.now())
    colleagues = [row.account for row in week.rows if str(row.account.id) != request.actor.id]
    return SwapForm(typed, shifts=shifts, colleagues=colleagues) if shifts and colleagues else None


def page(request: WardpostRequest, outlet: Outlet, monday: date, *, week: Week | None = None,
         shift: ShiftForm | None = None, absence: AbsenceForm | None = None,
         swap: SwapForm | None = None) -> HttpResponse:
    """The week; a form that was refused stands in it as it was filled in."""
    week = week or week_of(outlet, monday)
    may_make, here, step = request.actor.role in MAKERS, reverse("agents:roster", args=[outlet.id]), timedelta(days=7)
    is_outlets, today = request.actor.role in OUTLET_ROLES, timezone.localdate()
    context = {
        "outlet": outlet, "week": week, "monday": monday, "sunday": monday + timedelta(days=6), "today": today,
        "before": f"{here}?tuan={monday - step}", "after": f"{here}?tuan={monday + step}",
        "may_make": may_make, "is_outlets": is_outlets, "me": request.actor.id,
        "is_short": any(day.is_short for day in week.days if day.date >= today),
        "is_over": monday + step <= today,
        "shift": shift or (shift_form(request, week) if may_make else None),
        "absence": absence or (absence_form(request, week) if may_make or is_outlets else None),
        "swap": swap or swap_form(request, outlet, week), "swaps": open_swaps(request.actor, outlet.id)}
    given: tuple[forms.Form | None, ...] = (shift, absence, swap)
    status = 422 if any(form is not None and form.errors for form in given) else 200
    return render(request, "agents/roster.html", context, status=status)


def back(outlet_id: UUID, monday: date) -> HttpResponse:
    return redirect(f"{reverse('agents:roster', args=[outlet_id])}?tuan={monday}")


def show_or_forbid(error: DomainError, form: forms.Form) -> None:
    """The refusal beside its field; what is not hers at all is forbidden or unknown."""
    if error.status == 403:
        raise PermissionDenied from error
    if error.status == 404:
        raise Http404 from error
    show(error, form)

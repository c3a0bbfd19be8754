"""A week of an outlet: who works when, what nobody covers, and the means to change it."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from agents.roster import operations
from agents.roster.page import asked_monday, back, page, seen_outlet, shift_form, show_or_forbid
from agents.roster.queries import week_of
from agents.roster.rules import monday_of
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

READERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR)
MAKERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ)


@require_safe
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def own_roster(request: WardpostRequest) -> HttpResponse:
    """The roster of the outlet where one works."""
    return redirect("agents:roster", request.actor.outlet_id)


@require_safe
@require_role(*READERS)
def roster(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Show a week."""
    return page(request, seen_outlet(request, outlet_id), asked_monday(request.GET.get("tuan", "")))


@require_POST
@require_role(*MAKERS)
def add_shifts(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Put a person into the roster of a week."""
    outlet, monday = seen_outlet(request, outlet_id), asked_monday(request.POST.get("tuan", ""))
    week = week_of(outlet, monday)
    form = shift_form(request, week, request.POST)
    if form.is_valid():
        try:
            operations.add_shifts(outlet_id=outlet.id, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            show_or_forbid(error, form)
        else:
            return back(outlet.id, monday)
    return page(request, outlet, monday, week=week, shift=form)


@require_POST
@require_role(*MAKERS)
def remove_shift(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """Take one out."""
    try:
        shift = operations.remove_shift(shift_id=shift_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        if error.status == 403:
            raise PermissionDenied from error
        raise Http404 from error
    return back(shift.outlet_id, monday_of(shift.date))


@require_POST
@require_role(*MAKERS)
def copy_week(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """As last week."""
    outlet, monday = seen_outlet(request, outlet_id), asked_monday(request.POST.get("tuan", ""))
    copied = operations.copy_week(outlet_id=outlet.id, monday=monday, by=request.actor, at=timezone.now())
    messages.success(request, _("Shifts taken over from last week: %(n)s") % {"n": copied})
    return back(outlet.id, monday)

"""Being away, and asking a colleague to take a shift."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.auth import require_role
from agents.roster import absences
from agents.roster.page import absence_form, asked_monday, back, page, seen_outlet, show_or_forbid, swap_form
from agents.roster.queries import week_of
from agents.roster.rules import monday_of
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

WORKERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)


@require_POST
@require_role(*WORKERS, Role.OPERATOR_HQ)
def set_absence(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Say who is away."""
    outlet, monday = seen_outlet(request, outlet_id), asked_monday(request.POST.get("tuan", ""))
    week = week_of(outlet, monday)
    form = absence_form(request, week, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            absences.set_absence(account_id=data["account_id"], from_date=data["from_date"],
                                 until_date=form.until_date, by=request.actor, at=timezone.now())
        except DomainError as error:
            show_or_forbid(error, form)
        else:
            return back(outlet.id, monday_of(data["from_date"]))
    return page(request, outlet, monday, week=week, absence=form)


@require_POST
@require_role(*WORKERS, Role.OPERATOR_HQ)
def end_absence(request: WardpostRequest, absence_id: UUID) -> HttpResponse:
    """Take it out, or end it today."""
    try:
        absence = absences.end_absence(absence_id=absence_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        if error.status == 403:
            raise PermissionDenied from error
        raise Http404 from error
    return back(absence.outlet_id, asked_monday(request.POST.get("tuan", "")))


@require_POST
@require_role(*WORKERS)
def ask_swap(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """Ask a colleague to take a shift of one's own."""
    outlet, monday = seen_outlet(request, outlet_id), asked_monday(request.POST.get("tuan", ""))
    week = week_of(outlet, monday)
    form = swap_form(request, outlet, week, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            absences.ask_swap(by=request.actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            show_or_forbid(error, form)
        else:
            messages.success(request, _("Asked. The shift stays yours until your colleague says yes."))
            return back(outlet.id, monday)
    return page(request, outlet, monday, week=week, swap=form)


@require_POST
@require_role(*WORKERS)
def answer_swap(request: WardpostRequest, swap_id: UUID, answer: str) -> HttpResponse:
    """Yes, no, or no longer asked."""
    steps = {"nhan": absences.take_shift, "khong": absences.answer_no}
    if answer not in steps:
        raise Http404
    try:
        swap = steps[answer](swap_id=swap_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        if error.status == 404:
            raise Http404 from error
        messages.error(request, str(error.title))
        return back(seen_outlet(request, request.actor.outlet_id or swap_id).id,
                    asked_monday(request.POST.get("tuan", "")))
    return back(swap.outlet_id, asked_monday(request.POST.get("tuan", "")))

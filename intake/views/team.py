"""A centre's people for their manager: load, absences, and who stands in."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents import public as agents
from agents.auth import require_role
from intake.errors import AbsenceNotFound
from intake.operations import absences
from intake.operations.absences import AbsenceInput
from intake.queries import team as team_queries
from shared.actors import Actor
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, Role

STAFF: Final = tuple(sorted(CENTRE_ROLES))
LONGEST_AHEAD: Final = timedelta(days=90)


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who stands in; an officer enters her own only."""

    use_required_attribute = False
    officer_id = forms.TypedChoiceField(label=gettext_lazy("Who is away"), coerce=UUID)
    from_day = forms.DateField(label=gettext_lazy("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    until_day = forms.DateField(label=gettext_lazy("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    covered_by = forms.TypedChoiceField(label=gettext_lazy("Who stands in"), coerce=UUID, required=False,
                                        empty_value=None)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300,
                           widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        staff = agents.staff_of_centre(actor.centre_id) if actor.centre_id is not None else []
        people = [(str(person.id), person.name) for person in staff]
        mine = people if actor.role == Role.CENTRE_MANAGER else [each for each in people if each[0] == actor.id]
        self.fields["officer_id"].choices = mine  # type: ignore[attr-defined]
        self.fields["covered_by"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody yet: the manager finds somebody")), *people]

    def take_errors(self, refusal: DomainError) -> None:
        for error in refusal.errors:
            name = error.pointer.strip("/")
            self.add_error(name if name in self.fields else None, str(error.message))
        if not refusal.errors:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*STAFF)
def team(request: WardpostRequest) -> HttpResponse:
    """Load of each officer, two weeks of absences, and the form to plan one."""
    form = AbsenceForm(request.actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            absences.plan_absence(AbsenceInput(**form.cleaned_data), by=request.actor, at=timezone.now())
        except DomainError as refusal:
            form.take_errors(refusal)
        else:
            messages.success(request, _("The absence is entered."))
            return redirect("intake:team")
    status = 422 if form.errors else 200
    return render(request, "intake/centre/team.html", _context(request, form), status=status)


def _context(request: WardpostRequest, form: AbsenceForm) -> dict[str, Any]:
    now, today = timezone.now(), timezone.localdate()
    first = _first_day(request.GET.get("from", ""), today)
    return {
        "loads": team_queries.team_load(request.actor, now=now), "form": form, "tab": "team", "today": today,
        "calendar": team_queries.calendar(request.actor, first), "first": first,
        "earlier": first - timedelta(days=team_queries.DAYS), "later": first + timedelta(days=team_queries.DAYS),
        "planned": team_queries.absences(request.actor, today, today + LONGEST_AHEAD),
        "is_manager": request.actor.role == Role.CENTRE_MANAGER, "reader_id": request.actor.id,
        "colleagues": agents.staff_of_centre(request.actor.centre_id) if request.actor.centre_id else []}


def _first_day(typed: str, today: date) -> date:
    """Monday of the wished week, else of this one; a day far away is this week too."""
    try:
        wished = date.fromisoformat(typed) if typed else today
    except ValueError:
        wished = today
    if abs((wished - today).days) > 366:
        wished = today
    return wished - timedelta(days=wished.weekday())


@require_POST
@require_role(*STAFF)
def change_absence(request: WardpostRequest, absence_id: UUID) -> HttpResponse:
    """Name who stands in, or cancel the absence."""
    try:
        if request.POST.get("act") == "cancel":
            absences.cancel_absence(absence_id=absence_id, by=request.actor, at=timezone.now())
            messages.success(request, _("The absence is cancelled."))
        else:
            cover = UUID(request.POST.get("covered_by", ""))
            absences.name_cover(absence_id=absence_id, covered_by=cover, by=request.actor, at=timezone.now())
            messages.success(request, _("It is settled who stands in."))
    except AbsenceNotFound:
        raise Http404 from None
    except ValueError:
        messages.warning(request, _("Choose a colleague."))
    except DomainError as refusal:
        messages.warning(request, "; ".join(str(error.message) for error in refusal.errors) or str(refusal.title))
    return redirect("intake:team")

"""Who of the network holds which certificate, for those who answer for them; and a city's gate."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.models.people import StaffAccount
from agents.practice import live
from agents.practice.exercises import exercises
from agents.training import operations, rules
from agents.training.models import Certificate, Course, TrainingGate
from agents.training.queries import courses_on, gate_rows, lacking, newest_ends, trainees_seen_by
from agents.training.rules import EXPIRES_SOON, Standing
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role
from shared.text import clean

ON_A_PAGE: Final = 50
WATCHERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)


class GateForm(forms.Form):
    """From when a city asks for certificates."""

    holds_from = forms.DateField(
        label=gettext_lazy("Holds from"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("At least a week ahead; empty: no certificate is asked for."))
    asks_practice = forms.BooleanField(
        label=gettext_lazy("Ask for the exercises before the tests"), required=False,
        help_text=gettext_lazy("Whoever begins a test must have finished its course’s exercises in practice."))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@dataclass(frozen=True, slots=True)
class Cell:
    """One person and one course."""

    course: str
    standing: Standing
    last_day: date | None


@require_safe
@require_role(*WATCHERS)
def coverage(request: WardpostRequest) -> HttpResponse:
    """Show everybody one answers for, course by course, those who lack one first when asked."""
    return _page(request, GateForm())


def _page(request: WardpostRequest, form: GateForm) -> HttpResponse:
    today = timezone.localdate()
    courses = list(courses_on(today).defer("lessons", "questions"))
    everybody = trainees_seen_by(request.actor).filter(is_active=True)
    asked = {"q": clean(request.GET.get("q", ""))[:80], "show": request.GET.get("show", "")}
    page = Paginator(_filtered(everybody, asked, courses, today), ON_A_PAGE).get_page(request.GET.get("page"))
    ends = newest_ends([account.id for account in page])
    has_practice = live.is_connected()
    practised = live.finished_by([account.id for account in page]) if has_practice else {}
    rows = [(account, [_cell(each, ends.get((account.id, each.group)), today) for each in courses],
             practised.get(account.id, 0)) for account in page]
    context = {"courses": courses, "page": page, "rows": rows, "asked": asked, "tab": "coverage",
               "totals": _totals(everybody, courses, today), "gate": _gate_of(request), "form": form,
               "has_practice": has_practice, "exercises": len(exercises()),
               "may_set": request.actor.role == Role.PROGRAMME_OFFICER, "today": today}
    return render(request, "agents/training/coverage.html", context, status=422 if form.errors else 200)


def _filtered(everybody: QuerySet[StaffAccount], asked: dict[str, str], courses: list[Course],
              today: date) -> QuerySet[StaffAccount]:
    found = everybody.order_by("outlet__code", "display_name", "id")
    if asked["q"]:
        found = found.filter(Q(display_name__icontains=asked["q"]) | Q(outlet__code__icontains=asked["q"])
                             | Q(outlet__name__icontains=asked["q"]))
    groups = [each.group for each in courses]
    if asked["show"] == "lacking":
        return lacking(found, groups, today)
    if asked["show"] == "ending":
        soon = Certificate.objects.filter(valid_until__gt=today, valid_until__lte=today + EXPIRES_SOON)
        return lacking(found.filter(id__in=soon.values("account")), groups, today + EXPIRES_SOON)
    return found


def _cell(course: Course, until: date | None, today: date) -> Cell:
    return Cell(course.title, rules.standing(until, today), rules.last_day(until) if until else None)


def _totals(everybody: QuerySet[StaffAccount], courses: list[Course], today: date) -> list[dict[str, Any]]:
    """For each course, how many of how many hold a certificate today; two questions to the database."""
    how_many = everybody.count()
    pairs = Certificate.objects.filter(account__in=everybody.values("id"), valid_until__gt=today).values_list(
        "group", "account_id").distinct()
    holders: dict[str, int] = {}
    for group, _account in pairs:
        holders[group] = holders.get(group, 0) + 1
    return [{"course": each, "holders": holders.get(each.group, 0), "of": how_many,
             "lacking": how_many - holders.get(each.group, 0)} for each in courses]


def _gate_of(request: WardpostRequest) -> TrainingGate | None:
    code = request.actor.province_code
    if not code:
        return None
    return next((row for row in gate_rows().filter(province_id=code)), None)


@require_POST
@require_role(Role.PROGRAMME_OFFICER)
def set_gate(request: WardpostRequest) -> HttpResponse:
    """Set the day from which the city asks for certificates, or lift it."""
    form = GateForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        row = operations.set_gate(holds_from=form.cleaned_data["holds_from"], reason=form.cleaned_data["reason"],
                                  asks_practice=form.cleaned_data["asks_practice"], by=request.actor,
                                  at=timezone.now())
    except DomainError as error:
        show(error, form)
        return _page(request, form)
    messages.success(request, _("The gate is set.") if row.holds_from else _("The gate is lifted."))
    return redirect("agents:training-coverage")

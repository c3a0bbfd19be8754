"""Scorecards: the list of a month, one outlet's card, the cases behind a measure, several side by side, the formula."""

import csv
from datetime import date
from io import StringIO
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.models.organisations import Operator
from agents.quality import appeals, cases, ports, queries, showing
from agents.quality.cases import Case, Look, Period
from agents.quality.computing import formula_of
from agents.quality.errors import ScoreNotFound
from agents.quality.forms import AppealForm
from agents.quality.models import ScoreAppeal, ScoreMonth
from agents.quality.rules import AppealState, Measure, Praise, ScoreState, month_of
from agents.quality.wording import APPEAL_FACES, APPEAL_STATES, MEASURES, PRAISES, SCORE_STATES
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role
from shared.shell import Waiting
from shared.text import clean, harmless

LISTERS: Final = (Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
READERS: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, *LISTERS)
ON_A_PAGE: Final = 50
MOST_COMPARED: Final = 4


def waiting(request: HttpRequest) -> Waiting:
    """For the rail."""
    actor = getattr(request, "actor", None)
    return queries.waiting(actor) if actor is not None else 0


@require_safe
@require_role(*READERS)
def scorecards(request: WardpostRequest) -> HttpResponse:
    """A month of all outlets in sight, by code; who works at an outlet comes to its own card."""
    if request.actor.role in OUTLET_ROLES:
        return redirect("agents:scorecard", request.actor.outlet_id)
    months = queries.months(request.actor)
    month = _asked_month(request) or (months[0] if months else month_of(timezone.localdate()))
    asked = {"q": clean(request.GET.get("q", ""))[:80], "operator": clean(request.GET.get("operator", ""))[:12]}
    rows = queries.of_month(request.actor, month, text=asked["q"], operator=asked["operator"])
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agents/quality/list.html", {
        "page": page, "rows": [_row(row) for row in page], "months": [(each, showing.month_words(each))
                                                                    for each in months],
        "month": month, "month_words": showing.month_words(month), "asked": asked, "measures": _heads(page),
        "operators": Operator.objects.order_by("code") if request.actor.role != Role.OPERATOR_HQ else []})


def _heads(page: Any) -> list[object]:
    first = next(iter(page), None)
    return [MEASURES[each.measure] for each in first.formula.weighed] if first is not None else []


def _row(row: ScoreMonth) -> dict[str, Any]:
    return {"it": row, "outlet": row.outlet, "lines": showing.lines(row), "total": showing.tenths(row.total),
            "tone": showing.tone(row.total), "state": SCORE_STATES[ScoreState(row.state)]}


def _asked_month(request: HttpRequest, text: str | None = None) -> date | None:
    asked = request.GET.get("month", "") if text is None else text
    try:
        return month_of(date.fromisoformat(f"{asked}-01"))
    except ValueError:
        return None


@require_safe
@require_role(*LISTERS)
def scorecards_csv(request: WardpostRequest) -> HttpResponse:
    """The month's list as a file, with every count."""
    month = _asked_month(request)
    if month is None:
        raise Http404
    out = StringIO()
    sheet = csv.writer(out)
    sheet.writerow(("month", "outlet", "name", "total", "state", "measure", "met", "missed", "system_faults",
                    "under_appeal", "points"))
    for row in queries.of_month(request.actor, month):
        for line in showing.lines(row):
            counted = line.counted
            sheet.writerow((f"{month:%Y-%m}", row.outlet.code, harmless(row.outlet.name), _hundredths(row.total),
                            row.state, line.measure.value, counted.met, counted.missed, counted.faulty, counted.spared,
                            _hundredths(line.points)))
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="bang-diem-{month:%Y-%m}.csv"'})


def _hundredths(value: int | None) -> str:
    return "" if value is None else f"{value / 100:.2f}"


@require_safe
@require_role(*LISTERS)
def compare(request: WardpostRequest) -> HttpResponse:
    """Two to four outlets of one month, measure by measure."""
    month = _asked_month(request)
    chosen = [found for each in request.GET.getlist("o")[:MOST_COMPARED] if (found := _uuid(each)) is not None]
    if month is None:
        raise Http404
    rows = list(queries.of_month(request.actor, month).filter(outlet_id__in=chosen))
    return render(request, "agents/quality/compare.html", {
        "rows": [_row(row) for row in rows], "chart": showing.side_by_side(rows), "month": month,
        "month_words": showing.month_words(month)})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@require_role(*READERS)
def scorecard(request: WardpostRequest, outlet_id: UUID) -> HttpResponse:
    """One outlet's month: the score and its arithmetic, what was taken out and why, appeals and commendations."""
    run = queries.run(request.actor, outlet_id)
    try:
        found = queries.find(request.actor, outlet_id, _asked_month(request))
    except ScoreNotFound:
        if request.actor.outlet_id == outlet_id and not run:
            return render(request, "agents/quality/none.html")
        raise Http404 from None
    return render(request, "agents/quality/card.html", _row(found) | {
        "months": [(each.month, showing.month_words(each.month)) for each in run], "month": found.month,
        "month_words": showing.month_words(found.month), "chart": showing.run_of_months(run) if len(run) > 1 else None,
        "appeals": _appeals(found), "praise": [(PRAISES[Praise(each.praise)], showing.month_words(each.month), each)
                                               for each in queries.confirmed(outlet_id)],
        "may_appeal": _may_appeal(request, found), "is_own": request.actor.role in OUTLET_ROLES})


def _appeals(found: ScoreMonth) -> list[tuple[ScoreAppeal, object, dict[str, object]]]:
    return [(each, MEASURES[Measure(each.measure)], appeal_face(each.state))
            for each in ScoreAppeal.objects.filter(score=found).order_by("raised_at", "id")]


def appeal_face(state: str) -> dict[str, object]:
    icon, kind = APPEAL_FACES[AppealState(state)]
    return {"label": APPEAL_STATES[AppealState(state)], "icon": icon, "kind": kind}


def _may_appeal(request: WardpostRequest, found: ScoreMonth) -> bool:
    return (request.actor.role == Role.OUTLET_MANAGER and found.state == ScoreState.OPEN
            and timezone.localdate() <= found.appealable_until)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def measure(request: WardpostRequest, outlet_id: UUID, month: str, measure: str) -> HttpResponse:
    """The cases behind a figure, misses first; the outlet's manager may say that some are not right."""
    asked = _asked_month(request, month)
    if asked is None or measure not in set(Measure):
        raise Http404
    try:
        found = queries.find(request.actor, outlet_id, asked)
    except ScoreNotFound:
        raise Http404 from None
    form = AppealForm(request.POST or None)
    if request.method == "POST":
        if request.actor.role != Role.OUTLET_MANAGER:
            raise PermissionDenied
        if form.is_valid() and _raised(request, found, measure, form):
            return redirect(f"{reverse('agents:scorecard', args=[outlet_id])}?month={month}")
    return _cases(request, found, Measure(measure), form)


def _raised(request: WardpostRequest, found: ScoreMonth, measure: str, form: AppealForm) -> bool:
    try:
        appeals.appeal(score_id=found.id, measure=measure, cases=[each[:120] for each in request.POST.getlist("case")],
                       reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
    except DomainError as error:
        show(error, form)
        return False
    messages.success(request, _("Your appeal is with the programme’s office."))
    return True


def _cases(request: WardpostRequest, found: ScoreMonth, measure: Measure, form: AppealForm) -> HttpResponse:
    line = next((each for each in showing.lines(found) if each.measure is measure), None)
    source = ports.source_of(measure)
    if line is None or source is None:
        raise Http404
    hidden = source.is_private and request.actor.role in OUTLET_ROLES | {Role.OPERATOR_HQ}
    listed: list[Case] = [] if hidden else _listed(found, measure)
    page = source.page if _opens(source.page, request.actor.role) else ""
    return render(request, "agents/quality/cases.html", _row(found) | {
        "line": line, "cases": listed, "hidden": hidden, "case_page": page, "month": found.month,
        "month_words": showing.month_words(found.month), "form": form, "most": cases.MOST_LISTED,
        "chosen": set(request.POST.getlist("case")),
        "may_appeal": _may_appeal(request, found) and bool(line.counted.missed)
        and not ScoreAppeal.objects.filter(score=found, measure=measure).exclude(state=AppealState.WITHDRAWN).exists(),
    }, status=422 if form.errors else 200)


def _listed(found: ScoreMonth, measure: Measure) -> list[Case]:
    """As things stand now: a frozen month was counted when it was frozen."""
    period = Period.of_month(found.province_code, found.month, timezone.now())
    spares = cases.spared(found.month, measure, found.province_code)
    return cases.listed(measure, Look(period, cases.faults_in(period), spares, found.outlet_id))


def _opens(name: str, role: str) -> bool:
    """Whether the page of a case lets this role in."""
    if not name:
        return False
    try:
        view = resolve(reverse(name, args=[UUID(int=0)])).func
    except Resolver404:
        return False
    return role in getattr(view, "roles", ())


@require_safe
def formula(request: HttpRequest) -> HttpResponse:
    """The formula for everybody, with an example worked out."""
    found = formula_of(month_of(local(timezone.now()).date()))
    if found is None:
        raise Http404
    rows = [{"label": MEASURES[weighed.measure], "weighed": weighed, "source": source,
             "floor": weighed.floor / 100, "target": weighed.target / 100}
            for weighed, source in zip(found.weighed, showing.sources(found), strict=True)]
    return render(request, "agents/quality/formula.html", {
        "formula": found, "rows": rows, "example": showing.worked_example(found),
        "excellent": showing.tenths(found.excellent), "steady": showing.tenths(found.steady)})

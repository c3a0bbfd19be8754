"""Ask where outlets should stand, wait, look, compare two answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import require_role
from agents.forms import show
from agents.models.organisations import Operator
from agents.models.placement import PlacementScenario
from agents.placement import exports, showing
from agents.placement.asking import ask_placement, drop_placement
from agents.placement.errors import PlacementNotFound
from agents.placement.forms import PlacementForm
from agents.placement.handing_over import hand_over_site, handed_over_of, is_candidate
from agents.placement.outcome import Outcome
from agents.placement.queries import demand_sets, find_placement, outcome_of, placements, site_sets
from agents.placement.terms import PlacementState
from agents.placement.views import READERS, SHOWN, WRITERS
from shared.api import WardpostRequest
from shared.errors import DomainError

_CSV = {"diem.csv": exports.site_rows, "xa.csv": exports.commune_rows}


@never_cache
@require_safe
@require_role(*READERS)
def placement_list(request: WardpostRequest) -> HttpResponse:
    """The scenarios of a city, to open one or compare two."""
    rows = [(each, showing.figures(found) if (found := outcome_of(each)) else [], showing.objective_words(each))
            for each in placements(request.actor)[:SHOWN]]
    return render(request, "agents/placement/list.html", {
        "rows": rows, "may_ask": request.actor.role in WRITERS, "role": request.actor.role})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*WRITERS)
def ask(request: WardpostRequest) -> HttpResponse:
    """The question; what is asked again is typed in already."""
    demands = [(str(each.id), f"{each.name} ({each.communes})")
               for each in demand_sets(request.actor).filter(state=PlacementState.COMPUTED)[:SHOWN]]
    sites = [(str(each.id), f"{each.name} ({each.sites})") for each in site_sets(request.actor)[:SHOWN]]
    form = PlacementForm(request.POST or None, demand_sets=demands, site_sets=sites)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_placement(form.asked(), by=request.actor, at=timezone.now())
        except DomainError as refusal:
            show(refusal, form)
        else:
            return redirect("agents:placement", asked.id)
    return render(request, "agents/placement/ask.html", {
        "form": form, "is_possible": bool(demands and sites), "role": request.actor.role},
        status=422 if form.errors else 200)


@never_cache
@require_safe
@require_role(*READERS)
def placement(request: WardpostRequest, scenario_id: UUID) -> HttpResponse:
    """An answer; while it is being worked out the page asks again by itself."""
    found = _found(request, scenario_id)
    template = "agents/placement/scenario.html#answer" if request.htmx else "agents/placement/scenario.html"
    return render(request, template, {
        "scenario": found, "objective": showing.objective_words(found), "may_drop": request.actor.role in WRITERS,
        "role": request.actor.role, **_answer(found)})


@never_cache
@require_safe
@require_role(*READERS)
def compare(request: WardpostRequest) -> HttpResponse:
    """Two answered scenarios side by side."""
    chosen = [each for each in map(_id, request.GET.getlist("chon")[:2]) if each is not None]
    found = [each for each in (find_placement(request.actor, one) for one in chosen) if each is not None]
    outcomes = [outcome for each in found if (outcome := outcome_of(each)) is not None]
    if len(outcomes) != 2 or len(set(chosen)) != 2:
        messages.info(request, _("Choose two scenarios that are worked out."))
        return redirect("agents:placements")
    return render(request, "agents/placement/compare.html", {
        "sides": [_side(each, outcome) for each, outcome in zip(found, outcomes, strict=True)],
        "figures": list(zip(*map(showing.figures, outcomes), strict=True)),
        "sites": _sites_of_both(*outcomes), "role": request.actor.role})


@never_cache
@require_safe
@require_role(*READERS)
def download(request: WardpostRequest, scenario_id: UUID, name: str) -> HttpResponse:
    """Sites and communes as a workbook, or one of them as CSV."""
    found = _found(request, scenario_id)
    outcome = outcome_of(found)
    if outcome is None or name not in {*_CSV, "phuong-an.xlsx"}:
        raise Http404
    if name in _CSV:
        answer = HttpResponse(exports.as_csv(_CSV[name](outcome)), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(exports.as_workbook(outcome),
                              content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="{found.asked_at:%Y%m%d}-{name}"'
    return answer


@require_POST
@require_role(*WRITERS)
def drop(request: WardpostRequest, scenario_id: UUID) -> HttpResponse:
    """Throw a scenario away."""
    try:
        drop_placement(scenario_id=scenario_id, by=request.actor, at=timezone.now())
    except PlacementNotFound as error:
        raise Http404 from error
    messages.success(request, _("The scenario is gone; its demand and sites are as they were."))
    return redirect("agents:placements")


@never_cache
@require_POST
@require_role(*WRITERS)
def hand_over(request: WardpostRequest, scenario_id: UUID) -> HttpResponse:
    """Make a chosen site a candidate for accreditation."""
    operator_id = _id(request.POST.get("operator", ""))
    try:
        made = hand_over_site(scenario_id=scenario_id, site_key=request.POST.get("site", "")[:40].replace("\x00", ""),
                              operator_id=operator_id or scenario_id, by=request.actor, at=timezone.now())
    except PlacementNotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, str(refusal.errors[0].message if refusal.errors else refusal.title))
        return redirect("agents:placement", scenario_id)
    messages.success(request, _("%(name)s is a candidate now; the reasons went along.") % {"name": made.name})
    return redirect("agents:accreditation", made.id)


def _found(request: WardpostRequest, scenario_id: UUID) -> PlacementScenario:
    found = find_placement(request.actor, scenario_id)
    if found is None:
        raise Http404
    return found


def _answer(scenario: PlacementScenario) -> dict[str, Any]:
    outcome = outcome_of(scenario)
    if outcome is None:
        return {"outcome": None}
    taken = handed_over_of(scenario, outcome)
    return {
        "operators": list(Operator.objects.order_by("operator_class", "name").values_list("id", "name")),
        "outcome": outcome, "figures": showing.figures(outcome), "proof": showing.proof(scenario),
        "before": showing.map_before(scenario, outcome), "after": showing.map_after(scenario, outcome),
        "sites": [(number, each, showing.km(each.mean_before), showing.km(each.mean_after),
                   taken.get(each.key), is_candidate(each))
                  for number, each in enumerate(outcome.sites, start=1)],
        "communes": [(each, showing.arithmetic(scenario, each), showing.km(each.km_before), showing.km(each.km_after))
                     for each in sorted(outcome.communes, key=lambda each: -each.weight)]}


def _side(scenario: PlacementScenario, outcome: Outcome) -> dict[str, Any]:
    return {"scenario": scenario, "objective": showing.objective_words(scenario), "proof": showing.proof(scenario),
            "map": showing.map_after(scenario, outcome)}


def _sites_of_both(one: Outcome, other: Outcome) -> list[tuple[str, str, bool, bool]]:
    """Code and name of every chosen site, and in which of the two it is; the common ones first."""
    names = {each.key: (each.code, each.name) for each in (*one.sites, *other.sites)}
    first, second = ({each.key for each in outcome.sites} for outcome in (one, other))
    rows = [(*names[key], key in first, key in second) for key in names]
    return sorted(rows, key=lambda row: (not (row[2] and row[3]), not row[2], row[0]))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

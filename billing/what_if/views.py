"""What if: ask, wait, compare."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from billing.errors import ScenarioNotFound
from billing.queries.books import CITY_ROLES
from billing.rule_book.describing import KINDS
from billing.rule_book.queries import MOST, drafts
from billing.rules.periods import month_before, month_of, parse_month
from billing.rules.rule_book import DraftState, RuleKind
from billing.rules.what_if import Dimension, ScenarioState
from billing.what_if.asking import ask_scenario, drop_scenario
from billing.what_if.queries import Compared, comparison, find_scenario, scenarios, totals
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.pictures import Chart, Series, Shape, Tone, Unit
from shared.roles import FINANCE_ROLES

READERS: Final = tuple(sorted(CITY_ROLES))
WRITERS: Final = tuple(sorted(FINANCE_ROLES))
_SHOWN: Final = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def scenario_list(request: WardpostRequest) -> HttpResponse:
    """The scenarios of a city, and the form that asks a new one."""
    if request.method == "POST":
        return _ask(request)
    return _list(request, _typed(request), (), 200)


@never_cache
@require_GET
@require_role(*READERS)
def scenario(request: WardpostRequest, scenario_id: UUID) -> HttpResponse:
    """A comparison; while it is being worked out the page asks again by itself."""
    found = find_scenario(request.actor, scenario_id)
    if found is None:
        raise Http404
    is_ready = found.state == ScenarioState.COMPUTED
    compared = comparison(found) if is_ready else {}
    template = "billing/what_if/scenario.html#figures" if request.htmx else "billing/what_if/scenario.html"
    return render(request, template, {
        "scenario": found, "is_ready": is_ready, "total": next(iter(compared.get(Dimension.TOTAL, [])), None),
        "tables": _tables(compared), "chart": _chart(compared.get(Dimension.MONTH, [])),
        "may_drop": request.actor.role in FINANCE_ROLES})


@require_POST
@require_role(*WRITERS)
def drop(request: WardpostRequest, scenario_id: UUID) -> HttpResponse:
    """Throw a scenario away."""
    try:
        drop_scenario(scenario_id=scenario_id, by=request.actor, at=timezone.now())
    except ScenarioNotFound as error:
        raise Http404 from error
    messages.success(request, _("The scenario is gone; the drafts are as they were."))
    return redirect("billing:scenarios")


def _ask(request: WardpostRequest) -> HttpResponse:
    typed = _typed(request)
    if request.actor.role not in FINANCE_ROLES:
        return HttpResponse(status=403)
    first, last = parse_month(typed["first"]), parse_month(typed["last"])
    now = timezone.now()
    try:
        asked = ask_scenario(
            name=typed["name"], draft_ids=typed["chosen"], by=request.actor, at=now,
            first_period=first or month_of(now).replace(day=2), last_period=last or month_of(now).replace(day=2))
    except DomainError as refusal:
        return _list(request, typed, tuple(str(error.message) for error in refusal.errors), 422)
    return redirect("billing:scenario", asked.id)


def _typed(request: WardpostRequest) -> dict[str, Any]:
    last = month_before(month_of(timezone.now()))
    given = request.POST if request.method == "POST" else request.GET
    return {"name": given.get("name", "")[:120], "first": given.get("first", f"{last:%Y-%m}")[:7],
            "last": given.get("last", f"{last:%Y-%m}")[:7],
            "chosen": [each for each in map(_id, given.getlist("thu")) if each is not None]}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _list(request: WardpostRequest, typed: dict[str, Any], problems: tuple[str, ...], status: int) -> HttpResponse:
    found = list(scenarios(request.actor)[:_SHOWN])
    sums = totals(found)
    to_try = [{"draft": draft, "kind": KINDS[RuleKind(draft.kind)], "is_chosen": draft.id in typed["chosen"]}
              for draft in drafts(request.actor).exclude(kind=RuleKind.BUDGET).exclude(
                  state__in=[DraftState.WITHDRAWN, DraftState.REJECTED])[:MOST]]
    return render(request, "billing/what_if/scenarios.html", {
        "rows": [(each, sums.get(each.id)) for each in found], "drafts": to_try, "typed": typed, "problems": problems,
        "may_ask": request.actor.role in FINANCE_ROLES}, status=status)


def _tables(compared: dict[Dimension, list[Compared]]) -> list[tuple[str, str, list[Compared]]]:
    heads = ((Dimension.OPERATOR, _("By operator")), (Dimension.OUTLET, _("By outlet")),
             (Dimension.PROCEDURE, _("By procedure")), (Dimension.KIND, _("By kind of line")))
    return [(str(by), head, compared[by]) for by, head in heads if compared.get(by)]


def _chart(months: list[Compared]) -> Chart | None:
    if not months:
        return None
    return Chart(
        title=_("What the city pays, month by month"), axis=_("Month"), shape=Shape.BAR, unit=Unit.DONG,
        labels=[f"{row.key[5:]}/{row.key[:4]}" for row in months],
        series=[Series(_("As it was"), [row.city_now.amount for row in months], Tone.NIGHT),
                Series(_("With the drafts"), [row.city_then.amount for row in months], Tone.ACTION)])

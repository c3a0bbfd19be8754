"""Budget lines and scenarios for machines and screens."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from billing.api.schemas import MonthText, Vnd
from billing.budget.queries import LineState, line_states
from billing.errors import ScenarioNotFound
from billing.models.budget import BudgetLine
from billing.models.scenarios import Scenario
from billing.queries.books import CITY_ROLES
from billing.rule_book.queries import city_of
from billing.rules.periods import parse_month
from billing.what_if.asking import ask_scenario
from billing.what_if.queries import comparison, find_scenario, scenarios
from shared.api import Asked, In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.calendar import local
from shared.roles import FINANCE_ROLES

router = Router(tags=["rules"])
READ = allow(roles=CITY_ROLES, scopes={"billing:read"})
WRITE = allow(roles=FINANCE_ROLES, scopes=set())


class BudgetAsked(Asked):
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None


class BudgetPaceOut(Out):
    """Going on at so many đồng a week."""

    weekly: int
    used_up_on: date | None
    left_at_end: int


class ForecastOut(Out):
    """A straight line from today; the band goes from the cheapest to the dearest quarter of the last weeks."""

    slow: BudgetPaceOut
    expected: BudgetPaceOut
    fast: BudgetPaceOut


class BudgetStopOut(Out):
    valid_from: date
    valid_to: date | None
    when_empty: str


class BudgetLineOut(Out):
    code: str
    year: int
    name_vi: str
    name_en: str
    granted_vnd: Annotated[Vnd, Field(validation_alias="granted")]
    spent_vnd: Annotated[Vnd, Field(validation_alias="spent")]
    waiting_vnd: Annotated[Vnd, Field(validation_alias="waiting")]
    left_vnd: Annotated[Vnd, Field(validation_alias="left")]
    when_empty: str
    warn_weeks: int
    refreshed_at: datetime | None
    forecast: ForecastOut | None
    stops: list[BudgetStopOut]


@router.get("/budget-lines", response=list[BudgetLineOut], auth=READ, summary="Budget lines of a year")
def list_budget_lines(request: WardpostRequest, asked: Query[BudgetAsked]) -> list[LineState]:
    """Given, spent, left and forecast of the caller's city; this year when none is named."""
    today = local(timezone.now()).date()
    lines = BudgetLine.objects.filter(province_id=city_of(request.actor), year=asked.year or today.year)
    return line_states(lines, today=today)


class ScenarioIn(In):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    draft_ids: Annotated[list[UUID], Field(min_length=1, max_length=6)]
    first_period: MonthText
    last_period: MonthText


class ScenarioOut(Out):
    id: UUID
    name: str
    state: Annotated[str, Field(description="asked, or computed once the figures are there.")]
    first_period: date
    last_period: date
    drafts: list[dict[str, Any]]
    asked_by_name: str
    asked_at: datetime
    computed_at: datetime | None
    lines: int


class ComparedOut(Out):
    key: str
    name: str
    lines: int
    changed: int
    city_now_vnd: Annotated[Vnd, Field(validation_alias="city_now")]
    city_then_vnd: Annotated[Vnd, Field(validation_alias="city_then")]
    citizen_now_vnd: Annotated[Vnd, Field(validation_alias="citizen_now")]
    citizen_then_vnd: Annotated[Vnd, Field(validation_alias="citizen_then")]


class ScenarioDetailOut(ScenarioOut):
    """`compared`: "total", "kind", "month", "operator", "outlet" or "procedure" → its rows."""

    compared: dict[str, list[ComparedOut]]


@router.get("/scenarios", response=Page[ScenarioOut], auth=READ, summary="Scenarios, newest first")
def list_scenarios(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those of the caller's city."""
    city_of(request.actor)
    found, following = page_of(scenarios(request.actor), asked=asked, order=("-asked_at", "-id"))
    return {"items": found, "next": following}


@router.post("/scenarios", response={201: ScenarioOut}, auth=WRITE, summary="Ask what drafts would have cost")
def ask(request: WardpostRequest, body: ScenarioIn) -> HttpResponse:
    """The figures follow; read the scenario until its state is "computed"."""
    first, last = parse_month(body.first_period), parse_month(body.last_period)
    now = timezone.now()
    return idempotent(request, status=201, schema=ScenarioOut, call=lambda: ask_scenario(
        name=body.name, draft_ids=body.draft_ids, first_period=first or now.date(), last_period=last or now.date(),
        by=request.actor, at=now))


@router.get("/scenarios/{uuid:scenario_id}", response=ScenarioDetailOut, auth=READ, summary="One scenario compared")
def get_scenario(request: WardpostRequest, scenario_id: UUID) -> dict[str, object]:
    """What lines cost and would have cost, per operator, outlet, procedure and month."""
    found: Scenario | None = find_scenario(request.actor, scenario_id)
    if found is None:
        raise ScenarioNotFound
    shown = ScenarioOut.model_validate(found).model_dump()
    return {**shown, "compared": {str(by): rows for by, rows in comparison(found).items()}}

"""Scorecards through the API: the formula for everybody, scores, appeals, launch watches and commendations."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.quality import appeals, commending, launch, queries
from agents.quality.computing import formula_of
from agents.quality.errors import ScoreNotFound
from agents.quality.models import Commendation, LaunchWatch, ScoreAppeal, ScoreFormula, ScoreMonth
from agents.quality.rules import (
    AppealState,
    AppealStep,
    Measure,
    Praise,
    PraiseState,
    PraiseStep,
    ScoreState,
    WatchState,
    month_of,
)
from shared.api import Asked, In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.calendar import local
from shared.roles import Role

router = Router(tags=["quality"])
_CITY: Final = {Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}
READS: Final = allow(roles=_CITY | {Role.OUTLET_CLERK, Role.OUTLET_MANAGER}, scopes={"network:read"})
SEES_APPEALS: Final = allow(roles=_CITY | {Role.OUTLET_MANAGER})
DESK: Final = allow(roles=_CITY)
OFFICER: Final = allow(roles={Role.PROGRAMME_OFFICER})
MANAGER: Final = allow(roles={Role.OUTLET_MANAGER})

Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="A month, e.g. 2026-01.")]
Said = Annotated[Paragraphs, Field(min_length=1, max_length=1000)]


class WeighedOut(Out):
    measure: Measure
    weight: int
    floor: int = Field(description="Share that earns nothing, of 10,000.")
    target: int = Field(description="Share that earns everything, of 10,000.")
    least: int = Field(description="Fewer cases are shown and not judged.")
    source_vi: str
    source_en: str


class FormulaOut(Out):
    code: str
    valid_from: date
    valid_to: date | None
    measures: list[WeighedOut]
    least_weight: int = Field(description="Per cent of the weight that must be judged for a total.")
    appeal_days: int
    decision_days: int
    excellent: int
    steady: int
    kind_answers: int
    legal_basis: str
    confidence: str


class ScoreMonthAsked(Asked):
    month: Month | None = None


def _first(month: str | None) -> date:
    return date.fromisoformat(f"{month}-01") if month else month_of(local(timezone.now()).date())


@router.get("/score-formula", response=FormulaOut, auth=None, summary="How outlets are scored")
def formula(request: WardpostRequest, asked: Query[ScoreMonthAsked]) -> ScoreFormula:
    """The formula of a month, the same for every outlet; anybody may read it."""
    found = formula_of(_first(asked.month))
    if found is None:
        raise ScoreNotFound
    return found


class ScoreMeasureOut(Out):
    measure: Measure
    met: int
    missed: int
    faulty: int = Field(description="Missed while one of our systems was down: not counted.")
    spared: int = Field(description="Missed, under an appeal that waits or was upheld: not counted.")
    points: int | None = Field(description="Of 10,000; null: too few cases.")
    faults: list[dict[str, Any]]


class ScoreOut(Out):
    id: UUID
    outlet_id: UUID
    outlet_code: str
    month: str
    formula_code: str
    total: int | None = Field(description="Of 10,000; null: too little to judge.")
    judged_weight: int
    state: ScoreState
    counted_at: datetime
    appealable_until: date
    frozen_at: datetime | None
    measures: list[ScoreMeasureOut]


def _score(row: ScoreMonth) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (
        "id", "outlet_id", "total", "judged_weight", "state", "counted_at", "appealable_until", "frozen_at")} | {
        "outlet_code": row.outlet.code, "month": f"{row.month:%Y-%m}", "formula_code": row.formula.code,
        "measures": list(row.measures.all())}


class ScoresAsked(PageAsked):
    month: Month | None = None
    outlet_id: UUID | None = None


@router.get("/scorecards", response=Page[ScoreOut], auth=READS, summary="Scorecards of outlets")
def scorecards(request: WardpostRequest, asked: Query[ScoresAsked]) -> Any:
    """Those in sight, the newest month first."""
    rows = queries.scores(request.actor)
    if asked.month is not None:
        rows = rows.filter(month=_first(asked.month))
    if asked.outlet_id is not None:
        rows = rows.filter(outlet_id=asked.outlet_id)
    found, following = page_of(rows, asked=asked, order=("-month", "-id"))
    return {"items": [_score(each) for each in found], "next": following}


class AppealIn(In):
    score_id: UUID
    measure: Measure
    cases: Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=500)] = Field(
        default=[], description="Keys of single cases; none: every miss of the measure.")
    reason: Said


class AppealOut(Out):
    id: UUID
    score_id: UUID
    outlet_id: UUID
    measure: Measure
    cases: list[str]
    reason: str
    state: AppealState
    raised_at: datetime
    due_at: datetime
    decided_at: datetime | None
    decision: str
    total_before: int | None
    total_after: int | None


class AppealsAsked(PageAsked):
    state: AppealState | None = None


@router.get("/score-appeals", response=Page[AppealOut], auth=SEES_APPEALS, summary="Appeals against measures")
def list_appeals(request: WardpostRequest, asked: Query[AppealsAsked]) -> Any:
    """Those in sight, newest first."""
    rows = ScoreAppeal.objects.seen_by(request.actor)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    found, following = page_of(rows, asked=asked, order=("-raised_at", "-id"))
    return {"items": [AppealOut.model_validate(each) for each in found], "next": following}


@router.post("/score-appeals", response={201: AppealOut}, auth=MANAGER, summary="Appeal a measure of a month")
def appeal(request: WardpostRequest, body: AppealIn) -> HttpResponse:
    """Until it is decided the cases do not count against the outlet."""
    return idempotent(request, status=201, schema=AppealOut, call=lambda: appeals.appeal(
        score_id=body.score_id, measure=body.measure, cases=body.cases, reason=body.reason, by=request.actor,
        at=timezone.now()))


class ScoreAppealDecisionIn(In):
    step: Literal["uphold", "refuse"]
    decision: Said


@router.post("/score-appeals/{uuid:appeal_id}/decisions", response={201: AppealOut}, auth=OFFICER,
             summary="Uphold or refuse an appeal")
def decide_appeal(request: WardpostRequest, appeal_id: UUID, body: ScoreAppealDecisionIn) -> HttpResponse:
    """The score is worked out anew at once."""
    return idempotent(request, status=201, schema=AppealOut, call=lambda: appeals.decide(
        appeal_id=appeal_id, step=AppealStep(body.step), decision=body.decision, by=request.actor, at=timezone.now()))


class WatchOut(Out):
    id: UUID
    outlet_id: UUID
    state: WatchState
    begun_on: date
    until: date
    visitor_name: str
    ended_at: datetime | None
    outcome: str


@router.get("/launch-watches", response=Page[WatchOut], auth=DESK, summary="New outlets under watch")
def watches(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """Those in sight, the newest first."""
    found, following = page_of(LaunchWatch.objects.seen_by(request.actor), asked=asked, order=("-begun_on", "-id"))
    return {"items": [WatchOut.model_validate(each) for each in found], "next": following}


class LaunchNoteIn(In):
    kind: Literal["visit", "note"] = Field(description="visit: somebody was there; note: a call, a letter.")
    text: Said


class LaunchExtensionIn(In):
    weeks: Annotated[int, Field(ge=1, le=8)]
    reason: Said


class LaunchEndIn(In):
    outcome: Annotated[Paragraphs, Field(min_length=1, max_length=500)]


@router.post("/launch-watches/{uuid:watch_id}/notes", response={201: WatchOut}, auth=OFFICER,
             summary="Keep what a visit or a call showed")
def note_launch(request: WardpostRequest, watch_id: UUID, body: LaunchNoteIn) -> HttpResponse:
    """A new outlet is visited at least every two weeks."""
    return idempotent(request, status=201, schema=WatchOut, call=lambda: launch.note(
        watch_id=watch_id, kind=body.kind, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/launch-watches/{uuid:watch_id}/visitor", response={201: WatchOut}, auth=OFFICER,
             summary="Look after a new outlet oneself")
def look_after_launch(request: WardpostRequest, watch_id: UUID) -> HttpResponse:
    """Who visits an outlet decides no appeal of it."""
    return idempotent(request, status=201, schema=WatchOut, call=lambda: launch.look_after(
        watch_id=watch_id, by=request.actor, at=timezone.now()))


@router.post("/launch-watches/{uuid:watch_id}/extensions", response={201: WatchOut}, auth=OFFICER,
             summary="Watch a new outlet longer")
def extend_launch(request: WardpostRequest, watch_id: UUID, body: LaunchExtensionIn) -> HttpResponse:
    """One to eight weeks more, with a reason."""
    return idempotent(request, status=201, schema=WatchOut, call=lambda: launch.extend(
        watch_id=watch_id, weeks=body.weeks, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/launch-watches/{uuid:watch_id}/ends", response={201: WatchOut}, auth=OFFICER,
             summary="End a launch watch")
def end_launch(request: WardpostRequest, watch_id: UUID, body: LaunchEndIn) -> HttpResponse:
    """The outlet stands on its own, and why."""
    return idempotent(request, status=201, schema=WatchOut, call=lambda: launch.end(
        watch_id=watch_id, outcome=body.outcome, by=request.actor, at=timezone.now()))


class CommendationOut(Out):
    id: UUID
    outlet_id: UUID
    month: date
    praise: Praise
    state: PraiseState
    words: str
    decided_at: datetime | None


@router.get("/commendations", response=Page[CommendationOut], auth=DESK, summary="Commendations")
def commendations(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """Those in sight, the newest first."""
    found, following = page_of(Commendation.objects.seen_by(request.actor), asked=asked, order=("-proposed_at", "-id"))
    return {"items": [CommendationOut.model_validate(each) for each in found], "next": following}


class PraiseIn(In):
    step: PraiseStep
    words: Annotated[str, Field(min_length=3, max_length=500)]


@router.post("/commendations/{uuid:commendation_id}/decisions", response={201: CommendationOut}, auth=OFFICER,
             summary="Confirm or decline a commendation")
def decide_commendation(request: WardpostRequest, commendation_id: UUID, body: PraiseIn) -> HttpResponse:
    """What is confirmed stands on the outlet's public page."""
    return idempotent(request, status=201, schema=CommendationOut, call=lambda: commending.decide(
        commendation_id=commendation_id, step=body.step, words=body.words, by=request.actor, at=timezone.now()))

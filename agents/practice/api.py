"""Practice through the API: exercises, links and results at the live house, tries in practice."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.practice import live, runs, sealing, world
from agents.practice.errors import PracticeRunNotFound
from agents.practice.exercises import Exercise, exercises
from agents.practice.models import PracticeResult, PracticeRun
from agents.training.queries import trainees_seen_by
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.errors import DomainError
from shared.roles import Role

log = structlog.get_logger()
router = Router(tags=["training"])

READERS: Final = {Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR,
                  Role.ADMINISTRATOR}
READS = allow(roles=READERS, scopes={"network:read"})
PRACTISES = allow(roles={Role.OUTLET_CLERK, Role.OUTLET_MANAGER})

Code = Annotated[str, Field(min_length=2, max_length=40)]


class ExerciseStepOut(Out):
    code: str
    words: str


class ExerciseOut(Out):
    code: str
    title: str
    story: str
    minutes: int = Field(description="About how long it takes.")
    steps: list[ExerciseStepOut]


class ExercisesOut(Out):
    items: list[ExerciseOut]


@router.get("/practice-exercises", response=ExercisesOut, auth=READS, summary="What can be practised")
def practice_exercises(request: WardpostRequest) -> Any:
    """List the exercises, in the caller's language."""
    return {"items": [_exercise(each) for each in exercises()]}


def _exercise(each: Exercise) -> dict[str, Any]:
    return {"code": each.code, "title": str(each.title), "story": str(each.story), "minutes": each.minutes,
            "steps": [{"code": step.code, "words": str(step.words)} for step in each.steps]}


class PracticeLinkIn(In):
    exercise_code: Annotated[str, Field(max_length=40)] = ""


class PracticeLinkOut(Out):
    url: str = Field(description="Opens practice once, as a made-up person of the caller's role.")
    expires_at: datetime


@router.post("/practice-links", response={201: PracticeLinkOut}, auth=PRACTISES, summary="A link into practice")
def practice_link(request: WardpostRequest, body: PracticeLinkIn) -> HttpResponse:
    """Live only. The link holds for two minutes, and nothing in it names the caller."""
    return idempotent(request, status=201, schema=PracticeLinkOut, call=lambda: live.give_link(
        exercise_code=body.exercise_code, by=request.actor, at=timezone.now()))


class PracticeReceiptIn(In):
    receipt: Annotated[str, Field(min_length=10, max_length=sealing.LONGEST)]


class PracticeResultKept(Out):
    id: UUID
    is_new: bool


@router.post("/practice-results", response=PracticeResultKept, auth=None, operation_id="ingest_practice_result",
             summary="Tell that an exercise was finished")
def practice_result(request: HttpRequest, body: PracticeReceiptIn) -> Any:
    """Live only. For our practice house: a result that it signed. The same one again changes nothing."""
    try:
        kept = live.take_result(receipt=body.receipt, at=timezone.now())
    except DomainError as refusal:
        log.warning("practice_result_refused", problem=refusal.code)
        raise
    return {"id": kept.result.id, "is_new": kept.is_new}


class PracticeResultOut(Out):
    id: UUID
    account_id: UUID
    name: str
    exercise_code: str
    steps: int
    hints: int = Field(description="How many steps were done with their hint.")
    started_at: datetime
    finished_at: datetime


class PracticeResultsAsked(PageAsked):
    account_id: UUID | None = None


@router.get("/practice-results", response=Page[PracticeResultOut], auth=READS, summary="Exercises that were finished")
def practice_results(request: WardpostRequest, asked: Query[PracticeResultsAsked]) -> Any:
    """List what practice reported of those one answers for, newest first."""
    rows = PracticeResult.objects.select_related("account").filter(
        account__in=trainees_seen_by(request.actor).values("id"))
    if asked.account_id is not None:
        rows = rows.filter(account_id=asked.account_id)
    found, following = page_of(rows, asked=asked, order=("-finished_at", "-id"))
    items = [PracticeResultOut(id=row.id, account_id=row.account_id, name=row.account.display_name,
                               exercise_code=row.exercise_code, steps=row.steps, hints=row.hints,
                               started_at=row.started_at, finished_at=row.finished_at) for row in found]
    return {"items": items, "next": following}


class PracticeRunIn(In):
    exercise_code: Code


class PracticeHintIn(In):
    step_code: Code


class PracticePersonOut(Out):
    full_name: str
    national_id: str
    birth: str
    sex: str
    phone: str
    street: str


class PracticeStepOut(Out):
    code: str
    words: str
    done_at: datetime | None
    hint: str = Field(description="Once it was opened.")


class PracticeRunOut(Out):
    id: UUID
    exercise_code: str
    started_at: datetime
    ended_at: datetime | None
    is_finished: bool
    people: list[PracticePersonOut] = Field(description="Made up: their numbers belong to nobody.")
    steps: list[PracticeStepOut]


def _run(run: PracticeRun) -> dict[str, Any]:
    steps = [{"code": each.step.code, "words": str(each.step.words), "done_at": each.done_at,
              "hint": str(each.step.hint) if each.is_hinted else ""} for each in runs.steps_of(run)]
    return {"id": run.id, "exercise_code": run.exercise_code, "started_at": run.started_at, "ended_at": run.ended_at,
            "is_finished": run.is_finished, "steps": steps, "people": [each.as_data for each in runs.people_of(run)]}


@router.post("/practice-runs", response={201: PracticeRunOut}, auth=PRACTISES, summary="Begin an exercise")
def begin_practice_run(request: WardpostRequest, body: PracticeRunIn) -> HttpResponse:
    """Practice only. One that is open is gone on with, of another exercise it is left."""
    return idempotent(request, status=201, schema=PracticeRunOut, present=_run, call=lambda: runs.begin(
        exercise_code=body.exercise_code, by=request.actor, at=timezone.now()))


@router.get("/practice-runs/{uuid:run_id}", response=PracticeRunOut, auth=PRACTISES, summary="A try at an exercise")
def practice_run(request: WardpostRequest, run_id: UUID) -> Any:
    """Practice only. One's own, as it stood when it was last checked."""
    world.must_be_practice()
    found = PracticeRun.objects.filter(id=run_id, account_id=UUID(request.actor.id)).first()
    if found is None:
        raise PracticeRunNotFound
    return _run(found)


@router.post("/practice-runs/{uuid:run_id}/checks", response={201: PracticeRunOut}, auth=PRACTISES,
             summary="Check what is done")
def check_practice_run(request: WardpostRequest, run_id: UUID) -> HttpResponse:
    """Practice only. Steps count as done when the practice database shows it."""
    return idempotent(request, status=201, schema=PracticeRunOut, present=_run, call=lambda: runs.look(
        run_id=run_id, by=request.actor, at=timezone.now()))


@router.post("/practice-runs/{uuid:run_id}/hints", response={201: PracticeRunOut}, auth=PRACTISES,
             summary="Open a step's hint")
def open_practice_hint(request: WardpostRequest, run_id: UUID, body: PracticeHintIn) -> HttpResponse:
    """Practice only. The result says that it was opened."""
    return idempotent(request, status=201, schema=PracticeRunOut, present=_run, call=lambda: runs.open_hint(
        run_id=run_id, step_code=body.step_code, by=request.actor, at=timezone.now()))

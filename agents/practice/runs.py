"""Tries at exercises: begun, looked at, finished by what the practice database shows, never by a tick."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from agents.practice import sealing
from agents.practice.errors import ExerciseNotFound, NotAPractisingRole, PracticeRunNotFound, PracticeRunOver
from agents.practice.events import ExerciseFinished
from agents.practice.exercises import Exercise, Step, Try, exercise_of
from agents.practice.models import PracticeRun, Trainee
from agents.practice.people import MadeUp, made_up
from agents.practice.world import must_be_practice
from shared.actors import Actor
from shared.audit import record
from shared.outbox.publishing import publish
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step of a try as it stands."""

    step: Step
    done_at: datetime | None
    is_next: bool
    is_hinted: bool


def steps_of(run: PracticeRun) -> list[StepNow]:
    """The exercise's steps in their order; the next one is the first that is not done."""
    exercise = _exercise(run.exercise_code)
    following = next((step.code for step in exercise.steps if step.code not in run.done), "")
    return [StepNow(step, datetime.fromisoformat(run.done[step.code]) if step.code in run.done else None,
                    step.code == following and run.ended_at is None, step.code in run.hints)
            for step in exercise.steps]


def people_of(run: PracticeRun) -> list[MadeUp]:
    return [MadeUp(**each) for each in run.people]


def open_run_of(account_id: UUID) -> PracticeRun | None:
    return PracticeRun.objects.filter(account_id=account_id, ended_at=None).first()


@operation
def begin(*, exercise_code: str, by: Actor, at: datetime) -> PracticeRun:
    """A new try with new made-up people; one that is open of another exercise is left, one of the same is gone on with.

    Raises:
        PracticeNotThere: this is the live house.
        NotAPractisingRole: nobody who came in by a link.
        ExerciseNotFound: there is no such exercise.
    """
    must_be_practice()
    exercise = _exercise(exercise_code)
    trainee = Trainee.objects.select_for_update(of=("self",)).filter(account_id=UUID(by.id)).first()
    if trainee is None:
        raise NotAPractisingRole
    opened = PracticeRun.objects.filter(trainee=trainee, ended_at=None).first()
    if opened is not None and opened.exercise_code == exercise_code:
        return opened
    if opened is not None:
        opened.ended_at = at
        opened.save(update_fields=["ended_at"])
    run = PracticeRun(trainee=trainee, account_id=trainee.account_id, ticket_id=trainee.ticket_id,
                      exercise_code=exercise_code, started_at=at)
    run.people = [made_up(run.id.hex, number).as_data for number in range(exercise.people)]
    run.save(force_insert=True)
    record(actor=by, action="practice.begin", object_type="practice_run", object_id=run.id, at=at,
           after={"exercise": exercise_code})
    return run


@operation
def look(*, run_id: UUID, by: Actor, at: datetime) -> PracticeRun:
    """See which steps are done by now; with the last one the try is finished and its result is told.

    Raises:
        PracticeRunNotFound: unknown, or somebody else's.
    """
    run = _locked(run_id, by)
    if run.ended_at is not None:
        return run
    assert by.outlet_id is not None  # noqa: S101  # counterparts work at an outlet
    asked = Try(by.outlet_id, UUID(by.id), run.started_at, people_of(run))
    steps = _exercise(run.exercise_code).steps
    for step in steps:
        if step.code in run.done:
            continue
        if not step.is_done(asked):
            break
        run.done[step.code] = at.isoformat()
    if len(run.done) == len(steps):
        run.ended_at, run.is_finished = at, True
        record(actor=by, action="practice.finish", object_type="practice_run", object_id=run.id, at=at,
               after={"exercise": run.exercise_code, "hints": len(run.hints)})
        publish(ExerciseFinished(run.id))
    run.save(update_fields=["done", "ended_at", "is_finished"])
    return run


@operation
def open_hint(*, run_id: UUID, step_code: str, by: Actor, at: datetime) -> PracticeRun:
    """Show where the step is done; the result says that it was shown. Again: nothing changes.

    Raises:
        PracticeRunNotFound: unknown, or somebody else's, or it has no such step.
        PracticeRunOver: it is finished or left.
    """
    run = _locked(run_id, by)
    if step_code not in {step.code for step in _exercise(run.exercise_code).steps}:
        raise PracticeRunNotFound
    if step_code in run.hints or step_code in run.done:
        return run
    if run.ended_at is not None:
        raise PracticeRunOver
    run.hints = [*run.hints, step_code]
    run.save(update_fields=["hints"])
    record(actor=by, action="practice.hint", object_type="practice_run", object_id=run.id, at=at,
           after={"step": step_code})
    return run


def receipt_of(run: PracticeRun) -> str:
    """What the live house is told of a finished try, signed for it; the same run, the same words."""
    assert run.ended_at is not None  # noqa: S101  # only finished ones are told
    said = {"jti": str(run.id), "ticket": str(run.ticket_id), "sub": run.trainee.subject,
            "exercise": run.exercise_code, "steps": len(run.done), "hints": len(run.hints),
            "started": run.started_at.isoformat(), "finished": run.ended_at.isoformat()}
    return sealing.seal(said, purpose=sealing.RESULT, reader=run.trainee.issuer, key=settings.WARDPOST_PRACTICE_KEY)


def _exercise(code: str) -> Exercise:
    found = exercise_of(code)
    if found is None:
        raise ExerciseNotFound
    return found


def _locked(run_id: UUID, by: Actor) -> PracticeRun:
    must_be_practice()
    run = PracticeRun.objects.select_for_update(of=("self",)).filter(id=run_id, account_id=UUID(by.id)).first()
    if run is None:
        raise PracticeRunNotFound
    return run

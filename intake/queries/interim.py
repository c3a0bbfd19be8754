"""Where a dossier stands inside its handling, told from the trace alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from agents import public as agents
from intake.models.desk import ProcessTemplate
from intake.models.dossiers import Dossier, DossierStep
from intake.rules.interim import Course, PlannedStep, StepReading, Turn, plan_of, readings, typical_plan
from intake.rules.states import PAUSED, HandlingAction

_PAUSED = frozenset(str(state.value) for state in PAUSED)
HAND_ON = "hand_on"
_FOREVER = timedelta(days=36_500)


def _decides(dossier: Dossier) -> UUID | None:
    return dossier.authority_centre_id or dossier.receiving_centre_id


def plan_for(dossier: Dossier) -> tuple[PlannedStep, ...]:
    """The centre's own steps of this procedure, else the term split as is typical."""
    return plan_of_procedure(_decides(dossier), dossier.procedure_code, dossier.term_minutes)


def plan_of_procedure(centre_id: UUID | None, procedure_code: str, term_minutes: int | None) -> tuple[PlannedStep, ...]:
    if centre_id is None:
        return typical_plan(term_minutes)
    own = ProcessTemplate.objects.filter(centre_id=centre_id, procedure_code=procedure_code).first()
    return plan_of(own.steps) if own is not None else typical_plan(term_minutes)


def current_number(dossier: Dossier) -> int:
    """The step under way: the last one it was handed on to; before, the first."""
    last = DossierStep.objects.filter(dossier=dossier, action=HAND_ON).order_by("-at", "-id").first()
    return int(last.data["step"]) if last is not None else 1


def course_of(steps: Iterable[DossierStep]) -> Course | None:
    """Turns, pauses and end as the trace tells them; None before reception. `steps` are of handling, in order."""
    turns: list[Turn] = []
    pauses: list[tuple[datetime, datetime]] = []
    stopped_at: datetime | None = None
    ended_at: datetime | None = None
    for step in steps:
        if step.action == HandlingAction.RECEIVE:
            turns.append(Turn(1, step.at, step.actor_name))
        elif step.action == HAND_ON and turns:
            turns.append(Turn(int(step.data["step"]), step.at, str(step.data.get("to_name", ""))))
        elif step.action in {HandlingAction.RESOLVE, HandlingAction.WITHDRAW} and ended_at is None:
            ended_at = step.at
        stands = step.to_state in _PAUSED
        if stands and stopped_at is None:
            stopped_at = step.at
        elif not stands and stopped_at is not None:
            pauses.append((stopped_at, step.at))
            stopped_at = None
    if stopped_at is not None:
        pauses.append((stopped_at, stopped_at + _FOREVER))
    return Course(turns, pauses, ended_at) if turns else None


def steps_inside(dossier: Dossier, now: datetime) -> tuple[StepReading, ...]:
    """Each step with planned and spent working minutes; empty before reception."""
    return steps_of(dossier, DossierStep.objects.filter(dossier=dossier, machine="handling").order_by("at", "id"), now)


def steps_of(dossier: Dossier, trace: Iterable[DossierStep], now: datetime) -> tuple[StepReading, ...]:
    """The same from a trace that was read already: the steps of handling, in their order."""
    course = course_of(trace)
    if course is None:
        return ()
    return readings(plan_for(dossier), course, now, agents.site_calendar(_decides(dossier)))

"""A worker answers a placement question: it reads, solves outside of any transaction, and keeps the answer once."""

import time
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np

from agents.models.placement import PlacementScenario
from agents.placement.ground import ways_km
from agents.placement.outcome import Comparison, Outcome
from agents.placement.queries import demands_of, layout_of
from agents.placement.solving import Answer, NoAnswer, Objective, Question, solve
from agents.placement.terms import PlacementState
from shared.transactions import operation

SECONDS: Final = 45.0
"""Less than the outbox lets one delivery take."""


def compute_placement(*, scenario_id: UUID, at: datetime, seconds: float = SECONDS) -> None:
    """Answer, once; a scenario that was thrown away or answered meanwhile is left alone."""
    scenario = PlacementScenario.objects.select_related("demand_set", "site_set").filter(
        id=scenario_id, state=PlacementState.ASKED).first()
    if scenario is None:
        return
    started = time.monotonic()
    try:
        answer, outcome = worked_out(scenario, seconds=seconds)
    except NoAnswer:
        _fail(scenario_id=scenario_id, problem="no-answer", at=at)
        return
    _keep(scenario_id=scenario_id, answer=answer, outcome=outcome, took=time.monotonic() - started, at=at)


def worked_out(scenario: PlacementScenario, *, seconds: float) -> tuple[Answer, Outcome]:
    """Raises NoAnswer when the time runs out before a first choice is found."""
    demands, layout = demands_of(scenario), layout_of(scenario)
    kept = list(layout.standing) if layout.keeps_standing else []
    places = [*kept, *layout.candidates]
    ways = ways_km(demands, places)
    question = Question(ways, np.array([each.weight for each in demands]), len(kept), scenario.wanted,
                        Objective(scenario.objective), float(scenario.reach_km))
    answer = solve(question, seconds=seconds)
    chosen = [len(kept) + at for at in answer.chosen]
    # Both kept and competing outlets stand first among the places: those of today are the first ones either way.
    comparison = Comparison(demands, places, ways, range(len(layout.standing)), [*range(len(kept)), *chosen], chosen,
                            float(scenario.reach_km))
    return answer, comparison.outcome()


@operation
def _keep(*, scenario_id: UUID, answer: Answer, outcome: Outcome, took: float, at: datetime) -> None:
    PlacementScenario.objects.filter(id=scenario_id, state=PlacementState.ASKED).update(
        state=PlacementState.COMPUTED, computed_at=at, value=answer.value, bound=answer.bound,
        is_proven=answer.is_proven, seconds=took, outcome=outcome.as_data())


@operation
def _fail(*, scenario_id: UUID, problem: str, at: datetime) -> None:
    PlacementScenario.objects.filter(id=scenario_id, state=PlacementState.ASKED).update(
        state=PlacementState.FAILED, computed_at=at, problem=problem)

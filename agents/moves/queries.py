"""What is read of moves: those in sight, one with its survey, and what may be done with it now."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import FETCH_RAISE, QuerySet

from agents.moves.errors import OutletMoveNotFound
from agents.moves.models import OutletMove
from agents.moves.rules import ASKERS, DECIDERS, MOVES, MoveState, MoveStep
from shared.actors import Actor


def moves(by: Actor) -> QuerySet[Any]:
    """Each with its outlet, operator and both communes."""
    return OutletMove.objects.seen_by(by).select_related(
        "outlet__operator", "commune__province", "from_commune__province", "survey").fetch_mode(FETCH_RAISE)


def find_move(move_id: UUID, by: Actor) -> OutletMove:
    """Raises OutletMoveNotFound."""
    found: OutletMove | None = moves(by).filter(id=move_id).first()
    if found is None:
        raise OutletMoveNotFound
    return found


def steps_for(move: OutletMove, by: Actor, today: date) -> list[MoveStep]:
    """What her role may do now; whether she is the second person is seen when she does it."""
    state = MoveState(move.state)
    offered = [step for step in (MoveStep.APPROVE, MoveStep.REFUSE)
               if by.role in DECIDERS and (state, step) in MOVES and move.asked_by != by.id]
    if by.role in ASKERS and (state, MoveStep.CANCEL) in MOVES and (
            state is MoveState.ASKED or move.effective_from > today):
        offered.append(MoveStep.CANCEL)
    return offered

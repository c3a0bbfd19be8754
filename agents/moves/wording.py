"""What the states of a move are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

from agents.moves.rules import MoveState
from shared.errors import Text

STATES: Final[Mapping[MoveState, Text]] = {
    MoveState.ASKED: pgettext_lazy("move", "Waits for a decision"),
    MoveState.APPROVED: pgettext_lazy("move", "Decided"),
    MoveState.REFUSED: pgettext_lazy("move", "Refused"),
    MoveState.CANCELLED: pgettext_lazy("move", "Called off"),
    MoveState.DONE: pgettext_lazy("move", "Carried out"),
}
FACES: Final[Mapping[MoveState, tuple[str, str]]] = {
    MoveState.ASKED: ("hourglass", "soon"), MoveState.APPROVED: ("map-pin", "ok"),
    MoveState.REFUSED: ("undo-2", "late"), MoveState.CANCELLED: ("x", ""), MoveState.DONE: ("circle-check", "ok"),
}
"""Icon and kind of the badge."""

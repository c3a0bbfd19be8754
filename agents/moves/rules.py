"""The life of an outlet's move and its days. Pure: tables and arithmetic.

No law sets a notice for a postal service point that moves; a week lets the people who come there, the centres and the
carrier follow. A deployer changes it here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.roles import Role

NOTICE: Final = timedelta(days=7)
"""So long before its day a move is asked for at the latest."""
LEAST_TOLD: Final = timedelta(days=3)
"""So long before its day it is decided at the latest: whoever comes has to hear of it."""
FARTHEST: Final = timedelta(days=366)
TOLD_AFTER: Final = timedelta(days=60)
"""So long after the day public pages say where the outlet was before."""


class MoveState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    DONE = "done"


class MoveStep(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    CARRY_OUT = "carry_out"


MOVES: Final[Mapping[tuple[MoveState, MoveStep], MoveState]] = MappingProxyType({
    (MoveState.ASKED, MoveStep.APPROVE): MoveState.APPROVED,
    (MoveState.ASKED, MoveStep.REFUSE): MoveState.REFUSED,
    (MoveState.ASKED, MoveStep.CANCEL): MoveState.CANCELLED,
    (MoveState.APPROVED, MoveStep.CANCEL): MoveState.CANCELLED,
    (MoveState.APPROVED, MoveStep.CARRY_OUT): MoveState.DONE,
})
OPEN: Final = frozenset({MoveState.ASKED, MoveState.APPROVED})
FINAL: Final = frozenset(MoveState) - OPEN

ASKERS: Final = frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER})
DECIDERS: Final = frozenset({Role.PROGRAMME_OFFICER})
"""The city decides; never who asked, and never who made the survey."""


def earliest(today: date) -> date:
    """The first day for which a move may be asked today."""
    return today + NOTICE


def last_to_decide(effective_from: date) -> date:
    return effective_from - LEAST_TOLD

"""How an invitation moves, and how long things last. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

INVITATION_LASTS: Final = timedelta(days=7)
"""Long enough for a weekend and a holiday between; who is late is invited again in one press."""
LONGEST_HELP: Final = timedelta(days=92)
"""A surge helper who is needed for longer than a quarter is staff."""


class InvitationState(StrEnum):
    OPEN = "open"
    LAPSED = "lapsed"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class InvitationStep(StrEnum):
    ACCEPT = "accept"
    RESEND = "resend"
    REVOKE = "revoke"
    LAPSE = "lapse"


_S, _A = InvitationState, InvitationStep
INVITATION_MOVES: Final[Mapping[tuple[InvitationState, InvitationStep], InvitationState]] = MappingProxyType({
    (_S.OPEN, _A.RESEND): _S.OPEN,
    (_S.OPEN, _A.ACCEPT): _S.ACCEPTED,
    (_S.OPEN, _A.REVOKE): _S.REVOKED,
    (_S.OPEN, _A.LAPSE): _S.LAPSED,
    (_S.LAPSED, _A.RESEND): _S.OPEN,
    (_S.LAPSED, _A.REVOKE): _S.REVOKED,
})
INVITATION_ENDS: Final = frozenset({_S.ACCEPTED, _S.REVOKED})


def after(state: InvitationState, step: InvitationStep) -> InvitationState | None:
    """The state that a step leads to; None: it is not possible now."""
    return INVITATION_MOVES.get((state, step))

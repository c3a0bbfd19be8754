"""How an invitation moves, and how long things last. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
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


FREE_CODES: Final = 6
"""Wrong codes of a second step that cost no wait: slow fingers, a clock that is late."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
"""So that whoever knows somebody's password cannot shut her out for good, and guesses about a hundred times a day."""
CODES_FORGOTTEN_AFTER: Final = timedelta(days=1)


def wait_after(tried: int) -> timedelta:
    """How long the next code waits after so many wrong ones; each doubles it, up to the longest."""
    if tried < FREE_CODES:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(tried - FREE_CODES, 10)), LONGEST_WAIT)


def is_forgotten(last_at: datetime | None, at: datetime) -> bool:
    """Whether wrong codes are so long ago that they count no more."""
    return last_at is None or at - last_at >= CODES_FORGOTTEN_AFTER


class ResetState(StrEnum):
    """A lost second factor is taken off by two people."""

    ASKED = "asked"
    DONE = "done"
    TURNED_DOWN = "turned_down"
    LAPSED = "lapsed"


class ResetStep(StrEnum):
    CONFIRM = "confirm"
    TURN_DOWN = "turn_down"
    LAPSE = "lapse"


RESET_MOVES: Final[Mapping[tuple[ResetState, ResetStep], ResetState]] = MappingProxyType({
    (ResetState.ASKED, ResetStep.CONFIRM): ResetState.DONE,
    (ResetState.ASKED, ResetStep.TURN_DOWN): ResetState.TURNED_DOWN,
    (ResetState.ASKED, ResetStep.LAPSE): ResetState.LAPSED,
})
RESET_ENDS: Final = frozenset({ResetState.DONE, ResetState.TURNED_DOWN, ResetState.LAPSED})
RESET_LASTS: Final = timedelta(hours=24)
"""The second person is asked on the same day, while the first still remembers whom she spoke to."""

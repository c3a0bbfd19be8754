"""The states of a support access: who takes which step, and how long it may last. Pure.

Reading somebody's books without being part of their work is the exception: two people of two organisations, a reason
with a ticket, at most an hour.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MOST_MINUTES: Final = 60
ANSWERED_WITHIN: Final = timedelta(hours=4)
"""What nobody has allowed by then is over."""
SHORTEST_REASON: Final = 20


class AccessState(StrEnum):
    ASKED = "asked"
    OPEN = "open"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """Nobody answered in time."""
    OVER = "over"


class AccessStep(StrEnum):
    ALLOW = "allow"
    REFUSE = "refuse"
    LAPSE = "lapse"
    END = "end"


STEPS: Final[Mapping[tuple[AccessState, AccessStep], AccessState]] = MappingProxyType({
    (AccessState.ASKED, AccessStep.ALLOW): AccessState.OPEN,
    (AccessState.ASKED, AccessStep.REFUSE): AccessState.REFUSED,
    (AccessState.ASKED, AccessStep.LAPSE): AccessState.LAPSED,
    (AccessState.OPEN, AccessStep.END): AccessState.OVER,
})
FINAL: Final = frozenset({AccessState.REFUSED, AccessState.LAPSED, AccessState.OVER})

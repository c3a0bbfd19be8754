"""Which part of the opening hours nobody covers, and how a swap moves. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

DAYS_WATCHED: Final = 7
"""A gap is work from a week ahead on: early enough to ask a helper in."""
PLANNED_AHEAD: Final = timedelta(days=92)
LONGEST_ABSENCE: Final = timedelta(days=92)
"""Who is away for longer than a quarter hands her account back."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A part of one local day."""

    begins: time
    ends: time

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"


class SwapState(StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class SwapStep(StrEnum):
    TAKE = "take"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


SWAP_MOVES: Final[Mapping[tuple[SwapState, SwapStep], SwapState]] = MappingProxyType({
    (SwapState.ASKED, SwapStep.TAKE): SwapState.TAKEN,
    (SwapState.ASKED, SwapStep.DECLINE): SwapState.DECLINED,
    (SwapState.ASKED, SwapStep.WITHDRAW): SwapState.WITHDRAWN,
    (SwapState.ASKED, SwapStep.LAPSE): SwapState.LAPSED,
})
SWAP_ENDS: Final = frozenset(SwapState) - {SwapState.ASKED}


def gaps(opening: Iterable[Stretch], covered: Iterable[Stretch]) -> list[Stretch]:
    """What of the opening hours lies in no shift, in order."""
    shifts = sorted(covered)
    return [gap for span in sorted(opening) for gap in _uncovered(span, shifts)]


def _uncovered(span: Stretch, shifts: list[Stretch]) -> list[Stretch]:
    found, reached = [], span.begins
    for shift in shifts:
        if shift.ends <= reached or shift.begins >= span.ends:
            continue
        if shift.begins > reached:
            found.append(Stretch(reached, shift.begins))
        reached = max(reached, shift.ends)
    if reached < span.ends:
        found.append(Stretch(reached, span.ends))
    return found


def overlap(one: Stretch, other: Stretch) -> bool:
    return one.begins < other.ends and other.begins < one.ends


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())

"""A clerk's cash drawer from its opening to its count. What is missing or over is a question, never anybody's debt."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words
from shared.money import Money

DENOMINATIONS: Final = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500)
"""Banknotes in use, in đồng; the smallest are still met at counters."""
MOST_NOTES: Final = 9_999


class ShiftState(StrEnum):
    OPEN = "open"
    QUESTIONED = "questioned"
    """Counted, and the count differs: someone else than the clerk finds out why."""
    CLOSED = "closed"


class ShiftAction(StrEnum):
    CLOSE = "close"
    QUESTION = "question"
    ANSWER = "answer"


SHIFTS: Final[Mapping[tuple[ShiftState, ShiftAction], ShiftState]] = MappingProxyType({
    (ShiftState.OPEN, ShiftAction.CLOSE): ShiftState.CLOSED,
    (ShiftState.OPEN, ShiftAction.QUESTION): ShiftState.QUESTIONED,
    (ShiftState.QUESTIONED, ShiftAction.ANSWER): ShiftState.CLOSED,
})
FINAL_SHIFTS: Final = frozenset({ShiftState.CLOSED})


class ShiftCause(StrEnum):
    """Why the count differs. It begins as unknown; nothing here says who."""

    UNKNOWN = "unknown"
    COUNTED_AGAIN = "counted-again"
    FOUND = "found"
    OTHER_SHIFT = "other-shift"
    SYSTEM = "system"
    UNEXPLAINED = "unexplained"


CAUSE_WORDS: Final[Mapping[ShiftCause, Words]] = MappingProxyType({
    ShiftCause.UNKNOWN: Words("Chưa rõ nguyên nhân", "Cause not known yet"),
    ShiftCause.COUNTED_AGAIN: Words("Đếm lại thì đủ", "Counted again, and it was right"),
    ShiftCause.FOUND: Words("Đã tìm thấy khoản chênh lệch", "What made the difference was found"),
    ShiftCause.OTHER_SHIFT: Words("Thuộc về một ca khác", "It belongs to another shift"),
    ShiftCause.SYSTEM: Words("Do hệ thống", "The system was at fault"),
    ShiftCause.UNEXPLAINED: Words("Không giải thích được, đơn vị bưu chính chịu", "Unexplained; the operator bears it"),
})
ANSWERS: Final = tuple(cause for cause in ShiftCause if cause is not ShiftCause.UNKNOWN)


def counted(notes: Mapping[int, int]) -> Money:
    """The sum of a drawer counted by denomination: đồng → number of notes.

    Raises:
        ValueError: a denomination that is not in use, or an impossible number of notes.
    """
    if not set(notes) <= set(DENOMINATIONS) or not all(0 <= many <= MOST_NOTES for many in notes.values()):
        raise ValueError("Count the banknotes in use, 0 to 9,999 of each.")
    return Money(sum(value * many for value, many in notes.items()))


def count_action(difference: Money) -> ShiftAction:
    return ShiftAction.QUESTION if difference else ShiftAction.CLOSE

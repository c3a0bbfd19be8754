"""When a carrier counts as down, and how often it is tried then."""

from datetime import timedelta
from typing import Final

FAILURES_TO_DOWN: Final = 3
"""So many questions in a row without an answer: the others need not be spent as well."""
LONGEST_PAUSE: Final = timedelta(seconds=60)
PATIENCE: Final = timedelta(minutes=15)
"""After this long a person is told."""


def is_down(failures: int) -> bool:
    return failures >= FAILURES_TO_DOWN


def pause_after(failures: int) -> timedelta:
    """How long to wait before the next question, after so many without an answer."""
    return min(timedelta(seconds=5 * 2 ** min(failures, 6)), LONGEST_PAUSE)

"""When a carrier counts as down, how often it is tried then, and when a round of questions is behind."""

from datetime import datetime, timedelta
from typing import Final

FAILURES_TO_DOWN: Final = 3
"""So many questions in a row without an answer: the others need not be spent as well."""
LONGEST_PAUSE: Final = timedelta(seconds=60)
PATIENCE: Final = timedelta(minutes=15)
"""After this long a person is told."""
ROUND_EVERY: Final = timedelta(hours=2)
EVENT_PATIENCE: Final = timedelta(hours=72)
"""So long an event waits for its parcel to appear."""
GIVEN_UP: Final = "given-up"
"""The verdict on an event whose parcel never appeared: a person assigns or dismisses it."""
ROUND_SLACK: Final = timedelta(minutes=10)


def is_down(failures: int) -> bool:
    return failures >= FAILURES_TO_DOWN


def pause_after(failures: int) -> timedelta:
    """How long to wait before the next question, after so many without an answer."""
    return min(timedelta(seconds=5 * 2 ** min(failures, 6)), LONGEST_PAUSE)


def is_behind(started_at: datetime | None, ended_at: datetime | None, at: datetime) -> bool:
    """Whether a carrier's latest round of questions should have ended, or a newer one begun, by `at`."""
    if started_at is None:
        return True
    return at - started_at > ROUND_EVERY + (ROUND_SLACK if ended_at else timedelta())

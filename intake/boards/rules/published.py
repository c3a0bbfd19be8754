"""What of a board anybody may read: whole days, told late, in numbers too coarse to point at a person.

A number below ten is not told, nor that it is zero; every other is rounded to the nearest five. Shares and
points on the published page are worked out from these numbers and from nothing finer, so that neither a subtraction nor
the difference of two days leads back to a single dossier.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from intake.boards.rules.counts import Counts
from shared.calendar import at_local, local

FEWEST: Final = 10
STEP: Final = 5
SHARE_FROM: Final = 50
"""A share is told where its base is at least this: rounding then moves it by few percent."""
DELAY: Final = timedelta(hours=6)
"""After midnight, so that what counters filed without a connection has come in."""
FIRST_DAY: Final = date(2020, 1, 1)
MEASURES: Final = ("received", "resolved", "resolved_in_time", "in_hand", "late")


def coarse(count: int) -> int | None:
    """The number as it is told; None: fewer than `FEWEST`."""
    return None if count < FEWEST else (count + STEP // 2) // STEP * STEP


def percent(part: int | None, base: int | None) -> int | None:
    """The share of two told numbers in whole percent, never above 100; None where the base is too small to tell."""
    if part is None or base is None or base < SHARE_FROM:
        return None
    return min(100, round(100 * part / base))


def told(counts: Counts) -> dict[str, int | None]:
    """The published figures of a place, and one share."""
    numbers = {name: coarse(getattr(counts, name)) for name in MEASURES}
    return numbers | {"in_time_percent": percent(numbers["resolved_in_time"], numbers["resolved"])}


def last_day(now: datetime) -> date:
    """The last day that is published: its midnight lies at least `DELAY` back."""
    return local(now - DELAY).date() - timedelta(days=1)


def asked_day(day: date | None, now: datetime) -> date:
    """The day that was asked for, kept between the first and the last one published."""
    last = last_day(now)
    return last if day is None else max(FIRST_DAY, min(day, last))


def end_of(day: date) -> datetime:
    """The midnight up to which a published day counts."""
    return at_local(day + timedelta(days=1), time())

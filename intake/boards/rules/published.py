"""What of a board anybody may read: whole weeks, told late, in numbers too coarse to point at a person.

A number below ten is not told, nor that it is zero; every other is rounded to a five beside it. Where a number passes
from one five to the next is fixed for each number by a secret and the same for everybody, and a week that is published
stays as it is until the next one: whoever writes the figures down every day learns no day and no exact number. Shares
and points are worked out from the told numbers and from nothing finer.
"""

from collections.abc import Callable
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
FIRST_DAY: Final = date(2020, 1, 5)
"""A Sunday."""
MEASURES: Final = ("received", "resolved", "resolved_in_time", "in_hand", "late")


type Shift = Callable[[str], int]
"""From 0 to `STEP` - 1 for the name of a measure: how far below a five its number is rounded up to it."""


def coarse(count: int, shift: int) -> int | None:
    """The number as it is told; None: fewer than `FEWEST`."""
    return None if count < FEWEST else (count + shift) // STEP * STEP


def percent(part: int | None, base: int | None) -> int | None:
    """The share of two told numbers in whole percent, never above 100; None where the base is too small to tell."""
    if part is None or base is None or base < SHARE_FROM:
        return None
    return min(100, round(100 * part / base))


def told(counts: Counts, shift: Shift) -> dict[str, int | None]:
    """The published figures of a place, and one share."""
    numbers = {name: coarse(getattr(counts, name), shift(name)) for name in MEASURES}
    return numbers | {"in_time_percent": percent(numbers["resolved_in_time"], numbers["resolved"])}


def last_day(now: datetime) -> date:
    """The last Sunday that is published: the midnight after it lies at least `DELAY` back."""
    return _sunday_until(local(now - DELAY).date() - timedelta(days=1))


def asked_day(day: date | None, now: datetime) -> date:
    """The Sunday on or before the day that was asked for, kept between the first and the last one published."""
    last = last_day(now)
    return last if day is None else _sunday_until(max(FIRST_DAY, min(day, last)))


def _sunday_until(day: date) -> date:
    return day - timedelta(days=day.isoweekday() % 7)


def end_of(day: date) -> datetime:
    """The midnight up to which a published day counts."""
    return at_local(day + timedelta(days=1), time())

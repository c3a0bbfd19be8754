"""When an hour is unusual for a place. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.calendar import WorkCalendar, local

LEAST: Final = 10
"""Fewer in an hour are no crowd anywhere."""
TIMES: Final = 2
"""So many times the usual is unusual."""
LEAST_DAYS: Final = 5
"""A place that has been counted for fewer days has no usual yet."""
LOOKS_BACK: Final = timedelta(days=28)
KEPT: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Usual:
    """What came to one place in the same hour of earlier days."""

    total: int
    days: int

    @property
    def mean(self) -> float:
        return self.total / self.days if self.days else 0.0


def usual_of(hour: datetime, earlier: Iterable[tuple[datetime, int]], calendar: WorkCalendar) -> Usual:
    """Of `earlier` hours of the place the same hour, on working days for a working day, else on the others.

    A day without a row is a day on which nobody came, from the first day on that was counted.
    """
    rows = [(local(moment), count) for moment, count in earlier]
    if not rows:
        return Usual(0, 0)
    here = local(hour)
    is_working = calendar.is_working(here.date())
    first = min(moment for moment, _count in rows).date()
    days = [first + timedelta(days=n) for n in range((here.date() - first).days)]
    same = sum(count for moment, count in rows if moment.hour == here.hour
               and moment.date() < here.date() and calendar.is_working(moment.date()) == is_working)
    return Usual(same, sum(1 for day in days if calendar.is_working(day) == is_working))


def is_surge(count: int, usual: Usual) -> bool:
    return count >= LEAST and usual.days >= LEAST_DAYS and count >= TIMES * usual.mean

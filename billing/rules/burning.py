"""When a budget line will be used up if it goes on as in the last weeks, and how sure that is.

The forecast is a straight line from today: the mean of the last whole weeks. Its band is what those weeks themselves
say: going on like their quarter of the cheapest weeks, or like their quarter of the dearest ones. No model is fitted;
whoever doubts the forecast can work it out from the table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Final

WEEKS: Final = 8
"""Whole weeks looked back on."""
LEAST_WEEKS: Final = 2
"""With fewer, nothing is forecast."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Going on at so many đồng a week: the day the line is used up (None: not within the year), and what is left."""

    weekly: int
    used_up_on: date | None
    left_at_end: int


@dataclass(frozen=True, slots=True)
class Forecast:
    slow: Pace
    expected: Pace
    fast: Pace

    @property
    def warns_of(self) -> date | None:
        """The earliest day in the band."""
        return self.fast.used_up_on


def forecast(*, left: int, weekly: Sequence[int], today: date, year_end: date) -> Forecast | None:
    """`weekly`: the whole weeks before today, oldest first, in đồng. None: too little is known.

    `year_end` is the last day of the line's year.
    """
    known = list(weekly)[-WEEKS:]
    if len(known) < LEAST_WEEKS or today > year_end:
        return None
    ordered = sorted(known)
    quarter = max(1, len(ordered) // 4)
    paces = (fmean(ordered[:quarter]), fmean(ordered), fmean(ordered[-quarter:]))
    slow, expected, fast = (_pace(left, round(each), today, year_end) for each in paces)
    return Forecast(slow, expected, fast)


def _pace(left: int, weekly: int, today: date, year_end: date) -> Pace:
    days_left = (year_end - today).days
    at_end = left - weekly * days_left // 7
    if left <= 0:
        return Pace(weekly, today, left)
    if weekly <= 0:
        return Pace(weekly, None, at_end)
    days = left * 7 // weekly
    return Pace(weekly, today + timedelta(days=days) if days <= days_left else None, at_end)


def whole_weeks(days: Sequence[tuple[date, int]], *, today: date, first: date) -> list[int]:
    """Spending of the whole weeks that end yesterday, oldest first; none begins before `first`."""
    spent = dict(days)
    weeks: list[int] = []
    begin = today - timedelta(days=7)
    while begin >= first and len(weeks) < WEEKS:
        weeks.append(sum(spent.get(begin + timedelta(days=each), 0) for each in range(7)))
        begin -= timedelta(days=7)
    return weeks[::-1]

"""When an outlet is open: its weekly spans, less the public holidays. Pure: the calendar and the moment come in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from shared.calendar import Hours, WorkCalendar, at_local, local

NOON: Final = time(12, 0)
LOOK_AHEAD_DAYS: Final = 14
"""Tết closes counters for nine days at most; an outlet that stays shut longer has no next opening to promise."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One span of one weekday, 0 Monday … 6 Sunday; it does not cross midnight."""

    weekday: int
    opens: time
    closes: time


def overlapping(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """The first two spans that share a minute, if any do."""
    ordered = sorted(spans)
    return next(((a, b) for a, b in pairwise(ordered) if a.weekday == b.weekday and b.opens < a.closes), None)


def is_holiday(day: date, calendar: WorkCalendar) -> bool:
    """A public holiday or a day swapped off; an ordinary Sunday is none, the outlet's own hours speak for it."""
    return calendar.deviations.get(day) is False


def spans_of(day: date, spans: Sequence[Span], calendar: WorkCalendar) -> list[Span]:
    """The spans worked on a local day, earliest first; `calendar` is the site's own where it has particular days."""
    if day in calendar.extra:
        return [Span(day.weekday(), opens, closes) for opens, closes in calendar.extra[day]]
    if is_holiday(day, calendar):
        return []
    worked = sorted(span for span in spans if span.weekday == day.weekday())
    return _within(worked, calendar.short[day]) if day in calendar.short else worked


def _within(spans: Sequence[Span], hours: Hours) -> list[Span]:
    """What is left of the spans on a short day: its half before or after noon."""
    is_morning = hours[0][0] < NOON
    halves = [Span(span.weekday, span.opens if is_morning else max(span.opens, NOON),
                   min(span.closes, NOON) if is_morning else span.closes) for span in spans]
    return [span for span in halves if span.opens < span.closes]


def is_open(spans: Sequence[Span], at: datetime, calendar: WorkCalendar) -> bool:
    moment = local(at)
    return any(span.opens <= moment.time() < span.closes for span in spans_of(moment.date(), spans, calendar))


def next_opening(spans: Sequence[Span], at: datetime, calendar: WorkCalendar) -> datetime | None:
    """The first opening after `at`; None when there is none within two weeks."""
    today = local(at).date()
    for day in (today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS + 1)):
        for span in spans_of(day, spans, calendar):
            opening = at_local(day, span.opens)
            if opening > at:
                return opening
    return None


def is_past_closing(spans: Sequence[Span], at: datetime, calendar: WorkCalendar, grace: timedelta) -> bool:
    """Whether the last span of the local day ended more than `grace` ago; unknown hours never close."""
    today = spans_of(local(at).date(), spans, calendar)
    return bool(today) and at_local(local(at).date(), max(span.closes for span in today)) + grace < at

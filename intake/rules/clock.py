"""The statutory clock of a dossier: what is left, where it stops, when it is due after it runs again.

Pure arithmetic in working minutes (eight hours a day). The clock stands still while the citizen, not the authority, has
to act (status 5 and 6) and while handling is stopped (status 8), as the national status codes have it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.calendar import WorkCalendar, at_local, local

SOON_MINUTES: Final = 4 * 60
"""Under four working hours left is soon."""
DAY_MINUTES: Final = 8 * 60


class Pace(StrEnum):
    """How a dossier stands against its term."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Clock:
    """The columns of a dossier that its clock lives in."""

    term_minutes: int | None
    """Working minutes from start to due moment, as they were when the clock started."""
    due_at: datetime | None
    paused_at: datetime | None
    remaining_minutes: int | None
    """Left when it was paused; negative when it was late already."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows at a moment. `used` and `allowed` are working minutes, for the bar."""

    pace: Pace
    remaining: int
    used: int
    allowed: int


def remaining_at(due_at: datetime, now: datetime, calendar: WorkCalendar) -> int:
    """Working minutes from `now` to the due moment; negative when it is past."""
    return calendar.working_minutes_between(now, due_at)


def read(clock: Clock, now: datetime, calendar: WorkCalendar) -> Reading:
    """What the clock shows at `now`."""
    if clock.due_at is None:
        return Reading(Pace.NOT_STARTED, 0, 0, 0)
    is_paused = clock.paused_at is not None
    remaining = (clock.remaining_minutes or 0) if is_paused else remaining_at(clock.due_at, now, calendar)
    allowed = clock.term_minutes or max(remaining, 1)
    return Reading(_pace(remaining, is_late=not is_paused and now > clock.due_at, is_paused=is_paused),
                   remaining, allowed - remaining, allowed)


def _pace(remaining: int, *, is_late: bool, is_paused: bool) -> Pace:
    if is_paused:
        return Pace.PAUSED
    if is_late:
        return Pace.LATE
    return Pace.SOON if remaining < SOON_MINUTES else Pace.RUNNING


def due_after_pause(remaining_minutes: int, resumed_at: datetime, calendar: WorkCalendar) -> datetime:
    """The due moment of a clock that runs again; one that was late when it stopped stays late by as much."""
    if remaining_minutes > 0:
        return calendar.add_working_minutes(resumed_at, remaining_minutes)
    return moment_before(resumed_at, -remaining_minutes, calendar)


def due_after_change(due_at: datetime, since: datetime, before: WorkCalendar, after: WorkCalendar) -> datetime:
    """The due moment when the calendar changes from `since` on: the working minutes that were left then stay the same.

    `since` is a moment at which the clock ran already.
    """
    left = before.working_minutes_between(since, due_at)
    return after.add_working_minutes(since, left) if left > 0 else due_at


def nearing_from(now: datetime, calendar: WorkCalendar) -> datetime:
    """Dossiers due up to this moment are soon due or late at `now`."""
    return calendar.add_working_minutes(now, SOON_MINUTES)


def moment_before(end: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """The latest moment from which `minutes` of counter hours pass until `end`."""
    day, left, moment = local(end).date(), minutes, local(end)
    while left > 0:
        for opens, closes in reversed(calendar.hours_of(day)):
            latest = min(local(end), at_local(day, closes))
            available = max(0, int((latest - at_local(day, opens)).total_seconds() // 60))
            if available and left <= available:
                return latest - timedelta(minutes=left)
            left -= available
        day -= timedelta(days=1)
    return moment

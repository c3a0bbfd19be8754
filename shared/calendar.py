"""The one working-day counter. Working days are Monday to Friday, but for the days the calendar table names.

Terms count in working days from the day after valid receipt (Decree 118/2025/NĐ-CP). The table holds public holidays,
swapped days off and swapped working Saturdays, each with its legal basis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

LOCAL_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")

# Typical counter hours; a centre with other hours will carry its own. Eight working hours a day, as internal
# processes are written (30 days = 240 hours).
MORNING: Final = (time(8, 0), time(12, 0))
AFTERNOON: Final = (time(13, 0), time(17, 0))
CLOSING: Final = time(17, 0)
MINUTES_A_DAY: Final = 480

# Civil-status and certification items due "the same day" are due the next working day when received after 15:00
# (Law on Civil Status 60/2014/QH13; Decree 23/2015/NĐ-CP).
SAME_DAY_CUTOFF: Final = time(15, 0)


def local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL_ZONE)


def at_local(day: date, clock: time) -> datetime:
    """The aware moment of a local day and clock time."""
    return datetime.combine(day, clock, tzinfo=LOCAL_ZONE)


type Hours = tuple[tuple[time, time], ...]
"""Spans of one day, the earliest first."""
WHOLE_DAY: Final[Hours] = (MORNING, AFTERNOON)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`deviations` maps a day to whether it is worked, for every day that differs from Monday-to-Friday.

    One site's calendar knows more: `short` days are worked for some hours only, and on `extra` days the site receives
    although the day is not worked. An extra day never shortens a term: those count the working days of the law.
    """

    deviations: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    short: Mapping[date, Hours] = field(default_factory=lambda: MappingProxyType({}))
    extra: Mapping[date, Hours] = field(default_factory=lambda: MappingProxyType({}))

    def is_working(self, day: date) -> bool:
        return self.deviations.get(day, day.weekday() < 5)

    def hours_of(self, day: date) -> Hours:
        """The hours that terms count; none on a day off."""
        if not self.is_working(day):
            return ()
        return self.short.get(day, WHOLE_DAY)

    def open_hours_of(self, day: date) -> Hours:
        """The hours in which papers are taken in: those of a working day, or those of an extra day."""
        return self.hours_of(day) or self.extra.get(day, ())

    def closing_of(self, day: date) -> time:
        """When a term that ends on `day` ends: 17:00, earlier on a short day."""
        hours = self.hours_of(day)
        return hours[-1][1] if hours else CLOSING

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        return self.due_date(day, 1)

    def on_or_after(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day."""
        return day if self.is_working(day) else self.next_working(day)

    def due_date(self, start: date, working_days: int) -> date:
        """The last day of a term of `working_days` counted from the day after `start`."""
        day = start
        for _ in range(working_days):
            day += timedelta(days=1)
            while not self.is_working(day):
                day += timedelta(days=1)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Minutes inside counter hours from `start` to `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_minutes_between(end, start)
        first, last = local(start).date(), local(end).date()
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(_overlap(day, span, start, end) for day in days for span in self.hours_of(day))

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment at which `minutes` of counter hours have passed since `start`."""
        day, left = local(start).date(), minutes
        while True:
            for span in self.hours_of(day):
                available = _overlap(day, span, start, at_local(day, span[1]))
                if available and left <= available:
                    return max(at_local(day, span[0]), local(start)) + timedelta(minutes=left)
                left -= available
            day += timedelta(days=1)


def _overlap(day: date, span: tuple[time, time], start: datetime, end: datetime) -> int:
    opens, closes = at_local(day, span[0]), at_local(day, span[1])
    return max(0, int((min(closes, end) - max(opens, start)).total_seconds() // 60))


def calendar_of(days: Iterable[tuple[date, bool]]) -> WorkCalendar:
    return WorkCalendar(MappingProxyType(dict(days)))

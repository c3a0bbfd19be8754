"""The working calendar as the table has it now. Read once a minute at most: holidays change a few times a year."""

import time

from shared.calendar import WorkCalendar, calendar_of
from shared.models.calendar import CalendarDay

_KEPT_SECONDS = 60.0
_kept: tuple[float, WorkCalendar] | None = None


def work_calendar() -> WorkCalendar:
    global _kept  # noqa: PLW0603  # one small value per process, rebuilt from the table
    if _kept is None or time.monotonic() - _kept[0] > _KEPT_SECONDS:
        _kept = (time.monotonic(), calendar_of(CalendarDay.objects.values_list("date", "is_working")))
    return _kept[1]


def forget() -> None:
    """Drop the kept calendar, after the table was loaded anew."""
    global _kept  # noqa: PLW0603
    _kept = None

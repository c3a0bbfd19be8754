"""When a procedure is due: the term of its channel, counted on the working calendar.

Terms count in working days from the day after valid receipt (Decree 118/2025/NĐ-CP) and end at 17:00. Items due "the
same day" are due the next working day when received after 15:00 where their law says so. A term in calendar days that
ends on a day off ends on the next working day (Civil Code 91/2015/QH13, Article 148).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from intake.rules.wording import Words
from shared.calendar import CLOSING, SAME_DAY_CUTOFF, WorkCalendar, at_local, local


class TermUnit(StrEnum):
    SAME_DAY = "same_day"
    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Term:
    amount: int
    unit: TermUnit


def term_of(terms: Mapping[str, Any], channel: str) -> Term | None:
    """The published term of a channel; None when none is published for it."""
    published = terms.get(channel)
    return None if not published else Term(int(published["amount"]), TermUnit(published["unit"]))


def due_moment(term: Term, start: datetime, has_cutoff: bool, calendar: WorkCalendar) -> datetime:  # noqa: FBT001
    """The last moment of a term that starts with valid receipt at `start`; local closing, but for terms in hours."""
    if term.unit == TermUnit.HOUR:
        return calendar.add_working_minutes(start, term.amount * 60)
    day = _due_day(term, start, has_cutoff, calendar)
    return at_local(day, calendar.closing_of(day))


def _due_day(term: Term, start: datetime, has_cutoff: bool, calendar: WorkCalendar) -> date:  # noqa: FBT001
    day = local(start).date()
    if term.unit == TermUnit.SAME_DAY:
        return calendar.next_working(day) if _is_too_late(start, has_cutoff, calendar) else calendar.on_or_after(day)
    if term.unit == TermUnit.DAY:
        return calendar.on_or_after(day + timedelta(days=term.amount))
    return calendar.due_date(day, term.amount)


def _is_too_late(start: datetime, has_cutoff: bool, calendar: WorkCalendar) -> bool:  # noqa: FBT001
    """Whether a same-day item came after 15:00, or after closing, of a working day."""
    day, clock = local(start).date(), local(start).time()
    closing = calendar.closing_of(day)
    return calendar.is_working(day) and clock > (min(SAME_DAY_CUTOFF, closing) if has_cutoff else closing)


def due_reason(term: Term, start: datetime, has_cutoff: bool, calendar: WorkCalendar) -> Words:  # noqa: FBT001
    """How the due moment was counted."""
    if term.unit == TermUnit.SAME_DAY:
        return _same_day_reason(start, has_cutoff, calendar)
    day = f"{local(start):%d/%m/%Y}"
    if term.unit == TermUnit.HOUR:
        return Words(f"{term.amount} giờ làm việc kể từ lúc tiếp nhận hợp lệ.",
                     f"{term.amount} working hours from valid receipt.")
    if term.unit == TermUnit.DAY:
        return Words(f"{term.amount} ngày kể từ ngày tiếp nhận hợp lệ {day}; rơi vào ngày nghỉ thì tính đến ngày làm "
                     "việc tiếp theo.", f"{term.amount} days from valid receipt on {day}; ending on a working day.")
    return Words(f"{term.amount} ngày làm việc, tính từ ngày sau ngày tiếp nhận hợp lệ {day}.",
                 f"{term.amount} working days, counted from the day after valid receipt on {day}.")


def _same_day_reason(start: datetime, has_cutoff: bool, calendar: WorkCalendar) -> Words:  # noqa: FBT001
    if not calendar.is_working(local(start).date()):
        return Words("Tiếp nhận vào ngày nghỉ: trả trong ngày làm việc tiếp theo.",
                     "Received on a day off: due on the next working day.")
    if not _is_too_late(start, has_cutoff, calendar):
        return Words("Trả ngay trong ngày tiếp nhận.", "Due on the day of receipt.")
    if has_cutoff and local(start).time() <= CLOSING:
        return Words("Tiếp nhận sau 15 giờ: trả trong ngày làm việc tiếp theo.",
                     "Received after 15:00: due on the next working day.")
    return Words("Tiếp nhận sau giờ làm việc: trả trong ngày làm việc tiếp theo.",
                 "Received after hours: due on the next working day.")


def next_opening(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The first moment from `moment` on at which a centre can receive; `moment` itself inside counter days."""
    day, clock = local(moment).date(), local(moment).time()
    hours = calendar.open_hours_of(day)
    while not hours or clock >= hours[-1][1]:
        day, clock = day + timedelta(days=1), time.min
        hours = calendar.open_hours_of(day)
    return max(local(moment), at_local(day, hours[0][0]))

"""Apology and extension (form 04): until when, how long, and what the system proposes.

At the latest one day before the due moment the authority apologises with a reason and a new date, and it extends only
once (Decree 118/2025/NĐ-CP; Circular 03/2025/TT-VPCP, form 04). Days here are working days, so that an apology for
what is due on a Monday goes out on the Friday before.
"""

from datetime import date, datetime, timedelta
from typing import Final

from intake.rules.clock import DAY_MINUTES
from shared.calendar import CLOSING, WorkCalendar, at_local, local

LONGEST_PROPOSAL_DAYS: Final = 5
"""What is proposed at most; assumed, the officer may write another day."""


def previous_working(day: date, calendar: WorkCalendar) -> date:
    """The last working day before `day`."""
    before = day - timedelta(days=1)
    while not calendar.is_working(before):
        before -= timedelta(days=1)
    return before


def send_by(due_at: datetime, calendar: WorkCalendar) -> datetime:
    """The last moment for the apology: one working day before the due moment, at the same time of day."""
    due = local(due_at)
    return at_local(previous_working(due.date(), calendar), due.time().replace(tzinfo=None))


def draft_from(due_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """When the system warns and drafts: `days` working days before the apology must be out."""
    moment = send_by(due_at, calendar)
    day = moment.date()
    for _ in range(days):
        day = previous_working(day, calendar)
    return at_local(day, moment.time().replace(tzinfo=None))


def longest_days(term_minutes: int | None) -> int:
    """How many working days an extension may have: no more than the term itself, at least one."""
    return max(1, (term_minutes or DAY_MINUTES) // DAY_MINUTES)


def proposed_due(due_at: datetime, term_minutes: int | None, calendar: WorkCalendar) -> datetime:
    """Half the term again, at most five working days, until closing."""
    days = min(max(1, longest_days(term_minutes) // 2), LONGEST_PROPOSAL_DAYS)
    return on_day(calendar.due_date(local(due_at).date(), days))


def latest_due(due_at: datetime, term_minutes: int | None, calendar: WorkCalendar) -> datetime:
    """The last new due moment that is accepted."""
    return on_day(calendar.due_date(local(due_at).date(), longest_days(term_minutes)))


def on_day(day: date) -> datetime:
    """The due moment of a day: its closing."""
    return at_local(day, CLOSING)

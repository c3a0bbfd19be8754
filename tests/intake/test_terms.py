"""Due moments: the dates of the working calendar, the 15:00 rule, calendar days, hours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.terms import Term, TermUnit, due_moment, due_reason, next_opening, term_of
from shared.calendar import calendar_of
from tests.intake.moments import local

OFF, ON = False, True
CALENDAR = calendar_of([
    (date(2025, 4, 26), ON), (date(2025, 4, 30), OFF), (date(2025, 5, 1), OFF), (date(2025, 5, 2), OFF),
    (date(2026, 1, 1), OFF), (date(2026, 1, 2), OFF), (date(2026, 1, 10), ON),
    *((date(2026, 2, day), OFF) for day in range(16, 21)), (date(2026, 4, 27), OFF), (date(2026, 4, 30), OFF),
    (date(2026, 5, 1), OFF), (date(2026, 8, 22), ON), (date(2026, 8, 31), OFF), (date(2026, 9, 1), OFF),
    (date(2026, 9, 2), OFF), (date(2026, 11, 24), OFF),
])


def days(amount: int) -> Term:
    return Term(amount, TermUnit.WORKING_DAY)


SAME_DAY = Term(0, TermUnit.SAME_DAY)


@pytest.mark.parametrize(("start", "term", "due"), [
    ("2026-11-20 09:00", days(3), "2026-11-26 17:00"),
    ("2026-08-17 09:00", days(10), "2026-08-28 17:00"),
    ("2025-04-25 09:00", days(3), "2025-04-29 17:00"),
    ("2026-02-10 09:00", days(5), "2026-02-24 17:00"),
    ("2025-12-31 09:00", days(5), "2026-01-09 17:00"),
    ("2026-04-24 09:00", days(2), "2026-04-29 17:00"),
])
def test_working_days_skip_holidays_and_count_swapped_saturdays(start, term, due):
    assert due_moment(term, local(start), False, CALENDAR) == local(due)


@pytest.mark.parametrize(("start", "has_cutoff", "due"), [
    ("2026-01-12 09:00", True, "2026-01-12 17:00"),
    ("2026-01-12 15:00", True, "2026-01-12 17:00"),
    ("2026-01-12 15:05", True, "2026-01-13 17:00"),
    ("2026-11-23 15:05", True, "2026-11-25 17:00"),
    ("2026-01-12 15:05", False, "2026-01-12 17:00"),
    ("2026-01-12 17:30", False, "2026-01-13 17:00"),
    ("2026-01-11 10:00", True, "2026-01-12 17:00"),
])
def test_the_same_day_ends_at_three_where_the_law_says_so(start, has_cutoff, due):
    assert due_moment(SAME_DAY, local(start), has_cutoff, CALENDAR) == local(due)


def test_a_term_in_calendar_days_that_ends_on_a_day_off_ends_on_the_next_working_day():
    assert due_moment(Term(20, TermUnit.DAY), local("2026-01-12 09:00"), False, CALENDAR) == local("2026-02-02 17:00")
    assert due_moment(Term(5, TermUnit.DAY), local("2026-02-11 09:00"), False, CALENDAR) == local("2026-02-23 17:00")


def test_an_hour_is_an_hour_of_the_counter():
    assert due_moment(Term(1, TermUnit.HOUR), local("2026-01-12 11:30"), False, CALENDAR) == local("2026-01-12 13:30")


@pytest.mark.parametrize(("moment", "opening"), [
    ("2026-01-12 09:30", "2026-01-12 09:30"), ("2026-01-12 06:00", "2026-01-12 08:00"),
    ("2026-01-12 17:00", "2026-01-13 08:00"), ("2026-01-10 09:00", "2026-01-10 09:00"),
    ("2026-01-17 09:00", "2026-01-19 08:00"), ("2025-12-31 20:00", "2026-01-05 08:00"),
])
def test_a_centre_receives_when_it_is_open(moment, opening):
    assert next_opening(local(moment), CALENDAR) == local(opening)


def test_the_term_is_the_one_of_the_channel():
    terms = {"online": {"amount": 17, "unit": "working_day"}, "post": {"amount": 20, "unit": "working_day"}}

    assert (term_of(terms, "online"), term_of(terms, "post")) == (days(17), days(20))
    assert term_of(terms, "direct") is None


starts = st.datetimes(min_value=local("2025-01-01").replace(tzinfo=None),
                      max_value=local("2027-01-01").replace(tzinfo=None)).map(lambda at: local(at.isoformat()))
terms = st.builds(Term, st.integers(min_value=1, max_value=60), st.sampled_from([TermUnit.WORKING_DAY, TermUnit.DAY]))


@given(starts, terms | st.just(SAME_DAY), st.booleans())
def test_every_term_ends_on_a_working_day_at_closing_after_it_began(start, term, has_cutoff):
    due = due_moment(term, start, has_cutoff, CALENDAR)

    assert CALENDAR.is_working(due.date())
    assert f"{due:%H:%M}" == "17:00"
    assert due.date() >= start.date()
    assert due_reason(term, start, has_cutoff, CALENDAR).vi
    assert due_reason(term, start, has_cutoff, CALENDAR).en


@given(starts, starts, terms)
def test_what_begins_later_is_never_due_earlier(one, other, term):
    first, second = sorted((one, other))

    assert due_moment(term, first, False, CALENDAR) <= due_moment(term, second, False, CALENDAR)

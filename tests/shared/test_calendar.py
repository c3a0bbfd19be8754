import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.runtime.paths import PROJECT
from shared import working_days
from shared.calendar import LOCAL_ZONE, WorkCalendar, at_local, calendar_of, local
from shared.models.calendar import CalendarDay

ROWS = json.loads((PROJECT / "reference_data" / "calendar_days.json").read_text(encoding="utf-8"))["rows"]
CALENDAR = calendar_of((date.fromisoformat(row["date"]), row["is_working"]) for row in ROWS)
WITHOUT_JANUARY_SWAP = calendar_of(
    (day, works) for day, works in CALENDAR.deviations.items() if day not in {date(2026, 1, 2), date(2026, 1, 10)})

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
terms = st.integers(0, 60)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)


minutes_of_years = st.integers(0, 3 * 365 * 24 * 60)
moments = minutes_of_years.map(lambda minute: datetime(2025, 1, 1, tzinfo=LOCAL_ZONE) + timedelta(minutes=minute))


@pytest.mark.parametrize(("received", "working_days", "due"), [
    ("2026-11-20", 3, "2026-11-26"),  # 24/11 is Vietnam Culture Day since 2026
    ("2026-11-23", 1, "2026-11-25"),  # a same-day item received after 15:00
    ("2026-08-17", 10, "2026-08-28"),  # Saturday 22/8 is worked for Monday 31/8
    ("2025-04-25", 3, "2025-04-29"),  # Saturday 26/4 is worked for Friday 2/5
    ("2026-02-10", 5, "2026-02-24"),  # Tết
    ("2025-12-31", 5, "2026-01-09"),  # Friday 2/1 is off for Saturday 10/1
    ("2026-04-24", 2, "2026-04-29"),  # Hùng Kings' day fell on a Sunday
])
def test_due_days_that_the_national_calendar_gives(received, working_days, due):
    assert CALENDAR.due_date(date.fromisoformat(received), working_days) == date.fromisoformat(due)


def test_without_the_swap_of_january_2026_the_fifth_day_is_one_earlier():
    assert WITHOUT_JANUARY_SWAP.due_date(date(2025, 12, 31), 5) == date(2026, 1, 8)


def test_counting_weekdays_alone_would_be_wrong():
    assert WorkCalendar().due_date(date(2026, 8, 17), 14) == date(2026, 9, 4)
    assert CALENDAR.due_date(date(2026, 8, 17), 14) == date(2026, 9, 8)


@pytest.mark.parametrize(("day", "works"), [
    ("2026-08-22", True), ("2026-08-31", False), ("2026-01-10", True), ("2026-01-02", False), ("2025-07-03", True),
    ("2025-07-05", False), ("2025-07-06", False),
])
def test_swapped_days_count_as_what_they_were_swapped_to(day, works):
    assert CALENDAR.is_working(date.fromisoformat(day)) == works


@given(days, terms)
def test_a_term_of_days_ends_on_a_worked_day_and_counts_back_to_itself(start, working_days):
    due = CALENDAR.due_date(start, working_days)

    assert CALENDAR.working_days_between(start, due) == working_days
    assert working_days == 0 or CALENDAR.is_working(due)


@given(days, terms, terms)
def test_two_terms_one_after_the_other_are_one_longer_term(start, first, second):
    assert CALENDAR.due_date(CALENDAR.due_date(start, first), second) == CALENDAR.due_date(start, first + second)


@given(days, days)
def test_working_days_backwards_are_the_negative(one, other):
    assert CALENDAR.working_days_between(one, other) == -CALENDAR.working_days_between(other, one)


@given(days)
def test_the_next_worked_day_is_later_and_the_first(day):
    following = CALENDAR.next_working(day)

    assert following > day
    assert CALENDAR.is_working(following)
    assert not any(CALENDAR.is_working(day + timedelta(days=n)) for n in range(1, (following - day).days))
    assert CALENDAR.on_or_after(following) == following


@pytest.mark.parametrize(("start", "end", "minutes"), [
    ("2025-07-03 08:00", "2025-07-03 17:00", 480),
    ("2025-07-03 11:30", "2025-07-03 13:30", 60),
    ("2025-07-03 12:00", "2025-07-03 13:00", 0),
    ("2025-07-03 16:30", "2025-07-04 08:30", 60),
    ("2025-07-04 16:00", "2025-07-07 09:00", 120),  # a weekend between
    ("2025-07-05 08:00", "2025-07-06 17:00", 0),
    ("2026-08-21 16:00", "2026-08-22 09:00", 120),  # a worked Saturday
    ("2025-07-03 05:00", "2025-07-03 23:00", 480),
    ("2025-07-03 09:00", "2025-07-03 08:00", -60),
])
def test_minutes_are_those_of_counter_hours(start, end, minutes):
    assert CALENDAR.working_minutes_between(moment(start), moment(end)) == minutes


@pytest.mark.parametrize(("start", "minutes", "end"), [
    ("2025-07-03 08:00", 480, "2025-07-03 17:00"),
    ("2025-07-03 11:30", 30, "2025-07-03 12:00"),
    ("2025-07-03 11:30", 31, "2025-07-03 13:01"),
    ("2025-07-03 16:30", 60, "2025-07-04 08:30"),
    ("2025-07-04 17:00", 1, "2025-07-07 08:01"),
    ("2025-07-05 10:00", 60, "2025-07-07 09:00"),
    ("2025-07-03 06:00", 0, "2025-07-03 08:00"),
])
def test_minutes_added_pass_in_counter_hours(start, minutes, end):
    assert CALENDAR.add_working_minutes(moment(start), minutes) == moment(end)


@given(moments, st.integers(1, 20_000))
def test_adding_minutes_and_counting_them_agree(start, minutes):
    assert CALENDAR.working_minutes_between(start, CALENDAR.add_working_minutes(start, minutes)) == minutes


@given(moments, moments, moments)
def test_minutes_of_two_stretches_add_up(one, two, three):
    first, second, third = sorted((one, two, three))

    between = CALENDAR.working_minutes_between
    assert between(first, second) + between(second, third) == between(first, third)


def test_a_day_is_the_local_day():
    late_in_utc = datetime.fromisoformat("2025-07-03T18:00:00+00:00")

    assert local(late_in_utc).date() == date(2025, 7, 4)
    assert at_local(date(2025, 7, 3), local(late_in_utc).time()).utcoffset() == timedelta(hours=7)


@pytest.mark.django_db
def test_the_calendar_in_use_is_that_of_the_table_and_is_read_once(django_assert_num_queries):
    CalendarDay.objects.create(date=date(2025, 7, 3), is_working=False, name_vi="Nghỉ", name_en="Off", legal_basis="–",
                               confidence="assumed")
    working_days.forget()

    with django_assert_num_queries(1):
        calendars = [working_days.work_calendar() for _ in range(3)]

    working_days.forget()
    assert not calendars[0].is_working(date(2025, 7, 3))
    assert calendars[0] is calendars[2]

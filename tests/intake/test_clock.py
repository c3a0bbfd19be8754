from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.clock import Clock, Pace, due_after_pause, moment_before, nearing_from, read, remaining_at
from shared.calendar import calendar_of
from shared.deadlines import deadline
from tests.intake.centre_cases import at

PLAIN = calendar_of([])
DUE = at("2025-07-04", "17:00")  # a Friday

moments = st.integers(0, 60 * 24 * 21).map(lambda minutes: at("2025-06-30", "00:00") + timedelta(minutes=minutes))


def clock(**fields: Any) -> Clock:
    return replace(Clock(960, DUE, None, None), **fields)


@pytest.mark.parametrize(("now", "pace", "remaining"), [
    (at("2025-07-02", "14:00"), Pace.RUNNING, 2 * 480 + 180),
    (at("2025-07-04", "11:59"), Pace.RUNNING, 241),
    (at("2025-07-04", "13:01"), Pace.SOON, 239),
    (at("2025-07-04", "17:00"), Pace.SOON, 0),
    (at("2025-07-07", "09:10"), Pace.LATE, -70),
])
def test_what_is_left_is_counted_in_counter_hours(now, pace, remaining):
    reading = read(clock(), now, PLAIN)

    assert (reading.pace, reading.remaining) == (pace, remaining)


def test_a_dossier_one_evening_past_its_due_moment_is_late_although_no_counter_minute_has_passed():
    assert read(clock(), at("2025-07-04", "17:30"), PLAIN).pace == Pace.LATE


def test_a_clock_that_was_never_started_shows_nothing():
    assert read(clock(due_at=None), DUE, PLAIN).pace == Pace.NOT_STARTED


def test_a_paused_clock_shows_what_was_left_however_long_it_stands():
    paused = clock(paused_at=at("2025-07-03", "09:00"), remaining_minutes=900)

    reading = read(paused, at("2025-09-01", "09:00"), PLAIN)

    assert (reading.pace, reading.remaining, reading.used) == (Pace.PAUSED, 900, 60)


def test_the_words_of_a_reading_are_those_of_the_mock_up(settings):
    reading = read(clock(term_minutes=5 * 480), at("2025-07-02", "14:00"), PLAIN)

    assert deadline(used=reading.used, allowed=reading.allowed).words == "Còn 2 ngày làm việc 3 giờ"
    late = read(clock(), at("2025-07-07", "09:10"), PLAIN)
    assert deadline(used=late.used, allowed=late.allowed).words == "Quá 1 giờ 10 phút"


def test_a_holiday_does_not_use_up_the_term():
    holiday = calendar_of([(at("2026-11-24").date(), False)])

    assert remaining_at(at("2026-11-26", "17:00"), at("2026-11-23", "17:00"), holiday) == 2 * 480


@given(moments, moments, moments)
def test_a_pause_costs_the_authority_nothing(start, later, latest):
    paused_at, resumed_at = sorted((max(start, later), max(start, latest)))
    left = remaining_at(DUE, paused_at, PLAIN)

    due_again = due_after_pause(left, resumed_at, PLAIN)

    assert remaining_at(due_again, resumed_at, PLAIN) == left


@given(moments, st.integers(0, 2000))
def test_going_back_and_forth_by_the_same_time_meets(end, minutes):
    start = moment_before(end, minutes, PLAIN)

    assert PLAIN.working_minutes_between(start, end) == minutes
    assert start <= end


def test_soon_reaches_over_the_week_end():
    assert nearing_from(at("2025-07-04", "15:00"), PLAIN) == at("2025-07-07", "10:00")

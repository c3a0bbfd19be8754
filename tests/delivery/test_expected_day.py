"""The promised day never moves; the expected one follows what has happened, and never lies in the past."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.promise.rules import Ground, Kept, due_date, expected, kept
from delivery.rules import FINAL_PARCEL_STATES, ParcelState
from shared.calendar import LOCAL_ZONE, WorkCalendar, calendar_of
from tests.factories import network, parcels

S = ParcelState
# Saturday 17 January 2026 is worked, Tuesday 20 January is off.
CALENDAR = calendar_of([(date(2026, 1, 17), True), (date(2026, 1, 20), False)])


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=LOCAL_ZONE)


BOOKED = at(14)


@dataclass
class Trip:
    """Booked on Wednesday 14 January, promised for Friday 16: two working days."""

    state: str = S.BOOKED
    state_at: datetime = BOOKED
    booked_at: datetime = BOOKED
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    promised_date: date = date(2026, 1, 16)


@pytest.mark.parametrize(("trip", "today", "day", "ground", "late"), [
    (Trip(), 14, 16, Ground.BOOKED, 0),
    # Every day that it lies untaken moves the expected day.
    (Trip(), 15, 17, Ground.BOOKED, 1),
    (Trip(S.ACCEPTED, at(14), accepted_at=at(14)), 15, 16, Ground.ACCEPTED, 0),
    (Trip(S.IN_TRANSIT, at(15), accepted_at=at(15)), 15, 17, Ground.ACCEPTED, 1),
    (Trip(S.IN_TRANSIT, at(15), accepted_at=at(14)), 18, 19, Ground.OVERDUE, 2),
    (Trip(S.ARRIVED, at(14), accepted_at=at(14)), 14, 15, Ground.NEAR, 0),
    (Trip(S.OUT_FOR_DELIVERY, at(15), accepted_at=at(14)), 15, 15, Ground.OUT, 0),
    # Two working days after the first visit: Saturday is worked, Tuesday is not.
    (Trip(S.ATTEMPT_FAILED, at(16), accepted_at=at(14)), 16, 19, Ground.AGAIN, 2),
    (Trip(S.AT_COLLECTION_POINT, at(16), accepted_at=at(14)), 16, None, Ground.WAITS, 0),
    (Trip(S.NEEDS_REVIEW, at(16)), 16, None, Ground.UNKNOWN, 0),
    (Trip(S.RETURNING, at(16)), 16, None, Ground.UNKNOWN, 0),
    (Trip(S.DELIVERED, at(19), delivered_at=at(19)), 30, 19, Ground.ENDED, 2),
])
def test_the_expected_day_follows_the_events(trip, today, day, ground, late):
    found = expected(trip, CALENDAR, date(2026, 1, today))

    assert (found.day, found.ground, found.days_late) == (day and date(2026, 1, day), ground, late)


def test_a_day_that_the_citizen_chose_counts_until_it_has_passed():
    trip = Trip(S.ATTEMPT_FAILED, at(16), accepted_at=at(14))

    assert expected(trip, CALENDAR, date(2026, 1, 16), agreed=date(2026, 1, 23)).ground is Ground.AGREED
    assert expected(trip, CALENDAR, date(2026, 1, 26), agreed=date(2026, 1, 23)).ground is Ground.OVERDUE


def test_the_legal_term_begins_when_the_post_takes_it():
    assert due_date(Trip(S.ACCEPTED, at(16), accepted_at=at(16)), CALENDAR) == date(2026, 1, 19)


@given(state=st.sampled_from(sorted(set(S) - FINAL_PARCEL_STATES)), since=st.integers(0, 40),
       taken=st.integers(0, 40), later=st.integers(0, 60))
def test_what_is_expected_is_a_working_day_from_today_on(state, since, taken, later):
    trip = Trip(state, at(14) + timedelta(days=since), accepted_at=at(14) + timedelta(days=taken))
    today = date(2026, 1, 14) + timedelta(days=later)

    found = expected(trip, WorkCalendar(), today)

    assert found.day is None or (found.day >= today and WorkCalendar().is_working(found.day))
    assert found.is_late == (found.day is not None and found.day > trip.promised_date)


@pytest.mark.parametrize(("state", "offered", "today", "outcome"), [
    (S.IN_TRANSIT, None, 16, Kept.OPEN), (S.IN_TRANSIT, None, 17, Kept.WAITING),
    (S.DELIVERED, 16, 20, Kept.KEPT), (S.DELIVERED, 17, 20, Kept.LATE),
    # He came on the day and met nobody: the post has kept its word.
    (S.ATTEMPT_FAILED, 16, 20, Kept.KEPT), (S.RETURNED, 16, 20, Kept.KEPT),
    (S.RETURNED, None, 20, Kept.UNCOUNTED), (S.NEEDS_REVIEW, 16, 20, Kept.UNCOUNTED), (S.LOST, None, 15, Kept.LOST),
])
def test_a_promise_is_kept_at_the_door(state, offered, today, outcome):
    day = date(2026, 1, offered) if offered else None

    assert kept(state=state, promised=date(2026, 1, 16), first_offered=day, today=date(2026, 1, today)) == outcome


@pytest.mark.django_db
def test_the_expected_day_stands_on_the_page_and_in_the_api(client):
    outlet = network.outlet()
    parcel = parcels.parcel(outlet=outlet)
    client.force_login(network.clerk(outlet))

    told = client.get(f"/api/v1/parcels/{parcel.id}").json()

    assert told["expected_date"] > told["promised_date"]
    assert told["days_late"] > 0
    assert "nếu bưu điện nhận trong hôm nay" in client.get(f"/buu-gui/{parcel.id}/").content.decode()

"""Unusual load: what comes is counted by hour; twice the usual of that hour is flagged on the room's board."""

from datetime import timedelta

import pytest

from agents.briefs.sections import Asked
from agents.models.people import StaffAccount
from agents.surges import counting
from agents.surges.brief_section import surges as brief_section
from agents.surges.counting import Arrived
from agents.surges.models import PlaceLoad
from agents.surges.queries import surges_now
from agents.surges.rules import LEAST_DAYS, Usual, is_surge, usual_of
from shared.calendar import WorkCalendar
from shared.roles import Role
from tests.agents.factories import make_centre, make_outlet, moment, staff
from tests.agents.test_operations_room import acting

pytestmark = pytest.mark.django_db

NINE = moment("2025-07-02 09:00")  # a Wednesday
NOW = NINE + timedelta(minutes=40)


def mornings(count, days=10, at=NINE):
    """So many at nine on each of the days before."""
    return [(at - timedelta(days=n), count) for n in range(1, days + 1)]


def counted(monkeypatch, rows, at=NOW):
    def between(since, until):
        return [each for each in rows if since <= each.hour < until]

    monkeypatch.setattr(counting, "_counts", [between])
    return counting.count_loads(at=at)


def loads(outlet, count, *, usual):
    return [Arrived(outlet.id, None, NINE, count),
            *(Arrived(outlet.id, None, hour, each) for hour, each in mornings(usual, 20))]


def test_the_usual_is_the_mean_of_the_same_hour_of_working_days_with_days_on_which_nobody_came():
    calendar = WorkCalendar()
    assert usual_of(NINE, mornings(6, 14), calendar) == Usual(60, 10)  # two weekends are left out
    quiet = [row for row in mornings(6, 14) if row[0].day % 2]
    assert usual_of(NINE, quiet, calendar).days == 9  # from its first day on, whether anybody came or not
    assert usual_of(NINE, [(hour + timedelta(hours=1), n) for hour, n in mornings(6, 14)], calendar).total == 0
    assert usual_of(NINE, [], calendar) == Usual(0, 0)


@pytest.mark.parametrize(("count", "usual", "expected"), [
    (20, Usual(100, 10), True), (19, Usual(100, 10), False), (9, Usual(10, 10), False), (10, Usual(0, 10), True),
    (50, Usual(4, LEAST_DAYS - 1), False)])
def test_a_surge_is_twice_the_usual_ten_at_least_at_a_place_that_is_known(count, usual, expected):
    assert is_surge(count, usual) is expected


def test_counting_again_changes_nothing_and_catches_up_what_came_since(monkeypatch):
    outlet, centre = make_outlet(), make_centre()
    rows = [Arrived(outlet.id, None, NINE, 4), Arrived(None, centre.id, NINE, 7)]
    assert counted(monkeypatch, rows) == 2
    counted(monkeypatch, [Arrived(outlet.id, None, NINE, 6), rows[1]])

    kept = dict(PlaceLoad.objects.values_list("place_id", "count"))
    assert kept == {outlet.id: 6, centre.id: 7}
    assert set(PlaceLoad.objects.values_list("province_code", flat=True)) == {"46", centre.province_id}


def test_what_is_older_than_two_months_is_dropped(monkeypatch):
    outlet = make_outlet()
    counted(monkeypatch, [Arrived(outlet.id, None, NINE, 4)])
    counted(monkeypatch, [], at=NOW + timedelta(days=61))

    assert not PlaceLoad.objects.exists()


def test_the_room_sees_the_crowd_and_each_place_its_own_alone(monkeypatch, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    crowded, quiet = make_outlet(name="Bưu cục Kim Long"), make_outlet(name="Bưu cục An Cựu")
    counted(monkeypatch, [*loads(crowded, 30, usual=8), *loads(quiet, 12, usual=8)])
    room = acting(staff(Role.OPERATIONS_OFFICER))

    (found,) = surges_now(room, NOW)
    assert (found.name, found.count, round(found.usual)) == ("Bưu cục Kim Long", 30, 8)
    assert surges_now(acting(staff(Role.OUTLET_MANAGER, outlet=quiet)), NOW) == []
    assert surges_now(room, NOW + timedelta(hours=3)) == []

    client.force_login(StaffAccount.objects.get(id=room.id))
    assert "30 lượt từ 09:00, thường ngày giờ này 8" in client.get("/su-co/").content.decode()
    assert [each["name"] for each in client.get("/api/v1/surges").json()] == ["Bưu cục Kim Long"]


def test_the_brief_tells_of_crowds_and_is_silent_when_there_were_none(monkeypatch):
    outlet = make_outlet(name="Bưu cục Kim Long")
    counted(monkeypatch, loads(outlet, 30, usual=8))

    section = brief_section(Asked("46", NINE - timedelta(hours=1), NOW))
    assert section is not None
    assert section.figures[0].value == 1
    assert section.rows[0].said.en.startswith("30 in the hour from 02/07")
    assert brief_section(Asked("46", NOW, NOW + timedelta(hours=7))) is None

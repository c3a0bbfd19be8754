from datetime import date, timedelta
from math import nan
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import site_days
from agents.models.organisations import Outlet, OutletStatus, Task
from agents.models.sites import SiteDay
from agents.nearest import Where, _asked, _candidates
from agents.programme import admission
from agents.programme.models import Programme, ProgrammePhase
from agents.public import nearest_outlets
from agents.surges.models import PlaceLoad
from shared import scope, working_days
from shared.errors import Invalid
from shared.geo import distance_km
from shared.models.calendar import CalendarDay
from tests.agents import programmes
from tests.agents.factories import build_outlet, make_commune, make_operator, make_outlet, moment, opens

pytestmark = pytest.mark.django_db

THURSDAY = moment("2025-07-03 10:00")
HUE = {"latitude": 16.4637, "longitude": 107.5909}
FILE_ONLINE = frozenset({Task.FILE_ONLINE.value})


@pytest.fixture(autouse=True)
def _fresh_calendar():
    for memory in (working_days, site_days):
        memory.forget()
    yield
    for memory in (working_days, site_days):
        memory.forget()


def near(*, at=THURSDAY, tasks=FILE_ONLINE, **asked):
    return nearest_outlets(**{**HUE, **asked}, at=at, tasks=tasks)


def scattered(number: int, seed: int) -> list[Outlet]:
    """Outlets over the whole country, some of them on the very same spot."""
    random, commune, operator = Random(seed), make_commune(), make_operator()
    rows = [build_outlet(commune=commune, operator=operator) for _ in range(number)]
    for row in rows:
        row.latitude, row.longitude = random.uniform(8.6, 23.3), random.uniform(102.2, 109.4)
    for twin, first in zip(rows[::50], rows[1::50], strict=True):
        twin.latitude, twin.longitude = first.latitude, first.longitude
    return Outlet.objects.bulk_create(rows)


def test_the_index_gives_what_measuring_every_outlet_would_give():
    rows, random = scattered(500, seed=1), Random(2)

    for _ in range(40):
        here = (random.uniform(8.6, 23.3), random.uniform(102.2, 109.4))
        measured = sorted((distance_km(here, (row.latitude, row.longitude)), str(row.id)) for row in rows)[:7]

        found = near(latitude=here[0], longitude=here[1], limit=7)

        assert [(nearby.distance_km, str(nearby.outlet.id)) for nearby in found] == measured


def test_outlets_north_and_east_at_almost_one_distance_come_in_the_order_of_the_ground_not_of_the_sphere():
    north = make_outlet(latitude=HUE["latitude"] + 0.5, longitude=HUE["longitude"])
    others = [make_outlet(latitude=HUE["latitude"], longitude=HUE["longitude"] + 0.5197 + n / 1e6) for n in range(60)]

    asked = _asked(Where(**HUE), THURSDAY, FILE_ONLINE, only_open=False)
    on_the_sphere = [each.outlet.id for each in _candidates(asked, 61)]
    (first, second) = near(limit=2)

    assert on_the_sphere[-1] == north.id
    assert [first.outlet.id, second.outlet.id] == [north.id, others[0].id]


def test_the_planner_takes_the_index():
    scattered(500, seed=3)
    near()  # the calendar is read once a minute
    with CaptureQueriesContext(connection) as asked:
        near()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE agents_outlet")
        cursor.execute("EXPLAIN " + asked.captured_queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "outlet_on_earth" in plan


@pytest.mark.parametrize(("number", "limit"), [(50, 1), (50, 50), (200, 5), (200, 50)])
def test_it_costs_the_same_queries_however_many_outlets_there_are(number, limit, django_assert_num_queries):
    for outlet in scattered(number, seed=number):
        opens(outlet, 3)
    near()  # the calendar is read once a minute

    with django_assert_num_queries(1):
        near(limit=limit)


@pytest.mark.parametrize("facts", [
    {"status": OutletStatus.SUSPENDED},
    {"status": OutletStatus.CLOSED},
    {"tasks": [Task.ADVISE]},
    {"agreement_from": date(2025, 7, 4)},
    {"agreement_until": date(2025, 7, 3)},
])
def test_an_outlet_that_may_not_do_it_on_that_day_is_left_out(facts):
    make_outlet(**facts)

    assert near() == []


def test_an_agreement_holds_from_its_first_day_to_the_day_before_its_end():
    make_outlet(agreement_from=date(2025, 7, 3), agreement_until=date(2025, 7, 4))

    assert len(near()) == 1


def test_an_outlet_is_open_within_its_hours_of_the_local_day():
    opens(make_outlet(), 3, at="07:30", until="11:30")

    assert near(at=moment("2025-07-03 07:30"))[0].is_open
    assert not near(at=moment("2025-07-03 11:30"))[0].is_open


def test_a_closed_outlet_says_when_it_opens_next():
    outlet = make_outlet()
    opens(outlet, 3, at="07:30", until="11:30")
    opens(outlet, 4, at="08:00", until="11:30")

    before, after = near(at=moment("2025-07-03 06:00"))[0], near(at=moment("2025-07-03 12:00"))[0]

    assert before.opens_next == "2025-07-03T07:30:00+07:00"
    assert after.opens_next == "2025-07-04T08:00:00+07:00"
    assert near(at=moment("2025-07-03 08:00"))[0].opens_next == ""


def test_an_outlet_without_hours_is_closed_and_promises_nothing():
    make_outlet()

    (found,) = near()

    assert (found.is_open, found.opens_next) == (False, "")


def test_on_a_public_holiday_nothing_is_open_and_the_next_opening_skips_it():
    opens(make_outlet(), 1, 2, 3)
    CalendarDay.objects.create(date=date(2025, 9, 2), is_working=False, name_vi="Quốc khánh", name_en="National Day",
                               legal_basis="Bộ luật Lao động 45/2019/QH14, Điều 112", confidence="sourced")
    national_day = moment("2025-09-02 09:00")

    (found,) = near(at=national_day)

    assert (found.is_open, found.opens_next) == (False, "2025-09-03T07:30:00+07:00")
    assert near(at=national_day, only_open=True) == []


def test_an_ordinary_sunday_is_no_holiday():
    opens(make_outlet(), 6)

    assert near(at=moment("2025-07-06 09:00"))[0].is_open


def test_asking_for_open_outlets_passes_over_nearer_closed_ones():
    for n in range(40):
        make_outlet(latitude=16.4637 + n / 10000)
    distant = make_outlet(latitude=17.2)
    opens(distant, 3)

    (found,) = near(only_open=True, limit=1)

    assert found.outlet.id == distant.id


@pytest.mark.parametrize("asked", [
    {"latitude": 7.9}, {"latitude": 24.1}, {"latitude": nan}, {"longitude": 101.9}, {"longitude": 115.1},
    {"longitude": nan}, {"limit": 0}, {"limit": 51}, {"latitude": 107.59, "longitude": 16.46},
])
def test_a_point_outside_vietnam_or_an_unreasonable_number_is_refused_by_field(asked):
    with pytest.raises(Invalid) as refused:
        near(**asked)

    assert {error.pointer for error in refused.value.errors} == {f"/{name}" for name in asked}


def site_day(outlet, kind, day=date(2025, 7, 3)):
    SiteDay.objects.create(outlet=outlet, date=day, kind=kind, reason="Sửa điện", legal_basis="QĐ 01", set_at=THURSDAY,
                           set_by_name="Trưởng")
    site_days.forget()


def test_a_day_out_of_turn_counts_before_the_number_asked_for_is_reached(time_machine):
    time_machine.move_to(THURSDAY, tick=False)
    closed = [make_outlet(latitude=16.4637 + n / 10000) for n in range(12)]
    distant = make_outlet(latitude=17.2)
    for outlet in (*closed, distant):
        opens(outlet, 3)
    for outlet in closed[:10]:
        site_day(outlet, "closed")
    site_day(closed[10], "afternoon")
    site_day(closed[11], "morning")

    assert [each.outlet.id for each in near(only_open=True, limit=2)] == [closed[11].id, distant.id]
    afternoon = moment("2025-07-03 15:00")
    assert [each.outlet.id for each in near(only_open=True, limit=1, at=afternoon)] == [closed[10].id]


def test_who_opens_out_of_turn_on_a_day_off_is_found_among_the_open(time_machine):
    time_machine.move_to(THURSDAY, tick=False)
    CalendarDay.objects.create(date=date(2025, 9, 2), is_working=False, name_vi="Quốc khánh", name_en="National Day",
                               legal_basis="Bộ luật Lao động 45/2019/QH14, Điều 112", confidence="sourced")
    opens(make_outlet(), 1)
    there = make_outlet(latitude=17.2)
    site_day(there, "extra_morning", date(2025, 9, 2))

    assert [each.outlet.id for each in near(at=moment("2025-09-02 09:00"), only_open=True)] == [there.id]
    assert near(at=moment("2025-09-02 15:00"), only_open=True) == []


def test_whom_the_citys_programme_does_not_let_work_is_no_nearest_outlet():
    who = programmes.officers()
    programmes.begun(who)
    nearer, admitted = make_outlet(), make_outlet(latitude=17.2, operator=make_operator("VTPOST"))
    programmes.admitted(who, admitted.operator)
    phase = programmes.planned(who)
    ProgrammePhase.objects.filter(id=phase.id).update(state="running", opened_at=THURSDAY)
    Programme.objects.update(holds_from=THURSDAY.date())
    admission.forget()

    assert [each.outlet.id for each in near(limit=1)] == [admitted.id]
    assert [each.outlet.id for each in near(tasks=frozenset())] == [admitted.id]
    day_before = moment("2025-07-02 10:00")
    assert [each.outlet.id for each in near(limit=1, at=day_before)] == [nearer.id]


def crowd(outlet, at, *, usual=3, now=12):
    """Six weeks of usual hours at `outlet`, and a crowd in the hour of `at`."""
    hours = [at - timedelta(days=back) for back in range(1, 28)]
    rows = [PlaceLoad(place_id=outlet.id, outlet=outlet, operator_id=outlet.operator_id, province_code="46", hour=hour,
                      count=usual) for hour in hours]
    PlaceLoad.objects.bulk_create([*rows, PlaceLoad(
        place_id=outlet.id, outlet=outlet, operator_id=outlet.operator_id, province_code="46", hour=at, count=now)])


def test_an_unusual_crowd_counts_like_three_kilometres_more():
    first = make_outlet(latitude=HUE["latitude"] + 0.001, longitude=HUE["longitude"])
    second = make_outlet(latitude=HUE["latitude"] + 0.02, longitude=HUE["longitude"])
    third = make_outlet(latitude=HUE["latitude"] + 0.05, longitude=HUE["longitude"])
    for outlet in (first, second, third):
        opens(outlet)
    crowd(first, THURSDAY)

    found = near()

    assert [each.outlet.id for each in found] == [second.id, first.id, third.id]
    assert [each.is_crowded for each in found] == [False, True, False]
    assert near(limit=1)[0].outlet.id == second.id


def test_however_many_are_crowded_a_quiet_one_within_three_kilometres_comes_first():
    crowded = [make_outlet(latitude=HUE["latitude"] + n / 10_000, longitude=HUE["longitude"]) for n in range(1, 9)]
    quiet = make_outlet(latitude=HUE["latitude"] + 0.02, longitude=HUE["longitude"])
    for outlet in (*crowded, quiet):
        opens(outlet)
    for outlet in crowded:
        crowd(outlet, THURSDAY)

    assert [each.outlet.id for each in near(limit=2)] == [quiet.id, crowded[0].id]


def test_whoever_asks_is_told_of_the_same_crowds():
    """Rows of loads are walled off; that a place is crowded is told to all, and remembered for all."""
    first, second = (make_outlet(latitude=HUE["latitude"] + n / 100, longitude=HUE["longitude"]) for n in (1, 2))
    for outlet in (first, second):
        opens(outlet)
    crowd(first, THURSDAY)
    scope.enter(None)
    try:
        assert [each.outlet.id for each in near()] == [second.id, first.id]
    finally:
        scope.leave()


def test_a_busy_outlet_that_is_always_busy_is_no_crowd():
    outlet = make_outlet()
    opens(outlet)
    crowd(outlet, THURSDAY, usual=11)

    assert [each.is_crowded for each in near()] == [False]


def test_crowds_are_asked_for_once_a_minute():
    make_outlet()
    near()

    with CaptureQueriesContext(connection) as asked:
        near()

    assert len(asked) == 1

"""Sub-points and visits: planned, announced, called off with a reason, reported; weekly series lay themselves out."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agents.visits import planning, points, queries, reporting
from agents.visits.errors import (
    InvalidVisit,
    NotYourVisits,
    SeriesEnded,
    SubPointClosed,
    SubPointNotFound,
    VisitEnded,
    VisitNotYetEnded,
    VisitOver,
)
from agents.visits.models import SubPoint, Visit
from agents.visits.planning import UNREPORTED, Span
from agents.visits.points import Place
from agents.visits.rules import AHEAD, VisitState, days_of, overlap
from shared.calendar import WorkCalendar, at_local
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.factories import network, places

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)  # a Monday
NOW = at_local(TODAY, time(9))
MORNING = Span(time(8), time(11), ("file", "scan"))


@pytest.fixture(autouse=True)
def _today(time_machine) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def outlet():
    return network.outlet()


@pytest.fixture
def manager(outlet):
    return network.outlet_manager(outlet).actor


@pytest.fixture
def point(outlet, manager) -> SubPoint:
    return opened(outlet, manager)


def opened(outlet, by, **facts) -> SubPoint:
    place = Place(**{"name": "Nhà văn hóa thôn Thử", "kind": "culture_house", "commune_code": outlet.commune_id,
                     "address": "Thôn Thử", "latitude": outlet.latitude, "longitude": outlet.longitude} | facts)
    return points.open_sub_point(outlet_id=outlet.id, place=place, by=by, at=NOW)


def planned(point, by, *, day=TODAY + timedelta(days=3), span=MORNING) -> Visit:
    return planning.plan_visit(sub_point_id=point.id, day=day, span=span, by=by, at=NOW)


def weekly(point, by, **more):
    given_: dict[str, Any] = {"weekdays": [1, 3], "span": MORNING, "starts_on": TODAY, "ends_on": None} | more
    return planning.plan_series(sub_point_id=point.id, by=by, at=NOW, **given_)


def test_a_visit_of_a_series_that_is_moved_stays_one_of_it_and_ends_with_it(point, manager):
    series = weekly(point, manager)
    visit = series.visits.order_by("date").first()
    moved = planning.move_visit(visit_id=visit.id, day=visit.date + timedelta(days=1), opens=time(14),
                                closes=time(16), because="Nhà văn hóa có hội", by=manager, at=NOW)
    planning.end_series(series_id=series.id, because="Hết đợt", by=manager, at=NOW)

    moved.refresh_from_db()
    assert moved.series_id == series.id
    assert (moved.state, moved.because) == (VisitState.CANCELLED, "Hết đợt")


def test_what_has_ended_is_reported_and_no_longer_called_off_or_moved(point, manager):
    visit = planned(point, manager)
    ended = at_local(visit.date, visit.closes)

    with pytest.raises(VisitEnded):
        planning.cancel_visit(visit_id=visit.id, because="Mưa", by=manager, at=ended)
    with pytest.raises(VisitEnded):
        planning.move_visit(visit_id=visit.id, day=visit.date + timedelta(days=7), opens=time(8), closes=time(11),
                            because="Mưa", by=manager, at=ended)
    assert reporting.report_held(visit_id=visit.id, people_helped=3, by=manager, at=ended).state == VisitState.HELD
    other = planned(point, manager, day=visit.date + timedelta(days=1))
    before_the_end = at_local(other.date, other.closes) - timedelta(minutes=1)
    assert planning.cancel_visit(visit_id=other.id, because="Mưa", by=manager,
                                 at=before_the_end).state == VisitState.CANCELLED


# --- rules -----------------------------------------------------------------------------------------------------------


@given(st.sets(st.integers(0, 6)), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 60),
       st.sets(st.integers(0, 60)))
def test_a_series_falls_on_its_weekdays_and_on_no_holiday(weekdays, since, length, off):
    holidays = {since + timedelta(days=each): False for each in off}
    days = list(days_of(weekdays, since, since + timedelta(days=length), WorkCalendar(holidays)))

    assert days == sorted(set(days))
    assert {day.weekday() for day in days} <= weekdays
    assert not holidays.keys() & set(days)
    assert all(since <= day <= since + timedelta(days=length) for day in days)


def test_spans_that_only_touch_do_not_overlap():
    assert not overlap((time(8), time(9)), (time(9), time(10)))
    assert overlap((time(8), time(9, 1)), (time(9), time(10)))


# --- planning --------------------------------------------------------------------------------------------------------


def test_a_planned_visit_is_announced_at_once(client, point, manager):
    planned(point, manager)

    page = client.get("/lich-luu-dong/").content.decode()
    feed = client.get("/lich-luu-dong.ics")

    assert "Nhà văn hóa thôn Thử" in page
    assert "nộp hồ sơ trực tuyến" in page
    assert "SUMMARY" in feed.content.decode()
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20260305T080000" in feed.content.decode()


def test_two_visits_to_a_sub_point_share_no_minute(point, manager):
    planned(point, manager)

    with pytest.raises(InvalidVisit):
        planned(point, manager, span=Span(time(10, 59), time(12), ("file",)))
    planned(point, manager, span=Span(time(11), time(12), ("file",)))


@pytest.mark.parametrize(("day", "span"), [
    (TODAY - timedelta(days=1), MORNING), (TODAY, MORNING), (TODAY + timedelta(days=400), MORNING),
    (TODAY + timedelta(days=1), Span(time(11), time(8), ("file",))),
    (TODAY + timedelta(days=1), Span(time(8), time(8), ("file",))),
    (TODAY + timedelta(days=1), Span(time(6), time(21), ("file",))),
    (TODAY + timedelta(days=1), Span(time(8), time(9), ())),
    (TODAY + timedelta(days=1), Span(time(8), time(9), ("magic",)))])
def test_what_cannot_be_is_not_planned(point, manager, day, span):
    with pytest.raises(InvalidVisit):
        planned(point, manager, day=day, span=span)


@pytest.mark.parametrize("facts", [
    {"name": " "}, {"address": ""}, {"kind": "palace"}, {"commune_code": "00001"}, {"latitude": 21.0}])
def test_a_sub_point_says_where_it_is(outlet, manager, facts):
    with pytest.raises(InvalidVisit):
        opened(outlet, manager, **facts)


def test_a_name_stands_once_at_an_outlet(outlet, manager, point):
    with pytest.raises(InvalidVisit):
        opened(outlet, manager, name=point.name)


def test_another_outlets_people_do_not_know_the_sub_point(point):
    stranger = network.outlet_manager(network.outlet(places.PHU_XUAN)).actor

    with pytest.raises(SubPointNotFound):
        planned(point, stranger)
    assert queries.open_points(stranger) == []


def test_a_clerk_does_not_plan(outlet, point):
    with pytest.raises(NotYourVisits):
        planned(point, network.clerk(outlet).actor)


# --- every week ------------------------------------------------------------------------------------------------------


def test_a_series_is_laid_out_eight_weeks_ahead_and_then_on(point, manager):
    weekly(point, manager)
    assert Visit.objects.count() == 16
    assert max(Visit.objects.values_list("date", flat=True)) <= TODAY + AHEAD

    assert reporting.lay_out_series(at=NOW + timedelta(days=7)) == 2
    assert reporting.lay_out_series(at=NOW + timedelta(days=7)) == 0


def test_a_series_leaves_out_where_another_visit_stands(point, manager):
    planned(point, manager)

    weekly(point, manager)

    assert Visit.objects.filter(date=TODAY + timedelta(days=3)).count() == 1


def test_a_series_with_a_last_day_ends_there(point, manager):
    weekly(point, manager, ends_on=TODAY + timedelta(days=10))

    assert [each.date.day for each in Visit.objects.order_by("date")] == [3, 5, 10, 12]
    assert reporting.lay_out_series(at=NOW + timedelta(days=30)) == 0


def test_ending_a_series_cancels_what_was_to_come_with_the_reason(point, manager):
    series = weekly(point, manager)

    planning.end_series(series_id=series.id, because="Hết dịch vụ tại đây", by=manager, at=NOW)

    assert set(Visit.objects.values_list("state", "because")) == {("cancelled", "Hết dịch vụ tại đây")}
    with pytest.raises(SeriesEnded):
        planning.end_series(series_id=series.id, because="Lần nữa", by=manager, at=NOW)
    assert reporting.lay_out_series(at=NOW + timedelta(days=14)) == 0


# --- called off, moved, reported -------------------------------------------------------------------------------------


def test_a_cancelled_visit_stays_on_the_public_page_with_its_reason(client, point, manager):
    visit = planned(point, manager)
    planning.cancel_visit(visit_id=visit.id, because="Mưa lũ", by=manager, at=NOW)

    page = client.get("/lich-luu-dong/").content.decode()
    feed = client.get("/lich-luu-dong.ics").content.decode()

    assert "Mưa lũ" in page
    assert "STATUS:CANCELLED" in feed
    with pytest.raises(VisitOver):
        planning.cancel_visit(visit_id=visit.id, because="Lần nữa", by=manager, at=NOW)


def test_a_moved_visit_leads_to_the_new_one(point, manager):
    visit = planned(point, manager)

    new = planning.move_visit(visit_id=visit.id, day=visit.date, opens=time(9), closes=time(12), because="Trễ phà",
                              by=manager, at=NOW)

    visit.refresh_from_db()
    assert (visit.state, visit.moved_to_id, new.state) == ("cancelled", new.id, "planned")
    assert (new.services, new.note) == (visit.services, visit.note)


def test_nothing_is_called_off_without_a_reason(point, manager):
    visit = planned(point, manager)

    for reason in ("", "  ", "x" * 301):
        with pytest.raises(InvalidVisit):
            planning.cancel_visit(visit_id=visit.id, because=reason, by=manager, at=NOW)


def test_a_clerk_reports_how_it_went_but_only_after_its_end(outlet, point, manager):
    visit, clerk = planned(point, manager), network.clerk(outlet).actor
    after = queries.ends_at(visit)

    with pytest.raises(VisitNotYetEnded):
        reporting.report_held(visit_id=visit.id, people_helped=12, by=clerk, at=after - timedelta(minutes=1))
    held = reporting.report_held(visit_id=visit.id, people_helped=12, by=clerk, at=after)

    assert (held.state, held.people_helped) == (VisitState.HELD, 12)
    with pytest.raises(VisitOver):
        reporting.report_not_held(visit_id=visit.id, because="Không", by=clerk, at=after)


def test_a_visit_nobody_spoke_of_becomes_work_once_and_ends_with_the_report(point, manager):
    visit = planned(point, manager)
    later = queries.ends_at(visit) + timedelta(days=1)

    assert reporting.ask_for_reports(at=later - timedelta(minutes=1)) == 0
    assert (reporting.ask_for_reports(at=later), reporting.ask_for_reports(at=later)) == (1, 0)
    item = WorkItem.objects.get(kind=UNREPORTED)
    assert (item.owner_role, item.owner_place) == (Role.OUTLET_MANAGER, point.outlet.code)

    reporting.report_not_held(visit_id=visit.id, because="Xe hỏng", by=manager, at=later)

    item.refresh_from_db()
    assert item.closed_at == later


def test_closing_a_sub_point_cancels_its_visits_and_nothing_more_is_planned(point, manager):
    weekly(point, manager)

    points.close_sub_point(sub_point_id=point.id, because="Trả mặt bằng", by=manager, at=NOW)

    assert set(Visit.objects.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(SubPointClosed):
        planned(point, manager)
    with pytest.raises(SubPointClosed):
        points.close_sub_point(sub_point_id=point.id, because="Lần nữa", by=manager, at=NOW)


def test_closing_a_sub_point_leaves_what_has_begun_today_to_be_reported(point, manager):
    begun, later = planned(point, manager, day=TODAY, span=Span(time(10), time(11), ("file",))), planned(
        point, manager, day=TODAY, span=Span(time(15), time(16), ("file",)))
    after = NOW + timedelta(hours=3)

    points.close_sub_point(sub_point_id=point.id, because="Trả mặt bằng", by=manager, at=after)

    later.refresh_from_db()
    assert later.state == VisitState.CANCELLED
    assert reporting.report_held(visit_id=begun.id, people_helped=4, by=manager, at=after).state == VisitState.HELD


def test_a_sub_point_is_locked_before_its_visits_and_series_by_everybody(point, manager):
    series, visit = weekly(point, manager), planned(point, manager, day=TODAY + timedelta(days=4))
    at = NOW + timedelta(days=7)
    acts = [lambda: reporting.lay_out_series(at=at),
            lambda: planning.cancel_visit(visit_id=visit.id, because="Mưa lũ", by=manager, at=NOW),
            lambda: planning.end_series(series_id=series.id, because="Hết dịch vụ", by=manager, at=NOW)]
    for act in acts:
        with CaptureQueriesContext(connection) as asked:
            act()
        locked = [each["sql"] for each in asked if "FOR UPDATE" in each["sql"]]
        assert 'FROM "agents_subpoint"' in locked[0]
        assert len(locked) > 1


def test_the_table_itself_refuses_a_silent_cancellation(point, manager):
    visit = planned(point, manager)

    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(id=visit.id).update(state="cancelled")


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_former_commune_name_finds_the_visits(client, point, manager):
    planned(point, manager)

    assert point.name in client.get("/lich-luu-dong/", {"q": point.commune.name}).content.decode()
    assert point.name not in client.get("/lich-luu-dong/", {"q": "Không Có Đâu"}).content.decode()


def test_the_soonest_visit_of_each_sub_point_nearby_is_found(outlet, point, manager):
    weekly(point, manager)
    other = opened(outlet, manager, name="Chợ Thử", kind="mall")
    planned(other, manager, day=TODAY + timedelta(days=20))

    near = queries.visits_near(latitude=point.latitude, longitude=point.longitude, at=NOW)

    assert [each.sub_point_id for each in near] == [point.id, other.id]
    assert near[0].date == TODAY + timedelta(days=1)
    assert queries.visits_near(latitude=point.latitude + 1, longitude=point.longitude, at=NOW) == []


def test_many_visits_cost_no_more_questions_than_one(client, outlet, point, manager):
    client.force_login(network.outlet_manager(outlet))
    planned(point, manager)
    client.get("/luu-dong/")
    counts = []
    for path in ("/luu-dong/", "/lich-luu-dong/"):
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        counts.append(len(few))
    weekly(point, manager, starts_on=TODAY + timedelta(days=7))
    for path, least in zip(("/luu-dong/", "/lich-luu-dong/"), counts, strict=True):
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(many) <= least

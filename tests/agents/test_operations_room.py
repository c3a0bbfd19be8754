"""Incidents: reported in one tap, taken, handed over, solved; the clock climbs by counter hours."""

from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agents.models.people import StaffAccount
from agents.room import reporting, steps, vendors, wording
from agents.room.errors import IncidentNotFound, IncidentRefused, IncidentStepImpossible, NotYourIncident
from agents.room.models import Incident, IncidentPhoto
from agents.room.reporting import Report
from agents.room.rules import FINAL_INCIDENT, INCIDENT, Effect, IncidentState, IncidentStep, next_climb
from agents.room.steps import Said
from shared import scope
from shared.calendar import WorkCalendar
from shared.models.oversight import WorkItem
from shared.roles import Role
from tests.agents.factories import make_centre, make_outlet, make_province, moment, staff

pytestmark = pytest.mark.django_db

NINE = moment("2025-07-02 09:00")
S, A = IncidentState, IncidentStep


def acting(account):
    loaded = StaffAccount.objects.select_related("outlet__commune", "outlet__operator", "centre")
    return loaded.get(id=account.id).actor


@pytest.fixture
def room():
    return acting(staff(Role.OPERATIONS_OFFICER, display_name="Nguyễn Văn Trực"))


@pytest.fixture
def clerk():
    return acting(staff(Role.OUTLET_CLERK))


def reported(by, at=NINE, **told):
    return reporting.report_incident(Report(**{"kind": "network"} | told), by=by, at=at)


def test_a_clerk_reports_with_one_word_and_the_room_has_it_with_a_due_moment(clerk, room):
    made = reported(clerk, effect="stopped")

    seen = Incident.objects.seen_by(room).get()
    item = WorkItem.objects.get(kind="incident", closed_at=None)
    assert (seen.id, seen.state, seen.outlet_id, seen.place_name) == (
        made.id, S.REPORTED, clerk.outlet_id, seen.outlet.name)
    assert (item.owner_role, item.owner_place, item.due_at) == (
        "operations_officer", "46", NINE + timedelta(minutes=15))


def test_the_same_trouble_at_the_same_place_stays_one_incident(clerk):
    first, second = reported(clerk), reported(clerk, at=NINE + timedelta(minutes=5), text="Vẫn chưa vào được")

    assert first.id == second.id
    assert list(first.entries.order_by("at").values_list("what", flat=True)) == ["report", "again"]


def test_a_strangers_incident_does_not_exist_for_another_outlet_even_without_the_codes_filter(clerk, room):
    made, stranger = reported(clerk), acting(staff(Role.OUTLET_CLERK))

    with pytest.raises(IncidentNotFound):
        steps.add_note(made.id, text="Ai đó", by=stranger, at=NINE)
    scope.enter(stranger)
    try:
        assert not Incident.objects.exists()
        scope.enter(clerk)
        assert Incident.objects.count() == 1
    finally:
        scope.leave()


def test_an_incident_is_taken_handed_over_solved_and_closed_by_the_place(clerk, room):
    vendors.set_duty(kind="network", vendor="VNPT Huế", phone="0234123456", minutes=60, basis="", by=room, at=NINE)
    made = reported(clerk, effect="stopped")

    steps.take_step(made.id, A.TAKE, by=room, at=NINE + timedelta(minutes=3))
    told = steps.take_step(made.id, A.HAND_TO_VENDOR, by=room, at=NINE + timedelta(minutes=10), said=Said(ticket="T-9"))
    assert (told.vendor, told.vendor_ticket, told.vendor_due_at) == ("VNPT Huế", "T-9", NINE + timedelta(minutes=70))
    solved = steps.take_step(made.id, A.SOLVE, by=room, at=NINE + timedelta(minutes=40),
                             said=Said("Thay bộ định tuyến"))
    assert (solved.solution, solved.climbs_at) == ("Thay bộ định tuyến", None)
    closed = steps.take_step(made.id, A.CLOSE, by=clerk, at=NINE + timedelta(minutes=50))

    assert closed.state == S.CLOSED
    assert not WorkItem.objects.filter(kind="incident", closed_at=None).exists()


def test_a_place_says_that_it_is_back_and_the_clock_starts_anew(clerk, room):
    made = reported(clerk, effect="stopped")
    for step in (A.TAKE, A.SOLVE):
        steps.take_step(made.id, step, by=room, at=NINE, said=Said("Khởi động lại"))
    later = NINE + timedelta(hours=1)
    back = steps.take_step(made.id, A.REOPEN, by=clerk, at=later, said=Said("Lại mất"))

    assert (back.state, back.level, back.climbs_at) == (S.REOPENED, 0, later + timedelta(minutes=15))


def test_a_clerk_takes_no_step_of_the_room_and_nobody_skips_one(clerk, room):
    made = reported(clerk)

    with pytest.raises(NotYourIncident):
        steps.take_step(made.id, A.TAKE, by=clerk, at=NINE)
    with pytest.raises(IncidentStepImpossible):
        steps.take_step(made.id, A.SOLVE, by=room, at=NINE, said=Said("Xong"))
    steps.take_step(made.id, A.TAKE, by=room, at=NINE)
    with pytest.raises(IncidentRefused):
        steps.take_step(made.id, A.SOLVE, by=room, at=NINE)


def test_what_nobody_takes_climbs_level_by_level_and_each_has_the_one_work_item(clerk):
    made, seen = reported(clerk, effect="stopped"), []
    for minutes in (14, 16, 31, 179, 241):  # 13:00 is 180 minutes of counter hours after nine
        at = NINE + timedelta(minutes=minutes)
        steps.watch_incidents(at=at)
        item = WorkItem.objects.get(kind="incident", closed_at=None)
        seen.append((Incident.objects.get(id=made.id).level, item.owner_role))

    assert seen[:3] == [(0, "operations_officer"), (1, "operations_officer"), (2, "programme_officer")]
    assert seen[3] == (2, "programme_officer")
    steps.watch_incidents(at=moment("2025-07-02 14:01"))
    assert Incident.objects.get(id=made.id).level == 3
    assert WorkItem.objects.get(kind="incident", closed_at=None).owner_role == "administrator"


def test_the_clock_stands_still_at_night():
    climb = next_climb(level=0, effect=Effect.STOPPED, is_taken=False, since=moment("2025-07-02 16:50"),
                       calendar=WorkCalendar())

    assert climb == (1, moment("2025-07-03 08:05"))


def test_what_stays_solved_for_a_working_day_is_closed_by_itself(clerk, room):
    made = reported(clerk)
    for step in (A.TAKE, A.SOLVE):
        steps.take_step(made.id, step, by=room, at=NINE, said=Said("Xong"))

    steps.watch_incidents(at=moment("2025-07-03 08:55"))
    assert Incident.objects.get().state == S.SOLVED
    steps.watch_incidents(at=moment("2025-07-03 09:01"))
    assert Incident.objects.get().state == S.CLOSED


def test_every_state_that_is_not_final_has_a_way_out():
    assert {before for before, _ in INCIDENT} | FINAL_INCIDENT == set(IncidentState)


def test_one_incident_covers_several_places_and_each_sees_it(clerk, room):
    made, centre = reported(clerk), make_centre()
    officer = acting(staff(Role.CENTRE_OFFICER, centre=centre))

    assert not Incident.objects.seen_by(officer).exists()
    for _ in range(2):
        steps.add_place(made.id, place=f"centre:{centre.id}", by=room, at=NINE)
    assert made.places.count() == 2
    scope.enter(officer)
    try:
        assert Incident.objects.seen_by(officer).get().id == made.id
    finally:
        scope.leave()


def test_a_photo_is_kept_as_it_came_and_what_is_none_is_refused(clerk, client):
    with pytest.raises(IncidentRefused):
        reported(clerk, photo=b"<svg onload=alert(1)>")
    made = reported(clerk, photo=b"\xff\xd8\xff" + b"x" * 20)

    client.force_login(StaffAccount.objects.get(id=clerk.id))
    answer = client.get(f"/su-co/anh/{IncidentPhoto.objects.get(incident=made).id}/")
    told = (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"])
    assert told == (200, "image/jpeg", "nosniff")
    client.force_login(staff(Role.OUTLET_CLERK))
    assert client.get(f"/su-co/anh/{IncidentPhoto.objects.get().id}/").status_code == 404


def test_the_report_keeps_the_page_and_not_what_was_asked_of_it(clerk, client):
    client.force_login(StaffAccount.objects.get(id=clerk.id))

    answer = client.post("/su-co/bao/", {"kind": "software", "page": "/tra-cuu/?q=0914275268"})

    assert answer.status_code == 302
    assert Incident.objects.get().page == "/tra-cuu/"


def test_a_refused_report_keeps_what_was_typed(clerk, client):
    client.force_login(StaffAccount.objects.get(id=clerk.id))

    answer = client.post("/su-co/bao/", {"text": "Máy in kẹt giấy"})

    assert answer.status_code == 422
    assert "Máy in kẹt giấy" in answer.content.decode()


def test_machines_report_and_read_over_the_api(client):
    account = staff(Role.OUTLET_CLERK)
    client.force_login(account)
    answer = client.post("/api/v1/incidents", orjson.dumps({"kind": "equipment", "effect": "workaround"}),
                         content_type="application/json")

    assert answer.status_code == 201
    one = client.get(f"/api/v1/incidents/{answer.json()['id']}").json()
    assert (one["state"], [place["outlet_id"] for place in one["places"]]) == ("reported", [str(account.outlet_id)])
    assert len(client.get("/api/v1/incidents").json()["items"]) == 1
    refused = client.post(f"/api/v1/incidents/{one['id']}/steps", orjson.dumps({"step": "take"}),
                          content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-incident")


def test_the_list_costs_the_same_for_one_incident_and_for_many(client, django_assert_num_queries, room):
    outlets = [make_outlet() for _ in range(8)]
    reported(room, place=f"outlet:{outlets[0].id}")
    client.force_login(StaffAccount.objects.get(id=room.id))
    client.get("/su-co/")
    with CaptureQueriesContext(connection) as of_one:
        client.get("/su-co/")

    for outlet in outlets[1:]:
        reported(room, place=f"outlet:{outlet.id}")
    with django_assert_num_queries(len(of_one)):
        assert client.get("/su-co/").content.decode().count("data-row>") == 8


@pytest.mark.parametrize("path", ["/su-co/", "/su-co/bao/", "/su-co/ket-noi/", "/su-co/phu-trach/", "/giao-ban/"])
def test_every_page_of_the_room_opens_in_both_languages(path, client, room):
    make_province()
    reported(acting(staff(Role.CENTRE_OFFICER)), text="Mạng chập chờn")
    client.force_login(StaffAccount.objects.get(id=room.id))
    for language in ("vi", "en"):
        assert client.get(path, headers={"Accept-Language": language}).status_code == 200


def test_an_incident_opens_in_every_state_where_no_vendor_was_named(client, room):
    made = reported(acting(staff(Role.CENTRE_OFFICER)))
    client.force_login(StaffAccount.objects.get(id=room.id))
    assert client.get(f"/su-co/{made.id}/").status_code == 200
    for step, said in ((A.TAKE, Said()), (A.HAND_TO_VENDOR, Said(vendor="VNPT")), (A.SOLVE, Said("Đổi dây"))):
        steps.take_step(made.id, step, by=room, at=NINE, said=said)
        assert client.get(f"/su-co/{made.id}/").status_code == 200


@pytest.mark.parametrize(("minutes", "words"), [
    (-3, "0 phút"), (59, "59 phút"), (61, "1 giờ 1 phút"), (2879, "47 giờ 59 phút"), (2880, "2 ngày")])
def test_how_long_it_lasts_is_said_in_minutes_hours_or_days(minutes, words):
    with translation.override("vi"):
        assert wording.lasting(timedelta(minutes=minutes)) == words

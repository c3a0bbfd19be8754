"""Contact with places: one cheap beat a minute, outages opened and closed by the sweep."""

from datetime import timedelta

import pytest

from agents.room import beats, impact, outages
from agents.room.errors import NoPlaceOfYours
from agents.room.models import Incident, Outage, PlaceBeat
from agents.room.rules import Contact, contact
from shared.roles import Role
from tests.agents.factories import make_outlet, moment, opens, staff
from tests.agents.test_operations_room import acting

pytestmark = pytest.mark.django_db

NINE = moment("2025-07-02 09:00")


def minutes(count):
    return NINE + timedelta(minutes=count)


@pytest.fixture
def clerk():
    outlet = make_outlet(name="Bưu cục Kim Long")
    opens(outlet)
    return acting(staff(Role.OUTLET_CLERK, outlet=outlet))


def test_a_beat_is_one_statement_and_a_place_writes_once_a_minute_however_many_desks_it_has(
        clerk, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert beats.beat(by=clerk, latency_ms=80, at=NINE)
    with django_assert_num_queries(1):
        assert not beats.beat(by=clerk, latency_ms=90, at=NINE + timedelta(seconds=20))
    assert beats.beat(by=clerk, latency_ms=120, at=minutes(1))

    row = PlaceBeat.objects.get()
    assert (row.last_at, row.latency_ms, row.outlet_id, row.province_code) == (minutes(1), 120, clerk.outlet_id, "46")


def test_a_centre_beats_too_and_an_office_has_no_place():
    officer = acting(staff(Role.CENTRE_OFFICER))
    beats.beat(by=officer, latency_ms=None, at=NINE)

    assert PlaceBeat.objects.get().centre_id == officer.centre_id
    with pytest.raises(NoPlaceOfYours):
        beats.beat(by=acting(staff(Role.AUDITOR)), latency_ms=None, at=NINE)


def test_silence_in_opening_hours_is_an_outage_from_the_last_beat_until_the_next(clerk):
    beats.beat(by=clerk, latency_ms=80, at=NINE)
    assert outages.watch_contact(at=minutes(4)) == 0
    assert outages.watch_contact(at=minutes(6)) == 1
    assert outages.watch_contact(at=minutes(7)) == 0
    beats.beat(by=clerk, latency_ms=80, at=minutes(12))
    outages.watch_contact(at=minutes(13))

    log = Outage.objects.get()
    assert (log.started_at, log.ended_at, log.ended_by, log.place_name) == (NINE, minutes(12), "contact",
                                                                            "Bưu cục Kim Long")


def test_a_silence_overlooked_by_the_sweep_is_told_by_the_next_beat_alone_and_invents_no_outage(clerk):
    beats.beat(by=clerk, latency_ms=80, at=NINE)
    beats.beat(by=clerk, latency_ms=80, at=minutes(9))

    assert outages.watch_contact(at=minutes(10)) == 0
    assert PlaceBeat.objects.get().resumed_at == minutes(9)


def test_a_quarter_of_an_hour_of_silence_reports_itself_once(clerk):
    beats.beat(by=clerk, latency_ms=80, at=NINE)
    for count in (6, 16, 17, 30):
        outages.watch_contact(at=minutes(count))

    made = Incident.objects.get()
    assert (made.kind, made.effect, made.place_name) == ("network", "stopped", "Bưu cục Kim Long")
    assert Outage.objects.get().incident_id == made.id


def test_the_night_is_no_outage_and_closing_time_ends_one(clerk):
    beats.beat(by=clerk, latency_ms=80, at=moment("2025-07-02 17:10"))
    outages.watch_contact(at=moment("2025-07-02 17:20"))
    outages.watch_contact(at=moment("2025-07-02 17:31"))
    assert Outage.objects.get().ended_by == "closing"

    assert outages.watch_contact(at=moment("2025-07-02 23:00")) == 0
    assert outages.watch_contact(at=moment("2025-07-03 07:33")) == 0
    assert outages.watch_contact(at=moment("2025-07-03 07:36")) == 1
    assert Outage.objects.get(ended_at=None).started_at == moment("2025-07-03 07:30")


def test_the_dossiers_of_an_outage_are_counted_once_at_its_end_by_whoever_knows_them(clerk, monkeypatch):
    monkeypatch.setattr(impact, "_counts", [lambda spans: [len(spans) * 7 for _ in spans]])
    beats.beat(by=clerk, latency_ms=80, at=NINE)
    outages.watch_contact(at=minutes(6))
    beats.beat(by=clerk, latency_ms=80, at=minutes(12))
    outages.watch_contact(at=minutes(13))

    assert Outage.objects.get().dossiers == 7


@pytest.mark.parametrize(("last", "latency", "is_open", "expected"), [
    (None, None, True, Contact.NEVER), (-1, 80, True, Contact.GOOD), (-1, 1500, True, Contact.SLOW),
    (-6, 80, True, Contact.SILENT), (-6, 80, False, Contact.CLOSED), (-1, None, False, Contact.GOOD)])
def test_a_place_stands_as_its_last_beat_says(last, latency, is_open, expected):
    last_at = None if last is None else minutes(last)
    assert contact(last_at=last_at, latency_ms=latency, is_open=is_open, now=NINE) is expected


def test_the_browser_beats_through_its_own_address_and_the_room_sees_the_place(client, clerk, time_machine):
    time_machine.move_to(NINE, tick=False)
    from agents.models.people import StaffAccount

    client.force_login(StaffAccount.objects.get(id=clerk.id))
    assert client.post("/su-co/nhip/", {"ms": "140"}).status_code == 204
    assert client.post("/su-co/nhip/", {"ms": "x" * 9}).status_code == 204
    client.force_login(staff(Role.OPERATIONS_OFFICER))
    page = client.get("/su-co/ket-noi/").content.decode()

    assert "Bưu cục Kim Long" in page
    assert "140 ms" in page
    told = client.get("/api/v1/contacts").json()
    assert told["counts"] == {"good": 1}

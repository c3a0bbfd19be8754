"""Coaching: kept with the citizen's yes only, and counted afterwards by what our data can know."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from intake.coaching import operations, queries
from intake.coaching.errors import CoachingNotFound, CoachingRefused, CoachingStruckOut
from intake.coaching.models import CoachingSession
from intake.coaching.operations import CoachingInput
from intake.coaching.rules import ORDER, WINDOW, Later
from intake.errors import CitizenNotFound
from intake.models.citizens import Consent
from intake.operations.sessions import withdraw_at_any_time
from shared.calendar import local
from tests.factories import citizens, dossiers, network, places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_book")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def desk():
    return dossiers.counter()


def coached(desk, now, *, citizen=None, **facts):
    usual = {"client_ref": uuid4(), "citizen_id": (citizen or desk.citizen).id, "topics": ("log_in", "scan"),
             "minutes": 25, "agrees": True, "held_at": now - timedelta(days=3)}
    return operations.record_session(CoachingInput(**(usual | facts)), by=network.acting(desk.clerk), at=now)


def counts(actor, now):
    today = local(now).date()
    found = queries.results(actor, since=today - timedelta(days=30), until=today + timedelta(days=1), at=now)
    return {kind: count for kind, count in zip(ORDER, found.total.later, strict=True) if count}


def test_a_session_is_kept_with_the_citizens_yes_and_sent_twice_it_is_one(desk, now):
    reference = uuid4()

    made = coached(desk, now, client_ref=reference)

    assert coached(desk, now, client_ref=reference).id == made.id
    assert made.topics == ["log_in", "scan"]
    assert Consent.objects.filter(citizen=desk.citizen, purpose="coaching", is_given=True).count() == 1


@pytest.mark.parametrize(("wrong", "field"), [
    ({"agrees": False}, "/agrees"), ({"topics": ()}, "/topics"), ({"topics": ("dance",)}, "/topics"),
    ({"minutes": 0}, "/minutes"), ({"minutes": 241}, "/minutes"), ({"procedure_code": "9.999999"}, "/procedure_code")])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(desk, now, wrong, field):
    with pytest.raises(CoachingRefused) as refused:
        coached(desk, now, **wrong)

    assert [error.pointer for error in refused.value.errors] == [field]
    assert not CoachingSession.objects.exists()
    assert not Consent.objects.filter(purpose="coaching").exists()


@pytest.mark.parametrize("held", [timedelta(days=8), -timedelta(minutes=5)])
def test_a_session_of_long_ago_or_of_tomorrow_is_refused(desk, now, held):
    with pytest.raises(CoachingRefused):
        coached(desk, now, held_at=now - held)


def test_strangers_of_another_outlet_are_neither_coached_nor_seen(desk, now):
    made = coached(desk, now)
    elsewhere = network.clerk(network.outlet(places.PHU_XUAN))

    with pytest.raises(CitizenNotFound):
        operations.record_session(CoachingInput(uuid4(), desk.citizen.id, ("scan",), 10, agrees=True),
                                  by=network.acting(elsewhere), at=now)
    with pytest.raises(CoachingNotFound):
        operations.record_answer(session_id=made.id, said="alone", by=network.acting(elsewhere), at=now)
    assert queries.sessions_of(network.acting(elsewhere)) == []


def test_who_says_nothing_and_files_nowhere_is_not_known(desk, now):
    coached(desk, now)
    operations.look_who_files(at=now)

    assert counts(network.acting(desk.clerk), now) == {Later.NOT_KNOWN: 1}


def test_a_later_dossier_through_an_outlet_is_seen_in_our_data_and_one_of_the_same_day_is_not(desk, now):
    desk.submit(at=now)
    made = coached(desk, now, held_at=now)
    operations.look_who_files(at=now)
    assert counts(network.acting(desk.clerk), now) == {Later.NOT_KNOWN: 1}

    CoachingSession.objects.filter(id=made.id).update(held_at=now - timedelta(days=2))
    assert operations.look_who_files(at=now + timedelta(minutes=1)) == 1

    assert counts(network.acting(desk.clerk), now) == {Later.HELPED: 1}


def test_the_citizens_word_counts_with_the_code_before_without_and_before_what_we_see(desk, now):
    made = coached(desk, now)
    CoachingSession.objects.filter(id=made.id).update(later=Later.HELPED)
    actor = network.acting(desk.clerk)

    operations.record_answer(session_id=made.id, said="alone", by=actor, at=now)
    assert counts(actor, now) == {Later.SAID_ALONE: 1}
    operations.record_answer(session_id=made.id, said="alone", code="h57.12-250703-0001", by=actor, at=now)
    assert counts(actor, now) == {Later.ALONE: 1}
    assert queries.sessions_of(actor)[0].is_alone


def test_the_code_of_one_of_our_dossiers_is_no_proof_of_filing_alone(desk, now):
    made, dossier = coached(desk, now), desk.submit(at=now)
    type(dossier).objects.filter(id=dossier.id).update(code="H57.12-250703-0007")

    for code, fault in (("H57.12-250703-0007", "ours"), ("hello", "malformed")):
        with pytest.raises(CoachingRefused) as refused:
            operations.record_answer(session_id=made.id, said="alone", code=code, by=network.acting(desk.clerk), at=now)
        assert refused.value.errors[0].code == fault


def test_whoever_takes_her_consent_back_is_looked_at_no_more_and_what_was_seen_is_forgotten(desk, now):
    made, actor = coached(desk, now), network.acting(desk.clerk)
    CoachingSession.objects.filter(id=made.id).update(later=Later.HELPED)

    withdraw_at_any_time(citizen_id=desk.citizen.id, purpose="coaching", channel="phone", by=actor,
                         at=now + timedelta(minutes=1))

    assert operations.look_who_files(at=now + timedelta(minutes=2)) == 0
    assert CoachingSession.objects.get(id=made.id).later == ""
    assert counts(actor, now) == {Later.NOT_KNOWN: 1}
    with pytest.raises(CoachingNotFound):
        operations.record_answer(session_id=made.id, said="alone", by=actor, at=now)


def test_after_the_window_nobody_looks(desk, now):
    made = coached(desk, now)
    CoachingSession.objects.filter(id=made.id).update(held_at=now - WINDOW - timedelta(days=4))

    assert operations.look_who_files(at=now) == 0


def test_what_was_struck_out_is_counted_nowhere(desk, now):
    made, actor = coached(desk, now), network.acting(desk.clerk)

    with pytest.raises(CoachingRefused):
        operations.strike_out(session_id=made.id, because=" ", by=actor, at=now)
    operations.strike_out(session_id=made.id, because="Nhầm người", by=actor, at=now)

    assert counts(actor, now) == {}
    with pytest.raises(CoachingStruckOut):
        operations.strike_out(session_id=made.id, because="Nhầm người", by=actor, at=now)


def test_a_city_counts_each_person_once_by_outlet_operator_and_in_all_with_a_constant_number_of_questions(
    desk, now, django_assert_num_queries
):
    coached(desk, now)
    coached(desk, now, minutes=15)
    other = citizens.citizen(network.acting(desk.clerk))
    coached(desk, now, citizen=other)
    officer = network.acting(network.programme_officer(places.HUE))
    stranger = network.acting(network.programme_officer(places.HANOI))
    today = local(now).date()

    with django_assert_num_queries(4):
        found = queries.results(officer, since=today - timedelta(days=30), until=today + timedelta(days=1), at=now)

    assert (found.total.people, found.total.sessions, found.total.minutes, found.total.over) == (2, 3, 65, 0)
    assert [(row.people, row.code) for row in found.outlets] == [(2, desk.outlet.code)]
    assert [row.people for row in found.operators] == [2]
    assert counts(stranger, now) == {}


def test_the_pages_coach_list_ask_strike_and_count(client, desk, now):
    client.force_login(desk.clerk)
    address = f"/quay/nguoi-dan/{desk.citizen.id}/huong-dan/"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"topics": "scan", "minutes": "30"})
    assert refused.status_code == 422
    assert 'value="scan" checked' in refused.content.decode()
    assert client.post(address, {"topics": ["scan"], "minutes": "30", "agrees": "1"}).status_code == 302
    made = CoachingSession.objects.get()
    assert client.post(f"/quay/huong-dan/{made.id}/loi-ke/", {"said": "alone", "code": "x"}).status_code == 422
    assert client.post(f"/quay/huong-dan/{made.id}/loi-ke/", {"said": "alone"}).status_code == 302
    assert "tự nộp, theo lời kể" in client.get("/quay/huong-dan/").content.decode()
    assert "tự nộp, theo lời kể" in client.get(f"/quay/nguoi-dan/{desk.citizen.id}/").content.decode()
    assert client.get("/huong-dan-tu-nop/").status_code == 403

    client.force_login(network.programme_officer(places.HUE))
    page = client.get("/huong-dan-tu-nop/").content.decode()
    assert desk.outlet.name in page
    assert client.get("/huong-dan-tu-nop/?tu=9999-99-99&den=x").status_code == 200
    assert client.get("/api/v1/coaching-results").json()["total"]["later"]["said_alone"] == 1

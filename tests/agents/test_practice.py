"""Practice beside the live house: its door, its people, its exercises, and the one thing that comes back."""

from datetime import timedelta

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models.people import StaffAccount
from agents.practice import courier, live, runs, sealing, world
from agents.practice.errors import (
    ExerciseNotFound,
    LiveHouseAway,
    NotAPractisingRole,
    PracticeLinkRefused,
    PracticeNotThere,
    PracticeResultDiffers,
    PracticeResultRefused,
    ResultNotTaken,
)
from agents.practice.exercises import exercises
from agents.practice.models import PracticeResult, PracticeRun, PracticeTicket, Trainee
from agents.practice.people import made_up
from agents.training import operations as training
from agents.training.errors import GateRefused, PracticeMissing
from agents.training.gate import may_take
from intake.models.citizens import Citizen
from intake.models.dossiers import Dossier
from intake.operations import citizens, sessions, submission
from intake.operations.sessions import close_session
from intake.records import CitizenInput, DocumentRef, SubmissionInput
from intake.rules import people as rules
from intake.rules.faults import Fault
from shared import scope
from shared.ids import uuid7
from shared.models.messages import OutboxMessage
from shared.roles import Role
from tests.agents.factories import make_outlet, moment, staff
from tests.agents.practice_cases import KEY, LIVE_URL, PRACTICE_URL, as_live, as_practice, token_in
from tests.agents.training_cases import gate_from, load_courses
from tests.factories import catalogue, network, places, rates

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment("2025-10-06 09:00")
SOON = AT + timedelta(minutes=1)
BIRTH = "birth-certificate"


@pytest.fixture
def clerk():
    rates.load()
    catalogue.procedure()
    yield staff(Role.OUTLET_CLERK, outlet=network.outlet(places.PHONG_DINH))
    rates.forget()


def link_for(account, settings, exercise_code="", at=AT):
    as_live(settings)
    return live.give_link(exercise_code=exercise_code, by=account.actor, at=at)


def let_in(account, settings, exercise_code="", at=SOON):
    """The link is used at once; from then on this process is practice."""
    link = link_for(account, settings, exercise_code)
    as_practice(settings)
    return world.enter(token=token_in(link.url), at=at).trainee


def file_the_birth(run, by, at):
    """What a trainee does at the screens."""
    person = runs.people_of(run)[0]
    citizen = citizens.register_citizen(typed=CitizenInput(
        full_name=person.full_name, commune_code=places.PHONG_DINH, national_id=person.national_id,
        birth=person.birth, sex=person.sex, phone=person.phone, street=person.street), by=by, at=at)
    session = sessions.open_session(citizen_id=citizen.id, purposes=("assist_filing", "deliver_home", "notify"),
                                    by=by, at=at)
    submission.submit_dossier(SubmissionInput(
        client_ref=uuid7(), citizen_id=citizen.id, procedure_code=catalogue.BIRTH, channel="online",
        result_choice="home", documents=(DocumentRef("to_khai"), DocumentRef("giay_chung_sinh"))), by=by, at=at)
    close_session(session_id=session.id, by=by, at=at)


def finished(account, settings):
    trainee = let_in(account, settings)
    by = trainee.account.actor
    run = runs.begin(exercise_code=BIRTH, by=by, at=SOON)
    file_the_birth(run, by, SOON)
    return runs.look(run_id=run.id, by=by, at=SOON + timedelta(minutes=6))


# --- the door -------------------------------------------------------------------------------------------------------


def test_a_link_lets_its_trainee_in_once_as_a_made_up_colleague_of_the_same_role(clerk, settings):
    token = token_in(link_for(clerk, settings, BIRTH, timezone.now()).url)
    assert str(clerk.id) not in token
    assert clerk.display_name not in token
    as_practice(settings)
    client = Client()
    door = client.get("/luyen-tap/vao/", {"ve": token})
    assert (door.status_code, Trainee.objects.count()) == (200, 0)

    run = client.get(client.post("/luyen-tap/vao/", {"ve": token})["Location"])
    assert "999" in run.content.decode()
    trainee = Trainee.objects.select_related("account__outlet").get()
    assert trainee.account.role == clerk.role
    assert trainee.account.outlet.code == "LT-00001"
    assert not trainee.account.has_usable_password()
    assert Client().post("/luyen-tap/vao/", {"ve": token}).status_code == 403


@pytest.mark.parametrize("spoil", ["altered", "late", "another house", "another key", "a result", "nothing"])
def test_a_spoilt_link_opens_nothing(clerk, settings, spoil):
    token = token_in(link_for(clerk, settings).url)
    as_practice(settings)
    at = SOON
    if spoil == "altered":
        said = sealing.unseal(token, purpose=sealing.ENTRY, reader=PRACTICE_URL, key=KEY)
        forged = sealing.seal(said | {"sub": "0" * 64}, purpose=sealing.ENTRY, reader=PRACTICE_URL, key="x" * 40)
        token = f"{forged.partition('.')[0]}.{token.partition('.')[2]}"
    elif spoil == "late":
        at = AT + live.OPENS_FOR
    elif spoil == "another house":
        settings.WARDPOST_PUBLIC_URL = "https://elsewhere.example"
    elif spoil == "another key":
        settings.WARDPOST_PRACTICE_KEY = "k" * 40
    elif spoil == "a result":
        token = sealing.seal({"jti": str(uuid7())}, purpose=sealing.RESULT, reader=PRACTICE_URL, key=KEY)
    else:
        token = "ế" * 20
    with pytest.raises(PracticeLinkRefused):
        world.enter(token=token, at=at)
    assert not Trainee.objects.exists()


def test_only_people_of_an_outlet_get_a_link_and_only_where_practice_is(settings):
    as_live(settings)
    with pytest.raises(NotAPractisingRole):
        live.give_link(by=staff(Role.PROGRAMME_OFFICER).actor, at=AT)
    account = staff(Role.OUTLET_MANAGER)
    with pytest.raises(ExerciseNotFound):
        live.give_link(exercise_code="no-such", by=account.actor, at=AT)
    settings.WARDPOST_PRACTICE_KEY = "short"
    with pytest.raises(PracticeNotThere):
        live.give_link(by=account.actor, at=AT)


def test_each_trainee_has_a_world_of_her_own_and_may_ask_for_a_fresh_one(clerk, settings):
    first = let_in(clerk, settings)
    run = runs.begin(exercise_code=BIRTH, by=first.account.actor, at=SOON)
    again = let_in(clerk, settings)
    assert again.account_id == first.account_id

    fresh = world.fresh(account_id=first.account_id, at=SOON)
    assert (fresh.worlds, fresh.account.outlet.code) == (2, "LT-00002")
    assert not StaffAccount.objects.get(id=first.account_id).is_active
    assert PracticeRun.objects.get(id=run.id).ended_at == SOON
    other = let_in(staff(Role.OUTLET_CLERK, outlet=clerk.outlet), settings)
    assert other.account.outlet_id != fresh.account.outlet_id


# --- what is practised ----------------------------------------------------------------------------------------------


def test_steps_count_by_what_was_done_and_the_result_reaches_the_training_record_once(clerk, settings):
    run = finished(clerk, settings)
    assert (run.is_finished, list(run.done)) == (True, ["register", "agree", "send", "goodbye"])
    assert OutboxMessage.objects.filter(event="ExerciseFinished", subscriber="report_practice_result").count() == 1
    receipt = runs.receipt_of(PracticeRun.objects.select_related("trainee").get(id=run.id))

    as_live(settings)
    later = SOON + timedelta(minutes=7)
    kept = [live.take_result(receipt=receipt, at=later).is_new for _twice in range(2)]
    assert kept == [True, False]
    result = PracticeResult.objects.get()
    assert (result.account_id, result.exercise_code, result.steps, result.hints) == (clerk.id, BIRTH, 4, 0)


def test_a_step_does_not_count_before_those_ahead_of_it_and_a_hint_is_told(clerk, settings):
    by = let_in(clerk, settings).account.actor
    run = runs.begin(exercise_code="incomplete-dossier", by=by, at=SOON)
    assert runs.look(run_id=run.id, by=by, at=SOON).done == {}
    runs.open_hint(run_id=run.id, step_code="register", by=by, at=SOON)
    file_the_birth(run, by, SOON)
    looked = runs.look(run_id=run.id, by=by, at=SOON)
    assert list(looked.done) == ["register", "agree"]  # what was sent is no draft
    assert looked.hints == ["register"]
    other = runs.begin(exercise_code=BIRTH, by=by, at=SOON)
    assert PracticeRun.objects.get(id=run.id).ended_at == SOON
    assert runs.begin(exercise_code=BIRTH, by=by, at=SOON).id == other.id


def test_somebody_elses_result_and_a_forged_one_are_refused(clerk, settings):
    run = PracticeRun.objects.select_related("trainee").get(id=finished(clerk, settings).id)
    told = sealing.unseal(runs.receipt_of(run), purpose=sealing.RESULT, reader=LIVE_URL, key=KEY)
    as_live(settings)
    later = SOON + timedelta(minutes=7)
    stranger = staff(Role.OUTLET_CLERK, outlet=clerk.outlet)

    def sealed(key=KEY, purpose=sealing.RESULT, reader=LIVE_URL, **changes):
        return sealing.seal(told | changes, purpose=purpose, reader=reader, key=key)

    for receipt in (sealed(sub=live.subject_of(str(stranger.id))), sealed(ticket=str(uuid7())), sealed(key="z" * 40),
                    sealed(purpose=sealing.ENTRY), sealed(reader=PRACTICE_URL), sealed(exercise="no-such"),
                    sealed(steps=1), sealed(hints=9), sealed(finished="x"),
                    sealed(finished=(AT + timedelta(days=2)).isoformat())):
        with pytest.raises(PracticeResultRefused):
            live.take_result(receipt=receipt, at=later)
    assert not PracticeResult.objects.exists()
    live.take_result(receipt=sealed(), at=later)
    with pytest.raises(PracticeResultDiffers):
        live.take_result(receipt=sealed(hints=1), at=later)


def test_the_courier_tells_the_live_house_and_waits_while_it_is_away(clerk, settings):
    run = finished(clerk, settings)
    asked = []

    def answer(status):
        def handle(request):
            asked.append(str(request.url))
            return httpx.Response(status)
        return httpx.Client(transport=httpx.MockTransport(handle))

    courier.report(run.id, client=answer(200))
    assert asked == [f"{LIVE_URL}/api/v1/practice-results"]
    with pytest.raises(LiveHouseAway):
        courier.report(run.id, client=answer(503))
    with pytest.raises(ResultNotTaken):
        courier.report(run.id, client=answer(403))


def test_the_courier_is_believed_at_the_live_houses_own_door_and_counted_once(clerk, settings):
    run = finished(clerk, settings)
    door = WSGIHandler()

    def live_house(environ, start_response):
        as_live(settings)
        try:
            return [b"".join(door(environ, start_response))]
        finally:
            as_practice(settings)

    for _again in range(2):
        courier.report(run.id, client=httpx.Client(transport=httpx.WSGITransport(app=live_house)))
    assert PracticeResult.objects.get().account_id == clerk.id


# --- made up, and marked --------------------------------------------------------------------------------------------


def test_numbers_of_practice_are_refused_in_the_live_house_and_all_others_in_practice(settings):
    person = made_up("seed", 0)
    settings.WARDPOST_PRACTICE = False
    assert rules.check_national_id(person.national_id) == Fault("number-of-practice")
    assert isinstance(rules.check_phone(person.phone), Fault)
    assert not isinstance(rules.check_national_id("001092000017"), Fault)

    settings.WARDPOST_PRACTICE = True
    number = rules.check_national_id(person.national_id)
    assert not isinstance(number, Fault)
    assert rules.doubts_of(number, rules.Birth(person.birth_date, is_year_only=False), person.sex) == []
    assert rules.check_phone(person.phone) == f"+84{person.phone[1:]}"
    assert rules.check_national_id("001092000017") == Fault("real-number-in-practice")
    assert rules.check_phone("0914275268") == Fault("real-line-in-practice")


def test_no_live_row_changes_by_what_is_done_in_practice_but_the_result(clerk, settings):
    """Both houses share this test's database, so what practice did stands beside the live rows, under marks of its
    own: nothing of it belongs to a live place."""
    finished(clerk, settings)
    with scope.everything():
        assert not Dossier.objects.filter(outlet=clerk.outlet).exists()
        assert set(Dossier.objects.values_list("outlet__code", flat=True)) == {"LT-00001"}
        assert Citizen.objects.get().national_id_masked.startswith("999")
    assert not PracticeResult.objects.exists()
    assert PracticeTicket.objects.get().account_id == clerk.id


def test_the_gate_is_open_for_whoever_practises(clerk, settings):
    gate_from(clerk.outlet.commune.province_id, AT.date())
    settings.WARDPOST_PRACTICE = True
    assert may_take(clerk.id, "civil_status", AT.date()).is_open


def test_every_page_of_practice_says_so_and_none_of_the_live_house(client, settings):
    as_practice(settings)
    practised = Client()
    for path in ("/dang-nhap/", "/luyen-tap/", "/tra-cuu/", "/khong-co-trang-nay/"):
        answer = practised.get(path)
        assert "practice-bar" in answer.content.decode(), path
        assert answer["X-Wardpost-Practice"] == "1"
    as_live(settings)
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.get("/dang-nhap/")
    assert "practice-bar" not in answer.content.decode()
    assert client.get("/luyen-tap/").status_code == 404


def test_the_page_about_practice_shows_what_is_done_in_few_queries(
        clerk, settings, client, django_assert_max_num_queries):
    run = finished(clerk, settings)
    receipt = runs.receipt_of(PracticeRun.objects.select_related("trainee").get(id=run.id))
    as_live(settings)
    settings.ALLOWED_HOSTS = ["*"]
    live.take_result(receipt=receipt, at=SOON + timedelta(minutes=7))
    client.force_login(clerk)
    with django_assert_max_num_queries(14):
        page = client.get("/dao-tao/luyen-tap/", headers={"accept-language": "vi"}).content.decode()
    assert "xong ngày" in page
    client.force_login(staff(Role.OUTLET_MANAGER, outlet=clerk.outlet))
    assert f">1/{len(exercises())}</td>" in client.get("/dao-tao/nhan-su/").content.decode()
    client.force_login(clerk)
    told = client.get("/api/v1/practice-results").json()["items"]
    assert [each["exercise_code"] for each in told] == [BIRTH]
    assert len(client.get("/api/v1/practice-exercises").json()["items"]) == len(exercises())


def test_a_practising_clerk_works_through_the_api_too(clerk, settings):
    token = token_in(link_for(clerk, settings).url)
    as_practice(settings)
    client = Client()
    trainee = world.enter(token=token, at=SOON).trainee
    client.force_login(trainee.account)
    begun = client.post("/api/v1/practice-runs", {"exercise_code": BIRTH}, content_type="application/json").json()
    where = f"/api/v1/practice-runs/{begun['id']}"
    hinted = client.post(f"{where}/hints", {"step_code": "send"}, content_type="application/json").json()
    assert [bool(step["hint"]) for step in hinted["steps"]] == [False, False, True, False]
    assert client.post(f"{where}/checks", {}, content_type="application/json").status_code == 201
    assert client.get(where).json()["is_finished"] is False
    as_live(settings)
    settings.ALLOWED_HOSTS = ["*"]
    other = Client()
    other.force_login(staff(Role.OUTLET_CLERK, outlet=make_outlet()))
    assert other.get(where).status_code == 404


# --- exercises before a test ----------------------------------------------------------------------------------------


def test_a_city_may_ask_for_the_exercises_before_the_test(clerk, settings, client):
    load_courses()
    gate_from(clerk.outlet.commune.province_id, None, asks_practice=True)
    as_live(settings)
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(PracticeMissing) as refused:
        training.start_attempt(course_code="civil-status", by=clerk.actor, at=AT)
    assert refused.value.facts["exercises"] == [BIRTH, "cash-at-the-counter"]
    client.force_login(clerk)
    assert client.post("/dao-tao/khoa/civil-status/bai-thi/")["Location"] == "/dao-tao/khoa/civil-status/"
    assert training.start_attempt(course_code="certified-copies", by=clerk.actor, at=AT)

    ticket = PracticeTicket.objects.create(account=clerk, issued_at=AT, expires_at=SOON)
    for code in (BIRTH, "cash-at-the-counter"):
        PracticeResult.objects.create(id=uuid7(), ticket=ticket, account=clerk, exercise_code=code, steps=4, hints=0,
                                      started_at=AT, finished_at=SOON, received_at=SOON, receipt="x")
    assert training.start_attempt(course_code="civil-status", by=clerk.actor, at=AT).finished_at is None


def test_exercises_are_asked_for_only_where_there_is_practice(settings):
    officer = staff(Role.PROGRAMME_OFFICER)

    def ask():
        return training.set_gate(holds_from=None, reason="Thí điểm", asks_practice=True, by=officer.actor, at=AT)

    settings.WARDPOST_PRACTICE_URL = ""
    with pytest.raises(GateRefused) as refused:
        ask()
    assert [each.pointer for each in refused.value.errors] == ["/asks_practice"]
    as_live(settings)
    assert ask().asks_practice


def test_a_whole_class_comes_in_at_once_and_each_waits_for_a_number_of_her_own(clerk, settings):
    with CaptureQueriesContext(connection) as asked:
        trainee = let_in(clerk, settings)
        world.fresh(account_id=trainee.account_id, at=SOON)

    said = [each["sql"] for each in asked]
    waits = [number for number, sql in enumerate(said) if "pg_advisory_xact_lock" in sql]
    counts = [number for number, sql in enumerate(said) if "COUNT(*)" in sql and "LT-" in sql]
    assert len(waits) == len(counts) == 2
    assert waits[0] < counts[0] < waits[1] < counts[1]

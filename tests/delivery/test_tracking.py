"""Anybody with the code and three digits follows her dossier; nobody else learns anything."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from delivery.models.tracking import TrackingTry
from delivery.operations import watching
from delivery.queries.tracking import _lines
from delivery.records import StoryStep
from delivery.views import tracking as views
from shared.ids import uuid7
from tests.delivery import carrier
from tests.delivery.stories import Dossiers, telling
from tests.factories import network, parcels
from tests.factories.parcels import BOOKED_AT, PHONE, RECIPIENT, TAIL

pytestmark = pytest.mark.django_db
CODE = "H57.31-260114-0231"


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    monkeypatch.setattr(views, "REFUSAL_TAKES_SECONDS", 0.0)


@pytest.fixture
def dossiers():
    with telling(Dossiers(uuid7())) as registered:
        yield registered


def ask(client, code, tail=TAIL, **headers):
    return client.post("/tra-cuu/", {"code": code, "tail": tail}, headers=headers)


def page(client, code, tail=TAIL):
    answer = ask(client, code, tail)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]).content.decode()


def test_the_page_tells_whose_turn_it_is_and_what_has_happened(client, dossiers):
    parcel = parcels.parcel(dossier_ids=[dossiers.dossier_id], outlet=network.outlet(phone="02343822222"))
    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.event(parcel.number, "EDD", 3))

    with time_machine.travel(BOOKED_AT.replace(hour=15)):
        text = page(client, CODE)

    for words in ("Bản sao trích lục khai sinh, 2 bản", CODE, "Thứ\u00a0Sáu\u00a016/01", parcel.number,
                  "Trung tâm Phong Dinh tiếp nhận", "phường Phú Xuân", "16.000\u00a0đ", "30.000\u00a0đ",
                  "Nguyễn Thị Hạnh", "tel:02343822222"):
        assert words in text, words
    assert "khai thác" not in text, "the way through sorting centres tells a citizen nothing"


def test_of_two_steps_of_one_moment_the_later_stands_above():
    told = Dossiers(uuid7())
    story = told.tell(told.dossier_id, BOOKED_AT)
    assert story is not None
    steps = (StoryStep(BOOKED_AT, "Nộp hồ sơ"), StoryStep(BOOKED_AT, "Chuyển đến trung tâm"))

    lines = _lines(replace(story, steps=steps), [], None, BOOKED_AT)

    assert [line.what for line in lines][-2:] == ["Chuyển đến trung tâm", "Nộp hồ sơ"]


@pytest.mark.parametrize("typed", ["h57.31-260114-0231", "  H57.31 - 260114 - 0231 "])
def test_how_a_code_is_typed_does_not_matter(client, dossiers, typed):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])

    assert ask(client, typed).status_code == 302


def test_a_result_opens_by_its_own_codes_for_its_addressee(client):
    parcel = parcels.parcel()

    assert parcel.number in page(client, parcel.number)
    assert parcel.number in page(client, parcel.tracking_code)


def test_a_dossiers_parcel_does_not_open_with_the_centres_phone_that_everybody_knows(client, dossiers):
    parcel = parcels.parcel(direction="dossier", recipient_phone="02343999111", dossier_ids=[dossiers.dossier_id])

    assert ask(client, parcel.number, "111").status_code == 404
    assert CODE in page(client, parcel.number, TAIL)


def test_of_several_dossiers_in_a_parcel_none_is_shown_unless_it_is_clearly_hers(client, dossiers):
    other = Dossiers(uuid7())
    dossiers.phone_of = lambda dossier_id: PHONE if dossier_id in {dossiers.dossier_id, other.dossier_id} else ""
    parcel = parcels.parcel(direction="dossier", dossier_ids=[dossiers.dossier_id, other.dossier_id])

    text = page(client, parcel.number)

    assert parcel.number in text
    assert CODE not in text


def test_unknown_not_yours_and_wrong_digits_get_one_and_the_same_answer(client, dossiers):
    parcel = parcels.parcel(dossier_ids=[dossiers.dossier_id])
    answers = [ask(Client(), code, tail) for code, tail in (
        (CODE, "000"), ("H57.31-260114-9999", TAIL), (parcel.number, "999"), ("RR000000005VN", TAIL))]

    bodies = {answer.content.decode().split("</header>")[1].split("<form")[0] for answer in answers}
    assert {answer.status_code for answer in answers} == {404}
    assert len(bodies) == 1


def test_a_refusal_takes_the_same_time_whatever_was_wrong(client, dossiers, monkeypatch):
    monkeypatch.setattr(views, "REFUSAL_TAKES_SECONDS", 0.15)
    parcels.parcel(dossier_ids=[dossiers.dossier_id])
    taken = []
    for code, tail in ((CODE, "000"), ("H57.31-260114-9999", TAIL)):
        started = time.monotonic()
        ask(client, code, tail)
        taken.append(time.monotonic() - started)

    assert min(taken) >= 0.15
    assert max(taken) / min(taken) < 2


def test_a_refusal_shows_nothing_personal_and_nothing_stands_in_an_address(client, dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])
    refused = ask(client, CODE, "000")
    opened = ask(client, CODE)

    assert RECIPIENT not in refused.content.decode()
    assert (opened["Location"], TAIL in opened["Location"]) == ("/tra-cuu/ho-so/", False)
    shown = client.get(opened["Location"])
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "same-origin"
    assert RECIPIENT not in shown.content.decode()
    assert PHONE not in shown.content.decode()


@pytest.mark.parametrize("tail", ["", "26", "2685", "abc", "２６８"])
def test_digits_that_cannot_be_right_cost_no_try(client, tail):
    assert ask(client, CODE, tail).status_code == 422
    assert not TrackingTry.objects.exists()


def test_after_five_wrong_tries_a_code_is_closed_for_an_hour_even_to_the_right_digits(client, dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for n in range(5):
            assert ask(client, CODE, f"00{n}", **{"X-Forwarded-For": "ignored"}).status_code == 404
        closed = Client(REMOTE_ADDR="203.0.113.9").post("/tra-cuu/", {"code": CODE, "tail": TAIL})
        assert closed.status_code == 429

        clock.shift(3601)
        assert ask(client, CODE).status_code == 302


def test_after_five_wrong_codes_an_address_has_to_wait(client, dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])
    for n in range(5):
        ask(client, f"H57.31-260114-9{n:03d}")

    assert ask(client, CODE).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").post("/tra-cuu/", {"code": CODE, "tail": TAIL}).status_code == 302


def test_who_is_right_may_look_as_often_as_she_likes(client, dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])

    assert {ask(client, CODE).status_code for _ in range(12)} == {302}
    assert not TrackingTry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_hundred_tries_at_once_are_no_way_around(dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])

    def attempt(n: int) -> int:
        visitor = Client(REMOTE_ADDR=f"203.0.113.{n}")
        try:
            return visitor.post("/tra-cuu/", {"code": CODE, "tail": f"{n:03d}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(attempt, range(40)))

    assert statuses.count(404) <= 5
    assert statuses.count(429) >= 35


def test_tries_hold_neither_codes_nor_addresses_and_are_forgotten(client):
    ask(client, CODE, "000")

    kept = b"".join(bytes(each.key) for each in TrackingTry.objects.all())
    assert CODE.encode() not in kept
    assert b"127.0.0.1" not in kept
    assert watching.forget_old_tries(at=timezone.now()) == 0
    later = timezone.now() + timedelta(days=2)
    assert watching.forget_old_tries(at=later) == 2


def test_what_was_opened_closes_again_after_half_an_hour(client):
    parcel = parcels.parcel()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        page(client, parcel.number)
        clock.shift(31 * 60)
        assert client.get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/"
    assert Client().get("/tra-cuu/ho-so/")["Location"] == "/tra-cuu/", "nor does it open without digits"


def test_a_scanned_slip_brings_its_code_along_and_nothing_else(client):
    text = client.get(f"/tra-cuu/{CODE}/").content.decode()

    assert f'value="{CODE}"' in text
    assert "<script>" not in client.get("/tra-cuu/<script>/").content.decode()


@pytest.mark.parametrize(("codes", "words"), [
    (["EMA", "EDG", "EMH", "EDH"], "Kết quả đang chờ bạn tới lấy tại bưu cục."),
    (["EMA", "EDG", "EMH"], "Bưu tá không gặp ai và sẽ tới lại."),
    (["EMA", "X-LOST"], "Bưu gửi đã thất lạc. Bưu điện chịu"),
])
def test_each_state_says_what_it_means_for_the_citizen(client, codes, words):
    parcel = parcels.parcel()
    carrier.tell(client, *(carrier.event(parcel.number, code, n + 1) for n, code in enumerate(codes)))

    assert words in page(client, parcel.number)


def test_a_delivered_parcel_tells_who_took_it_by_relation_only(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.delivered(parcel.number, name="Trần Văn Kín"))

    text = page(client, parcel.number)

    assert "chính người nhận" in text
    assert "Trần Văn Kín" not in text


def test_the_page_is_told_in_english_as_well(client, dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])
    client.cookies["wardpost_language"] = "en"

    text = page(client, CODE)

    assert "Whose turn it is" in text
    assert "Your result is ready" in text


@pytest.mark.parametrize("events", [2, 40])
def test_the_page_costs_the_same_however_long_the_journey(client, dossiers, events, django_assert_max_num_queries):
    parcel = parcels.parcel(dossier_ids=[dossiers.dossier_id])
    carrier.post(client, {"events": [carrier.event(parcel.number, "EMG", n / 10) for n in range(events)]})
    ask(client, CODE)

    with django_assert_max_num_queries(14):
        client.get("/tra-cuu/ho-so/")


# --- programs --------------------------------------------------------------------------------------------------------


def follow(client, code, tail=TAIL):
    return client.post(f"/api/v1/tracking/{code}", {"phone_tail": tail}, content_type="application/json")


def test_programs_follow_by_the_same_rules(client, dossiers):
    parcels.parcel(dossier_ids=[dossiers.dossier_id])
    told = follow(client, CODE)

    assert told.status_code == 200
    assert (told.json()["reference"], told.json()["payments"][0]["amount"]) == (CODE, 16_000)
    asked = [client.get(f"/api/v1/tracking/{code}").json() for code in (CODE, "NOTHING")]
    assert [answer["asks_for"] for answer in asked] == ["phone_tail", "phone_tail"]
    assert follow(client, CODE, "12").status_code == 422
    assert {follow(client, CODE, f"00{n}").json()["code"] for n in range(5)} == {"tracking-not-found"}
    closed = follow(client, CODE)
    assert (closed.status_code, closed.json()["code"], closed["Retry-After"]) == (429, "too-many-tries", "3600")

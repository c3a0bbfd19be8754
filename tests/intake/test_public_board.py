"""The published board: whole weeks, coarse numbers, the same for everybody, cheap to ask again."""

import base64
import csv
import json
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from intake.boards import published as publishing
from intake.boards.models import PublishedBoard
from intake.boards.readers import MOST_A_MINUTE
from intake.boards.rules import published as rules
from intake.boards.rules.counts import Counts
from intake.operations.counter_reception import CounterInput, receive_at_counter
from intake.operations.resolution import resolve
from intake.tasks import publish_boards
from shared.calendar import local
from shared.roles import Role
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import at, citizen, hue_centre

MORNING = at("2025-07-07", "06:00")
FEED = "/api/v1/public-board"


@pytest.fixture
def city(db, monkeypatch):
    """Twelve dossiers at one centre on Thursday, 3 July, three decided; one at another."""
    cache.clear()
    monkeypatch.setattr(publishing, "shift_of", lambda *_cell: 2)
    busy, quiet = hue_centre(), network.centre(places.PHU_XUAN)
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    person = citizen().id
    with time_machine.travel(at("2025-07-03", "09:00"), tick=False):
        made = [_received(busy, person, at("2025-07-03", "09:00")) for _ in range(12)]
        _received(quiet, person, at("2025-07-03", "09:00"))
        officer = network.acting(network.officer(busy))
        for dossier in made[:3]:
            resolve(dossier_id=dossier.id, decision_number="1", summary="x", by=officer, at=at("2025-07-03", "10:00"))
    yield busy, quiet
    cache.clear()


def _received(centre, person, moment):
    officer = network.acting(network.officer(centre))
    return receive_at_counter(CounterInput(uuid4(), person, catalogue.CERTIFIED_COPY), by=officer, at=moment)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- rules ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000_000), st.integers(0, 4))
def test_a_number_is_told_by_a_five_beside_it_or_not_at_all(count, shift):
    told = rules.coarse(count, shift)

    assert (told is None) == (count < 10)
    assert told is None or (told % 5 == 0 and abs(told - count) <= 4)
    assert (rules.coarse(count + 1, shift) or 0) >= (told or 0)


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 4))
def test_a_share_is_worked_out_of_what_is_told_and_never_of_anything_finer(resolved, late, shift):
    late = min(late, resolved)
    line = rules.told(Counts(received=resolved, resolved=resolved, resolved_late=late),
                      lambda measure: shift if measure == "resolved" else 4 - shift)

    assert line["in_time_percent"] == rules.percent(line["resolved_in_time"], line["resolved"])
    if line["in_time_percent"] is not None:
        assert (line["resolved"] or 0) >= 50
        assert 0 <= line["in_time_percent"] <= 100


def test_where_a_number_is_rounded_is_fixed_and_not_the_same_for_all(settings):
    cells = [("46", "centre", f"H46.{number}", measure) for number in range(40) for measure in rules.MEASURES]
    shifts = [publishing.shift_of(*cell) for cell in cells]

    assert shifts == [publishing.shift_of(*cell) for cell in cells]
    assert set(shifts) == {0, 1, 2, 3, 4}
    settings.WARDPOST_INDEX_KEY = base64.b64encode(b"another key of thirty-two bytes!").decode()
    assert shifts != [publishing.shift_of(*cell) for cell in cells]


def test_a_week_is_published_six_hours_after_its_sunday():
    assert rules.last_day(at("2025-07-07", "05:59")) == date(2025, 6, 29)
    assert rules.last_day(MORNING) == date(2025, 7, 6)
    assert rules.last_day(at("2025-07-13", "23:59")) == date(2025, 7, 6)
    assert rules.asked_day(date(2025, 7, 9), MORNING) == date(2025, 7, 6)
    assert rules.asked_day(date(2025, 7, 5), MORNING) == date(2025, 6, 29)
    assert rules.asked_day(date(1999, 1, 1), MORNING) == rules.FIRST_DAY == rules.asked_day(rules.FIRST_DAY, MORNING)
    assert local(rules.end_of(date(2025, 7, 6))).isoformat() == "2025-07-07T00:00:00+07:00"


# --- the page, the file, the feed -----------------------------------------------------------------------------------


@time_machine.travel(MORNING, tick=False)
def test_small_numbers_are_told_nowhere_and_the_others_rounded(client, city):
    busy, quiet = city
    _received(busy, citizen().id, MORNING)

    told = client.get(FEED).json()

    lines = {line["code"]: line for line in told["centres"]}
    assert (told["day"], told["as_of"]) == ("2025-07-06", "2025-07-07T00:00:00+07:00")
    assert lines[busy.agency_code]["received"] == 10
    assert lines[busy.agency_code]["resolved"] is None
    assert lines[quiet.agency_code]["received"] is None
    assert told["total"]["received"] == 15
    assert told["procedures"][0]["received"] == 15
    assert [group["most"] for group in told["index"]] == [18, 20, 12, 10, 18, 22]
    page = client.get(reverse("intake:public-board"))
    assert "dưới 10" in words(page)
    assert {point.label for point in page.context["map"].points} == {lines[busy.agency_code]["name_vi"]}
    table = client.get(reverse("intake:public-board-file")).content.decode()
    assert [row["received"] for row in csv.DictReader(table.lstrip("\ufeff").splitlines())] == [
        "15", *(str(line["received"] or "") for line in [*told["centres"], *told["procedures"]])]


@time_machine.travel(MORNING, tick=False)
def test_a_procedure_that_few_have_asked_for_has_no_line_at_all(client, city):
    busy, quiet = city
    rare = catalogue.procedure(catalogue.BIRTH)
    receive_at_counter(CounterInput(uuid4(), citizen().id, rare.code), by=network.acting(network.officer(busy)),
                       at=at("2025-07-03", "11:00"))

    told = client.get(FEED).json()

    assert [line["code"] for line in told["procedures"]] == [catalogue.CERTIFIED_COPY]
    assert quiet.agency_code in {line["code"] for line in told["centres"]}
    assert rare.code not in client.get(reverse("intake:public-board-file")).content.decode()


@time_machine.travel(MORNING, tick=False)
def test_whoever_asks_again_is_told_that_nothing_has_changed_until_it_has(client, city):
    for path in (FEED, reverse("intake:public-board-file"), reverse("intake:public-board")):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        since = client.get(path, headers={"If-Modified-Since": first["Last-Modified"]})
        earlier = client.get(path, {"day": "2025-06-29", "ngay": "2025-06-29"} if path != FEED else {
            "day": "2025-06-29"}, headers={"If-None-Match": first["ETag"]})
        assert [each.status_code for each in (first, again, since, earlier)] == [200, 304, 304, 200]
        assert again.content == b""
    assert client.get(FEED)["Cache-Control"] == "public, max-age=300"
    assert client.get(reverse("intake:public-board"))["Cache-Control"] == "private, no-cache"


def test_a_published_week_stays_as_it_is_until_the_next_one_and_then_holds_what_came_late(client, city):
    busy, _quiet = city
    with time_machine.travel(MORNING, tick=False):
        before = client.get(FEED)
        for _ in range(3):
            _received(busy, citizen().id, at("2025-07-03", "11:00"))
    cache.clear()
    with time_machine.travel(at("2025-07-14", "05:59"), tick=False):
        kept = client.get(FEED)
    with time_machine.travel(at("2025-07-14", "06:00"), tick=False):
        after = client.get(FEED, {"day": "2025-07-06"}, headers={"If-None-Match": before["ETag"]})
        again = client.get(FEED, {"day": "2025-07-06"})

    assert kept["ETag"] == before["ETag"]
    assert after.status_code == 200
    assert {line["received"] for line in after.json()["centres"]} == {15, None}
    assert again["ETag"] == after["ETag"]


@time_machine.travel(MORNING, tick=False)
def test_one_address_reads_sixty_times_a_minute_and_no_more(client, city):
    for _ in range(MOST_A_MINUTE):
        assert client.get(FEED, {"province": places.HUE}).status_code == 200

    refused = [client.get(path) for path in (FEED, reverse("intake:public-board-file"), reverse("intake:public-board"))]

    assert [(each.status_code, each["Retry-After"]) for each in refused] == [(429, "60")] * 3
    assert client.get(FEED, headers={"X-Forwarded-For": "203.0.113.9"}, REMOTE_ADDR="203.0.113.9").status_code == 200
    with time_machine.travel(MORNING + timedelta(minutes=1), tick=False):
        assert client.get(FEED).status_code == 200


@time_machine.travel(MORNING, tick=False)
def test_what_is_not_there_or_not_a_day_is_said(client, city):
    assert client.get(FEED, {"province": places.HANOI}).status_code == 404
    assert client.get(reverse("intake:public-board"), {"tinh": places.HANOI}).status_code == 404
    assert client.get(reverse("intake:public-board"), {"so": "filed"}).status_code == 404
    wrong = client.get(reverse("intake:public-board"), {"ngay": "03/07"})
    assert wrong.status_code == 422
    assert "Hãy chọn một ngày" in words(wrong)
    assert client.get(reverse("intake:public-board-file"), {"ngay": "x"}).status_code == 404


def test_before_the_first_dossier_the_page_says_so(client, db):
    cache.clear()

    assert "Chưa có số liệu công khai" in words(client.get(reverse("intake:public-board")))
    assert client.get(FEED).status_code == 404


@time_machine.travel(MORNING, tick=False)
@pytest.mark.parametrize("dossiers", [0, 8])
def test_the_page_asks_as_many_questions_however_much_is_there(client, city, dossiers, django_assert_max_num_queries):
    for _ in range(dossiers):
        _received(city[0], citizen().id, at("2025-07-03", "11:00"))

    with django_assert_max_num_queries(43):
        client.get(reverse("intake:public-board"))
    with django_assert_max_num_queries(10):
        client.get(reverse("intake:public-board"))


def test_it_is_found_from_every_page_for_citizens_and_from_the_situation(client, city):
    here = reverse("intake:public-board")
    for page in ("intake:public-finder", "intake:nearest", "agents:register", "agents:login", "intake:public-board"):
        assert f'href="{here}"' in client.get(reverse(page)).content.decode()

    client.force_login(network.staff(Role.AUDITOR, "Kiểm toán", province_id=places.HUE))
    assert f'href="{here}?tinh={places.HUE}"' in client.get(reverse("intake:board")).content.decode()


@time_machine.travel(MORNING, tick=False)
def test_the_week_that_is_over_is_counted_before_anybody_asks(city):
    publish_boards()

    assert list(PublishedBoard.objects.values_list("province_code", "day", "edition")) == [
        (places.HUE, date(2025, 7, 6), date(2025, 7, 6))]


def test_nothing_in_the_feed_is_anybodys(client, city):
    with time_machine.travel(MORNING, tick=False):
        told = json.dumps(client.get(FEED).json(), ensure_ascii=False)

    assert citizen().full_name not in told

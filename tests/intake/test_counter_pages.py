"""The counter's day, the dossier as the outlet sees it, and forwarding paper."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.models.decisions import Forwarding
from intake.models.documents import Document
from intake.models.dossiers import Dossier
from intake.operations import reception, supplements
from intake.operations.supplements import MissingThing
from intake.rules.states import Handling, ResultState
from tests.factories import network, parcels, places, receipts
from tests.intake.centre_cases import WEDNESDAY, filed, forwarded, hue_centre
from tests.intake.counter_cases import TAKE, Counter, scan

pytestmark = pytest.mark.django_db
DAY = "/quay/"


@pytest.fixture
def outlet():
    return network.outlet(name="Bưu cục Phong Dinh")


@pytest.fixture
def desk(outlet, client: Client) -> Client:
    """A clerk of the outlet, signed in."""
    client.force_login(network.clerk(outlet))
    return client


def body(answer) -> str:
    return answer.content.decode()


def asked_for_more(outlet) -> Dossier:
    dossier = forwarded(outlet=outlet, name="Người Phải Bổ Sung")
    officer = network.acting(network.officer(hue_centre()))
    reception.receive(dossier_id=dossier.id, by=officer, at=WEDNESDAY)
    supplements.ask(dossier_id=dossier.id, by=officer, at=WEDNESDAY, reasons=(
        MissingThing("giay_chung_sinh", "illegible"), MissingThing("other", "other", "Giấy xác nhận của thôn")))
    dossier.refresh_from_db()
    return dossier


def test_an_empty_day_teaches_how_to_begin(desk):
    page = body(desk.get(DAY))

    assert "Quầy không có việc chờ" in page
    assert f'href="{TAKE}"' in page
    assert 'data-key="n"' in page


@time_machine.travel("2025-07-03T09:00:00+07:00", tick=False)
def test_the_day_says_what_waits_what_is_late_and_exactly_what_is_missing(desk, outlet):
    filed(outlet=outlet, channel="post", name="Người Gửi Giấy")
    asked_for_more(outlet)

    page = body(desk.get(DAY))

    assert "Người Gửi Giấy" in page
    assert "tồn từ hôm trước" in page
    assert "Người Phải Bổ Sung" in page
    assert "mờ, mất góc" in page
    assert "Giấy xác nhận của thôn" in page


def test_a_result_that_came_back_stands_first(desk, outlet):
    for name, state in (("Đang Đi", ResultState.ON_THE_WAY), ("Quay Về", ResultState.CAME_BACK)):
        dossier = forwarded(outlet=outlet, name=name)
        Dossier.objects.filter(id=dossier.id).update(result=state)

    page = body(desk.get(DAY))

    assert page.index("Quay Về") < page.index("Đang Đi")


def test_another_outlets_day_is_its_own(desk, outlet):
    theirs = filed(outlet=network.outlet(places.PHU_XUAN), channel="post", name="Người Nơi Khác")

    assert "Người Nơi Khác" not in body(desk.get(DAY))
    assert desk.get(f"/quay/ho-so/{theirs.id}/").status_code == 404


@pytest.mark.parametrize("role", ["officer", "reviewer"])
def test_the_counter_is_for_outlets_only(role, client: Client):
    client.force_login(getattr(network, role)())

    assert client.get(DAY).status_code == 403
    assert client.get(TAKE).status_code == 403


def queries_of(desk: Client, url: str) -> int:
    desk.get(url)  # the calendar and the rates are kept for a while
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(url).status_code == 200
    return len(asked)


def test_twenty_dossiers_cost_no_more_questions_than_one(desk, outlet):
    filed(outlet=outlet, channel="post")
    asked_for_more(outlet)
    forwarded(outlet=outlet)
    few = queries_of(desk, DAY)
    for _ in range(19):
        filed(outlet=outlet, channel="post")
        forwarded(outlet=outlet)
    for _ in range(4):
        asked_for_more(outlet)

    assert queries_of(desk, DAY) == few


# --- forwarding -----------------------------------------------------------------------------------------------------


def test_ticked_dossiers_of_one_centre_go_as_one_parcel(client: Client, rate_book):
    counter = Counter(client)
    parcels.number_pool()
    chosen = [filed(outlet=counter.outlet, centre=counter.centre, channel="post") for _ in range(2)]

    answer = client.post("/quay/chuyen/", {"dossier": [str(d.id) for d in chosen], "weight": "180"}, follow=True)

    sent = Forwarding.objects.filter(dossier__in=chosen)
    assert sent.count() == 2
    assert len(set(sent.values_list("parcel_number", flat=True))) == 1
    assert sent[0].parcel_number in body(answer)


def test_forwarding_nothing_or_without_weight_says_what_to_do(desk, outlet):
    dossier = filed(outlet=outlet, channel="post")

    nothing = desk.post("/quay/chuyen/", {"weight": "100"}, follow=True)
    weightless = desk.post("/quay/chuyen/", {"dossier": [str(dossier.id)], "weight": "0"}, follow=True)

    assert "Hãy chọn các hồ sơ" in body(nothing)
    assert "Hãy cân bưu gửi" in body(weightless)
    assert not Forwarding.objects.exists()


def test_another_outlets_dossier_cannot_be_forwarded(desk, outlet):
    theirs = filed(outlet=network.outlet(places.PHU_XUAN), channel="post")

    assert desk.post("/quay/chuyen/", {"dossier": [str(theirs.id)], "weight": "100"}).status_code == 404


# --- the dossier ----------------------------------------------------------------------------------------------------


def test_the_receipt_page_shows_the_code_the_route_and_what_to_print(desk, outlet):
    dossier = filed(outlet=outlet)

    page = body(desk.get(f"/quay/ho-so/{dossier.id}/"))

    assert dossier.agent_ref in page
    assert f'href="/ho-so/{dossier.id}/phieu-gui.pdf"' in page
    assert "data:image/svg+xml" in page
    assert "giay-tiep-nhan.pdf" not in page


def test_what_was_brought_answers_the_request_and_the_clock_runs_again(desk, outlet):
    dossier = asked_for_more(outlet)
    url = f"/quay/ho-so/{dossier.id}/"
    asked = body(desk.get(url))

    answer = desk.post(f"{url}bo-sung/", {
        "version": dossier.version, "text": "Đã chụp lại", "file-giay_chung_sinh": scan()})

    dossier.refresh_from_db()
    assert 'name="file-giay_chung_sinh"' in asked
    assert answer.status_code == 302
    assert dossier.handling == Handling.IN_PROGRESS
    assert Document.objects.get(dossier=dossier).component == "giay_chung_sinh"


def test_an_answer_to_an_older_state_is_refused_in_words(desk, outlet):
    dossier = asked_for_more(outlet)

    answer = desk.post(f"/quay/ho-so/{dossier.id}/bo-sung/", {"version": dossier.version - 1})

    dossier.refresh_from_db()
    assert answer.status_code == 422
    assert dossier.handling == Handling.SUPPLEMENT_ASKED


def test_money_is_taken_once_and_shows_as_paid(client: Client, rate_book):
    counter = Counter(client)
    receipts.numbers(counter.outlet, counter.centre, year=timezone.localdate().year)
    counter.acts_for()
    url = counter.posts(do="submit")["Location"]
    due = body(client.get(url))

    client.post(f"{url}thu-tien/")
    client.post(f"{url}thu-tien/")

    assert "Đã thu 34.000\u00a0đ" in due
    paid = body(client.get(url))
    assert "thu-tien/" not in paid
    assert "Đã nộp" in paid

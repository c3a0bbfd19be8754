"""The officer's pages and anybody's: the queue, a case, a call, a report that loses nothing, hotlines."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.reference_data import brokers
from intake.brokers import calls, cases, reports
from intake.brokers.models import BrokerCall, BrokerCase, BrokerReport
from intake.brokers.rules import SCRIPT, Step
from intake.models.dossiers import Dossier
from shared.models.oversight import AuditEntry
from tests.factories import network, places
from tests.factories.browsers import Api, body_of
from tests.intake import broker_cases as made
from tests.intake.broker_cases import NIGHT

pytestmark = pytest.mark.django_db
WHY = "Đối chiếu hồ sơ và camera ngày 12/01."


@pytest.fixture
def account():
    return made.officer()


@pytest.fixture
def client(account):
    browser = Client()
    browser.force_login(account)
    return browser


@pytest.fixture
def anybody(monkeypatch):
    monkeypatch.setattr("delivery.views.tracking.REFUSAL_TAKES_SECONDS", 0.0)
    places.province(places.HUE)
    return Client()


def page(client, name, *args, **query):
    return client.get(reverse(f"intake:{name}", args=args), query)


def test_the_queue_shows_what_is_due_and_filters_by_state(client):
    case = made.case()

    answer = page(client, "broker-cases")
    assert case.code in answer.content.decode()
    assert "Một số điện thoại, nhiều người nộp" in answer.content.decode()
    assert case.code not in page(client, "broker-cases", state="founded").content.decode()
    assert page(client, "broker-cases", state="x", page="9").status_code == 200


def test_the_queue_costs_the_same_for_many_cases(client):
    made.case()
    page(client, "broker-cases")
    with CaptureQueriesContext(connection) as one:
        page(client, "broker-cases")
    for _ in range(4):
        reports.report(province_code="46", text="Có người nhận làm nhanh lấy tiền", at=NIGHT)
    with CaptureQueriesContext(connection) as many:
        page(client, "broker-cases")
    assert len(many) == len(one)


def test_a_case_costs_the_same_however_much_it_rests_on(client, account):
    case, by = made.case(), network.acting(account)
    cases.take_step(case_id=case.id, step=Step.LOOK, by=by, at=NIGHT)
    calls.draw(case_id=case.id, size=1, by=by, at=NIGHT)
    page(client, "broker-case", case.id)
    with CaptureQueriesContext(connection) as few:
        page(client, "broker-case", case.id)
    calls.draw(case_id=case.id, size=5, by=by, at=NIGHT)
    with CaptureQueriesContext(connection) as many:
        page(client, "broker-case", case.id)
    assert len(many) == len(few)


def test_a_case_shows_its_arithmetic_and_dossiers_and_every_look_is_written_down(client, account):
    case = made.case()

    text = page(client, "broker-case", case.id).content.decode()

    assert "Trong 90 ngày đếm được 6" in text
    assert all(dossier.agent_ref in text for dossier in Dossier.objects.all())
    assert "912000111" not in text
    look = AuditEntry.objects.get(action="broker-case.look")
    assert (look.actor_id, look.object_id) == (str(account.id), str(case.id))


def test_a_case_is_decided_on_its_page_and_a_refusal_keeps_what_was_typed(client):
    case = made.case()
    assert client.post(reverse("intake:broker-step", args=[case.id]), {"step": "look"}).status_code == 302

    refused = client.post(reverse("intake:broker-step", args=[case.id]), {"step": "dismiss", "reason": "ngắn"})
    assert refused.status_code == 422
    assert 'aria-describedby="b-reason-e"' in refused.content.decode()
    assert ">ngắn</textarea>" in refused.content.decode()
    client.post(reverse("intake:broker-step", args=[case.id]), {"step": "dismiss", "reason": WHY})

    case.refresh_from_db()
    assert case.state == "unfounded"
    assert client.post(reverse("intake:broker-step", args=[case.id]), {"step": "look"}).status_code == 409
    assert client.post(reverse("intake:broker-step", args=[case.id]), {"step": "burn"}).status_code == 404


def test_citizens_are_drawn_and_called_on_the_pages(client, account):
    case = made.case()
    cases.take_step(case_id=case.id, step=Step.LOOK, by=network.acting(account), at=NIGHT)
    assert client.post(reverse("intake:broker-draw", args=[case.id]), {"size": "many"}).status_code == 422
    assert client.post(reverse("intake:broker-draw", args=[case.id]), {"size": "2"}).status_code == 302
    call = case.calls.order_by("place").first()
    url = reverse("intake:broker-call", args=[call.id])
    assert "912 000 111" not in client.get(url).content.decode().replace("\xa0", " ")

    shown = client.post(url, {"show": "1"})
    assert "+84912000111" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    half = client.post(url, {"heard": "talked", "q-money": "yes", "note": "nghe máy"})
    assert half.status_code == 422
    assert ">nghe máy</textarea>" in half.content.decode()
    assert client.post(url, {"heard": "x"}).status_code == 404
    done = client.post(url, {"heard": "talked", **{f"q-{question.code}": "yes" for question in SCRIPT}})

    assert done.status_code == 302
    call.refresh_from_db()
    assert call.state == "reached"
    assert "được chọn" not in page(client, "broker-case", case.id).content.decode()


def test_the_rules_in_force_are_shown_with_their_source(client):
    made.rule("same_phone")
    assert "Ngưỡng thử nghiệm" in page(client, "broker-rules").content.decode()


def test_anybody_reports_without_a_name_and_reads_the_answer(anybody, account):
    sent = anybody.post(reverse("intake:report-broker"), {"province": "46", "text": "Có người nhận làm nhanh lấy tiền"})
    code = sent.content.decode().split('id="report-code">')[1].split("<")[0]

    waits = anybody.post(reverse("intake:report-answer"), {"code": code})
    assert "Đang chờ được tiếp nhận" in waits.content.decode()
    case, by = BrokerCase.objects.get(), network.acting(account)
    cases.take_step(case_id=case.id, step=Step.LOOK, by=by, at=NIGHT)
    cases.take_step(case_id=case.id, step=Step.DISMISS, by=by, at=NIGHT, reason=WHY, answer="Đã kiểm tra và nhắc nhở.")

    assert "Đã kiểm tra và nhắc nhở." in anybody.post(reverse("intake:report-answer"), {"code": code}).content.decode()
    assert anybody.post(reverse("intake:report-answer"), {"code": "\x00 sai"}).status_code == 404
    assert "sessionid" not in anybody.cookies


def test_a_refused_report_keeps_every_word(anybody, monkeypatch):
    typed = {"province": "46", "text": "Chuyện dài tôi đã gõ rất lâu", "outlet": "SAI-MÃ", "happened_on": "2025-12-31"}
    refused = anybody.post(reverse("intake:report-broker"), typed)
    assert refused.status_code == 422
    for value in ("Chuyện dài tôi đã gõ rất lâu", "SAI-MÃ", "2025-12-31"):
        assert value in refused.content.decode()

    monkeypatch.setattr(reports, "MOST_OF_ADDRESS", 0)
    busy = anybody.post(reverse("intake:report-broker"), typed)
    assert busy.status_code == 429
    assert "Chuyện dài tôi đã gõ rất lâu" in busy.content.decode()
    assert not BrokerReport.objects.exists()


def test_hotlines_are_dated_and_say_who_published_them(anybody, settings):
    assert "Chưa có số nào" in page(anybody, "hotlines").content.decode()
    brokers.read_hotlines(settings.BASE_DIR / "reference_data")()

    text = page(anybody, "hotlines").content.decode()
    assert "0768.221.221" in text
    assert "01/07/2025" in text


# --- the API ---------------------------------------------------------------------------------------------------------


def test_cases_over_the_api(account):
    case = made.case()
    api = Api(person=account)

    assert [row["code"] for row in body_of(api.get("/broker-cases"))["items"]] == [case.code]
    whole = body_of(api.get(f"/broker-cases/{case.id}"))
    assert (len(whole["signals"][0]["dossiers"]), whole["calls"]["waiting"]) == (6, 0)
    assert api.post(f"/broker-cases/{case.id}/steps", {"step": "look"}).status_code == 201
    drawn = body_of(api.post(f"/broker-cases/{case.id}/draws", {"size": 2}))
    assert (drawn["population"], drawn["size"]) == (6, 2)
    call = case.calls.first()
    heard = api.post(f"/broker-calls/{call.id}/outcomes", {"heard": "declined"})
    assert body_of(heard)["state"] == "declined"
    assert BrokerCall.objects.filter(state="declined").count() == 1


def test_a_report_over_the_api_is_answered_by_its_code_in_the_body(anybody):
    sent = anybody.post("/api/v1/broker-reports", {"province": "46", "text": "Có người nhận làm nhanh lấy tiền"},
                        content_type="application/json")
    assert sent.status_code == 201
    answer = anybody.post("/api/v1/broker-reports/answers", {"code": sent.json()["code"]},
                          content_type="application/json")
    assert answer.json()["is_looked_at"] is False
    assert anybody.get("/api/v1/hotlines").json() == []

"""Carriers as their operator's headquarters see and answer them: lines, requests, unknown parcels, daily files."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from agents.operations import tokens
from agents.records import Workplace
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.events import TrackingEvent
from delivery.models.lines import CarrierLine, PollRound
from delivery.models.parcels import Parcel
from delivery.operations import carrier_requests, parked
from delivery.operations.askings import Asking
from delivery.operations.carrier_uploads import LARGEST
from delivery.queries.verification import differences
from delivery.rules.carrier_requests import RequestKind, RequestState
from shared.actors import job
from shared.models.messages import InboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from tests.delivery import carrier
from tests.delivery.test_files import file_of, life
from tests.factories import network, parcels, places

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/buu-gui/don-vi-van-chuyen/"
STRANGE = "EB123456785VN"
US = job("test")


@pytest.fixture
def headquarters(client):
    client.force_login(network.operator_hq())
    return client


def asked(**fields) -> CarrierRequest:
    """A request that a person has to tell the carrier."""
    parcel = parcels.parcel(**fields)
    Parcel.objects.filter(id=parcel.id).update(state="accepted", is_sent_to_carrier=True)
    with transaction.atomic():
        request = carrier_requests.ask_carrier(
            Asking(parcel.id, RequestKind.RETURN, f"return:{parcel.number}"), by=US, at=timezone.now())
    CarrierRequest.objects.filter(id=request).update(state=RequestState.BY_HAND)
    return CarrierRequest.objects.select_related("parcel").get(id=request)


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def bearer(*scopes: str, **place) -> dict[str, str]:
    issued = tokens.issue_token(name="máy thử", scopes=frozenset(scopes), place=Workplace(**place), by=US,
                                expires_at=timezone.now() + timedelta(days=1), at=timezone.now())
    return {"Authorization": f"Bearer {issued.clear}"}


def sent(client, path: str, body: dict[str, object], key: str = "k"):
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key})


# --- lines -----------------------------------------------------------------------------------------------------------


def test_headquarters_see_whether_their_carrier_answers_and_how_far_its_round_is(headquarters, settings):
    now, settings.WARDPOST_CARRIER_URLS = timezone.now(), {"vnpost": "http://127.0.0.1:9/vnpost"}
    network.other_operator()
    CarrierLine.objects.create(carrier="vnpost", failures=5, failing_since=now - timedelta(hours=1), error="HTTP 503")
    PollRound.objects.create(carrier="vnpost", started_at=now - timedelta(hours=3), calls=2, parcels=150, learned=4)

    text = text_of(headquarters.get(PAGE))

    for words in ("Không trả lời", "HTTP 503", "150 bưu gửi", "4 tin chưa ai báo", "chậm"):
        assert words in text, words
    assert "Viettel" not in text
    (line,) = headquarters.get("/api/v1/carrier-lines").json()
    assert (line["carrier"], line["state"], line["is_behind"]) == ("vnpost", "down", True)
    assert line["round"]["parcels"] == 150


def test_a_citys_program_sees_every_carrier_and_an_outlets_only_its_own(client):
    outlet, _other = network.outlet(), network.other_operator()
    asked(outlet=outlet)
    carrier.tell(client, carrier.event(STRANGE, "EMA"))
    city = bearer("parcels:read", province_code=places.HUE)
    own = bearer("parcels:read", outlet_id=outlet.id)

    def codes(path, key):
        return [{each["carrier"] for each in client.get(f"/api/v1/{path}", headers=key).json()}]

    assert codes("carrier-lines", city) == [{"vnpost", "vtpost"}]
    assert codes("carrier-requests", city) == codes("parked-events", city) == [{"vnpost"}]
    assert codes("carrier-lines", own) == codes("carrier-requests", own) == [{"vnpost"}]
    assert codes("parked-events", own) == [set()], "a number that nobody knows is no outlet's"


# --- what they were asked --------------------------------------------------------------------------------------------


def test_headquarters_write_down_what_the_carrier_said(headquarters):
    request = asked()
    assert request.parcel.number in text_of(headquarters.get(PAGE))

    refused = headquarters.post(f"{PAGE}yeu-cau/{request.id}/", {"do": "accept", "reason": " "})
    assert 'class="err"' in text_of(refused, 422)
    taken = headquarters.post(f"{PAGE}yeu-cau/{request.id}/", {"do": "accept", "reason": "chị Hoa, gọi điện"})

    assert taken.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.answer) == ("accepted", "chị Hoa, gọi điện")
    assert "chị Hoa, gọi điện" in text_of(headquarters.get(PAGE, {"pick": "answered"}))


def test_a_program_of_people_answers_once_and_a_strangers_request_does_not_exist(client):
    request = asked()
    path = f"/api/v1/carrier-requests/{request.id}/answers"
    client.force_login(network.operator_hq(network.other_operator()))
    assert sent(client, path, {"is_accepted": False, "reason": "x"}).status_code == 404

    client.force_login(network.operator_hq())
    answers = [sent(client, path, {"is_accepted": False, "reason": "anh Nam"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].json()["state"] == "refused"
    assert sent(client, path, {"is_accepted": True, "reason": "anh Nam"}, "k2").status_code == 409


# --- events of unknown parcels ---------------------------------------------------------------------------------------


def test_an_assigned_event_moves_its_parcel_and_so_does_what_comes_under_that_number_later(headquarters):
    parcel = parcels.parcel()
    carrier.tell(headquarters, carrier.event(STRANGE, "EMA"), carrier.event(STRANGE, "EDE", 5))
    parked.give_up(at=timezone.now() + timedelta(hours=73))
    first = InboxMessage.objects.order_by("id").first()
    assert first is not None
    assert "cần quyết định" in text_of(headquarters.get(PAGE))

    answer = headquarters.post(f"{PAGE}tin/{first.id}/", {
        "do": "assign", "number": parcel.number.lower(), "reason": "bưu cục xác nhận đánh máy sai"})

    assert answer.status_code == 302
    parcel.refresh_from_db()
    assert parcel.state == "in_transit"
    assert not WorkItem.objects.filter(kind="parcel-unknown", closed_at=None).exists()
    carrier.tell(headquarters, carrier.delivered(STRANGE))
    parcel.refresh_from_db()
    assert parcel.state == "delivered"
    assert "Mọi tin đều có bưu gửi" in text_of(headquarters.get(PAGE))
    assert differences() == []


def test_a_dismissed_event_stays_kept_and_is_nobodys_work_any_more(headquarters):
    carrier.tell(headquarters, carrier.event(STRANGE, "EMA"))
    parked.give_up(at=timezone.now() + timedelta(hours=73))
    message = InboxMessage.objects.get()

    answer = sent(headquarters, f"/api/v1/parked-events/{message.id}/dismissals", {"reason": "hàng của đơn vị khác"})

    assert answer.status_code == 201
    message.refresh_from_db()
    assert (message.verdict, bool(message.raw)) == ("dismissed", True)
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert AuditEntry.objects.get(action="parked_event.dismiss").after["reason"] == "hàng của đơn vị khác"
    assert headquarters.get("/api/v1/parked-events").json() == []


@pytest.mark.parametrize(("code", "number", "reason", "pointer"), [
    ("EMA", "RR000000005VN", "thấy tem", "/number"), ("EMA", None, " ", "/reason"),
    ("QQQ", None, "thấy tem", "/number")])
def test_what_cannot_be_assigned_says_why_and_keeps_what_was_typed(headquarters, code, number, reason, pointer):
    parcel = parcels.parcel()
    carrier.tell(headquarters, carrier.event(STRANGE, code))
    message, typed = InboxMessage.objects.get(), number or parcel.number

    refused = sent(headquarters, f"/api/v1/parked-events/{message.id}/assignments", {
        "number": typed, "reason": reason})
    shown = text_of(headquarters.post(f"{PAGE}tin/{message.id}/", {
        "do": "assign", "number": typed, "reason": reason}), 422)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    assert f'value="{typed}"' in shown
    assert 'class="err"' in shown
    message.refresh_from_db()
    assert message.processed_at is None


def test_an_event_is_never_given_to_a_parcel_of_somebody_elses(headquarters):
    theirs = parcels.parcel(operator_code="VTPOST")
    mine, other = parcels.parcel(), parcels.parcel()
    carrier.tell(headquarters, carrier.event(STRANGE, "EMA"))
    path = f"/api/v1/parked-events/{InboxMessage.objects.get().id}/assignments"

    assert sent(headquarters, path, {"number": theirs.number, "reason": "x"}).status_code == 422
    assert sent(headquarters, path, {"number": mine.number, "reason": "x"}).json() == {"applied": 1}
    assert sent(headquarters, path, {"number": other.number, "reason": "x"}, "k2").status_code == 404, "decided"
    assert sent(headquarters, "/api/v1/parked-events/99999999999999999999/dismissals", {"reason": "x"},
                "k3").status_code == 404


# --- daily files -----------------------------------------------------------------------------------------------------


def upload(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("ngay.csv", text.encode() if isinstance(text, str) else text, "text/csv")


def test_a_daily_file_is_taken_in_once_and_its_spoiled_lines_are_named(headquarters):
    parcel = parcels.parcel()
    text = file_of(*life(parcel.number), carrier.event(STRANGE, "EMA")) + "half,a,line\n"

    shown = text_of(headquarters.post(f"{PAGE}tep/", {"carrier": "vnpost", "file": upload(text)}))

    assert "Mới: 3; đã biết: 0; chờ bưu gửi: 1; từ chối: 1." in shown
    assert "Dòng 6" in shown
    parcel.refresh_from_db()
    assert parcel.state == "delivered"
    again = headquarters.post("/api/v1/carriers/vnpost/files", {"file": upload(text)}, headers={"Idempotency-Key": "f"})
    assert (again.status_code, again.json()["applied"], again.json()["refused"][0]["line"]) == (201, 0, 6)
    assert TrackingEvent.objects.count() == 3
    assert differences() == []


@pytest.mark.parametrize("content", ["so,ma\n1,2\n", b"\xff\xfe", b"x" * (LARGEST + 1), "a\x00b"])
def test_what_is_no_daily_file_is_refused_beside_its_field(headquarters, content):
    shown = text_of(headquarters.post(f"{PAGE}tep/", {"carrier": "vnpost", "file": upload(content)}), 422)

    assert 'class="err"' in shown
    assert not InboxMessage.objects.exists()


def test_nobody_speaks_for_a_carrier_that_is_not_hers_alone(client):
    outlet, _other = network.outlet(), network.other_operator()
    text = file_of(*life(parcels.parcel().number))

    def status(key: dict[str, str], code: str = "vnpost") -> int:
        return client.post(f"/api/v1/carriers/{code}/files", {"file": upload(text)},
                           headers={**key, "Idempotency-Key": str(key)[-20:]}).status_code

    assert status(bearer("parcels:write", outlet_id=outlet.id)) == 404
    own = bearer("parcels:write", operator_id=network.operator().id)
    assert status(own, "vtpost") == 404
    network.operator("OTHER", name="Bưu chính khác", operator_class="other_post")
    assert status(own) == 404, "vnpost carries for somebody else as well"
    network.operator("OTHER").delete()
    assert status(own) == 201


# --- and how much it costs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [2, 12])
def test_the_page_costs_the_same_however_much_waits(headquarters, many, django_assert_max_num_queries):
    for n in range(many):
        asked()
        carrier.tell(headquarters, carrier.event(f"EB{n:09d}VN", "EMA"))

    with django_assert_max_num_queries(23):
        text = text_of(headquarters.get(PAGE))

    assert text.count("yeu-cau/") == text.count("don-vi-van-chuyen/tin/") == many

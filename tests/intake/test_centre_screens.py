"""Inbox and desk as pages: plain forms and htmx, errors beside their fields, nothing typed lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.models.decisions import SupplementRequest
from intake.models.documents import Document
from intake.models.routing import AuthorityQuestion
from intake.operations import reception
from intake.records import Route, route_as_data
from intake.rules.states import Handling
from tests.factories import catalogue, network, places
from tests.factories.papers import looked_at
from tests.intake.centre_cases import WEDNESDAY, at, filed, forwarded, hue_centre, small_picture

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "div#decide"}


@pytest.fixture
def officer(client):
    staff = network.officer(hue_centre())
    client.force_login(staff)
    return staff


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def decide(client, dossier, act, headers=None, **typed):
    dossier.refresh_from_db()
    return client.post(reverse("intake:decide", args=[dossier.id, act]), {"version": dossier.version} | typed,
                       headers=headers or {})


def received(officer, **fields):
    dossier = forwarded(**fields)
    return reception.receive(dossier_id=dossier.id, by=network.acting(officer), at=WEDNESDAY)


# --- inbox ----------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_what_has_arrived_and_what_is_on_its_way(client, officer):
    forwarded(name="Hồ Thị Lài")
    forwarded(channel="post", code=catalogue.BUSINESS, name="Phan Văn Đức")

    shown = words(client.get(reverse("intake:inbox")))

    assert "Hồ Thị Lài" in shown
    assert shown.index("Hồ sơ giấy đang đến") < shown.index("Phan Văn Đức")


def test_an_empty_inbox_says_what_will_appear(client, officer):
    assert "Không có hồ sơ mới" in words(client.get(reverse("intake:inbox")))


def test_ticked_dossiers_are_received_each_for_itself(client, officer):
    first, second = forwarded(), forwarded()
    chosen = [f"{first.id}@{first.version}", f"{second.id}@{second.version - 1}"]

    shown = words(client.post(reverse("intake:receive-chosen"), {"dossier": chosen}, follow=True))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.handling, second.handling) == (Handling.RECEIVED, Handling.REGISTERED)
    assert "Đã tiếp nhận 1 hồ sơ." in shown
    assert "thay đổi hồ sơ này" in shown


def test_receiving_nothing_says_to_tick_first(client, officer):
    assert "Hãy chọn hồ sơ" in words(client.post(reverse("intake:receive-chosen"), follow=True))


@pytest.mark.parametrize("count", [1, 12])
def test_the_inbox_costs_the_same_however_long(count, client, officer, django_assert_max_num_queries):
    for _ in range(count):
        forwarded()
        received(officer)
    client.get(reverse("intake:inbox"))

    with django_assert_max_num_queries(12):
        client.get(reverse("intake:inbox"))


# --- desk -----------------------------------------------------------------------------------------------------------


def test_the_desk_says_what_receiving_brings_about(client, officer):
    dossier = forwarded(code=catalogue.BUSINESS)

    shown = words(client.get(reverse("intake:desk", args=[dossier.id])))

    assert "Tiếp nhận hồ sơ" in shown
    assert "Hẹn trả kết quả" in shown
    assert "046•••••4127" in shown


def test_a_dossier_is_received_and_the_desk_offers_the_next_step(client, officer):
    dossier = forwarded(code=catalogue.BUSINESS)

    answer = decide(client, dossier, "receive", checked=[dossier.procedure.documents[0]["code"]])

    dossier.refresh_from_db()
    assert (answer.status_code, dossier.handling) == (302, Handling.RECEIVED)
    shown = words(client.get(answer["Location"]))
    assert "Xong: Tiếp nhận" in shown
    assert "Bắt đầu xử lý" in shown
    assert reverse("intake:receipt", args=[dossier.id]) in client.get(answer["Location"]).content.decode()


def test_every_decision_that_is_possible_has_its_panel(client, officer):
    dossier = received(officer, code=catalogue.BUSINESS)
    for act in ("supplement", "start", "stop", "resolve", "withdraw"):
        page = client.get(reverse("intake:desk", args=[dossier.id]), {"act": act}, headers=HTMX)
        assert f"/quyet-dinh/{act}/" in page.content.decode()
        assert "<html" not in page.content.decode()


def test_a_request_is_sent_with_everything_that_was_ticked(client, officer):
    dossier = received(officer, code=catalogue.BUSINESS)
    paper = dossier.procedure.documents[0]["code"]

    answer = decide(client, dossier, "supplement", headers=HTMX, **{
        f"need-{paper}": "on", f"reason-{paper}": "not-signed", f"text-{paper}": "trang 2", "need-other": "on",
        "text-other": "Ảnh biển hiệu", "explanation": "Ký ở cuối trang."})

    assert answer["HX-Redirect"] == reverse("intake:desk", args=[dossier.id])
    asked = SupplementRequest.objects.get()
    assert asked.reasons == [{"component": paper, "reason": "not-signed", "text": "trang 2"},
                             {"component": "other", "reason": "other", "text": "Ảnh biển hiệu"}]
    form = client.get(reverse("intake:supplement-paper", args=[asked.id]))
    assert form["Content-Type"] == "application/pdf"


def test_a_request_that_says_nothing_comes_back_with_what_was_typed(client, officer):
    dossier = received(officer, code=catalogue.BUSINESS)

    answer = decide(client, dossier, "supplement", headers=HTMX, **{"need-other": "on", "explanation": "Ghi rõ số nhà"})

    assert answer.status_code == 422
    assert "Hãy ghi rõ còn thiếu gì." in words(answer)
    assert "Ghi rõ số nhà" in answer.content.decode()
    assert "data-error-summary" in answer.content.decode()


def test_ticking_nothing_says_so(client, officer):
    dossier = received(officer, code=catalogue.BUSINESS)

    assert "Hãy chọn ít nhất một giấy tờ" in words(decide(client, dossier, "supplement"))


def test_a_second_request_asks_why(client, officer):
    dossier = received(officer, code=catalogue.BUSINESS)
    decide(client, dossier, "supplement", **{"need-other": "on", "text-other": "Ảnh"})
    decide(client, dossier, "answer", text="Đã nộp")

    again = decide(client, dossier, "supplement", **{"need-other": "on", "text-other": "Ảnh khác"})
    assert again.status_code == 422
    assert "Hãy nêu vì sao cần yêu cầu lần nữa." in words(again)
    decide(client, dossier, "supplement", **{
        "need-other": "on", "text-other": "Ảnh khác", "again_because": "Ảnh đầu không đúng địa chỉ"})
    assert SupplementRequest.objects.count() == 2


def test_a_refusal_needs_its_reason_and_prints_its_form(client, officer):
    dossier = forwarded()

    incomplete = decide(client, dossier, "refuse", reason="", explanation="Thuộc nơi khác", legal_basis="")
    assert incomplete.status_code == 422
    assert "Thuộc nơi khác" in incomplete.content.decode()
    assert words(incomplete).count("Hãy chọn một lý do.") == 2  # in the summary and beside the field
    decide(client, dossier, "refuse", reason="not-competent", explanation="Thuộc nơi khác", legal_basis="NĐ 118/2025")

    dossier.refresh_from_db()
    assert dossier.handling == Handling.NOT_ACCEPTED
    assert client.get(reverse("intake:refusal-paper", args=[dossier.id])).status_code == 200


def test_a_page_that_is_old_says_who_did_what_and_keeps_what_was_typed(client, officer):
    dossier = forwarded()
    old = dossier.version
    other = network.acting(network.officer(hue_centre()))
    reception.receive(dossier_id=dossier.id, by=other, at=WEDNESDAY)
    url = reverse("intake:decide", args=[dossier.id, "refuse"])
    typed = {"version": old, "reason": "altered", "explanation": "Bị tẩy xóa", "legal_basis": "NĐ 118/2025"}

    page = client.post(url, typed)
    fragment = client.post(url, typed, headers=HTMX)

    assert (page.status_code, fragment.status_code) == (409, 422)
    for answer in (page, fragment):
        assert "thay đổi hồ sơ này" in words(answer)
        assert other.name in words(answer)
        assert "Bị tẩy xóa" in answer.content.decode()


def test_a_decision_with_its_file_is_recorded(client, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dossier = received(officer, code=catalogue.BUSINESS, result_choice="collect")

    answer = decide(client, dossier, "resolve", decision_number="12/GCN", summary="Cấp giấy chứng nhận",
                    result_file=SimpleUploadedFile("ket-qua.png", small_picture(), "image/png"))

    assert answer.status_code == 302, words(answer)
    kept = Document.objects.get(dossier=dossier, component="result")
    dossier.refresh_from_db()
    assert dossier.resolution.result_document_id == kept.id
    shown = client.get(reverse("intake:scan", args=[looked_at(kept).id]))
    assert shown["Content-Type"] == "image/png"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    handed = decide(client, dossier, "hand-over", receiver_name="Phan Văn Thử", identity="card")
    assert handed.status_code == 302


def test_what_cannot_be_decided_says_why(client, officer):
    dossier = filed()

    shown = client.get(reverse("intake:desk", args=[dossier.id]))
    assert "Bưu cục chưa gửi hồ sơ" in shown.content.decode()
    refused = decide(client, dossier, "receive")
    assert refused.status_code == 422
    assert "Bưu cục chưa gửi hồ sơ này" in words(refused)


def test_another_centres_dossier_is_not_there(client):
    client.force_login(network.officer(network.centre(places.PHU_XUAN)))
    dossier = forwarded()

    assert client.get(reverse("intake:desk", args=[dossier.id])).status_code == 404
    assert client.post(reverse("intake:decide", args=[dossier.id, "receive"]), {"version": 1}).status_code == 404
    assert client.post(reverse("intake:decide", args=[dossier.id, "burn"]), {"version": 1}).status_code == 404


def test_a_desk_costs_the_same_however_long_the_queue(client, officer, django_assert_max_num_queries):
    dossier = received(officer, code=catalogue.BUSINESS)
    for _ in range(10):
        received(officer)

    with django_assert_max_num_queries(22):
        client.get(reverse("intake:desk", args=[dossier.id]))


# --- unclear authority ----------------------------------------------------------------------------------------------


def test_a_manager_answers_whose_competence_it_is(client):
    centre, other = hue_centre(), network.centre(places.PHU_XUAN)
    dossier = filed()
    route = Route("1.001193", WEDNESDAY.date(), "R", "1", "NĐ 118/2025", "known", places.HUE, cause="several-centres")
    type(dossier).objects.filter(id=dossier.id).update(
        receiving_centre=None, authority_centre=None, route=route_as_data(route))
    question = AuthorityQuestion.objects.create(
        dossier=dossier, cause="several-centres", asked_at=WEDNESDAY, due_at=at("2025-07-03"),
        candidates=[{"id": str(centre.id), "name": centre.name}, {"id": str(other.id), "name": other.name}])
    client.force_login(network.centre_manager(centre))
    url = reverse("intake:authority", args=[question.id])

    assert url in client.get(reverse("intake:inbox")).content.decode()
    assert "Nhiều trung tâm cùng có thể có thẩm quyền" in words(client.get(url))
    unsaid = client.post(url, {"centre_id": str(other.id), "legal_basis": ""})
    assert unsaid.status_code == 422
    assert client.post(url, {"centre_id": "", "legal_basis": "x"}).status_code == 422
    client.post(url, {"centre_id": str(other.id), "legal_basis": "Nghị định 118/2025/NĐ-CP"})

    dossier.refresh_from_db()
    assert dossier.authority_centre_id == other.id


def test_a_colleague_takes_a_dossier_over(client, officer):
    dossier = received(network.officer(hue_centre()), code=catalogue.BUSINESS)
    page = client.get(reverse("intake:desk", args=[dossier.id])).content.decode()
    assert 'form="claim"' in page

    decide(client, dossier, "claim")

    dossier.refresh_from_db()
    assert dossier.officer_id == officer.id
    assert 'form="claim"' not in client.get(reverse("intake:desk", args=[dossier.id])).content.decode()

"""The pages about competence, and the API beside them."""

import re

import pytest
from django.urls import reverse

from intake.models.opinions import Opinion, OpinionAddressee, Precedent
from intake.models.routing import AuthorityQuestion
from intake.operations import opinions
from intake.operations.opinions import Addressee
from intake.records import PlaceChoice
from tests.factories import catalogue, dossiers, network, places
from tests.intake.moments import MONDAY_MORNING as NOW
from tests.intake.test_opinions import BASIS, answered, manager, permit_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def centres():
    catalogue.procedure(catalogue.PERMIT)
    places.former_commune(places.PHONG_CHUONG)
    return network.centre(), network.provincial_centre()


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sign_in(client, centre):
    staff = network.centre_manager(centre)
    client.force_login(staff)
    return staff


def test_a_question_is_asked_answered_and_found_again(client, centres):
    commune, province = centres
    sign_in(client, commune)
    page = client.post(reverse("intake:ask-opinion"), {
        "key": "permit-needed", "subject": "substance", "question": "Xây nhà ở đây có cần giấy phép không?",
        "procedure_code": catalogue.PERMIT, "place": f"{places.PHONG_DINH}/{places.PHONG_CHUONG}",
        "centres": [str(province.id)], "days": "2", "is_general": "on"}, follow=True)
    assert "Đã gửi câu hỏi" in words(page)

    row = OpinionAddressee.objects.get()
    sign_in(client, province)
    page = client.post(reverse("intake:answer-opinion", args=[row.opinion_id, row.id]), {
        "verdict": "no", "legal_basis": BASIS, "text": "Nhà ở nông thôn dưới 7 tầng"}, follow=True)
    assert "áp dụng cho lần sau cùng câu hỏi" in words(page)
    assert Opinion.objects.get().place_code == places.PHONG_CHUONG

    found = words(client.get(reverse("intake:competence"), {"tab": "tien-le", "q": "giay phep phong chuong"}))
    assert BASIS in found
    assert "Nhà ở nông thôn" in words(client.get(reverse("intake:precedent", args=[Precedent.objects.get().id])))


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client, centres):
    commune, _province = centres
    sign_in(client, commune)

    page = client.post(reverse("intake:ask-opinion"), {
        "key": "permit-needed", "subject": "substance", "question": "ngắn", "days": "2", "department": "Sở Xây dựng"})

    assert page.status_code == 422
    assert "Hãy viết rõ câu hỏi" in words(page)
    assert 'value="Sở Xây dựng"' in page.content.decode()


@pytest.mark.parametrize("tab", ["cau-hoi", "y-kien", "tien-le"])
def test_every_empty_tab_teaches(client, centres, tab):
    sign_in(client, centres[0])

    assert 'class="empty"' in client.get(reverse("intake:competence"), {"tab": tab}).content.decode()


@pytest.mark.usefixtures("rate_book")
@pytest.mark.parametrize("count", [1, 6])
def test_the_queue_costs_the_same_however_long(client, count, django_assert_max_num_queries):
    counter = dossiers.counter()
    provincial = network.provincial_centre()
    for _ in range(count):
        dossier = counter.submit(place=PlaceChoice(places.commune(places.PHU_XUAN).code))
        opinions.ask(permit_question(Addressee(provincial.id), dossier_id=dossier.id, procedure_code="",
                                     place_code="", is_general=False), by=manager(provincial), at=NOW)
    sign_in(client, provincial)

    with django_assert_max_num_queries(14):
        assert client.get(reverse("intake:competence")).status_code == 200
    with django_assert_max_num_queries(16):
        assert client.get(reverse("intake:competence"), {"tab": "y-kien"}).status_code == 200


@pytest.mark.usefixtures("rate_book")
def test_the_clerk_sees_the_waiting_question_and_then_the_answer(client):
    counter = dossiers.counter()
    provincial = network.provincial_centre()
    dossier = counter.submit(place=PlaceChoice(places.commune(places.PHU_XUAN).code))
    asked = opinions.ask(permit_question(
        Addressee(provincial.id), dossier_id=dossier.id, subject="authority", key="competent-authority",
        procedure_code="", place_code=""), by=manager(provincial), at=NOW)
    client.force_login(counter.clerk)
    where = reverse("intake:opinions-panel", args=[dossier.id])
    assert "chưa trả lời" in words(client.get(where, headers={"HX-Request": "true"}))

    answered(asked, manager(provincial), verdict="authority", authority_id=provincial.id)

    shown = words(client.get(where))
    assert provincial.authority_name in shown
    assert "Chưa rõ" not in shown
    strange = network.clerk()
    client.force_login(strange)
    assert client.get(where).status_code == 404


@pytest.mark.usefixtures("rate_book")
def test_why_here_says_whether_the_route_comes_out_the_same_today(client):
    counter = dossiers.counter()
    dossier = counter.submit()
    client.force_login(counter.clerk)

    assert "Tính lại: vẫn như cũ" in words(client.get(reverse("intake:why", args=[dossier.id])))
    counter.centre.open_until = NOW.date()
    counter.centre.save()
    assert "Tính lại: khác trước" in words(client.get(reverse("intake:why", args=[dossier.id])))


def test_the_finder_answers_for_any_day(client, centres):
    commune, province = centres
    answered(opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW), manager(province))
    client.force_login(network.clerk())

    page = client.post(reverse("intake:why-finder"), {
        "thu-tuc": catalogue.PERMIT, "ngay": "2026-01-12", "place": f"{places.PHONG_DINH}/{places.PHONG_CHUONG}"})

    assert "UBND phường Phong Dinh" in words(page)
    assert "Có phải xin giấy phép không?" in words(page)


@pytest.mark.usefixtures("rate_book")
def test_a_manager_takes_a_question_on_and_answers_for_the_next_one_too(client):
    counter = dossiers.counter()
    provincial = network.provincial_centre()
    counter.submit(place=PlaceChoice(places.commune(places.PHU_XUAN).code))
    staff = sign_in(client, provincial)
    question = AuthorityQuestion.objects.get()

    client.post(reverse("intake:own-question", args=[question.id]))
    question.refresh_from_db()
    assert question.owner_id == staff.id
    page = client.post(reverse("intake:authority", args=[question.id]), {
        "centre_id": str(provincial.id), "legal_basis": "Nghị định 118/2025/NĐ-CP", "is_general": "on"})

    assert page.status_code == 302
    assert Precedent.objects.get().authority_id == provincial.id


def test_the_letter_is_a_pdf_with_question_and_answer(client, centres):
    commune, province = centres
    sign_in(client, commune)
    asked = opinions.ask(permit_question(Addressee(province.id)), by=manager(commune), at=NOW)
    before = client.get(reverse("intake:opinion-letter", args=[asked.id])).content
    answered(asked, manager(province))

    after = client.get(reverse("intake:opinion-letter", args=[asked.id]))
    assert before.startswith(b"%PDF")
    assert (after["Content-Type"], after.content != before) == ("application/pdf", True)


def test_the_api_asks_answers_and_replays(client, centres):
    commune, province = centres
    sign_in(client, commune)
    made = client.post("/api/v1/opinions", {
        "subject": "substance", "key": "permit-needed", "question": "Xây nhà ở đây có cần giấy phép không?",
        "addressees": [{"centre_id": str(province.id)}], "procedure_code": catalogue.PERMIT,
        "place_code": places.PHONG_CHUONG}, content_type="application/json")
    assert made.status_code == 201, made.content
    asked = client.get(f"/api/v1/opinions/{made.json()['id']}").json()
    sign_in(client, province)
    done = client.post(f"/api/v1/opinions/{asked['id']}/addressees/{asked['addressees'][0]['id']}/answers", {
        "verdict": "no", "legal_basis": BASIS}, content_type="application/json")
    assert done.json()["outcome"] == "answered"
    found = client.get("/api/v1/precedents", {"q": "giay phep"}).json()["items"]
    assert [each["verdict"] for each in found] == ["no"]
    route = client.get("/api/v1/routes", {"procedure_code": catalogue.PERMIT, "on": "2027-01-12",
                                          "former_commune_code": places.PHONG_CHUONG}).json()
    assert route["advice"] == [found[0]["id"]]
    assert client.get("/api/v1/opinions?settled=true").json()["items"][0]["id"] == asked["id"]

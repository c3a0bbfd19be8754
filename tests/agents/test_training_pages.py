"""The pages and the API of training."""

import io
from datetime import timedelta

import orjson
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.training.models import Attempt, Certificate, TrainingGate
from shared.roles import Role
from tests.agents.factories import make_outlet, staff
from tests.agents.training_cases import MORNING, certified, gate_from, load_courses, right

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    load_courses()
    account = staff(Role.OUTLET_CLERK)
    client.force_login(account)
    return account


def text(answer):
    return answer.content.decode()


def test_a_clerk_learns_takes_the_test_and_holds_a_certificate_that_anybody_can_check(client, clerk):
    assert "Hộ tịch" in text(client.get("/dao-tao/"))
    assert "60 ngày" in text(client.get("/dao-tao/khoa/civil-status/"))
    address = client.post("/dao-tao/khoa/civil-status/bai-thi/")["Location"]
    attempt = Attempt.objects.get()
    assert "có giấy" not in text(client.get(address))

    unanswered = client.post(address, {})
    assert unanswered.status_code == 422
    assert "Chọn một câu trả lời." in text(unanswered)
    client.post(address, {f"q-{code}": value for code, value in right(attempt).items()})

    result = text(client.get(address))
    certificate = Certificate.objects.get()
    assert certificate.number in result
    paper = client.get(f"/dao-tao/chung-chi/{certificate.id}/")
    words = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert certificate.holder in words
    client.logout()
    assert certificate.holder in text(client.get(f"/chung-chi/{certificate.number}/"))
    assert certificate.holder in text(client.get("/chung-chi/", {"number": certificate.number[:5] + "-"
                                                                  + certificate.number[5:].lower()}))
    assert client.get("/chung-chi/AAAAAAAAAA/").status_code == 404


def test_the_answers_are_on_no_page_before_the_test_is_handed_in(client, clerk):
    address = client.post("/dao-tao/khoa/civil-status/bai-thi/")["Location"]
    attempt = Attempt.objects.get()

    page = text(client.get(address))

    assert attempt.paper[0]["why_vi"] not in page
    assert attempt.paper[0]["source"] not in page


def test_what_was_chosen_stays_chosen_when_an_answer_is_missing(client, clerk):
    address = client.post("/dao-tao/khoa/civil-status/bai-thi/")["Location"]
    question = Attempt.objects.get().paper[0]

    page = text(client.post(address, {f"q-{question['code']}": "1"}))

    assert f'name="q-{question["code"]}" value="1" checked' in page


def test_somebody_elses_attempt_and_certificate_do_not_exist(client, clerk):
    certificate = certified(staff(Role.OUTLET_CLERK), "civil-status")

    assert client.get(f"/dao-tao/bai-thi/{certificate.attempt_id}/").status_code == 404
    assert client.get(f"/dao-tao/chung-chi/{certificate.id}/").status_code == 404
    assert client.get("/dao-tao/khoa/no-such/").status_code == 404


def test_the_manager_sees_who_of_her_outlet_lacks_what_and_nobody_elses_people(client):
    load_courses()
    outlet = make_outlet()
    certified(staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Lê Thị Đủ"), "civil-status", timezone.now())
    staff(Role.OUTLET_CLERK, display_name="Người Nơi Khác")
    client.force_login(staff(Role.OUTLET_MANAGER, outlet=outlet, display_name="Trưởng Quầy"))

    page = text(client.get("/dao-tao/nhan-su/"))

    assert "Lê Thị Đủ" in page
    assert "Người Nơi Khác" not in page
    assert "chưa có chứng chỉ" in page
    assert "Lê Thị Đủ" in text(client.get("/dao-tao/nhan-su/", {"show": "lacking"}))
    assert "Lê Thị Đủ" not in text(client.get("/dao-tao/nhan-su/", {"show": "ending"}))


def test_the_coverage_costs_the_same_however_many_people(client):
    load_courses()
    client.force_login(staff(Role.PROGRAMME_OFFICER))
    asked = []
    for _ in range(2):
        certified(staff(Role.OUTLET_CLERK), "civil-status", timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get("/dao-tao/nhan-su/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_programme_officer_sets_the_gate_on_the_page(client):
    load_courses()
    client.force_login(staff(Role.PROGRAMME_OFFICER))

    refused = client.post("/dao-tao/dieu-kien/", {"holds_from": timezone.localdate().isoformat(), "reason": "Sớm"})
    assert refused.status_code == 422
    assert "ít nhất một tuần" in text(refused)
    day = timezone.localdate() + timedelta(days=30)
    client.post("/dao-tao/dieu-kien/", {"holds_from": day.isoformat(), "reason": "Kế hoạch đào tạo 2026"})

    assert TrainingGate.objects.get().holds_from == day
    assert "Kế hoạch đào tạo 2026" in text(client.get("/dao-tao/nhan-su/"))


# --- the API ----------------------------------------------------------------------------------------------------------


def send(client, path, body, key):
    return client.post(f"/api/v1{path}", orjson.dumps(body), content_type="application/json",
                       headers={"Idempotency-Key": key})


def test_a_test_is_taken_over_the_api_and_its_answers_are_told_afterwards(client, clerk):
    begun = send(client, "/attempts", {"course_code": "civil-status"}, "a").json()
    assert all(question["right"] is None and not question["source"] for question in begun["questions"])

    done = send(client, f"/attempts/{begun['id']}/answers", {"answers": right(Attempt.objects.get())}, "b")

    assert done.status_code == 201
    assert done.json()["has_passed"]
    assert all(question["source"] for question in done.json()["questions"])
    listed = client.get("/api/v1/certificates", {"valid_on": timezone.localdate().isoformat()}).json()["items"]
    assert [each["number"] for each in listed] == [done.json()["certificate_number"]]
    assert client.get(f"/api/v1/certificates/{listed[0]['id']}").json()["group"] == "civil_status"


def test_the_gate_answers_over_the_api(client, clerk):
    gate_from("46", MORNING.date())

    answer = client.get("/api/v1/admissions", {"group": "civil_status", "on": "2025-10-06"}).json()

    assert not answer["is_open"]
    assert [lack["course_code"] for lack in answer["lacks"]] == ["acting-for-a-citizen", "civil-status"]
    assert client.get("/api/v1/admissions", {"group": "civil_status", "account_id": str(staff(Role.OUTLET_CLERK).id)}
                      ).status_code == 404

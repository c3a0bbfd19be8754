"""The programme's pages and API: what an officer types, what an operator reads."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models.people import StaffAccount
from agents.programme.models import OperatorAgreement, PhaseDecision, ProgrammeOperator, ProgrammePhase
from agents.programme.rules import CONFORMANCE
from shared.roles import Role
from tests.agents import programmes
from tests.agents.factories import make_commune, make_operator, make_outlet, staff
from tests.agents.programmes import WHY, begun, entered, kept, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return programmes.officers()


def signed_in(client, actor):
    client.force_login(StaffAccount.objects.get(id=actor.id))
    return client


def test_an_officer_begins_plans_gates_and_proposes_and_another_signs(client, who):
    make_commune(name="Phú Xuân")
    signed_in(client, who.first)
    home = reverse("agents:programme")
    assert client.post(home, {"name": "x"}).status_code == 422
    assert client.post(home, {"name": "Đại lý Huế", "legal_basis": "Kế hoạch minh hoạ"}).status_code == 302

    plan = {"name": "Thí điểm", "kind": "pilot", "starts_on": "2025-07-03", "legal_basis": "Kế hoạch minh hoạ"}
    answer = client.post(reverse("agents:plan-phase"), plan | {"communes": "phu xuan, Nơi Khác"})
    assert answer.status_code == 422
    assert "Nơi Khác" in answer.content.decode()
    assert client.post(reverse("agents:plan-phase"), plan | {"communes": "phu xuan"}).status_code == 302
    phase = ProgrammePhase.objects.get()
    assert len(phase.communes) == 1
    url = reverse("agents:phase", args=[phase.id])

    gates = reverse("agents:phase-gates", args=[phase.id])
    assert client.post(gates, {"communes_covered-threshold": "120"}).status_code == 422
    assert client.post(gates, {"communes_covered-threshold": "80", "communes_covered-least": "1"}).status_code == 302
    assert "không đạt" in client.get(url).content.decode()
    propose = reverse("agents:propose-decision", args=[phase.id])
    assert client.post(propose, {"verdict": "go", "reason": WHY}).status_code == 422
    answer = client.post(propose, {"verdict": "go", "reason": WHY, "despite-communes_covered": "Điểm mở ngày mai rồi"})
    assert answer.status_code == 302
    decision = PhaseDecision.objects.get()
    sign = reverse("agents:settle-decision", args=[decision.id, "sign"])
    assert client.post(sign, {"reason": WHY}).status_code == 422
    signed_in(client, who.second)
    assert client.post(sign, {"reason": WHY}).status_code == 302
    page = client.get(url).content.decode()
    assert "Điểm mở ngày mai rồi" in page
    assert "Lê Văn Bình" in page
    assert client.post(reverse("agents:phase-step", args=[phase.id, "end"]), {"reason": WHY}).status_code == 302


def test_an_operator_is_entered_shown_and_approved_on_the_page(client, who):
    begun(who)
    signed_in(client, who.first)
    enter = reverse("agents:enter-operator")
    assert client.post(enter, {"code": "NHATTIN"}).status_code == 422
    answer = client.post(enter, {"code": "NHATTIN", "name": "Doanh nghiệp minh hoạ", "operator_class": "other",
                                 "carrier_code": "nhattin"})
    assert answer.status_code == 302
    entry = ProgrammeOperator.objects.get()
    today = timezone.localdate()
    keep = {"number": "01/TT-MH", "notice_days": "30", "valid_from": today.isoformat(),
            "contact-0-what": "Sự cố", "contact-0-name": "Trực điều hành"}
    agreement = reverse("agents:operator-agreement", args=[entry.id])
    answer = client.post(agreement, keep)
    assert answer.status_code == 422
    assert "Trực điều hành" in answer.content.decode()
    assert client.post(agreement, keep | {"contact-0-phone": "0900000000", "price-0-what": "Hỗ trợ nộp hồ sơ",
                                          "price-0-amount": "0"}).status_code == 302
    for item in CONFORMANCE:
        answer = client.post(reverse("agents:operator-evidence", args=[entry.id]), {
            "item": item, "outcome": "met", "evidence": "Biên bản minh hoạ số 7", "evidence_on": today.isoformat()})
        assert answer.status_code == 302
    answer = client.post(reverse("agents:delegate-task", args=[entry.id]), {
        "task-task": "advise", "task-group": "", "task-valid_from": today.isoformat(),
        "task-legal_basis": "Thoả thuận minh hoạ"})
    assert answer.status_code == 302
    step = "agents:operator-step"
    assert client.post(reverse(step, args=[entry.id, "submit"])).status_code == 302
    assert client.post(reverse(step, args=[entry.id, "approve"])).status_code == 422
    signed_in(client, who.second)
    assert client.post(reverse(step, args=[entry.id, "approve"])).status_code == 302
    page = client.get(reverse("agents:operator", args=[entry.id])).content.decode()
    assert "Đang tham gia" in page
    kept_one = OperatorAgreement.objects.get()
    notice = reverse("agents:agreement-notice", args=[kept_one.id])
    assert client.post(notice, {"notice-ends_on": today.isoformat(), "notice-reason": WHY}).status_code == 422
    later = (today + timedelta(days=30)).isoformat()
    assert client.post(notice, {"notice-ends_on": later, "notice-reason": WHY}).status_code == 302
    row = entry.delegations.get()
    answer = client.post(reverse("agents:end-delegation", args=[row.id]), {"end-ends_on": later, "end-reason": WHY})
    assert answer.status_code == 302


def test_headquarters_read_their_own_agreement_and_nobody_elses(client, who):
    begun(who)
    own = entered(who)
    other = entered(who, make_operator("VTPOST", name="Viettel Post", operator_class="other_post"))
    kept(own, who)
    signed_in(client, staff(Role.OPERATOR_HQ).actor)
    page = client.get(reverse("agents:operators")).content.decode()
    assert "01/TT-MH" in page
    assert "Viettel Post" not in page
    assert "Trực điều hành" in client.get(reverse("agents:operator", args=[own.id])).content.decode()
    assert client.get(reverse("agents:operator", args=[other.id])).status_code == 404
    assert client.get(f"/api/v1/operators/{other.id}").status_code == 404
    assert client.get(f"/api/v1/operators/{own.id}").json()["agreements"][0]["number"] == "01/TT-MH"
    assert client.post(reverse("agents:operator-evidence", args=[own.id])).status_code == 403


def test_the_api_does_what_the_pages_do(client, who):
    signed_in(client, who.first)
    kind = {"content_type": "application/json"}
    assert client.get("/api/v1/programme").status_code == 404
    made = client.post("/api/v1/programme", {"name": "Đại lý Huế", "legal_basis": "Kế hoạch"}, **kind)
    assert made.status_code == 201
    phase = client.post("/api/v1/programme/phases", {
        "kind": "pilot", "name": "Thí điểm", "legal_basis": "Kế hoạch", "starts_on": "2025-07-03"}, **kind).json()
    url = f"/api/v1/programme/phases/{phase['id']}"
    asked = {"gates": [{"measure": "dossiers", "threshold": 10}]}
    assert client.put(f"{url}/gates", asked, **kind).status_code == 200
    odd = {"kind": "pilot", "name": "x\x00", "legal_basis": "\x00", "starts_on": "2025-07-03", "communes": ["\x00"],
           "operators": ["\x00"], "groups": ["\x00"]}
    assert client.put(url, odd, **kind).status_code == 422
    assert client.post("/api/v1/operators", {"code": "\x00"}, **kind).status_code == 422
    read = client.get(f"{url}/gates").json()["gates"][0]
    assert (read["sample"], read["passes"]) == (0, False)
    refused = client.post(f"{url}/decisions", {"verdict": "go", "reason": WHY}, **kind)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/despite/dossiers")
    decision = client.post(f"{url}/decisions", {"verdict": "no_go", "reason": WHY}, **kind).json()
    steps = f"/api/v1/programme/decisions/{decision['id']}/steps"
    assert client.post(steps, {"step": "sign", "reason": WHY}, **kind).status_code == 403
    assert client.post(steps, {"step": "withdraw", "reason": WHY}, **kind).json()["state"] == "withdrawn"
    assert client.get("/api/v1/programme").json()["phases"][0]["state"] == "planned"


@pytest.mark.parametrize("many", [1, 5])
def test_the_lists_cost_the_same_however_long(client, who, many, django_assert_max_num_queries):
    begun(who)
    make_outlet()
    for number in range(many):
        planned(who, name=f"Giai đoạn {number}")
        code = f"OP{number}"
        entry = entered(who, make_operator(code, name=f"Doanh nghiệp {number}", operator_class="other"))
        kept(entry, who, programmes.agreement(f"{number}/TT", begins=date(2025, 1, 1)))
    signed_in(client, who.first)
    client.get(reverse("agents:operators"))
    with django_assert_max_num_queries(13):
        client.get(reverse("agents:operators"))
    with django_assert_max_num_queries(13):
        client.get(reverse("agents:programme"))

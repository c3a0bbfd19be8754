"""The pages of accreditation: the city's and the operator's, and what anybody sees at the counter."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents.accreditation import public_acts, steps
from agents.accreditation.models import Accreditation, OutletReport, Survey, SurveyPhoto
from agents.accreditation.rules import CHECKLIST, State
from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from agents.programme.agreements import Price
from shared.roles import Role
from tests.agents import accredited, programmes
from tests.agents.accredited import JPEG, NOON, POINT, finished, licensed, proposed
from tests.agents.factories import opens, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return accredited.people()


def signed_in(client, actor):
    client.force_login(StaffAccount.objects.get(id=actor.id))
    return client


def test_an_officer_marks_photographs_and_finishes_on_the_page(client, people):
    found = proposed(people)
    url = reverse("agents:accreditation-survey", args=[found.id])
    signed_in(client, people.first)
    marks = {f"mark-{item.code}": "met" for item in CHECKLIST}

    answer = client.post(url, marks | {"do": "end", "latitude": "16.9", "longitude": "107.59", "note-sign": "mới"})
    assert answer.status_code == 422
    assert "500 m" in answer.content.decode()
    assert Survey.objects.get().marks.count() == len(CHECKLIST)  # what was marked is kept all the same

    for code in ("sign", "price_list", "cabinet"):
        picture = SimpleUploadedFile("a.jpg", JPEG, "image/jpeg")
        assert client.post(url, {"do": "photo", "item": code, "photo": picture}).status_code == 302
    shown = client.get(reverse("agents:survey-photo", args=[SurveyPhoto.objects.first().id]))
    assert (shown.content, shown["Content-Type"], shown["Cache-Control"]) == (JPEG, "image/jpeg", "no-store")
    answer = client.post(url, {"do": "end", "latitude": str(POINT[0]), "longitude": str(POINT[1])})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.state == State.SURVEYED

    own = client.post(reverse("agents:accreditation-step", args=[found.id, "approve"]))
    assert own.status_code == 422
    signed_in(client, people.second)
    assert client.post(reverse("agents:accreditation-step", args=[found.id, "approve"])).status_code == 302
    page = client.get(reverse("agents:accreditation", args=[found.id])).content.decode()
    assert "100 %" in page
    assert "46-HUE-009-2025" in page or "46-HUE-009-" in page


def test_who_made_the_survey_is_offered_no_decision_on_it(client, people):
    found = finished(people)
    url = reverse("agents:accreditation", args=[found.id])

    hers = signed_in(client, people.first).get(url)
    theirs = signed_in(client, people.second).get(url)

    assert hers.context["needs_another"]
    assert "Người đã khảo sát không được quyết định" in hers.content.decode()
    assert not theirs.context["needs_another"]
    assert {step for step, *_rest in theirs.context["steps"]} >= {"approve", "return"}
    assert not {step for step, *_rest in hers.context["steps"]} & {"approve", "return", "renew"}


def test_the_lists_show_what_waits(client, people):
    proposed(people)
    signed_in(client, people.second)
    assert "HUE-009" in client.get(reverse("agents:accreditations")).content.decode()
    assert "HUE-009" not in client.get(reverse("agents:accreditations"), {"state": "active"}).content.decode()


def test_an_operator_proposes_on_the_page_and_keeps_what_was_typed(client, people):
    accredited.proposal()
    signed_in(client, people.operator)
    entries = {"code": "HUE-009", "name": "Bưu cục Kim Long", "commune": "kim long", "address": "3 Kim Long",
               "latitude": "18.4", "longitude": "107.59", "tasks": ["advise"], "phase": "pilot"}
    answer = client.post(reverse("agents:propose-outlet"), entries)
    assert answer.status_code == 422
    assert "3 Kim Long" in answer.content.decode()
    assert client.post(reverse("agents:propose-outlet"), entries | {"latitude": "16.46"}).status_code == 302
    assert Accreditation.objects.get().name == "Bưu cục Kim Long"


def test_the_sign_is_a_paper_that_stays_the_same(client, people):
    found = licensed(people)
    signed_in(client, people.operator)
    url = reverse("agents:genuine-sign", args=[found.id])
    first, again = client.get(url), client.get(url)
    assert first.content.startswith(b"%PDF")
    assert first.content == again.content


def test_the_public_page_shows_the_price_list_in_force_with_its_source(client, people, time_machine):
    time_machine.move_to(accredited.NOON, tick=False)
    found = accredited.licensed(people)
    who = programmes.Officers(people.first, people.second)
    programmes.begun(who)
    entry = programmes.entered(who, found.operator)
    for number, begins, ends, price in (("01/TT", date(2025, 1, 1), date(2025, 7, 1), 900),
                                        ("02/TT", date(2025, 7, 1), date(2026, 1, 1), 1500)):
        programmes.kept(entry, who, programmes.agreement(number, begins, ends, prices=[
            Price("Hỗ trợ nộp hồ sơ", 0), Price("Sao chụp", price)]))

    page = client.get(reverse("agents:genuine", args=["HUE-009"])).content.decode()
    told = client.get("/api/v1/register/HUE-009").json()

    assert "Sao chụp" in page
    assert "1.500" in page
    assert "900" not in page.replace("HUE-009", "")
    assert "02/TT" in page
    assert "Kế hoạch minh hoạ" in page
    assert told["prices"] == {
        "agreement": "02/TT", "in_force_from": "2025-07-01", "legal_basis": "Kế hoạch minh hoạ",
        "items": [{"what": "Hỗ trợ nộp hồ sơ", "amount": 0}, {"what": "Sao chụp", "amount": 1500}]}


def test_anybody_sees_whether_an_agent_is_genuine_and_checks_a_badge(client, people):
    found = licensed(people)
    assert found.outlet_id is not None
    outlet = Outlet.objects.get(id=found.outlet_id)
    opens(outlet)
    clerk = staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Trần Thị Lan")
    badge = public_acts.issue_badge(account_id=clerk.id, by=people.operator, at=NOON)
    url = reverse("agents:genuine", args=["HUE-009"])

    page = client.get(url).content.decode()
    assert "Đây là đại lý chính thức" in page
    assert "07:30–17:30" in page
    assert "Trần Thị Lan" in client.post(url, {"badge": badge.number}).content.decode()
    assert "Trần Thị Lan" not in client.post(url, {"badge": "AAAAAAA"}).content.decode()
    assert client.get(reverse("agents:genuine", args=["HUE-777"])).status_code == 404
    assert "HUE-009" in client.get(reverse("agents:register"), {"q": "Kim Long"}).content.decode()


def test_a_report_from_the_counter_reaches_the_programme(client, people):
    licensed(people)
    url = reverse("agents:genuine", args=["HUE-009"])
    assert client.post(url, {"report": "1", "text": "ngắn"}).status_code == 422
    assert client.post(url, {"report": "1", "text": "Nhân viên đòi 50.000 đ sáng nay"}).status_code == 302

    signed_in(client, people.first)
    page = client.get(reverse("agents:outlet-reports"))
    assert "50.000" in page.content.decode()
    report = OutletReport.objects.get()
    answer = client.post(reverse("agents:outlet-reports"), {"report": str(report.id), "outcome": "Đã trả lại tiền"})
    assert answer.status_code == 302
    assert client.post(reverse("agents:outlet-reports"), {"report": "x", "outcome": "Đã trả"}).status_code == 404


def test_too_many_tries_are_refused_in_words(client, people):
    licensed(people)
    url = reverse("agents:genuine", args=["HUE-009"])
    answers = [client.post(url, {"badge": "AAAAAAA"}).status_code for _ in range(public_acts.MOST_OF_ADDRESS + 1)]
    assert answers == [200] * public_acts.MOST_OF_ADDRESS + [429]


@pytest.mark.parametrize("places", [1, 6])
def test_the_register_costs_the_same_however_long(client, people, places, django_assert_max_num_queries):
    licensed(people)
    for number in range(1, places):
        assert people.operator.operator_id is not None
        steps.propose(operator_id=people.operator.operator_id, proposal=accredited.proposal(f"HUE-10{number}"),
                      by=people.operator, at=NOON)
    signed_in(client, people.first)
    for page in ("agents:accreditations", "agents:register"):
        client.get(reverse(page))  # moves of outlets are remembered
    with django_assert_max_num_queries(11):
        client.get(reverse("agents:accreditations"))
    with django_assert_max_num_queries(10):
        client.get(reverse("agents:register"))
    client.logout()
    with django_assert_max_num_queries(6):
        client.get(reverse("agents:register"))

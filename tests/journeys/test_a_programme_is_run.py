"""A programme officer's part: a phase opened by two through measured gates, an operator with its agreement, a new agent
that somebody else approves and that is watched."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.accreditation import steps
from agents.accreditation.rules import Step
from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from agents.programme import operators
from agents.programme.models import ProgrammeOperator
from agents.programme.rules import CONFORMANCE
from agents.quality import launch
from tests.agents import accredited
from tests.agents.factories import make_commune

WHY = "Theo biên bản kiểm tra"


@pytest.fixture
def people(transactional_db):
    make_commune(name="Kim Long")
    return accredited.people()


def account(actor):
    return StaffAccount.objects.select_related("operator", "province").get(id=actor.id)


def fill(page, **entries):
    for name, value in entries.items():
        page.locator(f"[name='{name}']").fill(value)


def test_a_phase_opens_by_two_signatures_after_its_gates_were_measured(open_as, accessible, people):
    page = open_as("/mang-luoi/chuong-trinh/", account(people.first))
    fill(page, name="Đại lý dịch vụ công Huế", legal_basis="Kế hoạch minh hoạ")
    page.get_by_role("button", name="Lập chương trình").click()
    page.get_by_role("link", name="Lập giai đoạn").click()
    fill(page, name="Thí điểm", legal_basis="Kế hoạch minh hoạ", communes="kim long",
         starts_on=timezone.localdate().isoformat())
    page.locator("[name=kind]").select_option("pilot")
    page.get_by_role("button", name="Lưu kế hoạch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thí điểm")
    fill(page, **{"communes_covered-threshold": "80", "communes_covered-least": "1"})
    page.get_by_role("button", name="Lưu điều kiện").click()
    expect(page.locator(".prog-gates").get_by_text("không đạt")).to_be_visible()  # no outlet stands there yet
    accessible(page)
    fill(page, **{"despite-communes_covered": "Điểm Kim Long mở ngày mai"})
    page.locator("[name=verdict]").select_option("go")
    page.locator("form[action$='/de-xuat/'] [name=reason]").fill(WHY)
    page.get_by_role("button", name="Gửi đề xuất").click()
    expect(page.get_by_role("button", name="Ký quyết định")).to_have_count(0)  # never who proposed it
    expect(page.get_by_role("heading", name="Có đề xuất đang chờ")).to_be_visible()

    other = open_as(page.url, account(people.second))
    other.locator("form[action$='/refuse/'] [name=reason]").fill(WHY)
    other.get_by_role("button", name="Ký quyết định").click()
    expect(other.locator(".page-h").get_by_text("Đang thực hiện")).to_be_visible()
    expect(other.get_by_text("Điểm Kim Long mở ngày mai").first).to_be_visible()
    accessible(other)


def test_an_operator_is_admitted_and_its_new_agent_is_approved_by_another_and_watched(open_as, accessible, people):
    from tests.agents.programmes import Officers, begun  # its names would hide those of this journey

    begun(Officers(people.first, people.second))
    page = open_as("/mang-luoi/doanh-nghiep/moi/", account(people.first))
    code = account(people.operator).operator.code
    fill(page, code=code)
    page.get_by_role("button", name="Đưa vào danh sách dự kiến").click()
    page.get_by_role("link", name="Lưu thoả thuận mới").click()
    today = timezone.localdate()
    fill(page, number="01/TT-MH", valid_from=today.isoformat(), **{
        "contact-0-what": "Sự cố", "contact-0-name": "Trực điều hành", "contact-0-phone": "02343000000",
        "price-0-what": "Hỗ trợ nộp hồ sơ", "price-0-amount": "0"})
    page.get_by_role("button", name="Lưu thoả thuận").click()
    expect(page.get_by_text("01/TT-MH").first).to_be_visible()
    entry = ProgrammeOperator.objects.get()
    *but_one, last = CONFORMANCE
    for item in but_one:
        operators.record_evidence(entry_id=entry.id, by=people.first, at=timezone.now(), found=operators.Evidence(
            item, "met", "Biên bản minh hoạ số 7", today))
    page.reload()
    page.locator("[name=item]").select_option(last)
    fill(page, evidence="Biên bản minh hoạ số 7", evidence_on=today.isoformat())
    page.get_by_role("button", name="Ghi bằng chứng").click()
    expect(page.locator("section", has=page.locator("#o-checks")).get_by_text(
        f"{len(CONFORMANCE)}/{len(CONFORMANCE)}")).to_be_visible()
    fill(page, **{"task-valid_from": today.isoformat(), "task-legal_basis": "Thoả thuận minh hoạ"})
    page.get_by_role("button", name="Giao nhiệm vụ").click()
    expect(page.get_by_role("cell", name="Thoả thuận minh hoạ")).to_be_visible()
    accessible(page)
    page.locator("button[formaction$='/submit/']").click()
    expect(page.locator("button[formaction$='/submit/']")).to_have_count(0)
    other = open_as(page.url, account(people.second))
    other.locator("button[formaction$='/approve/']").click()
    expect(other.get_by_text("Đang tham gia").first).to_be_visible()

    found = accredited.finished(people, at=timezone.now())
    other.goto(f"/cong-nhan/{found.id}/")
    other.get_by_role("button", name="Phê duyệt điểm này").click()
    expect(other.get_by_text("Đã phê duyệt", exact=True)).to_be_visible()
    steps.take_step(accreditation_id=found.id, step=Step.ACTIVATE, by=people.operator, at=timezone.now())
    Outlet.objects.filter(code="HUE-009").update(agreement_from=today - timedelta(days=1))
    launch.begin_watches(at=timezone.now())

    other.goto("/chat-luong/diem-moi/")
    accessible(other)
    other.get_by_role("link", name="Bưu cục Kim Long").click()
    other.get_by_role("button", name="Tôi phụ trách điểm này").click()
    expect(other.get_by_role("button", name="Tôi phụ trách điểm này")).to_have_count(0)
    other.locator("form[action$='/note/'] [name=kind]").select_option("visit")
    other.locator("form[action$='/note/'] [name=text]").fill("Đủ người, đủ thiết bị")
    other.locator("form[action$='/note/'] button").click()
    expect(other.locator("ol.line").get_by_text("Đủ người, đủ thiết bị")).to_be_visible()
    accessible(other)

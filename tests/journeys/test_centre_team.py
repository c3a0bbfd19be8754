"""A team's morning in the browser: work is handed out, handed on and covered; an apology goes out before it is late."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intake import apologies
from intake.models.decisions import Extension
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import absences, reception
from intake.operations.absences import AbsenceInput
from shared.working_days import work_calendar
from tests.factories import catalogue, network
from tests.intake.centre_cases import forwarded, hue_centre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer():
    return network.officer(hue_centre())


@pytest.fixture
def colleague():
    return network.staff("centre_officer", "Trần Quốc Bảo", centre=hue_centre())


def received(officer, name, code=catalogue.BUSINESS):
    now = timezone.now()
    dossier = forwarded(code=code, name=name, moment=now, result_choice="collect")
    reception.receive(dossier_id=dossier.id, by=network.acting(officer), at=now)
    return dossier


def test_work_is_assigned_handed_on_and_covered(open_as, officer, colleague, accessible):
    first, second = received(officer, "Hồ Thị Lài"), received(officer, "Phan Văn Đức")
    manager = network.centre_manager(hue_centre())

    page = open_as("/trung-tam/cong-viec/", manager)
    accessible(page)
    page.locator("[data-tick-all]").check(force=True)
    page.get_by_label("Giao cho").select_option(label="Trần Quốc Bảo")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã phân công 2 hồ sơ.")
    accessible(page)

    page = open_as(f"/trung-tam/ho-so/{first.id}/", colleague)
    page.keyboard.press("0")
    page.get_by_label("Giao cho").select_option(label=officer.display_name)
    page.get_by_label("Hồ sơ đang đến đâu").fill("Còn chờ bản vẽ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Xong: Bàn giao")
    first.refresh_from_db()
    assert first.officer_id == officer.id

    page = open_as("/trung-tam/doi-ngu/", manager)
    accessible(page)
    today = timezone.localdate()
    page.get_by_label("Người vắng").select_option(label="Trần Quốc Bảo")
    page.get_by_label("Ngày đầu vắng").fill(today.isoformat())
    page.get_by_label("Ngày cuối vắng").fill((today + timedelta(days=2)).isoformat())
    page.locator("form.card").get_by_label("Người làm thay").select_option(label=officer.display_name)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".w-planned")).to_contain_text("Trần Quốc Bảo")

    page = open_as("/trung-tam/cong-viec/?whose=mine", officer)
    expect(page.locator("[data-row]").filter(has_text="Phan Văn Đức")).to_contain_text("bạn làm thay")
    page.locator("[data-row] a").filter(has_text="Phan Văn Đức").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phan Văn Đức")
    page.wait_for_load_state()
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Xong: Xử lý")
    step = DossierStep.objects.filter(dossier=second, action="start").get()
    assert step.actor_name == f"{officer.display_name} (thay Trần Quốc Bảo)"


def test_an_apology_is_drafted_and_sent_from_the_desk(open_as, officer, accessible):
    dossier = received(officer, "Hồ Thị Lài")
    now, calendar = timezone.now(), work_calendar()
    due_at = calendar.add_working_minutes(now, 2 * 480 + 60)
    Dossier.objects.filter(id=dossier.id).update(due_at=due_at, term_minutes=4 * 480,
                                                 clock_started_at=now - timedelta(days=3))
    assert apologies.draft_apologies(at=now) == 1
    page = open_as("/trung-tam/cong-viec/", officer)
    expect(page.locator("[data-row]").first).to_contain_text("đã soạn xin lỗi")

    page.keyboard.press("j")
    expect(page.locator("[data-row] a:focus")).to_contain_text("Hồ Thị Lài")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hồ Thị Lài")
    page.wait_for_load_state()
    page.keyboard.press("5")
    expect(page.get_by_label("Ngày trả kết quả mới")).not_to_have_value("")
    accessible(page)
    page.get_by_label("Lý do", exact=True).select_option("site-visit")
    page.get_by_label("Nói rõ cho người dân").fill("Mưa lớn")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status").first).to_contain_text("Xong: Xin lỗi, hẹn lại")
    sent = Extension.objects.get()
    assert (sent.reason, sent.signed_by_name) == ("site-visit", officer.display_name)
    page.locator("#sec-more > summary").click()
    expect(page.get_by_role("link", name="Mẫu 04: xin lỗi, gia hạn")).to_be_visible()


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}, {"width": 390, "height": 844}],
                         ids=["laptop", "phone"])
def test_the_centres_pages_fit_their_windows(viewport, open_as, officer, colleague):
    received(officer, "Nguyễn Hoàng Phương Thảo Vy", catalogue.PERMIT)
    today = timezone.localdate()
    manager = network.centre_manager(hue_centre())
    away = AbsenceInput(colleague.id, today, today + timedelta(days=3), UUID(str(officer.id)))
    absences.plan_absence(away, by=network.acting(manager), at=timezone.now())
    for path in ("cong-viec", "ket-qua", "dinh-chinh", "doi-ngu", "so-theo-doi"):
        page = open_as(f"/trung-tam/{path}/", manager, viewport=viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path

"""A clerk in training goes through the door, works at the real screens with a made-up citizen, and is credited."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.practice import live, runs
from agents.practice.models import PracticeRun, Trainee
from intake.models.citizens import ActingSession, Citizen
from intake.operations import sessions, submission
from intake.records import DocumentRef, SubmissionInput
from shared.ids import uuid7
from tests.agents.practice_cases import as_live, as_practice, token_in
from tests.factories import catalogue, network, places, rates


@pytest.fixture
def clerk(transactional_db):
    rates.load()
    catalogue.procedure()
    yield network.clerk(network.outlet(places.PHONG_DINH))
    rates.forget()


def finish_the_visit(by):
    """What journeys of their own do at the screens: the dossier is filed, the visit ended."""
    now, citizen = timezone.now(), Citizen.objects.get()
    submission.submit_dossier(SubmissionInput(
        client_ref=uuid7(), citizen_id=citizen.id, procedure_code=catalogue.BIRTH, channel="online",
        result_choice="home", documents=(DocumentRef("to_khai"), DocumentRef("giay_chung_sinh"))), by=by, at=now)
    sessions.close_session(session_id=ActingSession.objects.get(closed_at=None).id, by=by, at=timezone.now())


def test_from_the_door_to_the_training_record(open_as, accessible, clerk, settings):
    as_live(settings)
    link = live.give_link(exercise_code="birth-certificate", by=clerk.actor, at=timezone.now())
    as_practice(settings)
    page = open_as(f"/luyen-tap/vao/?ve={token_in(link.url)}")
    accessible(page)
    page.get_by_role("button", name="Bắt đầu luyện tập").click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đăng ký khai sinh")
    accessible(page)
    page.locator(".practice-steps .next button").click()
    page.wait_for_load_state()
    expect(page.locator(".practice-steps .next")).to_contain_text("Nhận hồ sơ")

    run = PracticeRun.objects.get()
    person = runs.people_of(run)[0]
    page.get_by_role("link", name="Tới màn hình làm việc").click()
    page.wait_for_load_state()
    expect(page.locator(".practice-under-way")).to_contain_text("bước 1 trên 4")
    sex = "Nữ" if person.is_female else "Nam"
    page.locator("#c-find").fill(f"{person.national_id}||{person.full_name}|{person.birth_date:%d%m%Y}|{sex}|"
                                 "1 đường Luyện Tập, Phong Dinh, Huế|01072021")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Họ và tên")).to_have_value(person.full_name)
    page.locator("#c-phone").fill(person.phone)
    page.get_by_text("Điểm hỗ trợ giúp nộp").click()
    page.get_by_text("Chuyển họ tên, điện thoại").click()
    page.locator(".confirm .btn-main").click()
    expect(page.locator(".strip")).to_contain_text(person.full_name.split()[0])

    trainee = Trainee.objects.select_related("account__outlet__commune").get()
    finish_the_visit(trainee.account.actor)
    page.goto(f"/luyen-tap/lan/{run.id}/")
    page.get_by_role("button", name="Kiểm tra việc đã làm").click()
    page.wait_for_load_state()
    expect(page.locator(".note.ok")).to_contain_text("Xong")
    accessible(page)

    run.refresh_from_db()
    receipt = runs.receipt_of(PracticeRun.objects.select_related("trainee").get(id=run.id))
    as_live(settings)
    live.take_result(receipt=receipt, at=timezone.now())
    record = open_as("/dao-tao/luyen-tap/", clerk)
    expect(record.locator("li.course").first).to_contain_text("1 bước có dùng gợi ý")
    accessible(record)

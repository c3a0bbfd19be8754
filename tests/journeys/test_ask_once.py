"""Ask once, answer, and the next same question is answered by precedent; a closed day moves a due moment."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intake.models.opinions import Opinion
from intake.operations import opinion_answers, reception
from intake.operations.opinion_answers import AnswerInput
from shared.outbox import relay
from shared.working_days import work_calendar
from tests.factories import catalogue, network, places
from tests.intake.centre_cases import forwarded, hue_centre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager():
    catalogue.procedure(catalogue.PERMIT)
    places.former_commune(places.PHONG_CHUONG)
    return network.centre_manager(hue_centre())


def ask(page) -> None:
    page.goto("/trung-tam/y-kien/hoi/")
    page.get_by_label("Viết đầy đủ").fill("Xây nhà ở tại xã Phong Chương cũ có phải xin giấy phép không?")
    page.get_by_label("Thủ tục").fill(catalogue.PERMIT)
    page.locator("#ask-place").fill("Phong Chương")
    page.locator("#ask-place-offers button").first.click()
    page.get_by_label("Hỏi cơ quan ngoài hệ thống").fill("Sở Xây dựng")
    page.get_by_label("Cách liên hệ").fill("0234 382 2000")
    page.keyboard.press("Control+Enter")


def test_asked_once_the_next_same_question_is_answered_by_precedent(open_as, manager, accessible):
    page = open_as("/trung-tam/tham-quyen/?tab=y-kien", manager)
    accessible(page)
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("Đã gửi câu hỏi")
    asked = Opinion.objects.get()
    opinion_answers.answer(AnswerInput("no", "Luật Xây dựng 50/2014/QH13"), opinion_id=asked.id,
                           addressee_id=asked.addressees.get().id, by=network.acting(manager), at=timezone.now())

    ask(page)

    expect(page.get_by_role("status")).to_contain_text("tiền lệ trả lời câu hỏi này")
    accessible(page)
    page.goto("/trung-tam/tham-quyen/?tab=tien-le&q=giay+phep+phong+chuong")
    expect(page.get_by_role("table")).to_contain_text("Luật Xây dựng")
    accessible(page)


def test_a_closed_day_moves_the_due_moment(open_as, manager):
    dossier = forwarded(code=catalogue.BUSINESS, moment=timezone.now())
    reception.receive(dossier_id=dossier.id, by=network.acting(manager), at=timezone.now())
    dossier.refresh_from_db()
    before = dossier.due_at
    assert before is not None
    day = work_calendar().next_working(timezone.localdate())
    page = open_as(f"/lich/centre/{dossier.receiving_centre_id}/", manager)
    page.get_by_label("Ngày", exact=True).fill(day.isoformat())
    page.get_by_label("Lý do").fill("Bảo trì hệ thống điện")
    page.get_by_label("Văn bản căn cứ").fill("Thông báo 12/TB-UBND")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã đặt ngày")

    relay.drain()

    dossier.refresh_from_db()
    assert dossier.due_at is not None
    assert dossier.due_at >= before + timedelta(days=1)

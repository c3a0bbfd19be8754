"""A clerk reads what must be read, finds an answer, asks what she does not find; the room answers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.announcements import board
from agents.announcements import operations as announcements
from agents.announcements.models import AnnouncementReading
from agents.announcements.operations import Notice
from agents.handbook import operations as handbook
from agents.handbook.models import HandbookQuestion
from agents.handbook.rules import Draft
from tests.factories import network, places
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_clerk_reads_finds_asks_and_the_room_answers(open_as, accessible):
    now = timezone.now()
    clerk, room = network.clerk(), network.operations_officer(places.HUE)
    office = network.acting(network.programme_officer(places.HUE))
    made = announcements.publish(by=network.acting(room), at=now, notice=Notice(
        "Cổng dừng tối nay", "Từ 22 giờ, nhận hồ sơ giấy.", now - timedelta(minutes=1), now + timedelta(days=2),
        is_must_read=True))
    board.remember()
    today = timezone.localdate()
    entry = handbook.propose(by=network.acting(room), at=now, draft=Draft(
        "Giấy tờ gốc của người dân có phải nộp không?", "Chỉ nộp khi thủ tục yêu cầu.", "Nghị định 118/2025/NĐ-CP",
        today, today + timedelta(days=90)))
    handbook.decide(version_id=entry.id, is_approved=True, by=office, at=now)

    page = open_as("/so-tay/", clerk)
    page.get_by_role("link", name="Cổng dừng tối nay").click()
    accessible(page)
    page.get_by_role("button", name="Tôi đã đọc").click()
    expect(page.get_by_text("Bắt buộc đọc:")).to_have_count(0)
    assert AnnouncementReading.objects.get().account_id == clerk.id

    page.goto("/so-tay/")
    page.get_by_label("Bạn muốn hỏi gì?").fill("giay to goc")
    page.get_by_role("button", name="Tìm kiếm", exact=True).click()
    expect(page.get_by_role("link", name="Giấy tờ gốc của người dân có phải nộp không?")).to_be_visible()
    accessible(page)
    page.get_by_label("Câu hỏi của bạn").fill("Con dấu mờ thì có đối chiếu được không?")
    page.get_by_role("button", name="Hỏi", exact=True).click()
    expect(page.get_by_text("Con dấu mờ thì có đối chiếu được không?")).to_be_visible()

    desk = open_as("/so-tay/viec/", room)
    accessible(desk)
    desk.get_by_role("link", name="Con dấu mờ thì có đối chiếu được không?").click()
    desk.get_by_label("Trả lời", exact=True).fill("Được, nếu đọc rõ tên cơ quan.")
    desk.get_by_role("button", name="Trả lời").click()
    desk.wait_for_load_state()
    assert HandbookQuestion.objects.get().answered_at is not None

    phone = open_as("/so-tay/", clerk, viewport=PHONE)
    expect(phone.get_by_text("Được, nếu đọc rõ tên cơ quan.")).to_be_visible()
    accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out on a phone"
    seen = open_as(f"/thong-bao/{made.id}/", room)
    expect(seen.get_by_text("1 / ")).to_be_visible()
    accessible(seen)

"""A morning of the operations officer: a counter reports in one press, she sees it through and releases the brief."""

import pytest
from playwright.sync_api import expect

from agents.briefs import operations
from agents.briefs.rules import Half
from agents.room.models import Incident
from shared.roles import Role
from tests.agents.factories import make_outlet, moment, opens, staff

MORNING = moment("2025-07-02 07:30")


@pytest.fixture
def outlet():
    made = make_outlet(code="HUE-001", name="Bưu cục Kim Long")
    opens(made)
    return made


def test_trouble_is_reported_in_one_press_taken_solved_and_told_in_the_brief(outlet, open_as, accessible):
    officer = staff(Role.OPERATIONS_OFFICER, display_name="Nguyễn Văn Trực")
    counter = open_as("/su-co/", staff(Role.OUTLET_MANAGER, outlet=outlet))
    counter.get_by_role("link", name="Báo sự cố").first.click()
    counter.wait_for_load_state()
    counter.get_by_role("button", name="Đường truyền").click()
    expect(counter.get_by_text("Phòng điều hành đã nhận")).to_be_visible()

    room = open_as("/su-co/", officer)
    accessible(room)
    room.get_by_role("link", name=Incident.objects.get().code).click()
    room.wait_for_load_state()
    room.get_by_role("button", name="Nhận xử lý").click()
    room.wait_for_load_state()
    room.get_by_label("Đã khắc phục bằng cách nào").fill("Đổi sang đường dự phòng")
    room.get_by_role("button", name="Đã khắc phục xong").click()
    expect(room.get_by_text("Đổi sang đường dự phòng").first).to_be_visible()
    accessible(room)

    brief = operations.make_brief(province_code="46", day=MORNING.date(), half=Half.PLAN, at=MORNING)
    room.goto(f"/giao-ban/{brief.id}/")
    room.get_by_label("Làm việc gì").fill("Kiểm tra đường dự phòng")
    room.get_by_label("Người thực hiện").fill("VNPT")
    room.get_by_label("Đến ngày").fill("2025-07-02T16:00")
    room.get_by_role("button", name="Giao việc").click()
    expect(room.get_by_text("Kiểm tra đường dự phòng")).to_be_visible()
    room.get_by_role("button", name="Phát hành giao ban").click()
    expect(room.get_by_text("Đã phát hành").first).to_be_visible()
    accessible(room)

"""A manager fills a gap and hands her roster on; a clerk stands in, and asks a colleague to take her own shift."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from agents.duties.models import DutyDelegation
from agents.duties.queries import acts_under
from agents.roster.models import RosterShift
from agents.roster.rules import monday_of
from shared.roles import Role
from tests.agents.factories import opens, staff
from tests.factories import network


def test_a_manager_fills_a_gap_hands_the_roster_on_and_a_clerk_works_it_on_her_behalf(
        open_as, accessible, transactional_db):
    outlet = network.outlet()
    opens(outlet, 0, 1, 2, 3, 4)
    manager = staff(Role.OUTLET_MANAGER, outlet=outlet, display_name="Lê Minh Tuấn")
    clerk = staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Nguyễn Thị Hạnh")
    staff(Role.OUTLET_CLERK, outlet=outlet, display_name="Trần Văn Bình")
    today = timezone.localdate()
    monday = monday_of(today) + timedelta(days=7)
    page = open_as("/nhan-su/", manager)

    page.get_by_role("link", name="Lịch trực").first.click()
    page.get_by_role("link", name="Tuần sau").click()
    expect(page.get_by_text("Giờ mở cửa chưa có đủ người trực")).to_be_visible()
    accessible(page)
    _put_in(page, "Nguyễn Thị Hạnh", "Thứ.Hai")
    expect(page.get_by_role("row", name="Nguyễn Thị Hạnh")).to_contain_text("07:30–17:30")
    assert RosterShift.objects.get().date == monday

    page.goto("/giao-viec/")
    page.get_by_label("Lịch trực").check()
    page.get_by_label("Đồng nghiệp", exact=True).select_option(label="Nguyễn Thị Hạnh")
    page.get_by_label("Ngày đầu").fill(today.isoformat())
    page.get_by_label("Ngày cuối").fill((today + timedelta(days=3)).isoformat())
    page.get_by_label("Lý do", exact=True).fill("Đi tập huấn ở tỉnh")
    page.get_by_role("main").get_by_role("button", name="Giao việc").click()
    expect(page.get_by_role("row", name="Nguyễn Thị Hạnh")).to_contain_text("đang làm thay")
    accessible(page)

    hers = open_as(f"/lich-truc/{outlet.id}/?tuan={monday}", clerk)
    expect(hers.get_by_text("Ở trang này bạn làm việc thay Lê Minh Tuấn")).to_be_visible()
    _put_in(hers, "Trần Văn Bình", "Thứ.Ba")
    expect(hers.get_by_role("row", name="Trần Văn Bình")).to_contain_text("07:30–17:30")
    given = DutyDelegation.objects.get()
    assert [each.action for each in acts_under(given.id)] == ["roster.add"]
    accessible(hers)

    page.get_by_role("link", name="Lịch trực").first.click()
    page.goto(f"/giao-viec/{given.id}/")
    expect(page.get_by_text("Đưa người vào lịch trực")).to_be_visible()
    page.get_by_role("button", name="Kết thúc ngay").click()
    expect(page.get_by_text("kết thúc sớm")).to_be_visible()

    hers.goto(f"/lich-truc/{outlet.id}/?tuan={monday}")
    expect(hers.get_by_role("button", name="Đưa vào lịch")).to_have_count(0)
    hers.get_by_label("Đồng nghiệp", exact=True).select_option(label="Trần Văn Bình")
    hers.get_by_role("button", name="Nhờ", exact=True).click()
    expect(hers.get_by_text("Nguyễn Thị Hạnh đã nhờ Trần Văn Bình nhận ca")).to_be_visible()


def _put_in(page, person, day):
    page.get_by_label("Người", exact=True).first.select_option(label=person)
    page.get_by_label(re.compile(day)).check()
    page.get_by_label("Bắt đầu").fill("7h30")
    page.get_by_label("Kết thúc").fill("17:30")
    page.get_by_role("button", name="Đưa vào lịch").click()

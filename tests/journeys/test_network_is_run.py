"""Those who run the network: coming in, opening an outlet, enrolling a clerk, reading the API's description."""

import re

import pytest
from playwright.sync_api import expect

from shared.roles import Role
from tests.agents.factories import PASSWORD, make_commune, make_outlet, make_province, opens, staff
from tests.journeys.conftest import PHONE


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1366, "height": 625}])
def test_a_person_comes_in_after_a_slip_with_the_keyboard_alone(viewport, open_as, accessible):
    staff(Role.OPERATOR_HQ, username="dieu.hanh")
    page = open_as("/", viewport=viewport)
    accessible(page)

    page.get_by_label("Tên đăng nhập").fill("dieu.hanh")
    page.get_by_label("Mật khẩu").fill("sai-mat-khau")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("không đúng")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("dieu.hanh")
    expect(page.get_by_label("Mật khẩu")).to_have_value("")
    accessible(page)

    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Điểm phục vụ")).to_be_visible()
    accessible(page)


def test_a_headquarters_opens_an_outlet_sets_its_hours_and_suspends_it(open_as, accessible):
    make_commune(name="Kim Long", latitude=16.46, longitude=107.59)
    make_outlet(code="HUE-001")
    page = open_as("/mang-luoi/", staff(Role.OPERATOR_HQ))

    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Mở điểm phục vụ")).to_be_visible()
    accessible(page)
    for label, value in {"Mã": "HUE-009", "Tên": "Bưu cục Kim Long", "Xã, phường": "kim long",
                         "Số nhà, đường": "3 Kim Long", "Vĩ độ": "107.58", "Kinh độ": "107.58"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("hỗ trợ nộp trực tuyến").check()
    page.get_by_role("button", name="Mở điểm phục vụ").click()
    expect(page.get_by_role("alert")).to_contain_text("Vĩ độ")
    expect(page.get_by_label("Số nhà, đường")).to_have_value("3 Kim Long")
    accessible(page)

    page.get_by_label("Vĩ độ").fill("16.46")
    page.get_by_role("button", name="Mở điểm phục vụ").click()
    expect(page.get_by_role("heading", name="Bưu cục Kim Long")).to_be_visible()
    accessible(page)
    page.get_by_label("Thứ Hai, mở cửa").first.fill("7h30")
    page.get_by_label("Thứ Hai, đóng cửa").first.fill("11:30")
    page.get_by_role("button", name="Áp dụng giờ này").click()
    expect(page.get_by_label("Thứ Hai, mở cửa").first).to_have_value("07:30")

    page.get_by_label("Lý do").fill("sửa chữa")
    page.get_by_role("button", name="Tạm ngừng").click()
    expect(page.get_by_text("tạm ngừng", exact=True)).to_be_visible()
    accessible(page)


def test_an_administrator_issues_a_key_and_sees_it_once(open_as, accessible):
    opens(make_outlet(code="HUE-001", name="Bưu cục Phú Xuân"))
    page = open_as("/khoa-may/", staff(Role.ADMINISTRATOR, province=make_province(), is_staff=True))
    accessible(page)

    page.get_by_label("Dùng cho máy nào").fill("Kiosk")
    page.get_by_label("Gắn với").select_option(label="HUE-001 Bưu cục Phú Xuân")
    page.get_by_label("dossiers:write").check()
    page.get_by_role("button", name="Cấp khoá").click()
    expect(page.locator("[data-token]")).to_have_text(re.compile(r"^wp_.{43}$"))
    accessible(page)

    page.goto("/khoa-may/")
    expect(page.locator("[data-token]")).to_have_count(0)
    page.get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_text("đã hết", exact=True)).to_be_visible()


def test_staff_pages_work_on_a_phone(open_as, accessible):
    manager = staff(Role.OUTLET_MANAGER)
    clerk = staff(Role.OUTLET_CLERK, outlet=manager.outlet, display_name="Trần Thị Mới")
    page = open_as("/nhan-su/", manager, viewport=PHONE)
    accessible(page)

    page.get_by_role("link", name="Trần Thị Mới").click()
    accessible(page)
    page.get_by_role("region", name="Khoá tài khoản").get_by_label("Lý do").fill("nghỉ việc")
    page.get_by_role("button", name="Khoá tài khoản").click()

    expect(page.get_by_role("heading", name="Mở lại tài khoản")).to_be_visible()
    clerk.refresh_from_db()
    assert not clerk.is_active


def test_the_description_of_the_api_is_served_from_here_within_the_policy(open_as):
    page = open_as("/api/v1/docs")

    expect(page.get_by_role("heading", name=re.compile("^Wardpost"))).to_be_visible()
    expect(page.get_by_text("/api/v1/me", exact=True)).to_be_visible()

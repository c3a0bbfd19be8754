"""A clerk adds a passkey and signs in with it; a device without one does not get past the second step."""

import re

from playwright.sync_api import expect

from agents.models.people import StaffAccount
from tests.factories import network


def test_a_clerk_adds_a_passkey_and_signs_in_with_it(open_as, accessible, transactional_db):
    clerk = network.clerk(network.outlet())
    page = open_as("/tai-khoan/xac-thuc/khoa/", clerk)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})
    accessible(page)

    page.get_by_label(re.compile("Tên gọi")).fill("Máy ở quầy 1")
    page.get_by_label("Mật khẩu").fill(network.PASSWORD)
    page.get_by_role("button", name="Hỏi thiết bị").click()
    expect(page.locator("[data-codes] li")).to_have_count(10)
    page.get_by_role("link", name="Tôi đã lưu").click()
    expect(page.get_by_text("Máy ở quầy 1")).to_be_visible()
    accessible(page)
    assert StaffAccount.objects.get(id=clerk.id).second_factor_at is not None

    page.context.clear_cookies()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(clerk.username)
    page.get_by_label("Mật khẩu").fill(network.PASSWORD)
    page.get_by_label("Mật khẩu").press("Enter")
    expect(page.get_by_role("heading", name="Bước hai")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Dùng khoá truy cập").click()
    expect(page.locator(".who-name")).to_contain_text(clerk.display_name)

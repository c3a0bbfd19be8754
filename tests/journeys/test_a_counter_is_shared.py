"""Two clerks share a computer: the screen covers itself, one lets the other on, and each finds her own work again."""

import re

from playwright.sync_api import expect

from tests.factories import network


def test_an_unattended_page_covers_itself_and_keeps_what_was_typed_for_its_own_clerk(
        open_as, accessible, transactional_db):
    outlet = network.outlet()
    first, second = network.clerk(outlet), network.clerk(outlet)
    page = open_as("/dang-nhap/", allow=frozenset({403, 422}))
    page.get_by_label("Tên đăng nhập").fill(first.username)
    page.get_by_label("Mật khẩu").fill(network.PASSWORD)
    page.get_by_label("Mật khẩu").press("Enter")
    expect(page.locator(".who-name")).to_contain_text(first.display_name)
    page.goto("/tai-khoan/ma-pin/")
    page.get_by_label("Mã PIN mới").fill("528417")
    # Only the page's idea of the time goes on: with a made-up clock for its timers too, a busy machine was once seen to
    # cover the page before anything was typed.
    page.evaluate("() => { const now = Date.now.bind(Date); Date.now = () => now() + 11 * 60_000; }")

    cover = page.get_by_role("dialog")
    expect(cover).to_be_visible()
    expect(page.get_by_role("heading", name="Mã PIN ở quầy")).to_be_hidden()
    accessible(page)
    cover.get_by_label("Mã PIN hoặc mật khẩu").fill("sai-mat-khau")
    cover.get_by_role("button", name="Mở khoá").click()
    expect(cover.get_by_text("Chưa đúng.")).to_be_visible()

    # Somebody else comes, in a tab of her own.
    with page.context.expect_page() as opened:
        cover.get_by_role("link", name="Người khác").click()
    other = opened.value
    other.get_by_role("link", name=re.compile("Người chưa đăng nhập")).click()
    other.get_by_label("Tên đăng nhập").fill(second.username)
    other.get_by_label("Mật khẩu").fill(network.PASSWORD)
    other.get_by_label("Mật khẩu").press("Enter")
    expect(other.locator(".who-name")).to_contain_text(second.display_name)
    expect(cover).to_be_visible()

    # The first one comes back to her own tab, and finds what she had typed.
    cover.get_by_label("Mã PIN hoặc mật khẩu").fill(network.PASSWORD)
    cover.get_by_role("button", name="Mở khoá").click()
    expect(cover).to_be_hidden()
    expect(page.get_by_label("Mã PIN mới")).to_have_value("528417")
    page.get_by_label("Mật khẩu").fill(network.PASSWORD)
    page.get_by_role("button", name="Đặt mã PIN").click()
    expect(page.get_by_text("Đã đặt mã PIN.")).to_be_visible()
    other.bring_to_front()
    expect(other.get_by_role("dialog")).to_be_visible()

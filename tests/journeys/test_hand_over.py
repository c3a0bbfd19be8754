"""A bag from the counter to the centre with one missing and one too much; a receipt that a second person voids."""

import pytest
from playwright.sync_api import expect

from intake.models.receipts import Receipt
from tests.factories import rates
from tests.factories.parcels import number_pool
from tests.intake.manifest_cases import bag
from tests.intake.receipt_cases import till

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rate_book():
    rates.load()


def _scribble(page, number: int) -> None:
    pad = page.locator("[data-pad] canvas").nth(number)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 20)
    page.mouse.move(box["x"] + 140, box["y"] + 60)
    page.mouse.up()


def test_a_bag_is_scanned_out_signed_counted_and_received(open_as, accessible):
    at = bag()
    number_pool()
    gone, there = (at.counter.submit(channel="post") for _ in range(2))
    page = open_as("/quay/ban-giao/", at.counter.clerk)
    accessible(page)
    expect(page.locator("#scan")).to_be_focused()
    for dossier in (gone, there):
        page.keyboard.type(f"https://vidu.vn/tra-cuu/{dossier.agent_ref}/")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(dossier.agent_ref)
    page.get_by_role("link", name="Túi có 2 hồ sơ").click()
    page.get_by_label("Số niêm phong").fill("HUE-55001")
    page.get_by_label("Khối lượng").fill("420")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Vận chuyển đến lấy túi")).to_be_visible()
    page.locator("#takes-name").fill("Lê Văn Phát")
    _scribble(page, 1)
    accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ho-drawn")).to_be_visible()
    assert at.manifest.state == "with_carrier"

    centre = open_as("/trung-tam/bang-ke/", at.officer_account)
    accessible(centre)
    centre.keyboard.type("HUE-55001")
    centre.keyboard.press("Enter")
    expect(centre.locator("#scan")).to_be_focused()
    centre.keyboard.type(there.agent_ref)
    centre.keyboard.press("Enter")
    centre.keyboard.type("la-999")
    centre.keyboard.press("Enter")
    expect(centre.locator("[data-surplus]")).to_have_value("LA-999")
    centre.get_by_label("Số trên niêm phong").fill("HUE-55001")
    centre.locator("#gives-name").fill("Lê Văn Phát")
    centre.keyboard.press("Control+Enter")
    expect(centre.locator("[data-error-summary]")).to_contain_text(gone.agent_ref)
    centre.locator(f"tr[data-reference='{gone.agent_ref}'] label", has_text="thiếu").click()
    accessible(centre)
    centre.keyboard.press("Control+Enter")
    expect(centre.get_by_role("heading", name="Chênh lệch")).to_be_visible()
    there.refresh_from_db()
    gone.refresh_from_db()
    assert (bool(there.code), gone.handed_over_at) == (True, None)

    page.goto("/quay/ban-giao/?tab=differences")
    expect(page.locator(".ho-differences")).to_contain_text("LA-999")
    accessible(page)


def test_a_receipt_is_voided_by_a_second_person(open_as, accessible):
    at = till()
    receipt = at.paid()
    where = f"/quay/bien-lai/{receipt.id}/"
    clerk = open_as(where, at.counter.clerk)
    expect(clerk.locator(".main")).to_contain_text("Bạn đã lập biên lai này")
    accessible(clerk)

    manager = open_as(where, at.manager_account)
    manager.get_by_label("Sai tên hoặc địa chỉ người nộp").check()
    manager.keyboard.press("Control+Enter")
    expect(manager.locator("[data-error-summary]")).to_be_visible()
    manager.get_by_label("Tên đúng của người nộp").fill("Lê Văn Nộp")
    manager.get_by_label("Giải trình").fill("Ghi nhầm tên người nộp")
    manager.keyboard.press("Control+Enter")
    expect(manager.get_by_role("link", name="0000002")).to_be_visible()
    accessible(manager)
    assert list(Receipt.objects.order_by("number").values_list("state", flat=True)) == ["replaced", "issued"]

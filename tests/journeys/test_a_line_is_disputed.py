"""An outlet disputes a line with one key; a reviewer who had no part in it decides, and a second person confirms."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from billing.models.ledger import Charge
from billing.queries import rates
from shared.money import Money
from tests.billing import disputes as cases
from tests.billing.rates import load_rates
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    load_rates()
    yield cases.outlet()
    rates.forget()


def test_from_one_key_to_the_entry_in_the_books(place, open_as, accessible):
    now = timezone.now()
    line = cases.line_of(place, at=now)
    boss, one, two = cases.manager(place), cases.reviewer(), cases.approver()

    page = open_as("/tien/", boss)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    accessible(page)
    page.get_by_role("link", name="Hồ sơ trực tuyến được tiếp nhận").click()
    page.wait_for_load_state()
    accessible(page)
    page.locator("#reason").select_option("not_ours")
    page.get_by_role("button", name="Tranh chấp dòng này").click()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_contain_text("TC-01-")
    expect(page.locator("body")).to_contain_text("đang giữ lại")
    accessible(page)
    address = page.url

    review = open_as(address, one)
    review.get_by_role("button", name="Nhận xem xét").click()
    review.wait_for_load_state()
    review.get_by_label("Chấp nhận", exact=True).check()
    review.get_by_label("Nguyên nhân").select_option("centre")
    review.get_by_label("Bản ghi cho thấy điều đó").fill("Bước tiếp nhận của trung tâm")
    review.get_by_label("Lý do, bằng lời dễ hiểu").fill("Việc của điểm khác.")
    review.get_by_role("button", name="Đề xuất kết luận").click()
    review.wait_for_load_state()
    accessible(review)

    second = open_as(address, two, viewport=PHONE)
    second.get_by_role("button", name="Xác nhận kết luận").click()
    second.wait_for_load_state()
    expect(second.locator("body")).to_contain_text("Đã khép")
    entry = Charge.objects.get(source_type="dispute")
    assert (entry.compensation, entry.evidence["line"]) == (Money(-12_000), str(line.id))

    page.goto(address)
    expect(page.locator("body")).to_contain_text("Đã khép")
    page.goto("/tien/thang/")
    page.get_by_role("link", name="Kết luận tranh chấp").first.click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text("Việc của điểm khác.")
    expect(page.locator(".told")).to_contain_text("xác nhận kết luận")
    accessible(page)

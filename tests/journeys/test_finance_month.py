"""Finance reads a month without a mouse, and on a phone."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from billing import public
from billing.queries import rates
from tests.billing.events import act, delivered
from tests.billing.people import operator, person
from tests.billing.rates import load_rates
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
JANUARY = "/tai-chinh/?thang=2026-01&operator=VNPOST"


@pytest.fixture
def january():
    load_rates()
    operator("VNPOST")
    cases: tuple[dict[str, Any], ...] = (
        {"on": date(2025, 12, 30)}, {"channel": "post"}, {"beneficiary_class": "war_invalid"}, {}, {})
    for day, changes in enumerate(cases, start=5):
        at = datetime(2026, 1, day, 3, 0, tzinfo=UTC)
        public.post_postage(delivered(delivered_at=at, number=f"EH60251107{day}VN", **changes), at=at)
    public.record_act(act(), at=datetime(2026, 1, 9, tzinfo=UTC))
    yield person()
    rates.forget()


def test_the_keys_lead_through_the_month(january, open_as, accessible):
    page = open_as(JANUARY, january)
    panel = page.locator("#line")
    expect(panel).to_contain_text("Thành phố trả 26.000 đ, người dân trả 4.000 đ.")
    accessible(page)

    page.keyboard.press("j")
    expect(panel).to_contain_text("Hồ sơ giấy không được hỗ trợ")
    expect(page.locator("tr.on")).to_contain_text("Không nộp trực tuyến")
    expect(page.locator("tr.on a")).to_be_focused()

    page.keyboard.press("k")
    expect(panel).to_contain_text("Đạt mức trần")

    page.keyboard.press("/")
    expect(page.get_by_label("Tìm trong tháng này")).to_be_focused()
    page.keyboard.type("EH602511077VN")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    expect(page.locator("#line")).to_contain_text("Thương binh")
    accessible(page)


def test_another_reason_opens_one_of_its_lines(january, open_as):
    page = open_as(JANUARY, january)
    page.get_by_role("link", name=re.compile("Không có gì lạ")).click()

    expect(page.locator("tr[data-row]")).to_have_count(2)
    expect(page.locator("#line")).to_contain_text("Hà Nội trả 100 % phần còn lại")
    expect(page).to_have_url(re.compile("ly-do=plain"))


def test_the_month_is_prepared_and_stays(january, open_as):
    page = open_as(JANUARY, january)
    page.get_by_role("button", name="Lập bảng kê tháng 01/2026").click()

    expect(page.get_by_role("status")).to_contain_text("Đã lập bảng kê tháng 01/2026")
    expect(page.locator("footer.two")).to_contain_text("Vũ Hoàng Yến đã lập bảng kê")
    expect(page.get_by_role("button", name=re.compile("Lập bảng kê"))).to_have_count(0)


def test_on_a_phone_a_line_opens_on_its_own_page(january, open_as, accessible):
    page = open_as(JANUARY, january, viewport=PHONE)
    accessible(page)
    page.get_by_role("link", name="Đạt mức trần", exact=True).click()

    expect(page).to_have_url(re.compile("/tai-chinh/dong/"))
    expect(page.get_by_role("heading", name="Đạt mức trần")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nghị quyết 39/2024/NQ-HĐND")
    accessible(page)


def test_the_month_reads_in_english(january, open_as, accessible):
    page = open_as(JANUARY, january, locale="en")

    expect(page.get_by_role("heading", name="Month 01/2026")).to_be_visible()
    expect(page.locator("#line")).to_contain_text("The city pays 26,000 VND, the citizen 4,000 VND.")
    accessible(page)

"""A clerk's drawer from its opening to its question, a transfer that pays by itself, and a month paid by bank file."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from billing.payments import accounts, cash, collecting
from billing.payments.models import Collection
from billing.payments.records import CashTaken, Due, Till
from billing.payouts.models import Payout, PayoutOrder
from billing.queries import rates
from shared.money import Money
from shared.roles import Role
from tests.billing import disputes as cases
from tests.billing.payout_cases import account_of, posted, released, worked
from tests.billing.people import operator, person
from tests.billing.rates import load_rates
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    load_rates()
    yield cases.outlet()
    rates.forget()


def test_a_clerks_shift(place, open_as, accessible):
    clerk, now = person(Role.OUTLET_CLERK, outlet=place), timezone.now()
    till = Till(place.id, place.operator_id, "VNPOST", "01")
    page = open_as("/quay/ca/", clerk)
    page.locator("[data-note='10000']").fill("5")
    page.get_by_role("button", name="Mở ca").click()
    page.wait_for_load_state()
    due = Due("dossier", uuid4(), Money(8_000), Money(30_000))
    cash.note_cash(CashTaken("dossier:1:1", till, due, clerk.actor.id, clerk.display_name, now, "HN-0001"), at=now)
    page.reload()
    expect(page.locator("main")).to_contain_text("88.000 đ")
    accessible(page)
    page.locator("[data-note='10000']").fill("8")
    page.get_by_role("button", name="Đóng ca").click()
    expect(page.get_by_role("status").first).to_contain_text("−8.000")
    expect(page.get_by_role("link", name="Biên bản chốt ca (PDF)")).to_be_visible()

    manager = open_as(page.url, cases.manager(place))
    manager.get_by_label("Không giải thích được, đơn vị bưu chính chịu").check()
    manager.get_by_label("Ghi một câu").fill("Đã đếm lại ba lần")
    manager.get_by_role("button", name="Trả lời").click()
    expect(manager.locator("main")).to_contain_text("Đã đếm lại ba lần")


def test_a_transfer_pays_by_the_banks_statement(place, open_as, tmp_path):
    head, other = (person(Role.OPERATOR_HQ, operator=operator()) for _each in range(2))
    clerk, now = person(Role.OUTLET_CLERK, outlet=place), timezone.now()
    entry = accounts.AccountEntry(place.operator_id, "VNPOST", "01", "970436", "1023456789", "BUU DIEN",
                                  date(2026, 1, 1))
    account = accounts.enter_account(entry, by=head.actor, at=now)
    accounts.approve_account(account_id=account.id, by=other.actor, at=now)
    asked = collecting.ask_transfer(due=Due("dossier", uuid4(), Money(8_000), Money(30_000)), by=clerk.actor, at=now,
                                    till=Till(place.id, place.operator_id, "VNPOST", "01"))
    file = tmp_path / "sao-ke.csv"
    file.write_text(f"Ngày;Số giao dịch;Nội dung;Ghi nợ;Ghi có\n{now:%d/%m/%Y};FT1;CK {asked.reference};;38.000\n")
    page = open_as("/thu-ho/", head)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Nhập sao kê").click()
    expect(page.locator("main")).to_contain_text(asked.reference)
    assert Collection.objects.get().state == "paid"


def test_a_month_is_paid_by_bank_file(place, open_as, accessible, tmp_path):
    posted()
    worked(place, 2)
    account_of()
    account_of(place.id, number="0071000123456", holder="Hộ kinh doanh Nguyễn Văn Đoàn")
    month = released()
    reviewer = person()
    page = open_as("/chi-tra/", reviewer)
    expect(page.locator("main")).to_contain_text("•••• 3456")
    accessible(page)
    page.get_by_role("button", name="Lập tệp chi ngân hàng").click()
    expect(page.get_by_role("heading", name="Số kiểm tra")).to_be_visible()
    batch = page.url

    second = open_as(batch, person(Role.FINANCE_APPROVER))
    second.get_by_role("button", name="Duyệt lô chi").click()
    with second.expect_download() as taken:
        second.get_by_role("link", name="Tệp gửi ngân hàng").click()
    assert "0071000123456,HO KINH DOANH NGUYEN VAN DOAN,24000," in taken.value.path().read_text()

    page.reload()
    page.get_by_role("button", name="Ngân hàng đã nhận tệp").click()
    expect(page.locator(".page-h .badge")).to_have_text("Đã giao ngân hàng")
    accessible(page)
    day, file = timezone.now() - timedelta(hours=1), tmp_path / "sao-ke-chi.csv"
    rows = [f"{day:%d/%m/%Y};UNC{at};CHI {order.reference};{order.amount.amount};" for at, order in
            enumerate(PayoutOrder.objects.order_by("reference"))]
    file.write_text("\n".join(["Ngày;Số giao dịch;Nội dung;Ghi nợ;Ghi có", *rows]))
    page.goto("/chi-tra/")
    page.locator("#p-file").set_input_files(file)
    page.get_by_role("button", name="Nhập sao kê").click()
    expect(page.locator("#p-lines").locator("xpath=../..")).to_contain_text("Đã chi đúng lệnh")
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    page.goto(f"/tai-chinh/bang-ke/{month.id}/quyet-toan/")
    expect(page.locator("main")).to_contain_text("Mọi người nhận của bảng kê này đã nhận tiền.")
    phone = open_as("/chi-tra/", reviewer, viewport=PHONE)
    accessible(phone)

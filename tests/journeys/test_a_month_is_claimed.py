"""An operator claims a month, first with an error; a reviewer and an approver bring it to its release."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from billing.claims.matching import match_claim
from billing.models.claims import CallBack, Claim
from billing.operations.statements import prepare_statement
from billing.queries import rates
from config import claim_evidence
from shared.roles import Role
from tests.billing.claim_cases import FEBRUARY_3, MONTH, YEN, csv_file, row, sent
from tests.billing.people import operator, person
from tests.billing.rates import load_rates
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = "/tai-chinh/doi-soat/"


@pytest.fixture
def january():
    """Two delivered parcels, one of them without a proof."""
    load_rates()
    yield sent(), sent(dossier="H26.15.08-260115-0413", proof="")
    rates.forget()


def look(page, name):
    """A picture for whoever wants to see the page, where a folder is named for it."""
    if folder := os.environ.get("WARDPOST_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def upload(page, *rows):
    page.locator("#claim-file").set_input_files(
        {"name": "thang-1.csv", "mimeType": "text/csv", "buffer": csv_file(*rows)})
    page.get_by_role("button", name="Đọc tệp").click()
    page.wait_for_load_state()


def test_an_operator_mends_its_file_and_the_city_reviews_and_approves(january, open_as, accessible):
    first, second = january
    good, wrong = row(first), row(second, dossier="H26.15.08-260115-0413", amount="ba mươi nghìn")
    page = open_as(CLAIMS, person(Role.OPERATOR_HQ, operator=operator()))
    upload(page, good, wrong)
    expect(page.locator("main")).to_contain_text("1 ô không đọc được")
    expect(page.locator("main")).to_contain_text("Ghi số đồng bằng chữ số")
    accessible(page)
    look(page, "claim-faulty")

    upload(page, good, row(second, dossier="H26.15.08-260115-0413"))
    expect(page.locator("main")).to_contain_text("60.000")
    accessible(page)
    look(page, "claim-read")
    page.get_by_role("button", name="Xác nhận đề nghị").click()
    expect(page.locator("main")).to_contain_text("Chờ đối chiếu")

    claim = Claim.objects.get(state="confirmed")
    prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=FEBRUARY_3)
    CallBack.objects.update(outcome="received")

    page = open_as(f"{CLAIMS}{claim.id}/", person())
    panel = page.locator("#line")
    expect(panel).to_contain_text("Chứng cứ của bưu chính")
    expect(panel).to_contain_text("Thành phố trả 30.000 đ")
    accessible(page)
    look(page, "claim-matched")
    page.locator("label.tick").first.click()
    page.get_by_role("button", name="Không chấp nhận dòng đã chọn").click()
    page.wait_for_load_state()
    expect(page.locator("#words-e")).to_be_visible()
    expect(page.locator("input[name=line]").first).to_be_checked()
    look(page, "claim-refused")
    page.locator("#words").fill("Không có chứng cứ phát")
    page.get_by_role("button", name="Không chấp nhận dòng đã chọn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã kết luận 1 dòng")

    page.get_by_role("link", name="Quyết toán").click()
    page.wait_for_load_state()
    expect(page.locator(".owed")).to_contain_text("30.000")
    page.get_by_role("button", name="Xem xét").click()
    expect(page.locator(".page-h .badge")).to_contain_text("Đã xem xét")
    accessible(page)
    look(page, "settlement")

    page = open_as("/" + page.url.split("/", 3)[3], person(Role.FINANCE_APPROVER))
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.wait_for_load_state()
    expect(page.locator("#note-e")).to_be_visible()
    page.locator("#note").fill("Bưu chính chưa ký, đã nhắc")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.locator(".page-h .badge")).to_contain_text("Đã duyệt")


def test_a_file_of_the_month_is_asked_for_and_a_claim_is_read_on_a_phone(january, open_as, accessible):
    parcel, _other = january
    statement = prepare_statement(**MONTH, by=YEN, at=FEBRUARY_3)
    page = open_as("/tai-chinh/tep/", person())
    page.get_by_role("button", name="CSV").click()
    expect(page.locator("#made")).to_contain_text("đang tạo")
    accessible(page)
    look(page, "files")
    assert statement.exports.count() == 1

    phone = open_as(CLAIMS, person(Role.OPERATOR_HQ, operator=operator()), viewport=PHONE, locale="en")
    phone.locator("#claim-file").set_input_files(
        {"name": "jan.csv", "mimeType": "text/csv", "buffer": csv_file(row(parcel))})
    phone.get_by_role("button", name="Read the file").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Claim VNPOST 01/2026")
    accessible(phone)
    look(phone, "claim-phone")

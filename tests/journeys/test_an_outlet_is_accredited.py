"""A place becomes a genuine agent: proposed, surveyed on a phone, approved by another officer, seen by anybody."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agents.accreditation.rules import CHECKLIST
from agents.models.people import StaffAccount
from tests.agents import accredited
from tests.journeys.conftest import PHONE


@pytest.fixture
def shot():
    folder = os.environ.get("LOOK_AT", "")

    def take(page, name):
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    return take


def test_a_proposed_place_is_surveyed_approved_and_public(open_as, accessible, shot):
    people = accredited.people()
    accounts = {key: StaffAccount.objects.select_related("operator", "province").get(id=getattr(people, key).id)
                for key in ("operator", "first", "second")}
    accredited.proposal()

    page = open_as("/cong-nhan/", accounts["operator"])
    page.keyboard.press("n")
    for label, value in {"Mã": "HUE-009", "Tên": "Bưu cục Kim Long", "Xã, phường": "kim long",
                         "Số nhà, đường": "3 Kim Long", "Vĩ độ": "16.46", "Kinh độ": "107.59"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("hỗ trợ nộp trực tuyến").check()
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_role("heading", name="Bưu cục Kim Long")).to_be_visible()
    address = page.url
    accessible(page)

    survey = "/" + address.partition("//")[2].partition("/")[2] + "khao-sat/"
    phone = open_as(survey, accounts["first"], viewport=PHONE)
    for item in CHECKLIST:
        phone.locator(f"[name=mark-{item.code}][value=met]").check()
    for code in ("sign", "price_list", "cabinet"):
        phone.get_by_label("Ảnh chụp gì").select_option(code)
        phone.locator("[name=photo]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg",
                                                       "buffer": accredited.JPEG})
        phone.get_by_role("button", name="Thêm ảnh").click()
        expect(phone.get_by_text("Đã lưu ảnh.")).to_be_visible()
        phone.wait_for_load_state()
    shot(phone, "survey")
    accessible(phone)
    phone.get_by_label("Vĩ độ").fill("16.4601")
    phone.get_by_label("Kinh độ").fill("107.5901")
    phone.get_by_role("button", name="Kết thúc khảo sát").click()
    expect(phone.get_by_text("Đã khảo sát", exact=True)).to_be_visible()

    other = open_as("/cong-nhan/", accounts["second"])
    shot(other, "list")
    accessible(other)
    other.get_by_role("link", name="HUE-009").click()
    other.get_by_role("button", name="Phê duyệt điểm này").click()
    expect(other.get_by_text("Đã phê duyệt", exact=True)).to_be_visible()
    shot(other, "one")
    accessible(other)

    page.reload()
    page.get_by_role("button", name="Mở điểm theo công nhận").click()
    expect(page.get_by_role("link", name="Biển đặt quầy")).to_be_visible()

    citizen = open_as("/dai-ly/", viewport=PHONE)
    citizen.get_by_role("link", name="Bưu cục Kim Long").click()
    expect(citizen.get_by_role("heading", name="Đây là đại lý chính thức")).to_be_visible()
    shot(citizen, "genuine")
    accessible(citizen)

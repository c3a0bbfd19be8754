"""Somebody comes for a citizen, another card turns up, a camera reads a code; and a centre receives by itself."""

import io
import re

import pytest
import segno
from playwright.sync_api import Page, expect

from intake.models.citizens import ActingSession, Citizen
from intake.models.dossiers import Dossier
from intake.models.mandates import Mandate, SecondCitizenStop
from tests.factories import catalogue, citizens, network, places, rates
from tests.intake.counter_cases import CARD

OTHER = "046187001234|191234568|Trần Thị Khác|02031987|Nữ|Thôn 1, Phong Chương, Phong Điền, Thừa Thiên Huế|01072021"


@pytest.fixture
def clerk(transactional_db):
    network.centre()
    catalogue.procedure(catalogue.EXTRACT)
    places.former_commune()
    rates.load()
    yield network.clerk(network.outlet(name="Bưu cục Phong Dinh"))
    rates.forget()


def main_button(page: Page):
    return page.locator(".confirm .btn-main")


def picture_of(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def test_a_son_comes_with_his_mothers_card(open_as, accessible, clerk):
    by = network.acting(clerk)
    citizens.citizen(by, full_name="Hồ Thị Lài", national_id="", birth="1992-08-12", phone="0914275268")
    page = open_as("/quay/ho-so-moi/", clerk)

    # The code on the card is read from a photo by the same decoder as from the camera.
    page.locator("[data-camera]").click()
    page.locator("[data-camera-photo]").set_input_files({
        "name": "the.png", "mimeType": "image/png", "buffer": picture_of(CARD)})
    expect(page.get_by_label("Họ và tên")).to_have_value("Hồ Thị Lài")

    # She is known without a number: side by side, and the known record is used.
    page.locator("#c-phone").fill("0914275268")
    page.get_by_text("Người khác đến thay").click()
    page.get_by_text("Điểm hỗ trợ giúp nộp").click()
    main_button(page).click()
    expect(page.get_by_role("heading", name="Đã đăng ký rồi?")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name=re.compile("Cùng một người")).click()
    expect(main_button(page)).to_contain_text("Lài")
    main_button(page).click()
    expect(page.locator(".strip")).to_contain_text("chưa có uỷ quyền")

    # Another card stops everything until it is decided, also when the scanner types into a field.
    page.get_by_label("Người dân cần làm gì?").fill(OTHER)
    page.keyboard.press("Enter")
    expect(page.locator("[data-drawer]")).to_contain_text("Thẻ này không phải của")
    accessible(page)
    page.get_by_label(re.compile("đến thay người nộp")).check()
    page.get_by_role("button", name="Ghi lại và làm tiếp").click()
    expect(page.get_by_label("Người đến thay")).to_have_value("Trần Thị Khác")

    page.locator("#m-relation").select_option("child")
    page.get_by_label("Số, ngày của giấy tờ").fill("UQ ngày 10/01/2026")
    expect(page.locator("[aria-busy=true], .htmx-request")).to_have_count(0)
    accessible(page)
    page.get_by_role("button", name="Ghi nhận", exact=True).click()
    expect(page.locator(".strip")).to_contain_text("Trần Thị Khác")
    assert Citizen.objects.count() == 1
    assert Mandate.objects.get().representative_id_masked.endswith("1234")
    assert SecondCitizenStop.objects.get().decision == "representative"

    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    expect(page.locator(".strip")).to_have_count(0)
    assert ActingSession.objects.get().closed_at is not None


def test_a_centre_receives_a_citizen_who_comes_herself(open_as, accessible, clerk):
    officer = network.officer()
    page = open_as("/trung-tam/", officer)
    page.keyboard.press("n")
    expect(page.locator("#c-find")).to_be_focused()
    accessible(page)

    page.locator("#c-find").fill(CARD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Họ và tên")).to_have_value("Hồ Thị Lài")
    main_button(page).click()
    expect(page.locator(".citizen s")).to_have_text("xã Phong Chương")
    page.get_by_label("Người dân cần làm gì?").press_sequentially("trich luc")
    page.get_by_role("button", name=re.compile("2.000635")).click()
    expect(main_button(page)).to_contain_text("Kiểm giấy tờ trước")
    page.locator("#paper-to_khai label").click()
    expect(page.locator("#t-submit")).to_be_focused()
    accessible(page)
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name=re.compile("In mẫu 01"))).to_be_visible()
    dossier = Dossier.objects.get()
    expect(page.locator(".big-code")).to_have_text(dossier.code or "")
    receipt = page.request.get(page.get_by_role("link", name=re.compile("In mẫu 01")).get_attribute("href") or "")
    assert receipt.body().startswith(b"%PDF")

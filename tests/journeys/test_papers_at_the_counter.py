"""Papers come from a phone's camera and from the scanner; a clerk sees what became of them and puts pages in order."""

import io
import re

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import FilePayload, Page, expect

from intake.models.documents import Document
from intake.models.dossiers import Dossier
from shared.outbox import relay
from tests.factories import catalogue, network, places, rates
from tests.journeys.conftest import PHONE
from tests.journeys.test_clerk_takes_a_dossier import choose_procedure, main_button, register


@pytest.fixture
def clerk(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    network.centre()
    catalogue.procedure(catalogue.EXTRACT)
    places.former_commune()
    rates.load()
    yield network.clerk(network.outlet(name="Bưu cục Phong Dinh"))
    rates.forget()


def form_photo(*, is_blurred: bool = False) -> bytes:
    """A sheet with lines of writing on a darker table."""
    photo = Image.new("RGB", (1500, 2000), (120, 104, 88))
    pen = ImageDraw.Draw(photo)
    pen.rectangle((90, 90, 1410, 1910), fill="white")
    for line in range(40):
        for word in range(12):
            left, top = 160 + word * 100, 160 + line * 42
            pen.rectangle((left, top, left + 60 + line % 20, top + 16), fill=(30, 30, 40))
    if is_blurred:
        photo = photo.filter(ImageFilter.GaussianBlur(14))
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=90)
    return file.getvalue()


def pages_of(*widths: int) -> bytes:
    made = pikepdf.new()
    for width in widths:
        made.add_blank_page(page_size=(width, 300))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def sent(name: str, content: bytes) -> FilePayload:
    kind = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": content}


def begun(open_as, clerk) -> Page:
    page = open_as("/quay/ho-so-moi/", clerk)
    register(page)
    choose_procedure(page)
    return page


def test_a_paper_is_photographed_with_the_phone(open_as, accessible, clerk):
    desk = begun(open_as, clerk)
    desk.locator("#main").focus()
    desk.keyboard.press("p")
    expect(desk.locator(".phone-qr")).to_be_visible()
    expect(desk.locator(".phone-acts .badge")).to_contain_text("Điện thoại đến")
    expect(desk.locator("[data-take-form][aria-busy]")).to_have_count(0)
    accessible(desk)
    desk.get_by_text("Không quét được mã").click()
    address = desk.locator(".phone-address").inner_text()
    desk.keyboard.press("Escape")

    phone = open_as(re.sub(r"^https?://[^/]+", "", address), viewport=PHONE, allow=frozenset({404}))
    expect(phone.get_by_role("heading", name="Chụp giấy nào?")).to_be_visible()
    expect(phone.locator(".ph-top")).to_contain_text("H.T.L.")
    accessible(phone)

    camera = phone.locator("#photo-to_khai")
    camera.set_input_files(sent("mo.jpg", form_photo(is_blurred=True)))
    expect(phone.locator("[data-warning]:visible")).to_contain_text("Ảnh bị mờ")
    accessible(phone)
    camera.set_input_files(sent("net.jpg", form_photo()))
    expect(phone.locator("#phone-to_khai")).to_contain_text("Đã nhận 1 ảnh")

    expect(desk.locator("#paper-to_khai")).to_contain_text("Đã quét")
    expect(desk.locator("#paper-to_khai")).to_contain_text("Đang kiểm tra")
    relay.drain()
    expect(desk.locator("#paper-to_khai")).to_contain_text("Chưa quét vi-rút")
    expect(main_button(desk)).to_contain_text("nộp")
    accessible(desk)

    desk.locator("#t-submit").click()
    expect(desk.locator(".big-code")).to_be_visible()
    assert Dossier.objects.get().documents.get().origin == "phone"
    phone.reload()
    expect(phone.get_by_role("heading", name="Liên kết này không còn hiệu lực")).to_be_visible()


def test_a_blurred_scan_is_asked_about_and_pages_are_put_in_order(open_as, accessible, clerk):
    page = begun(open_as, clerk)
    scanner = "#paper-to_khai input[type=file]"

    page.locator(scanner).set_input_files(sent("mo.jpg", form_photo(is_blurred=True)))
    expect(page.get_by_role("dialog")).to_contain_text("Ảnh bị mờ")
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#paper-to_khai")).not_to_contain_text("Đã quét")

    page.locator(scanner).set_input_files(sent("mo.jpg", form_photo(is_blurred=True)))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#paper-to_khai")).to_contain_text("mo.jpg")
    page.locator(scanner).set_input_files(sent("hai.pdf", pages_of(210, 420)))
    expect(page.locator("#paper-to_khai")).to_contain_text("hai.pdf")
    relay.drain()
    expect(page.locator("#paper-to_khai")).to_contain_text("Ảnh mờ")

    page.locator("#paper-to_khai").get_by_role("button", name="Trang").click()
    expect(page.locator(".page-tile")).to_have_count(3)
    expect(page.locator(".page-tile img")).to_have_count(3)
    accessible(page)
    page.locator(".page-tile").first.focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-arrange]")).to_have_count(0)
    expect(page.locator("#paper-to_khai")).not_to_contain_text("mo.jpg")

    made = Document.objects.get()
    assert (made.origin, made.pages) == ("arranged", 2)
    relay.drain()
    expect(page.locator("#paper-to_khai")).to_contain_text("Chưa quét vi-rút")

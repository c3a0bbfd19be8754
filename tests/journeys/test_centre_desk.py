"""An officer's hour with the keyboard: receive, ask for more, take the answer, decide; and the city's board."""

import re

import pytest
from playwright.sync_api import expect

from intake.models.decisions import SupplementRequest
from intake.operations import reception
from intake.operations.documents import store_document
from intake.operations.inspecting import prepare_document
from intake.rules.states import Handling
from tests.factories import catalogue, network
from tests.intake.centre_cases import WEDNESDAY, forwarded, hue_centre, small_pdf, small_picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer():
    return network.officer(hue_centre())


def test_an_officer_receives_asks_and_decides_with_keys_alone(open_as, officer, accessible):
    dossier = forwarded(code=catalogue.BUSINESS, name="Hồ Thị Lài", result_choice="collect")
    page = open_as("/trung-tam/", officer)
    accessible(page)

    page.keyboard.press("j")
    expect(page.locator("[data-row] a:focus")).to_contain_text("Hồ Thị Lài")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hồ Thị Lài")
    accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Xong: Tiếp nhận")
    dossier.refresh_from_db()
    assert dossier.handling == Handling.RECEIVED

    page.wait_for_load_state()
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="Cần bổ sung gì")).to_be_visible()
    expect(page.locator(".why-box")).to_be_focused()  # the next Tab is the first entry, not the queue
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator(".miss .tick").first.click()
    page.locator(".miss-why input").first.fill("trang 2 chưa ký")
    accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".clock")).to_contain_text("dừng ở")
    assert SupplementRequest.objects.get().reasons[0]["text"] == "trang 2 chưa ký"

    page.keyboard.press("Control+Enter")  # the papers are here
    expect(page.get_by_role("status")).to_contain_text("Đã bổ sung")
    page.get_by_label("Số quyết định").fill("12/GCN")
    page.get_by_label("Nội dung kết quả").fill("Cấp giấy chứng nhận đăng ký hộ kinh doanh")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Xong: Giải quyết")
    dossier.refresh_from_db()
    assert dossier.handling == Handling.RESOLVED


def test_two_officers_on_one_dossier_one_is_told(open_as, officer):
    dossier = forwarded(name="Phan Văn Đức")
    page = open_as(f"/trung-tam/ho-so/{dossier.id}/", officer)
    page.keyboard.press("3")
    page.get_by_label("Giải thích cho người dân").fill("Không thuộc phường này")
    page.get_by_label("Lý do", exact=True).select_option("not-competent")
    colleague = network.acting(network.officer(hue_centre()))
    reception.receive(dossier_id=dossier.id, by=colleague, at=WEDNESDAY)

    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-error-summary]")).to_contain_text(colleague.name)
    expect(page.get_by_label("Giải thích cho người dân")).to_have_value("Không thuộc phường này")
    dossier.refresh_from_db()
    assert dossier.handling == Handling.RECEIVED


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 625}, {"width": 390, "height": 844}],
                         ids=["laptop", "phone"])
def test_desk_and_board_fit_their_windows(viewport, open_as, officer, accessible):
    dossier = forwarded(code=catalogue.PERMIT, name="Nguyễn Hoàng Phương Thảo Vy")
    reception.receive(dossier_id=dossier.id, by=network.acting(officer), at=WEDNESDAY)
    manager = network.centre_manager(hue_centre())
    for path in ("/trung-tam/", f"/trung-tam/ho-so/{dossier.id}/?act=supplement", "/tinh-hinh/?luc=2025-07-02T10:00"):
        page = open_as(path, manager, viewport=viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
        accessible(page)


def test_the_board_goes_back_and_forth_by_the_hour(open_as, officer):
    dossier = forwarded()
    reception.receive(dossier_id=dossier.id, by=network.acting(officer), at=WEDNESDAY)  # 09:00
    page = open_as("/tinh-hinh/?luc=2025-07-02T09:00", network.centre_manager(hue_centre()))
    figure = page.locator(".big2 b").first
    expect(figure).to_have_text("1")

    page.keyboard.press(",")
    expect(page).to_have_url(re.compile("luc=2025-07-02T08:00"))
    expect(figure).to_have_text("0")
    page.keyboard.press(".")
    expect(figure).to_have_text("1")


def test_scans_are_seen_on_the_desk(open_as, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dossier = forwarded(code=catalogue.BUSINESS)
    first, second = (paper["code"] for paper in dossier.procedure.documents[:2])
    centre = network.acting(officer)
    for component, name, content in ((first, "to-khai.png", small_picture()), (second, "uy-quyen.pdf", small_pdf())):
        kept = store_document(chunks=[content], name=name, component=component, by=centre, at=WEDNESDAY,
                              dossier_id=dossier.id)
        prepare_document(document_id=kept.id, at=WEDNESDAY)  # looked through, as the worker does
    page = open_as(f"/trung-tam/ho-so/{dossier.id}/", officer)

    picture = page.locator(".sheet img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 300
    with page.expect_response(lambda response: "/giay-to/" in response.url) as opened:
        page.keyboard.press("]")
    assert opened.value.headers["content-type"] == "application/pdf"
    expect(page.locator(".sheet iframe")).to_be_visible()

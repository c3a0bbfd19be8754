"""A clerk in Phong Dinh takes a dossier from a citizen whose card still names Phong Chương."""

import io
import re

import pypdf
import pytest
from playwright.sync_api import Page, Route, expect

from intake.models.citizens import ActingSession
from intake.models.dossiers import Dossier
from intake.rules.states import Handling
from tests.factories import catalogue, network, places, rates
from tests.intake.counter_cases import CARD, scan
from tests.journeys.conftest import PHONE


@pytest.fixture
def clerk(transactional_db):
    network.centre()
    catalogue.procedure(catalogue.EXTRACT)
    catalogue.procedure(catalogue.CERTIFIED_COPY)
    places.former_commune()
    rates.load()
    yield network.clerk(network.outlet(name="Bưu cục Phong Dinh"))
    rates.forget()


def main_button(page: Page):
    return page.locator(".confirm .btn-main")


def register(page: Page) -> None:
    """The card is scanned, the telephone asked for, and the citizen says yes twice."""
    page.locator("#c-find").fill(CARD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Họ và tên")).to_have_value("Hồ Thị Lài")
    page.locator("#c-phone").fill("0914275268")
    page.get_by_text("Điểm hỗ trợ giúp nộp").click()
    page.get_by_text("Chuyển họ tên, điện thoại").click()
    main_button(page).click()
    expect(page.locator(".strip")).to_contain_text("Hồ")


def choose_procedure(page: Page) -> None:
    page.get_by_label("Người dân cần làm gì?").press_sequentially("trich luc")
    page.get_by_role("button", name=re.compile("2.000635")).click()
    expect(page.get_by_text("Trước đây đăng ký ở đâu?")).to_be_visible()
    page.locator(".chips .chip").first.click()
    expect(page.locator(".route .auth")).to_be_visible()


def test_from_the_card_to_the_slip(open_as, accessible, clerk):
    page = open_as("/quay/", clerk)
    accessible(page)
    page.keyboard.press("n")
    expect(page.locator("#c-find")).to_be_focused()
    accessible(page)

    register(page)
    expect(page.locator(".citizen s").first).to_have_text("xã Phong Chương")
    choose_procedure(page)
    expect(page.locator(".route .auth")).to_contain_text("UBND phường Phong Dinh")
    expect(page.locator(".who-decides .why").first).to_contain_text("nay thuộc phường Phong Dinh")
    expect(main_button(page)).to_contain_text("Còn thiếu: Tờ khai")
    accessible(page)

    paper = scan()
    page.locator("#file-to_khai-0").set_input_files({
        "name": "to-khai.pdf", "mimeType": "application/pdf", "buffer": paper.read()})
    expect(page.locator("#paper-to_khai")).to_contain_text("Đã quét")
    expect(page.locator("#t-submit")).to_be_focused()

    page.keyboard.press("F8")
    expect(page.locator("[data-drawer]")).to_contain_text("Nghị định 118/2025/NĐ-CP")
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-drawer]")).to_have_count(0)

    page.locator("#t-submit").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".big-code")).to_be_visible()
    accessible(page)

    dossier = Dossier.objects.get()
    assert dossier.handling == Handling.REGISTERED
    assert dossier.documents.count() == 1
    slip = page.request.get(page.get_by_role("link", name=re.compile("In phiếu tra cứu")).get_attribute("href") or "")
    text = " ".join(pypdf.PdfReader(io.BytesIO(slip.body())).pages[0].extract_text().split())
    assert dossier.agent_ref in text
    assert "Hồ Thị Lài" in text

    page.keyboard.press("Enter")
    expect(page.locator("#c-find")).to_be_focused()
    assert ActingSession.objects.get().closed_at is not None


def test_digits_choose_the_way_and_escape_keeps_a_draft(open_as, clerk):
    page = open_as("/quay/ho-so-moi/", clerk)
    register(page)
    choose_procedure(page)
    expect(page.locator("th.on")).to_contain_text("Trực tuyến")

    page.locator("#main").focus()
    page.keyboard.press("2")
    expect(page.locator("th.on")).to_contain_text("Gửi giấy")
    expect(page.locator(".prints")).to_contain_text("Phiếu gửi hồ sơ")

    page.locator("#main").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Quầy hôm nay")).to_be_visible()
    assert Dossier.objects.get().handling == Handling.DRAFT

    page.locator("#drafts a").click()
    expect(page.locator("th.on")).to_contain_text("Gửi giấy")


def test_what_is_typed_while_the_answer_is_on_its_way_stays(open_as, clerk):
    page = open_as("/quay/ho-so-moi/", clerk)
    register(page)
    choose_procedure(page)
    page.locator(".note-field summary").click()
    page.locator("#t-note").fill("Trước")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/quay/ho-so-moi/", hold)

    page.get_by_text("Điền trên cổng").click()
    page.locator("#t-note").click()
    page.locator("#t-note").press_sequentially(" và sau")
    held[0].continue_()

    expect(page.locator("#t-submit")).to_be_visible()
    expect(page.locator("#t-note")).to_have_value("Trước và sau")
    expect(page.locator("#t-note")).to_be_focused()


def test_what_only_the_centre_does_cannot_be_filed_here(open_as, clerk):
    page = open_as("/quay/ho-so-moi/", clerk)
    register(page)

    page.get_by_label("Người dân cần làm gì?").press_sequentially("sao y")
    page.get_by_role("button", name=re.compile("2.000815")).click()

    expect(page.locator("th.on")).to_contain_text("Giới thiệu")
    expect(page.get_by_text("Không nộp được")).to_have_count(2)
    expect(main_button(page)).to_contain_text("Giới thiệu bà Lài đến trung tâm")


def test_a_phone_shows_the_same_page_in_one_column(open_as, accessible, clerk):
    page = open_as("/quay/ho-so-moi/", clerk, viewport=PHONE)
    register(page)
    choose_procedure(page)

    expect(page.locator(".way thead th")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    accessible(page)


def test_it_works_without_script(chromium, live_server, clerk):
    from tests.journeys.conftest import session_of

    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": session_of(clerk), "url": live_server.url}])
    page = context.new_page()
    page.goto("/quay/ho-so-moi/")

    register(page)
    page.get_by_label("Người dân cần làm gì?").fill("trich luc")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("2.000635")).click()
    page.locator(".chips .chip").first.click()
    page.get_by_text("Điền trên cổng").click()
    page.get_by_role("button", name="Cập nhật").dispatch_event("click")
    page.locator("#t-submit").click()

    expect(page.locator(".big-code")).to_be_visible()
    context.close()
    assert Dossier.objects.get().handling == Handling.REGISTERED

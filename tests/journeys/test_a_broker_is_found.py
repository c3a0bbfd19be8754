"""A broker is reported without a name and found by night; people look, call back and decide, and no citizen waits."""

import pytest
from playwright.sync_api import expect

from intake.brokers.models import BrokerCase, BrokerReport
from intake.brokers.rules import SCRIPT, Call, CaseState
from intake.brokers.signals import compute_signals
from intake.models.dossiers import Dossier
from tests.factories import network, places
from tests.intake import broker_cases as made
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Bốn người nói có người ngoài cửa nhận làm hộ lấy tiền."


@pytest.fixture
def outlet():
    return network.outlet()


@pytest.fixture
def officer():
    return made.officer()


def test_a_report_and_a_nightly_trace_become_cases_that_people_decide(open_as, accessible, outlet, officer):
    phone = open_as("/phan-anh-co/", viewport=PHONE)
    phone.get_by_label("Tỉnh, thành phố").select_option(places.HUE)
    phone.get_by_label("Chuyện gì, ở đâu, ai làm?").fill("Có người đứng ngoài cửa nhận làm nhanh, lấy 200 nghìn.")
    phone.get_by_role("button", name="Gửi phản ánh").click()
    code = phone.locator("#report-code").inner_text()
    accessible(phone)

    page = open_as("/tinh-hinh/co/", officer)
    page.get_by_role("link", name=BrokerCase.objects.get().code).click()
    page.get_by_role("button", name="Nhận xem").click()
    page.get_by_role("textbox", name="Căn cứ").fill("Đã xem camera ba ngày, không thấy ai đứng ngoài cửa.")
    page.get_by_label("Trả lời người phản ánh").fill("Đã xem camera, chưa thấy; chúng tôi theo dõi tiếp.")
    page.get_by_role("button", name="Kết luận: chưa đủ căn cứ").click()
    expect(page.get_by_role("status")).to_contain_text("Kết luận chưa đủ căn cứ")

    phone.get_by_role("link", name="Xem trả lời").click()
    phone.get_by_label("Mã trên giấy hẹn trả lời").fill(code)
    phone.get_by_role("button", name="Xem trả lời").click()
    expect(phone.get_by_text("chúng tôi theo dõi tiếp")).to_be_visible()
    assert BrokerReport.objects.get().answered_at is not None


def test_a_nightly_trace_is_looked_at_called_about_and_confirmed_by_a_second_person(
        open_as, accessible, outlet, officer):
    made.rule("same_phone")
    made.behind_one_phone(outlet)
    before = list(Dossier.objects.order_by("id").values("handling", "result", "money", "due_at"))
    compute_signals(at=made.NIGHT)

    page = open_as("/tinh-hinh/co/", officer)
    page.get_by_role("link", name=BrokerCase.objects.get().code).click()
    expect(page.get_by_text("Trong 90 ngày đếm được 6")).to_be_visible()
    page.get_by_role("button", name="Nhận xem").click()
    page.get_by_label("Gọi bao nhiêu người").fill("1")
    page.get_by_role("button", name="Chọn người để gọi").click()
    page.get_by_role("link", name="Gọi", exact=True).click()
    page.get_by_role("button", name="Hiện tên và số điện thoại").click()
    expect(page.get_by_role("link", name="0912 000 111")).to_be_visible()
    for question in SCRIPT:
        page.locator(f"[name=q-{question.code}][value={question.alarming}]").check()
    accessible(page)
    page.get_by_role("button", name="Đã trả lời").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("textbox", name="Căn cứ").fill(WHY)
    page.get_by_role("button", name="Đề nghị: có cơ sở").click()
    expect(page.get_by_role("button", name="Xác nhận: có cơ sở")).to_be_disabled()
    accessible(page)

    second = open_as(page.url, made.officer())
    second.get_by_role("textbox", name="Căn cứ").fill(WHY)
    second.get_by_role("button", name="Xác nhận: có cơ sở").click()
    expect(second.get_by_role("status")).to_contain_text("Xác nhận có cơ sở")
    case = BrokerCase.objects.get()
    assert (case.state, case.calls.get().state) == (CaseState.FOUNDED, Call.REACHED)

    # No dossier waits for it, and the outlet does not learn of it.
    assert list(Dossier.objects.order_by("id").values("handling", "result", "money", "due_at")) == before
    clerk = open_as("/quay/", network.clerk(outlet), allow=frozenset({403}))
    expect(clerk.get_by_text(case.code)).to_have_count(0)
    assert clerk.goto("/tinh-hinh/co/").status == 403

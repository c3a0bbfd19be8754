"""A clerk asks, the officer answers; a citizen follows on her phone and says how it was."""

import pytest
from playwright.sync_api import expect

from intake.messages import operations
from intake.messages.models import Inquiry
from intake.models.dossiers import Dossier
from intake.satisfaction.models import MoneyReport, Satisfaction
from tests.factories import network
from tests.intake import centre_cases
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_clerk_asks_and_the_officer_answers(open_as, accessible):
    dossier = centre_cases.forwarded()
    clerk = network.clerk(Dossier.objects.select_related("outlet").get(id=dossier.id).outlet)
    officer = network.officer(centre_cases.hue_centre())
    page = open_as(f"/quay/ho-so/{dossier.id}/", clerk)
    page.get_by_label("Đề nghị giải quyết gấp").check()
    page.get_by_label("Lý do cần gấp").select_option("funeral")
    page.get_by_label("Hỏi trung tâm").fill("Mai đưa tang, xin trả trong hôm nay. CCCD 046192004127")
    accessible(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("046•••••4127")).to_be_visible()
    expect(page.get_by_text("chưa xem")).to_be_visible()

    desk = open_as("/trung-tam/hoi-dap/", officer)
    accessible(desk)
    desk.get_by_role("link", name="Phan Văn Thử").click()
    expect(desk.get_by_text("Việc tang, thân nhân mất")).to_be_visible()
    accessible(desk)
    desk.get_by_label("Nội dung").fill("Được, 15 giờ có kết quả.")
    desk.get_by_role("button", name="Gửi trả lời").click()
    expect(desk.get_by_text("đã trả lời")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Được, 15 giờ có kết quả.")).to_be_visible()
    expect(page.get_by_text("Lê Văn Giải đã xem")).to_be_visible()
    assert Inquiry.objects.get().answered_at is not None


def test_an_answer_arrives_while_the_clerk_types(open_as):
    dossier = centre_cases.forwarded()
    clerk = network.clerk(Dossier.objects.select_related("outlet").get(id=dossier.id).outlet)
    asked = operations.ask(dossier_id=dossier.id, text="Nhận bản in chứ ạ?", by=network.acting(clerk),
                           at=dossier.created_at)
    page = open_as(f"/ho-so/{dossier.id}/hoi-dap/", clerk)
    page.get_by_label("Hỏi trung tâm").fill("đang gõ dở")
    operations.reply(inquiry_id=asked.inquiry.id, text="Nhận.", at=dossier.created_at,
                     by=network.acting(network.officer(centre_cases.hue_centre())))

    page.evaluate("htmx.trigger(document.getElementById('ask-threads'), 'ask-now')")
    expect(page.get_by_text("Nhận.", exact=True)).to_be_visible()
    expect(page.get_by_label("Hỏi trung tâm")).to_have_value("đang gõ dở")


def test_a_citizen_follows_on_her_phone_and_says_how_it_was(open_as, accessible):
    dossier = centre_cases.forwarded()
    Dossier.objects.filter(id=dossier.id).update(handling=10, result="delivered", code="H57.31-250702-0001",
                                                 received_at=dossier.created_at, closed_at=dossier.created_at)
    page = open_as("/tra-cuu/H57.31-250702-0001/", viewport=PHONE)
    page.get_by_label("3 số cuối điện thoại của bạn").fill("268")
    page.get_by_role("button", name="Xem hồ sơ").click()
    accessible(page)
    page.get_by_role("link", name="Bạn có hài lòng không?").click()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out on a phone"

    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("group", name="Nhìn chung").get_by_text("Hài lòng", exact=True).click()
    page.get_by_role("group", name="Có ai đòi bạn tiền").get_by_text("Có", exact=True).click()
    page.get_by_label("Ở đâu?").select_option("carrier")
    page.get_by_label("Bao nhiêu tiền").fill("20.000")
    accessible(page)
    page.get_by_role("button", name="Gửi câu trả lời").click()

    expect(page.get_by_role("heading", name="Cảm ơn bạn")).to_be_visible()
    assert (Satisfaction.objects.get().overall, MoneyReport.objects.get().amount) == (4, 20_000)

"""One citizen's dossier from the counter to the door and into the city's books, each by whoever does it in life."""

import json
import re
import time
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from delivery.models.parcels import Parcel
from delivery.rules.signatures import HEADER, sign
from intake.operations import forwarding
from intake.records import DocumentRef, PlaceChoice
from intake.rules.states import Handling
from shared.calendar import local
from shared.outbox import relay
from tests.factories import catalogue, dossiers, network, places, rates
from tests.factories.parcels import number_pool

pytestmark = pytest.mark.django_db(transaction=True)
PHONE_TAIL = "268"


@pytest.fixture
def counter():
    rates.load()
    number_pool()
    catalogue.procedure(catalogue.EXTRACT)
    yield dossiers.counter(places.HOAN_KIEM, phone="0914275268")
    rates.forget()


def test_from_the_counter_to_the_door_and_into_the_books(counter, open_as, live_server):
    online = counter.submit(at=timezone.now())
    relay.drain()

    decide(open_as("/trung-tam/", network.officer(counter.centre)))
    relay.drain()
    online.refresh_from_db()
    assert online.handling == Handling.RESOLVED

    carry(live_server.url, Parcel.objects.get())
    relay.drain()
    online.refresh_from_db()
    assert (online.handling, online.result) == (Handling.RETURNED, "delivered")

    page = open_as("/tra-cuu/")
    page.locator("main input:visible").nth(0).fill(online.code)
    page.locator("main input:visible").nth(1).fill(PHONE_TAIL)
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text(online.code)
    expect(page.locator("main")).to_contain_text("26.000")

    page = open_month(open_as)
    page.get_by_text("Không có gì lạ").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.locator("tr[data-row] .line-link").click()
    expect(page.locator("body")).to_contain_text("Nghị quyết 77/2025/NQ-HĐND")
    expect(page.locator("body")).to_contain_text("Thành phố trả 26.000 đ")


def test_the_books_say_why_a_paper_dossier_got_nothing(counter, open_as, live_server):
    paper = counter.submit(
        at=timezone.now(), channel="post", procedure_code=catalogue.EXTRACT, place=PlaceChoice(places.HOAN_KIEM),
        documents=(DocumentRef("to_khai"), DocumentRef("ban_sao_chung_thuc")))
    forwarding.forward_on_paper(dossier_ids=[paper.id], by=counter.by, at=timezone.now())

    carry(live_server.url, Parcel.objects.get())
    relay.drain()

    paper.refresh_from_db()
    assert paper.handed_over_at is not None
    page = open_month(open_as)
    page.locator("tr[data-row]").first.click()
    expect(page.locator("body")).to_contain_text("Hồ sơ giấy không được hỗ trợ")
    expect(page.locator("body")).to_contain_text("người dân trả 26.000 đ")


def decide(page: Page) -> None:
    """The officer receives the first arrival and resolves it, without a mouse."""
    page.keyboard.press("j")
    expect(page.locator("[data-row] a:focus")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/trung-tam/ho-so/"))
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Tiếp nhận")
    page.wait_for_load_state()
    page.keyboard.press("6")
    page.get_by_label("Số quyết định").fill("12/TLKS")
    page.get_by_label("Nội dung kết quả").fill("Đăng ký khai sinh")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Giải quyết")


def carry(address: str, parcel: Parcel) -> None:
    """The carrier accepts and delivers, and says so twice."""
    now = timezone.now()
    receiver = {"name": "Người nhận", "relation": "self", "method": "otp"}
    told = [{"event_id": "1", "number": parcel.number, "code": "EMA", "occurred_at": now.isoformat()},
            {"event_id": "2", "number": parcel.number, "code": "EMI", "receiver": receiver,
             "occurred_at": (now + timedelta(seconds=1)).isoformat()}]
    body = json.dumps({"events": told}).encode()
    secret = settings.WARDPOST_CARRIER_SECRETS[parcel.carrier].split()[0]
    for _twice in range(2):
        signature = sign(body, secret=secret, at=int(time.time()))
        answer = httpx.post(f"{address}/api/v1/carriers/{parcel.carrier}/events", content=body, timeout=20, headers={
            HEADER: signature, "Content-Type": "application/json"})
        assert answer.status_code in {200, 202}, answer.text


def open_month(open_as) -> Page:
    month = local(timezone.now()).date()
    return open_as(f"/tai-chinh/?thang={month:%Y-%m}&operator=VNPOST", network.reviewer(places.HANOI))

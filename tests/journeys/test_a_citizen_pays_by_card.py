"""A citizen pays by card on her own phone, the clerk's page sees it, and headquarters give the money back."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from billing.cards.models import CardRefund
from billing.queries import rates
from intake.models.dossiers import Dossier
from intake.records import DocumentRef, PlaceChoice
from intake.rules.states import MoneyState
from shared.outbox import relay
from tests.billing.rates import load_rates
from tests.factories import catalogue, dossiers, network, receipts
from tests.factories.card_service import KEY, SECRET, stand_in
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(live_server, settings):
    with stand_in(f"{live_server.url}/api/v1/cards/events") as running:
        settings.WARDPOST_STRIPE_KEY, settings.WARDPOST_STRIPE_URL = KEY, running.address
        settings.WARDPOST_STRIPE_WEBHOOK_SECRETS = [SECRET]
        settings.WARDPOST_PUBLIC_URL = live_server.url
        yield running


@pytest.fixture
def counter():
    load_rates()
    place, now = dossiers.counter(), timezone.now()
    catalogue.procedure(catalogue.EXTRACT)
    last_month = now - timedelta(days=30)
    mandate = receipts.delegation(place.outlet, place.centre, at=last_month, signed_on=date(now.year - 2, 12, 20),
                                  tax_told_on=date(now.year - 2, 12, 22), valid_from=date(now.year - 1, 1, 1))
    receipts.numbers(place.outlet, place.centre, at=last_month, of=mandate, year=now.year)
    yield place
    rates.forget()


def deliver(service):
    """What workers and the card service do in the background."""
    for _ in range(3):
        while relay.drain():
            pass
        service.house.courier.send_due()


def test_from_the_code_at_the_counter_to_the_refund(service, counter, open_as, accessible):
    dossier = counter.submit(procedure_code=catalogue.EXTRACT, documents=(DocumentRef("to_khai"),), copies=3,
                             place=PlaceChoice(counter.outlet.commune_id))
    desk = open_as(f"/quay/ho-so/{dossier.id}/", counter.clerk)
    desk.get_by_role("button", name="Trả bằng thẻ").click()
    desk.wait_for_load_state()
    address = desk.locator(".transfer a").get_attribute("href")
    deliver(service)

    phone = open_as(re.sub(r"^https?://[^/]+", "", address), viewport=PHONE)
    accessible(phone)
    phone.get_by_role("link", name="Sang trang trả thẻ").click()
    phone.get_by_label("Số thẻ").fill("4000 0000 0000 0002")
    phone.get_by_role("button", name="Thanh toán").click()
    expect(phone.get_by_role("alert")).to_contain_text("từ chối")
    phone.get_by_label("Số thẻ").fill("4000 0027 6000 3184")
    phone.get_by_role("button", name="Thanh toán").click()
    phone.get_by_role("button", name="Tôi xác nhận").click()
    expect(phone.locator(".card-pay")).to_contain_text("Đang xác nhận")
    service.switch(duplicates=2, shuffle=True)
    deliver(service)
    expect(phone.locator(".card-pay")).to_contain_text("Đã trả.")
    accessible(phone)

    expect(desk.get_by_role("button", name="Trả bằng thẻ")).to_have_count(0)
    assert Dossier.objects.get(id=dossier.id).money == MoneyState.PAID

    office = open_as("/doi-soat/the/", network.operator_hq(counter.outlet.operator))
    accessible(office)
    office.locator("tbody a.code").click()
    office.wait_for_load_state()
    office.get_by_label("Vì sao hoàn tiền").fill("Người dân rút hồ sơ trong ngày")
    office.get_by_role("button", name="Hoàn tiền").click()
    office.wait_for_load_state()
    deliver(service)
    office.reload()
    expect(office.locator("main")).to_contain_text("Đã hoàn")
    assert CardRefund.objects.get().state == "done"

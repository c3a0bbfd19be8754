"""A citizen follows her result on her phone; headquarters look after what is stuck."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import expect

from delivery.models.parcels import Parcel
from tests.delivery import carrier
from tests.delivery.stories import Dossiers, telling
from tests.factories import network, parcels
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "H57.31-260114-0231"


@pytest.fixture
def parcel() -> Iterator[Parcel]:
    """A result at the delivery office."""
    from shared.ids import uuid7

    with telling(Dossiers(uuid7())) as dossiers:
        outlet = network.outlet(phone="02343822222")
        booked = parcels.parcel(dossier_ids=[dossiers.dossier_id], outlet=outlet)
        carrier.tell(Client(), carrier.event(booked.number, "EMA"), carrier.event(booked.number, "EMG", 22))
        yield booked


def test_a_citizen_mistypes_corrects_and_reads_whose_turn_it_is(open_as, accessible, parcel):
    page = open_as(f"/tra-cuu/{CODE}/", viewport=PHONE, allow=frozenset({404}))
    accessible(page)
    page.get_by_label("3 số cuối điện thoại của bạn").fill("000")
    page.get_by_role("button", name="Xem hồ sơ").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Mã trên phiếu hoặc trên bưu gửi")).to_have_value(CODE)
    accessible(page)

    page.get_by_label("3 số cuối điện thoại của bạn").fill("268")
    page.get_by_role("button", name="Xem hồ sơ").click()

    expect(page.locator(".turn-who")).to_have_text("Bưu điện")
    assert "268" not in page.url
    assert CODE not in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out on a phone"
    accessible(page)

    page.get_by_role("button", name="English").click()
    expect(page.locator(".turn .cap")).to_have_text("Whose turn it is")


def test_headquarters_settle_a_contradiction_with_the_keyboard(open_as, accessible, parcel):
    carrier.tell(Client(), carrier.event(parcel.number, "X-RTA", 30), carrier.delivered(parcel.number, 50))
    page = open_as("/buu-gui/", network.operator_hq(), viewport={"width": 1366, "height": 768})
    accessible(page)
    page.get_by_role("link", name=parcel.number).click()
    accessible(page)

    page.get_by_label("Đã phát tới người nhận").check()
    page.get_by_label("Căn cứ").fill("Đã gọi cho người nhận")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".page-h .badge").first).to_have_text("Đã phát")
    expect(page.get_by_text("Đã gọi cho người nhận")).to_be_visible()

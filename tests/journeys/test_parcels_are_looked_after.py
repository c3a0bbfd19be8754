"""Headquarters set by when places are collected, and end a search; the clerk hands over, the citizen reads on."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from config.reference_data import indemnities
from delivery.dispatch.operations.watching import watch_cut_offs
from delivery.models.parcels import Parcel
from shared.outbox import relay
from tests.delivery import carrier
from tests.factories import network, parcels, rates
from tests.factories.parcels import PHONE as ADDRESSEE
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_missed_its_collection_is_handed_over_with_the_next_one(open_as, accessible):
    outlet = network.outlet()
    parcel = parcels.parcel(outlet=outlet, direction="dossier", case=parcels.postage_case("dossier"))

    # Headquarters say by when the outlet is collected; what was booked before is late from then on.
    office = open_as("/buu-gui/gio-chot/", network.operator_hq())
    accessible(office)
    office.locator("form.d-cut input[name=at]").first.fill("16:30")
    office.locator("form.d-cut button").first.click()
    office.wait_for_load_state()
    watch_cut_offs(at=timezone.now())
    office.reload()
    expect(office.locator(".note.late")).to_contain_text("1")

    # The clerk scans it, seals the bag, and the collector signs.
    desk = open_as("/buu-gui/giao-di/", network.clerk(outlet))
    accessible(desk)
    desk.locator("#d-code").fill(parcel.number)
    desk.keyboard.press("Enter")
    desk.wait_for_load_state()
    desk.locator("header .acts a.btn-strong").first.click()
    desk.locator("#seal-1").fill("AB1234")
    desk.keyboard.press("Control+Enter")
    desk.locator("#d-taken").fill("Nguyễn Văn Phát")
    desk.locator("#d-badge").fill("BT-0417")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#d-sign")).to_have_count(0)
    expect(desk.get_by_text("BT-0417")).to_be_visible()
    parcel.refresh_from_db()
    assert parcel.handed_over_at is not None

    office.reload()
    expect(office.locator(".note.late")).to_have_count(0)


def test_a_missed_parcel_is_looked_for_and_its_addressee_reads_what_she_is_owed(open_as, accessible):
    rates.load()
    with transaction.atomic():
        indemnities.read(rates.FOLDER)()
    outlet = network.outlet()
    parcel = parcels.parcel(outlet=outlet)
    carrier.tell(Client(), carrier.event(parcel.number, "EMA"))
    Parcel.objects.update(promised_date=timezone.localdate())

    desk = open_as(f"/buu-gui/{parcel.id}/", network.clerk(outlet))
    report = desk.locator("details", has=desk.locator("form[action$='/tim-kiem/']"))
    report.locator("summary").click()
    report.locator("textarea").fill("Người dân gọi hỏi")
    report.locator("button").click()
    desk.wait_for_load_state()

    office = open_as("/buu-gui/tim-kiem/", network.operator_hq())
    accessible(office)
    office.get_by_role("link", name=parcel.number).first.click()
    accessible(office)
    office.locator("input[name=outcome][value=lost]").check()
    office.locator("form[action*='tra-loi'] textarea[name=words]").fill("Xe thư bị cháy")
    office.keyboard.press("Control+Enter")
    expect(office.locator("form[action*='tra-loi']")).to_have_count(0)
    relay.drain()

    phone = open_as("/tra-cuu/", viewport=PHONE)
    phone.locator("input[name=code]").fill(parcel.number)
    phone.locator("input[name=tail]").fill(ADDRESSEE[-3:])
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Bưu điện phải trả bạn")).to_be_visible()
    expect(phone.locator(".owed b")).to_have_text(re.compile(r"120\.000"))
    expect(phone.get_by_text("đang trên đường về nhà")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out on a phone"
    accessible(phone)

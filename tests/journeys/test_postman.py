"""A postman goes where there is no signal, and everything she noted arrives; a citizen has her result elsewhere."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from delivery.door.models import DoorAct
from delivery.door.operations import rounds
from delivery.models.parcels import Parcel
from tests.delivery import carrier, doors
from tests.factories import network, parcels, places
from tests.factories.parcels import RECIPIENT
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)


def at_office() -> Parcel:
    """A result of today at its delivery office."""
    booked = parcels.parcel(booked_at=timezone.now() - timedelta(hours=6))
    carrier.tell(Client(), *(carrier.event(booked.number, code, occurred_at=(
        timezone.now() - timedelta(hours=ago)).isoformat()) for code, ago in (("EMA", 5), ("EMG", 3))))
    return booked


def test_a_postman_delivers_without_a_signal_and_sends_when_there_is_one(open_as, accessible, settings, tmp_path):
    settings.WARDPOST_PROOF_ROOT = tmp_path / "proofs"
    first, second = at_office(), at_office()
    _round, token = rounds.open_round(
        rounds.RoundInput("Lê Văn Bưu", "BT-017", (first.number, second.number)),
        by=doors.clerk_of(network.outlet()), at=timezone.now())
    page = open_as(f"/phat/{token}/", viewport=PHONE)
    accessible(page)
    page.get_by_role("button", name="Bắt đầu chuyến phát trên máy này").click()
    page.wait_for_load_state()
    expect(page.locator(".door-stop")).to_have_count(2)
    accessible(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(500)

    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".door-stop")).to_have_count(2)
    page.locator(".door-stop").first.click()
    page.get_by_role("button", name="Trao bưu gửi").click()
    page.get_by_label("Giấy tờ tùy thân đã đối chiếu").select_option("cccd")
    page.get_by_role("button", name="Đã trao").click()
    expect(page.get_by_text("Cho người nhận ký").first).to_be_visible()
    accessible(page)
    box = page.locator("[data-pad] canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Đã trao").click()
    page.locator(".door-stop").nth(1).click()
    page.get_by_role("button", name="Chưa phát được").click()
    page.locator("[data-reasons] .opt").first.click()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("2 mục giữ trên máy, chưa gửi")).to_be_visible()
    assert not DoorAct.objects.exists()

    page.context.set_offline(False)

    expect(page.get_by_text("mục giữ trên máy, chưa gửi")).to_be_hidden(timeout=20_000)
    assert sorted(DoorAct.objects.values_list("what", flat=True)) == ["delivered", "failed"]
    assert Parcel.objects.get(id=first.id).state == "delivered"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_citizen_has_her_result_laid_out_at_a_post_office(open_as, accessible):
    outlet = network.outlet(places.PHU_XUAN)
    parcel = at_office()
    page = open_as(f"/tra-cuu/{parcel.number}/", viewport=PHONE)
    page.get_by_label("3 số cuối điện thoại của bạn").fill("268")
    page.get_by_role("button", name="Xem hồ sơ").click()
    page.wait_for_load_state()
    expect(page.locator("#door-map, [data-map]").first).to_be_attached()
    accessible(page)
    page.get_by_role("link", name="Đổi cách phát").click()
    page.wait_for_load_state()
    accessible(page)
    page.get_by_text("Tới nhận tại bưu cục").click()
    page.get_by_text(outlet.name).click()
    page.get_by_role("button", name="Đổi", exact=True).click()
    page.wait_for_load_state()

    expect(page.get_by_text(outlet.name).first).to_be_visible()
    assert RECIPIENT not in page.content()

"""A trip that we call off ends as cancelled, however the carrier says that it agrees; nothing waits for a person."""

import json

import pytest
from django.db import transaction
from django.utils import timezone

from delivery.dispatch.operations import packing
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.operations import carrier_requests
from delivery.queries.verification import differences
from delivery.rules.carrier_requests import RequestState
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from tests.delivery import carrier
from tests.factories import network, parcels, places

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(client, settings):
    """Of the centre that packed it; its carrier has no interface."""
    settings.WARDPOST_CARRIER_URLS = {}
    client.force_login(network.officer())
    return client


def packed(**fields) -> Parcel:
    parcel = parcels.parcel(**fields)
    Parcel.objects.filter(id=parcel.id).update(is_sent_to_carrier=True)
    return parcel


def call_off(client, parcel, reason: str = "địa chỉ sai", key: str = "k"):
    return client.post(f"/api/v1/parcels/{parcel.id}/cancellations", json.dumps({"reason": reason}),
                       content_type="application/json", headers={"Idempotency-Key": key})


def told_by_a_person() -> None:
    carrier_requests.send_request(request_id=CarrierRequest.objects.get().id, at=timezone.now())


def agreed_by_phone() -> None:
    told_by_a_person()
    request = CarrierRequest.objects.get()
    carrier_requests.answer_by_hand(request_id=request.id, is_accepted=True, reason="chị Hoa, gọi điện",
                                    by=network.acting(network.operator_hq()), at=timezone.now())


def cancelled_by_event(client, parcel) -> None:
    carrier.tell(client, carrier.event(parcel.number, "X-CANC"))


def state_of(parcel) -> str:
    parcel.refresh_from_db()
    return str(parcel.state)


@pytest.mark.parametrize("way", ["phone", "event", "event then phone"])
def test_a_called_off_trip_ends_once_the_carrier_agrees_however_it_says_so(officer, way):
    parcel = packed()
    assert call_off(officer, parcel).json()["state"] == "booked", "the carrier has not answered"

    told_by_a_person()
    if way != "phone":
        cancelled_by_event(officer, parcel)
    if way != "event":
        agreed_by_phone()

    assert (state_of(parcel), parcel.is_live, parcel.contradictions) == ("cancelled", False, [])
    assert OutboxMessage.objects.filter(event="ParcelCancelled").values("payload").distinct().count() == 1
    assert not WorkItem.objects.filter(kind="parcel-contradiction").exists()
    assert differences() == []


def test_a_cancellation_that_we_never_asked_for_is_still_a_contradiction(officer):
    parcel = packed()

    cancelled_by_event(officer, parcel)

    assert (state_of(parcel), parcel.contradictions) == ("needs_review", ["cancelled"])


def test_what_moves_after_it_was_called_off_needs_a_person(officer):
    parcel = packed()
    call_off(officer, parcel)
    agreed_by_phone()

    carrier.tell(officer, carrier.event(parcel.number, "EMA"))

    assert state_of(parcel) == "needs_review"
    assert WorkItem.objects.get(kind="parcel-contradiction", closed_at=None).reference == parcel.number
    assert differences() == []


def test_a_carrier_cannot_say_that_we_asked(officer):
    parcel = packed()

    carrier.tell(officer, carrier.event(parcel.number, "X-CASK"), carrier.event(parcel.number, "X-CANC"))

    assert state_of(parcel) == "needs_review"


def test_asking_twice_is_asking_once_and_a_reason_is_needed(officer):
    parcel = packed()
    assert call_off(officer, parcel, " ").status_code == 422

    assert [call_off(officer, parcel, key=key).status_code for key in ("k", "k", "k2")] == [201, 201, 201]

    assert CarrierRequest.objects.get().state == RequestState.WAITING


@pytest.mark.parametrize("hindrance", ["accepted", "handed over", "in a bag", "a dossier's"])
def test_what_is_under_way_is_not_called_off(officer, hindrance):
    parcel = packed(**({"direction": "dossier", "case": parcels.postage_case("dossier")}
                       if hindrance == "a dossier's" else {}))
    match hindrance:
        case "accepted":
            Parcel.objects.update(state="accepted")
        case "handed over":
            Parcel.objects.update(handed_over_at=timezone.now())
        case "in a bag":
            packing.scan_parcel(code=parcel.number, by=network.acting(network.officer()), at=timezone.now())

    assert call_off(officer, parcel).json()["code"] == "trip-goes-on"
    with transaction.atomic():
        assert not CarrierRequest.objects.exists()


def test_the_page_offers_it_to_the_centre_and_says_what_became_of_it(client, officer):
    parcel = packed()
    page = f"/buu-gui/{parcel.id}/"
    assert "huy-chuyen" in officer.get(page).content.decode()

    refused = officer.post(f"{page}huy-chuyen/", {"reason": ""})
    assert refused.status_code == 422
    assert officer.post(f"{page}huy-chuyen/", {"reason": "địa chỉ sai"}).status_code == 302
    assert "huy-chuyen" not in officer.get(page).content.decode()
    agreed_by_phone()
    assert "Đã huỷ chuyến" in officer.get(page).content.decode()

    client.force_login(network.officer(network.centre(places.PHU_XUAN)))
    assert call_off(client, parcel, key="x").status_code == 404

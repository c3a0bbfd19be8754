"""The collector takes sealed bags by a list; what misses its collection is somebody's work."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from delivery.dispatch.models import Dispatch
from delivery.dispatch.operations import collecting, packing
from delivery.dispatch.operations.watching import watch_cut_offs
from delivery.dispatch.papers import list_pdf
from delivery.dispatch.queries import carriers_here, collections_of
from delivery.errors import DispatchNotFound, DispatchNotThere, DispatchRefused, NotForDispatch
from delivery.models.parcels import Parcel
from shared.actors import Actor, ActorKind, job
from shared.calendar import LOCAL_ZONE
from shared.models.messages import OutboxMessage
from shared.models.oversight import WorkItem
from tests.factories import network, parcels, places
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db(transaction=True)

AFTERNOON = datetime(2026, 1, 14, 16, 45, tzinfo=LOCAL_ZONE)
SIGNED: dict[str, Any] = {"gave_name": "Trần Thị Lan", "taken_by_name": "Nguyễn Văn Phát", "taken_by_badge": "BT-0417"}


@pytest.fixture
def outlet():
    return network.outlet()


@pytest.fixture
def clerk(outlet):
    return Actor(ActorKind.PERSON, "clerk", "Trần Thị Lan", role="outlet_clerk", outlet_id=outlet.id,
                 province_code=places.HUE)


def waiting(outlet, n: int = 1) -> list[Parcel]:
    return [parcels.parcel(outlet=outlet, direction="dossier", case=parcels.postage_case("dossier"))
            for _ in range(n)]


def scanned(outlet, clerk, n: int = 1) -> tuple[Dispatch, list[Parcel]]:
    found = waiting(outlet, n)
    items = [packing.scan_parcel(code=parcel.number, by=clerk, at=BOOKED_AT) for parcel in found]
    return items[0].dispatch, found


def set_cut_off(outlet, clock=time(16, 30)):
    collecting.set_cut_off(operator_code="VNPOST", outlet_id=outlet.id, clock=clock, by=job("test"), at=BOOKED_AT)


def test_scanned_sealed_signed_the_parcels_are_with_the_carrier(outlet, clerk):
    dispatch, (first, second) = scanned(outlet, clerk, 2)
    packing.close_list(dispatch_id=dispatch.id, seals=["ab12-34"], by=clerk, at=BOOKED_AT)

    collecting.hand_over(dispatch_id=dispatch.id, **SIGNED, by=clerk, at=AFTERNOON)

    assert set(Parcel.objects.values_list("handed_over_at", flat=True)) == {AFTERNOON}
    told = OutboxMessage.objects.get(event="ParcelsHandedOver").payload
    assert told["parcel_numbers"] == [first.number, second.number]
    assert "Phát" not in str(told), "no name travels in an event"
    assert carriers_here(clerk, AFTERNOON) == []


def test_a_scan_twice_is_one_line_and_a_strangers_label_is_none(outlet, clerk):
    dispatch, (parcel,) = scanned(outlet, clerk)

    again = packing.scan_parcel(code=f" {parcel.number[:2].lower()} {parcel.number[2:]}", by=clerk, at=BOOKED_AT)

    assert (again.dispatch_id, dispatch.items.count()) == (dispatch.id, 1)
    elsewhere = waiting(network.outlet(places.PHU_XUAN))[0]
    with pytest.raises(NotForDispatch):
        packing.scan_parcel(code=elsewhere.number, by=clerk, at=BOOKED_AT)


def test_each_bag_has_its_own_seal_and_a_seal_closes_once(outlet, clerk):
    dispatch, _ = scanned(outlet, clerk)
    packing.begin_bag(dispatch_id=dispatch.id, by=clerk, at=BOOKED_AT)
    packing.scan_parcel(code=waiting(outlet)[0].number, by=clerk, at=BOOKED_AT)

    for seals in (["S1001"], ["S1001", "S1001"], ["S1001", "x"]):
        with pytest.raises(DispatchRefused):
            packing.close_list(dispatch_id=dispatch.id, seals=seals, by=clerk, at=BOOKED_AT)
    closed = packing.close_list(dispatch_id=dispatch.id, seals=["S1001", "S1002"], by=clerk, at=BOOKED_AT)

    assert [bag["seal"] for bag in closed.paper["bags"]] == ["S1001", "S1002"]
    other, _ = scanned(outlet, clerk)
    with pytest.raises(DispatchRefused):
        packing.close_list(dispatch_id=other.id, seals=["S1002"], by=clerk, at=BOOKED_AT)


def test_what_is_left_behind_waits_for_the_next_collection(outlet, clerk):
    dispatch, (taken, left) = scanned(outlet, clerk, 2)
    packing.close_list(dispatch_id=dispatch.id, seals=["S1001"], by=clerk, at=BOOKED_AT)

    with pytest.raises(DispatchRefused):
        collecting.hand_over(dispatch_id=dispatch.id, **SIGNED, left={left.id: " "}, by=clerk, at=AFTERNOON)
    collecting.hand_over(dispatch_id=dispatch.id, **SIGNED, left={left.id: "không vừa xe"}, by=clerk, at=AFTERNOON)

    left.refresh_from_db()
    assert left.handed_over_at is None
    assert [parcel.id for parcel in carriers_here(clerk, AFTERNOON)[0].waiting] == [left.id]
    assert Parcel.objects.get(id=taken.id).handed_over_at == AFTERNOON


@pytest.mark.parametrize("wrong", [
    {"taken_by_name": "Trần Thị Lan"}, {"taken_by_badge": "046190000127"}, {"taken_by_badge": ""}, {"gave_name": ""}])
def test_two_people_sign_with_a_badge_and_never_an_id_number(outlet, clerk, wrong):
    dispatch, _ = scanned(outlet, clerk)
    packing.close_list(dispatch_id=dispatch.id, seals=["S1001"], by=clerk, at=BOOKED_AT)

    with pytest.raises(DispatchRefused):
        collecting.hand_over(dispatch_id=dispatch.id, **SIGNED | wrong, by=clerk, at=AFTERNOON)

    assert Dispatch.objects.get().state == "closed"


def test_an_open_list_is_not_handed_over_and_a_closed_one_is_not_filled(outlet, clerk):
    dispatch, _ = scanned(outlet, clerk)
    with pytest.raises(DispatchNotThere):
        collecting.hand_over(dispatch_id=dispatch.id, **SIGNED, by=clerk, at=AFTERNOON)
    packing.close_list(dispatch_id=dispatch.id, seals=["S1001"], by=clerk, at=BOOKED_AT)

    late = packing.scan_parcel(code=waiting(outlet)[0].number, by=clerk, at=BOOKED_AT)

    assert late.dispatch_id != dispatch.id
    with pytest.raises(DispatchRefused):
        packing.reopen_list(dispatch_id=dispatch.id, by=clerk, at=BOOKED_AT)


def test_a_missed_cut_off_is_the_managers_work_until_the_carrier_has_it(outlet, clerk):
    set_cut_off(outlet)
    (parcel,) = waiting(outlet)

    watch_cut_offs(at=AFTERNOON)

    item = WorkItem.objects.get(kind="dispatch-missed")
    assert (item.owner_role, item.owner_place, item.detail["parcels"]) == ("outlet_manager", outlet.code, 1)
    assert carriers_here(clerk, AFTERNOON)[0].missed == 1
    collecting.note_collected(parcel_number=parcel.number, at=AFTERNOON)
    watch_cut_offs(at=AFTERNOON + timedelta(minutes=5))
    item.refresh_from_db()
    assert item.closed_at is not None


def test_before_the_cut_off_and_just_before_it_nothing_is_missed(outlet):
    set_cut_off(outlet)
    (parcel,) = waiting(outlet)

    assert watch_cut_offs(at=AFTERNOON.replace(hour=16, minute=29)) == 0
    Parcel.objects.filter(id=parcel.id).update(booked_at=AFTERNOON.replace(hour=16, minute=20))
    assert watch_cut_offs(at=AFTERNOON) == 0


def test_a_sealed_list_that_nobody_collects_is_the_operators_work(outlet, clerk):
    set_cut_off(outlet)
    dispatch, _ = scanned(outlet, clerk)
    packing.close_list(dispatch_id=dispatch.id, seals=["S1001"], by=clerk, at=BOOKED_AT)

    watch_cut_offs(at=AFTERNOON + timedelta(minutes=20))

    assert list(WorkItem.objects.values_list("kind", "owner_role")) == [("dispatch-not-collected", "operator_hq")]


def test_the_operator_sees_every_place_and_a_stranger_none(outlet, clerk):
    set_cut_off(outlet)
    dispatch, _ = scanned(outlet, clerk)
    hq = Actor(ActorKind.PERSON, "hq", role="operator_hq", operator_id=outlet.operator_id)
    other = Actor(ActorKind.PERSON, "x", role="outlet_clerk", outlet_id=network.outlet(places.PHU_XUAN).id)

    row = next(each for each in collections_of(hq, AFTERNOON) if each.outlet_id == outlet.id)

    assert (row.waiting, row.missed) == (1, 1), "on an open list it is still here"
    with pytest.raises(DispatchNotFound):
        packing.take_out(dispatch_id=dispatch.id, parcel_id=outlet.id, by=other, at=BOOKED_AT)


def test_the_printed_list_is_the_same_again_and_names_no_citizen(outlet, clerk):
    dispatch, _ = scanned(outlet, clerk, 2)
    closed = packing.close_list(dispatch_id=dispatch.id, seals=["S1001"], by=clerk, at=BOOKED_AT)

    first, again = (list_pdf(dispatch_id=dispatch.id, by=clerk)[1] for _ in range(2))

    assert first == again
    assert first.startswith(b"%PDF")
    assert parcels.PHONE[3:] not in str(closed.paper)

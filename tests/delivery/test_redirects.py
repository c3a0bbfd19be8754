"""An order to another commune has a zone and a promise of its own; the first promise stays what is kept or not."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from agents.models.organisations import Outlet
from delivery.door.models import DeliveryChange
from delivery.door.operations import changes
from delivery.door.redirects import NONE, is_late, orders_of, orders_of_one, zone_now
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.promise.rules import Ground, Redirect, expected
from delivery.rules import ParcelState
from delivery.searches import sweeps
from delivery.searches.models import Delay
from shared.calendar import LOCAL_ZONE, WorkCalendar
from tests.delivery import doors
from tests.factories import network, parcels, places

pytestmark = pytest.mark.django_db
# Booked on Wednesday 14 January 2026, promised within the province for Friday 16.
THURSDAY = datetime(2026, 1, 15, 10, tzinfo=LOCAL_ZONE)
WHY = "Bà gọi từ 0914275268, thẻ 046188004127"


def ordered(parcel: Parcel, to: str, at: datetime = THURSDAY, **more) -> DeliveryChange:
    places.commune(to)
    given = changes.ChangeInput(kind="address", commune_code=to, address="9 đường Thử", why=WHY)
    with time_machine.travel(at, tick=False):
        return changes.change_by_staff(parcel_id=parcel.id, given=given, at=at,
                                       by=doors.clerk_of(Outlet.objects.get(id=str(parcel.outlet_id))))


@pytest.fixture
def parcel() -> Parcel:
    return doors.at_office(outlet=network.outlet(places.PHU_XUAN))


def test_zone_and_promise_count_from_the_order_and_the_first_promise_stays(parcel):
    ordered(parcel, places.HOAN_KIEM)

    now = orders_of_one(parcel)
    parcel.refresh_from_db()
    assert parcel.promised_date == date(2026, 1, 16)
    assert parcel.zone == "intra_province"
    assert now.redirect is not None
    assert now.redirect.zone.startswith("inter_")
    assert zone_now(parcel) == now.redirect.zone
    assert now.redirect.ordered_at == THURSDAY
    assert now.promised(parcel) == now.redirect.promised_date > parcel.promised_date


def test_within_its_commune_and_without_an_order_nothing_changes(parcel):
    assert orders_of_one(parcel) == NONE
    ordered(parcel, parcel.recipient_commune_id)

    assert orders_of_one(parcel).redirect is None
    assert zone_now(parcel) == parcel.zone


def test_a_later_day_of_delivery_keeps_where_it_goes(parcel):
    ordered(parcel, places.PHONG_DINH)
    DeliveryChange.objects.create(parcel=parcel, kind="another_day", wanted_date=date(2026, 1, 22),
                                  ordered_by_kind="citizen", ordered_by="x", ordered_at=THURSDAY + timedelta(hours=1))

    now = orders_of_one(parcel)
    assert now.agreed == date(2026, 1, 22)
    assert now.redirect is not None


def test_many_parcels_cost_the_same_queries(django_assert_max_num_queries):
    outlet = network.outlet(places.PHU_XUAN)
    several = [doors.at_office(outlet=outlet) for _ in range(3)]
    for each in several:
        ordered(each, places.HOAN_KIEM)

    orders_of(several[:1])  # zones and places are remembered

    with django_assert_max_num_queries(6) as asked:
        found = orders_of(several)
    with django_assert_max_num_queries(len(asked)):
        orders_of(several[:2])
    assert {each.redirect.promised_date for each in found.values()} == {found[several[0].id].promised(several[0])}


def test_who_waits_is_not_told_of_a_delay_before_the_new_promise(parcel):
    ordered(parcel, places.HOAN_KIEM)
    promised = orders_of_one(parcel).promised(parcel)
    morning = datetime(promised.year, promised.month, promised.day, 9, tzinfo=LOCAL_ZONE)

    sweeps.notice_delays(at=morning)
    assert not Delay.objects.exists()
    sweeps.notice_delays(at=morning + timedelta(days=1))
    assert Delay.objects.get().promised_date == date(2026, 1, 16)


def test_late_is_who_has_missed_the_day_that_holds_now(parcel):
    other = doors.at_office(outlet=network.outlet(places.PHU_XUAN))
    ordered(parcel, places.HOAN_KIEM)
    promised = orders_of_one(parcel).promised(parcel)
    rows = Parcel.objects.all()

    def late(today):
        return set(rows.live().filter(is_late(rows, today)))

    assert late(promised) == {other}
    assert late(promised + timedelta(days=1)) == {parcel, other}
    assert late(date(2026, 1, 16)) == set()


def test_numbers_of_people_in_the_reason_are_hidden(parcel):
    order = ordered(parcel, places.HOAN_KIEM)

    assert "0914275268" not in order.why
    assert "046188004127" not in order.why
    assert "046•••••4127" in order.why
    assert not CarrierRequest.objects.filter(reason__contains="0914275268").exists()


@pytest.mark.parametrize(("state", "day", "today", "expects", "ground", "late"), [
    (ParcelState.ARRIVED, 14, 15, 21, Ground.ACCEPTED, 0),  # it lay near the old door
    (ParcelState.ARRIVED, 20, 20, 21, Ground.NEAR, 0), (ParcelState.OUT_FOR_DELIVERY, 21, 21, 21, Ground.OUT, 0),
    (ParcelState.IN_TRANSIT, 16, 19, 21, Ground.ACCEPTED, 0), (ParcelState.IN_TRANSIT, 16, 22, 22, Ground.OVERDUE, 1)])
def test_the_expected_day_counts_from_the_order(state, day, today, expects, ground, late):
    at = datetime(2026, 1, day, 12, tzinfo=LOCAL_ZONE)
    trip = parcels_trip(state, at)
    redirect = Redirect(THURSDAY, "inter_near_region", date(2026, 1, 21))

    found = expected(trip, WorkCalendar(), date(2026, 1, today), redirect=redirect)
    assert (found.day, found.ground, found.days_late) == (date(2026, 1, expects), ground, late)


def parcels_trip(state: ParcelState, at: datetime) -> Parcel:
    booked = parcels.BOOKED_AT
    return Parcel(state=state, state_at=at, booked_at=booked, accepted_at=booked + timedelta(hours=1),
                  promised_date=date(2026, 1, 16))

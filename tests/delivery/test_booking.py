"""A parcel is booked once, in the transaction of what it is booked for, with a number that nobody else has."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from delivery import public as delivery
from delivery.errors import BookingInvalid, NumberPoolExhausted, NumberRangeTaken
from delivery.models.parcels import NumberPool, Parcel
from delivery.operations import booking, numbers
from shared.actors import job
from shared.identifiers import is_s10, is_spoken_code
from shared.ids import uuid7
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import parcels, places
from tests.factories.parcels import BOOKED_AT


def book(**fields):
    with transaction.atomic():
        return delivery.book_parcel(parcels.booking_request(**fields))


@pytest.mark.django_db
def test_a_booked_parcel_has_a_valid_number_a_code_to_say_and_a_promised_day():
    parcels.number_pool()
    dossier = uuid7()

    parcel = book(dossier_ids=[dossier])

    assert is_s10(parcel.number)
    assert is_spoken_code(parcel.tracking_code)
    assert parcel.promised_date == date(2026, 1, 16), "two working days after Wednesday the 14th"
    assert (parcel.state, parcel.is_sent_to_carrier) == ("booked", False)
    assert delivery.parcels_of_dossier(dossier) == [parcel]
    assert parcel.case == parcels.postage_case()


@pytest.mark.django_db
def test_booking_is_told_and_audited():
    parcels.number_pool()

    parcel = book()

    told = OutboxMessage.objects.filter(event="ParcelBooked").first()
    assert told is not None
    assert told.payload["parcel_id"] == str(parcel.id)
    entry = AuditEntry.objects.get(action="parcel.book")
    assert entry.object_id == str(parcel.id)
    assert parcels.RECIPIENT not in str(entry.after), "no citizen's data in the audit"


@pytest.mark.django_db
def test_booking_the_same_reference_again_gives_the_same_parcel_and_tells_nobody():
    parcels.number_pool()
    first = book(booking_ref="result:1")
    told = OutboxMessage.objects.count()

    again = book(booking_ref="result:1")

    assert again == first
    assert Parcel.objects.count() == 1
    assert OutboxMessage.objects.count() == told


@pytest.mark.django_db(transaction=True)
def test_a_parcel_is_not_booked_outside_a_transaction():
    parcels.number_pool()

    with pytest.raises(TransactionManagementError):
        booking.book(parcels.booking_request())


@pytest.mark.django_db
def test_a_dossiers_step_that_fails_takes_its_parcel_with_it():
    parcels.number_pool()

    def step():
        with transaction.atomic():
            booking.book(parcels.booking_request())
            raise RuntimeError("the step failed")

    with pytest.raises(RuntimeError):
        step()

    assert not Parcel.objects.exists()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value", "pointer"), [
    ("weight_grams", 0, "/weight_grams"), ("weight_grams", 30_001, "/weight_grams"),
    ("recipient_name", "  ", "/recipient_name"), ("recipient_address", "x" * 301, "/recipient_address"),
    ("recipient_commune_code", "19837", "/recipient_commune_code"), ("direction", "sideways", "/direction"),
    ("dossiers", (), "/dossiers"),
])
def test_what_is_wrong_with_a_booking_is_named(field, value, pointer):
    parcels.number_pool()

    with pytest.raises(BookingInvalid) as refused:
        book(**{field: value})

    assert pointer in [error.pointer for error in refused.value.errors]
    assert not Parcel.objects.exists()


@pytest.mark.django_db
def test_an_operator_without_numbers_is_refused_and_was_warned_before():
    parcels.number_pool(size=2)
    book()
    assert WorkItem.objects.filter(kind="number-pool-low", owner_place="VNPOST").exists()
    book()
    assert WorkItem.objects.filter(kind="number-pool-empty", owner_role="operator_hq").exists()

    with pytest.raises(NumberPoolExhausted):
        book()

    assert Parcel.objects.count() == 2


@pytest.mark.django_db
def test_the_next_range_is_used_when_the_first_is_used_up():
    parcels.number_pool(size=1)
    NumberPool.objects.create(operator_code="VNPOST", service="RR", first_serial=90_000_000, next_serial=90_000_000,
                              last_serial=90_000_009)

    numbers_given = [book().number, book().number]

    assert numbers_given[0][2:10] == "10000000"
    assert numbers_given[1][2:10] == "90000000"


@pytest.mark.django_db(transaction=True)
def test_ranges_do_not_overlap_and_the_same_range_is_allotted_once():
    asked: dict[str, Any] = {
        "operator_code": "VNPOST", "first_serial": 1, "last_serial": 1000, "by": job("test"), "at": BOOKED_AT}
    pool = numbers.allot_numbers(**asked)

    assert numbers.allot_numbers(**asked).id == pool.id
    with pytest.raises(NumberRangeTaken):
        numbers.allot_numbers(**asked | {"operator_code": "VTPOST", "first_serial": 1000, "last_serial": 2000})


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_numbers_and_one_reference_one_parcel():
    parcels.number_pool(size=50)
    shared_ref = parcels.booking_request(booking_ref="result:shared")
    asked = [parcels.booking_request() for _ in range(24)] + [shared_ref] * 8

    def attempt(request) -> UUID:
        try:
            with transaction.atomic():
                return booking.book(request).id
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(attempt, asked))

    assert len(set(made)) == 25
    assert Parcel.objects.values("number").distinct().count() == Parcel.objects.count() == 25
    assert NumberPool.objects.get().next_serial == 10_000_025


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "slip", "cities", "expected"), [
    ("intra_district", False, False, date(2026, 1, 15)), ("intra_district", True, False, date(2026, 1, 16)),
    ("intra_province", False, False, date(2026, 1, 16)), ("intra_province", True, False, date(2026, 1, 20)),
    ("inter_far_region", False, True, date(2026, 1, 19)), ("inter_same_region", True, True, date(2026, 1, 22)),
    ("inter_same_region", False, False, date(2026, 1, 20)), ("inter_far_region", True, False, date(2026, 1, 26)),
])
def test_transit_times_of_decision_45_in_working_days(zone, slip, cities, expected):
    """From Wednesday 14 January 2026."""
    assert delivery.promised_date("dossier", zone, date(2026, 1, 14), slip, between_cities=cities) == expected


@pytest.mark.django_db
def test_a_result_brings_no_slip_back():
    assert delivery.promised_date("result", "intra_district", date(2026, 1, 14), True) == date(2026, 1, 15)


@pytest.mark.django_db
def test_a_parcel_between_two_cities_is_promised_sooner():
    parcels.number_pool()
    places.commune(places.HOAN_KIEM)

    parcel = book(recipient_commune_code=places.HOAN_KIEM, case=parcels.postage_case(zone="inter_far_region"))

    assert parcel.promised_date == date(2026, 1, 19)

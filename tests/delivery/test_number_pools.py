"""Numbers are allotted, handed to outlets and recalled; none is ever given twice."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.errors import MayNotHandNumbers, NumberPoolNotFound, NumberRangeTaken, NumbersRefused
from delivery.models.parcels import NumberPool
from delivery.operations import booking, numbers
from delivery.rules.number_forms import form_of, typed_number
from shared.actors import Actor, ActorKind, job
from shared.models.oversight import WorkItem
from tests.factories import network, parcels
from tests.factories.parcels import BOOKED_AT

US = job("test")


def allot(first: int, last: int, operator: str = "VNPOST", by: Actor = US) -> NumberPool:
    return numbers.allot_numbers(operator_code=operator, first_serial=first, last_serial=last, by=by, at=BOOKED_AT)


def take(outlet_id=None, operator: str = "VNPOST") -> str:
    with transaction.atomic():
        return numbers.next_number(operator, "RR", BOOKED_AT, outlet_id)


@pytest.mark.django_db(transaction=True)
def test_an_outlet_takes_its_own_numbers_first_and_then_its_operators():
    outlet = network.outlet()
    pool = allot(1000, 1999)
    own = numbers.hand_numbers_to_outlet(pool_id=pool.id, outlet_id=outlet.id, count=2, by=US, at=BOOKED_AT)

    given_out = [take(outlet.id) for _ in range(3)]

    assert [number[2:10] for number in given_out] == ["00001998", "00001999", "00001000"]
    assert (own.first_serial, own.last_serial) == (1998, 1999)
    assert take()[2:10] == "00001001", "another place never takes an outlet's numbers"


@pytest.mark.django_db(transaction=True)
def test_an_outlets_numbers_that_run_out_become_work_of_its_headquarters():
    outlet = network.outlet()
    pool = allot(1000, 1999)
    numbers.hand_numbers_to_outlet(pool_id=pool.id, outlet_id=outlet.id, count=1, by=US, at=BOOKED_AT)

    take(outlet.id)

    item = WorkItem.objects.get(kind="number-pool-empty")
    assert (item.reference, item.owner_role) == (f"VNPOST:RR:{outlet.code}", "operator_hq")
    numbers.hand_numbers_to_outlet(pool_id=pool.id, outlet_id=outlet.id, count=200, by=US,
                                   at=BOOKED_AT + timedelta(hours=1))
    item.refresh_from_db()
    assert item.closed_at is not None


@pytest.mark.django_db(transaction=True)
def test_recalled_numbers_are_skipped_and_never_allotted_again():
    pool = allot(1000, 1009)
    take()

    numbers.recall_numbers(pool_id=pool.id, reason="cuộn nhãn bị mất", first_serial=1002, last_serial=1004, by=US,
                           at=BOOKED_AT)

    assert [take()[2:10] for _ in range(3)] == ["00001001", "00001005", "00001006"]
    with pytest.raises(NumberRangeTaken):
        allot(1003, 1003)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "last", "reason"), [(1000, 1001, "x"), (1001, 1010, "x"), (1001, 1002, "  ")])
def test_only_free_numbers_are_recalled_and_somebody_says_why(first, last, reason):
    pool = allot(1000, 1009)
    take()

    with pytest.raises(NumbersRefused):
        numbers.recall_numbers(pool_id=pool.id, reason=reason, first_serial=first, last_serial=last, by=US,
                               at=BOOKED_AT)

    assert not NumberPool.objects.filter(recalled_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_headquarters_hands_out_its_own_numbers_and_nobody_elses():
    outlet = network.outlet()
    pool = allot(1000, 1009)
    hq = Actor(ActorKind.PERSON, "hq", role="operator_hq", operator_id=outlet.operator_id)
    stranger = Actor(ActorKind.PERSON, "x", role="operator_hq", operator_id=outlet.id)

    with pytest.raises(NumberPoolNotFound):
        numbers.recall_numbers(pool_id=pool.id, reason="x", by=stranger, at=BOOKED_AT)
    with pytest.raises(MayNotHandNumbers):
        allot(5000, 5001, by=stranger)

    assert numbers.recall_numbers(pool_id=pool.id, reason="x", by=hq, at=BOOKED_AT).left == 0


@pytest.mark.django_db(transaction=True)
def test_an_operator_with_numbers_of_its_own_form_gets_those():
    allot(95_000_000, 95_000_009, operator="VTPOST")

    number = take(operator="VTPOST")

    assert number == "VTP095000000"
    assert form_of("VTPOST").fits(number)
    assert not form_of("VNPOST").fits(number)


def test_a_number_with_a_wrong_check_digit_is_none_of_vietnam_post():
    assert form_of("VNPOST").fits(typed_number("rr 4731 2482 9 vn"))
    assert not form_of("VNPOST").fits("RR473124828VN")


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["take", "hand", "recall"]), st.integers(1, 6)), max_size=14))
def test_whatever_happens_no_number_is_given_twice_or_after_its_recall(steps):
    NumberPool.objects.all().delete()
    outlet = network.outlet()
    NumberPool.objects.create(operator_code="VNPOST", service="RR", first_serial=1, next_serial=1, last_serial=40)
    given_out: list[int] = []
    recalled: set[int] = set()
    for what, size in steps:
        pool = NumberPool.objects.filter(recalled_at=None, outlet_id=None).order_by("-last_serial").first()
        match what:
            case "take" if numbers.numbers_left("VNPOST", "RR") > size:
                given_out += [int(numbers.next_number("VNPOST", "RR", BOOKED_AT, outlet.id)[2:10]) for _ in range(size)]
            case "hand" if pool is not None and pool.left > size:
                numbers._cut_off_the_end(pool, size, outlet.id, BOOKED_AT)
            case "recall" if pool is not None and pool.left > size:
                row = numbers._set_apart(pool, pool.next_serial, pool.next_serial + size - 1)
                row.recalled_at, row.recalled_because = BOOKED_AT, "x"
                row.save()
                recalled |= set(range(row.first_serial, row.last_serial + 1))
    assert len(given_out) == len(set(given_out))
    assert not recalled & set(given_out)
    assert sum(pool.size for pool in NumberPool.objects.all()) == 40, "no serial is lost, none is there twice"


@pytest.mark.django_db
def test_a_parcel_to_the_outlet_counts_against_the_outlets_own_range():
    outlet = network.outlet()
    parcels.number_pool()
    NumberPool.objects.create(operator_code="VNPOST", service="RR", first_serial=77, next_serial=77, last_serial=79,
                              outlet_id=outlet.id)

    request = parcels.booking_request(outlet=outlet, direction="posted_in", case=parcels.postage_case("dossier"))
    with transaction.atomic():
        posted_in = booking.book(request)

    assert posted_in.number[2:10] == "00000077"


@pytest.mark.django_db
@pytest.mark.parametrize(("left", "said"), [(10, "khoảng "), (1_000_000, "hơn một năm")])
def test_a_page_says_how_long_a_range_lasts_in_words_that_mean_something(client, left, said):
    parcels.number_pool(size=left)
    parcels.parcel(booked_at=BOOKED_AT)
    client.force_login(network.operator_hq())

    with time_machine.travel(BOOKED_AT + timedelta(days=1)):
        page = client.get("/buu-gui/so-hieu/").content.decode()

    assert said in page

"""Sweeps take a portion at a time; what stays at the head of the line must not keep the rest from its turn."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from delivery.door.operations import returns
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.lines import CarrierLine
from delivery.models.parcels import Parcel
from delivery.operations import carrier_requests, parked, sending, watching
from delivery.operations.askings import Asking
from delivery.rules.carrier_requests import RequestKind
from shared.actors import job
from shared.models.oversight import WorkItem
from tests.delivery import carrier
from tests.factories import parcels
from tests.factories.parcels import BOOKED_AT

COMMITTING = pytest.mark.django_db(transaction=True)
DAYS_LATER = BOOKED_AT + timedelta(days=5)
US = job("a test")


@COMMITTING
def test_events_that_nobody_understands_do_not_keep_others_waiting(client, monkeypatch):
    monkeypatch.setattr(parked, "AT_ONCE", 2)
    strange, late = parcels.parcel(), parcels.parcel()
    for _ in range(3):
        carrier.tell(client, carrier.event(strange.number, "QQQ"))
    with monkeypatch.context() as broken:
        broken.setattr("delivery.operations.telling.tell", lambda *_: 1 / 0)
        carrier.tell(client, carrier.event(late.number, "EMA"))

    assert parked.retry_parked_events(at=timezone.now()) == 1

    late.refresh_from_db()
    assert late.state == "accepted"


@pytest.mark.django_db
def test_of_many_stuck_parcels_each_becomes_somebodys_work(monkeypatch):
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    stuck = [parcels.parcel() for _ in range(5)]

    assert [watching.watch_parcels(at=DAYS_LATER) for _ in range(4)] == [2, 4, 5, 5]

    open_ones = WorkItem.objects.filter(kind="parcel-not-accepted", closed_at=None)
    assert set(open_ones.values_list("reference", flat=True)) == {parcel.number for parcel in stuck}


@pytest.mark.django_db
def test_a_parcel_whose_trip_is_over_is_booked_no_more():
    parcel = parcels.parcel()
    Parcel.objects.update(state="delivered")

    assert sending.send_unsent_parcels(at=BOOKED_AT + timedelta(days=2)) == 0
    assert sending.send_parcel(parcel_id=parcel.id, at=BOOKED_AT + timedelta(days=2)) is None

    parcel.refresh_from_db()
    assert (parcel.send_attempts, parcel.is_sent_to_carrier) == (0, False)


@COMMITTING
def test_requests_to_a_carrier_that_is_down_do_not_keep_anothers_waiting(monkeypatch):
    monkeypatch.setattr(carrier_requests, "AT_ONCE", 2)
    monkeypatch.setattr(carrier_requests, "line_to", lambda _carrier: None)  # nobody to ask: a person tells it
    for operator_code in ("VNPOST", "VNPOST", "VNPOST", "VTPOST"):
        parcel = parcels.parcel(operator_code=operator_code)
        Parcel.objects.filter(id=parcel.id).update(state="accepted", is_sent_to_carrier=True)
        with transaction.atomic():
            carrier_requests.ask_carrier(Asking(parcel.id, RequestKind.RETURN, f"return:{parcel.number}", {}, "thử"),
                                         by=US, at=BOOKED_AT)
    CarrierLine.objects.update_or_create(carrier="vnpost", defaults={
        "failures": 50, "failing_since": BOOKED_AT, "next_try_at": DAYS_LATER + timedelta(hours=1)})

    carrier_requests.send_waiting_requests(at=DAYS_LATER)

    states = dict(CarrierRequest.objects.values_list("parcel__operator_code", "state").distinct())
    assert states == {"VNPOST": "waiting", "VTPOST": "by_hand"}


@pytest.mark.django_db
def test_what_was_ordered_back_already_does_not_keep_others_from_going_back(monkeypatch):
    monkeypatch.setattr(returns, "AT_ONCE", 2)
    days = ["2026-01-14", "2026-01-16"]
    for _ in range(5):
        parcel = parcels.parcel()
        Parcel.objects.filter(id=parcel.id).update(
            state="attempt_failed", attempts=2, summary={**parcel.summary, "attempt_days": days})

    at = BOOKED_AT + timedelta(days=10)
    assert [returns.send_back_due(at=at) for _ in range(4)] == [2, 2, 1, 0]

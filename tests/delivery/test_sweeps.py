"""What waits is tried again, what stays where it is becomes somebody's work, and nothing waits without an owner."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.models.parcels import Parcel
from delivery.operations import parked, watching
from delivery.queries.verification import differences
from delivery.rules import FINAL_PARCEL_STATES, ParcelState
from delivery.searches import sweeps
from shared.identifiers import s10_number
from shared.models.messages import InboxMessage
from shared.models.oversight import WorkItem
from tests.delivery import carrier
from tests.factories import parcels
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db
COMMITTING = pytest.mark.django_db(transaction=True)


@COMMITTING
def test_an_event_that_came_before_its_parcel_is_applied_when_it_appears(client):
    number = s10_number("RR", 10_000_000)
    carrier.tell(client, carrier.event(number, "EMA"))
    assert parked.retry_parked_events(at=timezone.now()) == 0

    parcel = parcels.parcel()
    assert parcel.number == number
    assert parked.retry_parked_events(at=timezone.now()) == 1

    parcel.refresh_from_db()
    assert parcel.state == "accepted"
    assert InboxMessage.objects.get().verdict == "applied"
    assert parked.retry_parked_events(at=timezone.now()) == 0, "once"
    assert differences() == []


@COMMITTING
def test_after_three_days_a_person_looks(client):
    carrier.tell(client, carrier.event("RR000000005VN", "EMA"))

    parked.retry_parked_events(at=timezone.now() + timedelta(hours=71))
    assert not WorkItem.objects.exists()
    parked.retry_parked_events(at=timezone.now() + timedelta(hours=73))

    item = WorkItem.objects.get(kind="parcel-unknown")
    assert (item.owner_role, item.detail["number"]) == ("administrator", "RR000000005VN")
    assert InboxMessage.objects.get().verdict == "given-up"


@COMMITTING
def test_an_unknown_code_waits_like_an_unknown_parcel(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "QQQ"))

    assert parked.retry_parked_events(at=timezone.now()) == 0
    parcel.refresh_from_db()
    assert (parcel.state, InboxMessage.objects.get().processed_at) == ("booked", None)


@COMMITTING
def test_one_event_that_cannot_be_applied_does_not_stop_the_others(client, monkeypatch):
    first, second = parcels.parcel(), parcels.parcel()
    with monkeypatch.context() as broken:
        broken.setattr("delivery.operations.telling.tell", lambda *_: 1 / 0)
        carrier.tell(client, carrier.event(first.number, "EMA"), carrier.event(second.number, "EMA"))
    InboxMessage.objects.filter(headers__number=first.number).update(raw=b"{}")

    assert parked.retry_parked_events(at=timezone.now()) == 1

    second.refresh_from_db()
    assert second.state == "accepted"


def days_later(days: int):
    return BOOKED_AT + timedelta(days=days)


@pytest.mark.parametrize(("state", "attempts", "kind"), [
    ("booked", 0, "parcel-not-accepted"),
    ("attempt_failed", 1, "parcel-attempt-due"), ("attempt_failed", 2, "parcel-return-due"),
    ("at_collection_point", 0, "parcel-not-collected"),
])
def test_a_parcel_that_stays_where_it_is_becomes_work_and_moving_ends_it(state, attempts, kind):
    parcel = parcels.parcel()
    Parcel.objects.update(state=state, attempts=attempts)
    watching.watch_parcels(at=BOOKED_AT + timedelta(hours=3))
    assert not WorkItem.objects.exists()

    watching.watch_parcels(at=days_later(12))
    watching.watch_parcels(at=days_later(13))
    item = WorkItem.objects.get()
    assert (item.kind, item.reference, item.owner_role, item.owner_place) == (
        kind, parcel.number, "operator_hq", "VNPOST")

    Parcel.objects.update(state="delivered")
    watching.watch_parcels(at=days_later(14))
    assert WorkItem.objects.get().closed_at is not None


def test_working_days_count():
    parcels.parcel()
    Parcel.objects.update(state="attempt_failed", attempts=1, state_at=BOOKED_AT + timedelta(days=2))  # Friday 16

    watching.watch_parcels(at=BOOKED_AT + timedelta(days=5))  # Monday
    assert not WorkItem.objects.exists()
    watching.watch_parcels(at=BOOKED_AT + timedelta(days=8))  # Thursday
    assert WorkItem.objects.get().kind == "parcel-attempt-due"


def test_every_state_that_is_not_final_is_watched():
    parcels.parcel()
    watched = set()
    for state in set(ParcelState) - FINAL_PARCEL_STATES - {ParcelState.NEEDS_REVIEW}:
        Parcel.objects.update(state=state, attempts=1)
        if watching.watch_parcels(at=days_later(30)) or sweeps.watch_searches(at=days_later(30)):
            watched.add(state)

    assert watched == set(ParcelState) - FINAL_PARCEL_STATES - {ParcelState.NEEDS_REVIEW}

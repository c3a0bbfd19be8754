"""The demo's troubles of the post: each one is there, and each one has somebody who sees to it."""

from datetime import timedelta

import pytest

from config.demo import post_troubles
from delivery.dispatch.models import Dispatch
from delivery.door.models import DeliveryChange
from delivery.models.lines import CarrierLine
from delivery.models.parcels import Parcel
from delivery.searches.models import SearchCase
from shared.models.oversight import AuditEntry, WorkItem
from tests.factories import network, parcels
from tests.factories.parcels import BOOKED_AT

pytestmark = pytest.mark.django_db
NOW = BOOKED_AT + timedelta(days=1, hours=5)


def test_each_trouble_of_the_post_is_told_once_and_has_an_owner():
    network.other_operator()
    network.outlet()
    officer = network.officer()
    officer.username = "canbo.hue"
    officer.save(update_fields=["username"])
    for _ in range(7):
        parcels.parcel()

    for _ in range(2):
        post_troubles.tell(NOW)

    assert sorted(Parcel.objects.values_list("state", flat=True)) == [
        "accepted", "attempt_failed", "booked", "booked", "lost", "needs_review", "returned"]
    assert Dispatch.objects.get().state == "handed_over"
    assert Dispatch.objects.get().items.count() == 7
    assert DeliveryChange.objects.get().kind == "pick_up"
    assert SearchCase.objects.get().state == "searching"
    assert CarrierLine.objects.get(carrier="vtpost").failures == 0
    assert AuditEntry.objects.filter(action="carrier.up").exists()
    owned = dict(WorkItem.objects.filter(closed_at=None).values_list("kind", "owner_role"))
    assert {"parcel-contradiction", "parcel-search"} <= set(owned)
    assert all(owned.values())
    assert WorkItem.objects.get(kind="carrier-down").closed_at is not None


def test_on_a_day_with_one_parcel_whoever_was_not_at_home_fetches_it():
    network.other_operator()
    network.outlet()
    officer = network.officer()
    officer.username = "canbo.hue"
    officer.save(update_fields=["username"])
    parcel = parcels.parcel()

    post_troubles.tell(NOW)

    parcel.refresh_from_db()
    assert parcel.state == "attempt_failed"
    assert DeliveryChange.objects.get().parcel_id == parcel.id

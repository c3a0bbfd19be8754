"""A delivered parcel reaches the books even when its message never did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models.ledger import Charge
from billing.queries.checks import check_ledger
from config import sweeps
from config.tasks import settle_unposted
from delivery.models.parcels import Parcel
from tests.factories import parcels, rates

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded_rates(db):
    rates.load()
    yield
    rates.forget()


def delivered(hours_ago, state="delivered"):
    parcel = parcels.parcel()
    at = timezone.now() - timedelta(hours=hours_ago)
    Parcel.objects.filter(id=parcel.id).update(state=state, state_at=at, delivered_at=at)
    return parcel


def test_the_sweep_posts_what_was_left_out_once():
    parcel = delivered(hours_ago=3)
    settle_unposted()
    settle_unposted()

    charge = Charge.objects.get()
    assert (charge.source_id, charge.parcel_number, charge.kind) == (parcel.id, parcel.number, "postage")
    assert check_ledger().is_sound


@pytest.mark.parametrize(("hours_ago", "state"), [
    (0, "delivered"), (3, "needs_review"), (3, "returned"), (2000, "delivered")])
def test_what_is_fresh_in_doubt_or_long_past_is_left_alone(hours_ago, state):
    delivered(hours_ago, state)

    assert sweeps.settle_unposted(now=timezone.now()) == 0
    assert not Charge.objects.exists()

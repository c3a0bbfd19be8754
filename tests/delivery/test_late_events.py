"""What a carrier tells after a month was closed counts in the next open one: nothing is lost, nothing counts twice."""

from datetime import date

import pytest
from django.utils import timezone

from billing.models.ledger import Charge
from billing.models.statements import Statement
from delivery.models.parcels import Parcel
from delivery.operations import files
from delivery.queries.verification import differences
from shared.models.oversight import WorkItem
from shared.outbox import relay
from tests.delivery import carrier
from tests.delivery.test_files import file_of
from tests.factories import parcels, places, rates

pytestmark = pytest.mark.django_db(transaction=True)
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture(autouse=True)
def _rates():
    rates.load()
    yield
    rates.forget()


def close_january() -> None:
    places.province(places.HUE)
    Statement.objects.update_or_create(
        province_id=places.HUE, operator_code="VNPOST", period=JANUARY, defaults={"state": "prepared"})


def charges() -> list[tuple[date, str]]:
    relay.drain()
    found = Charge.objects.filter(kind="postage").order_by("id")
    return [(charge.period, charge.evidence.get("late_for", "")) for charge in found]


def test_a_delivery_told_after_the_months_close_counts_in_the_next_one_and_says_so(client):
    parcel = parcels.parcel()
    close_january()

    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.delivered(parcel.number))

    assert charges() == [(FEBRUARY, "2026-01-01")]
    parcel.refresh_from_db()
    assert parcel.state == "delivered"


def test_the_daily_file_of_a_closed_month_adds_what_is_missing_and_nothing_else(client):
    told, forgotten = parcels.parcel(), parcels.parcel()
    events = [carrier.delivered(told.number), carrier.delivered(forgotten.number)]
    carrier.tell(client, events[0])
    assert charges() == [(JANUARY, "")]
    close_january()

    for _ in range(2):
        files.ingest_file(carrier="vnpost", text=file_of(*events), at=timezone.now())

    assert charges() == [(JANUARY, ""), (FEBRUARY, "2026-01-01")]
    assert differences() == []


def test_a_contradiction_told_after_the_close_moves_no_money_and_asks_finance(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.delivered(parcel.number))
    before = charges()
    close_january()

    carrier.tell(client, carrier.event(parcel.number, "X-RTA", 60))

    assert charges() == before == [(JANUARY, "")]
    assert Parcel.objects.get().state == "needs_review"
    assert WorkItem.objects.get(kind="postage-in-doubt", closed_at=None).owner_role == "finance_reviewer"

"""What should not come to the webhook is refused with a reason, whatever it is, and leaves nothing behind."""

import time
from collections import Counter

import pytest

from bench.bad_messages import bad_messages
from delivery.models.events import TrackingEvent
from shared.models.messages import InboxMessage, OutboxMessage
from tests.delivery import carrier
from tests.factories import parcels

pytestmark = pytest.mark.django_db

# The test client sends an empty body without a content type: 415.
WANTED = {"malformed": {400, 415, 422}, "unsigned": {401}, "stale": {401}, "oversized": {413}}


def test_two_hundred_bad_messages_are_refused_each_for_its_reason_and_change_nothing(client):
    parcel = parcels.parcel()
    told = OutboxMessage.objects.count()
    statuses: dict[str, Counter[int]] = {kind: Counter() for kind in WANTED}

    for each in bad_messages(200, number=parcel.number, secret=carrier.secret(), at=int(time.time())):
        answer = client.post(f"/api/v1/carriers/{carrier.CARRIER}/events", each.body, content_type="application/json",
                             headers=each.headers)
        statuses[each.kind][answer.status_code] += 1
        assert answer["Content-Type"].startswith("application/problem+json"), each

    assert {kind: set(found) - WANTED[kind] for kind, found in statuses.items()} == {kind: set() for kind in WANTED}
    assert all(statuses.values())
    assert (InboxMessage.objects.count(), TrackingEvent.objects.count()) == (0, 0)
    assert OutboxMessage.objects.count() == told
    parcel.refresh_from_db()
    assert parcel.state == "booked"


def test_a_good_message_between_bad_ones_is_taken(client):
    parcel = parcels.parcel()

    for each in bad_messages(20, number=parcel.number, secret=carrier.secret(), at=int(time.time())):
        client.post(f"/api/v1/carriers/{carrier.CARRIER}/events", each.body, content_type="application/json",
                    headers=each.headers)
    carrier.tell(client, carrier.event(parcel.number, "EMA"))

    parcel.refresh_from_db()
    assert parcel.state == "accepted"

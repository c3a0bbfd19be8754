"""Whatever order and how often events come: one standing. When they cannot all be true, no money moves."""

import random
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from delivery.errors import MayNotSettle, NothingToSettle, OutcomeUnknown, ParcelNotFound
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.operations.review import settle_contradiction
from delivery.queries.verification import differences
from shared.models.messages import OutboxMessage
from shared.models.oversight import AuditEntry, WorkItem
from tests.delivery import carrier
from tests.factories import network, parcels


def told(parcel) -> list[str]:
    """What was published of a parcel, each once whoever listens, but for the booking."""
    rows = OutboxMessage.objects.filter(stream=f"parcel:{parcel.id}").exclude(event="ParcelBooked").order_by("id")
    return list(dict.fromkeys(rows.values_list("event", flat=True)))


def life(number: str) -> list[dict[str, Any]]:
    return [carrier.event(number, "EMA", 1), carrier.event(number, "EDE", 5), carrier.event(number, "EDG", 23),
            carrier.delivered(number, 24)]


@pytest.mark.django_db
def test_every_order_of_a_life_ends_alike_and_is_told_once(client):
    for order in permutations(range(4)):
        parcel = parcels.parcel()
        events = life(parcel.number)
        carrier.tell(client, *(events[i] for i in order))
        parcel.refresh_from_db()

        assert (parcel.state, parcel.delivered_at) == ("delivered", carrier.moment(events[3]["occurred_at"]))
        assert sorted(told(parcel)) == ["ParcelAccepted", "ParcelDelivered"]
        assert OutboxMessage.objects.filter(stream=f"parcel:{parcel.id}", event="ParcelDelivered").values(
            "subscriber").distinct().count() == OutboxMessage.objects.filter(
            stream=f"parcel:{parcel.id}", event="ParcelDelivered").count()
    assert differences() == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_shuffled_repeated_and_split_messages_converge(client, seed):
    seeded = random.Random(seed)
    parcel = parcels.parcel()
    sent = life(parcel.number) * 5 + [carrier.event(parcel.number, "EDE", n) for n in range(2, 20)]
    seeded.shuffle(sent)
    while sent:
        batch, sent = sent[: (size := seeded.randrange(1, 9))], sent[size:]
        assert carrier.post(client, {"events": batch}).status_code in {200, 202}
    parcel.refresh_from_db()

    assert parcel.state == "delivered"
    assert TrackingEvent.objects.filter(parcel=parcel).count() == 22
    assert ProofOfDelivery.objects.filter(parcel=parcel).count() == 1
    assert differences() == []


@pytest.fixture
def contradictory(client):
    """Returned to the authority, and delivered the day after."""
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.event(parcel.number, "X-RTA", 20),
                 carrier.delivered(parcel.number, 44))
    parcel.refresh_from_db()
    return parcel


@pytest.mark.django_db
def test_delivered_after_returned_moves_no_money_and_asks_a_person(contradictory):
    assert (contradictory.state, contradictory.contradictions) == ("needs_review", ["ends-differ"])
    assert TrackingEvent.objects.filter(parcel=contradictory).count() == 3, "both are kept"
    assert "ParcelDelivered" not in told(contradictory)
    assert told(contradictory)[-1] == "ParcelContradicted"
    item = WorkItem.objects.get(kind="parcel-contradiction")
    assert (item.reference, item.owner_role, item.owner_place) == (contradictory.number, "operator_hq", "VNPOST")


@pytest.mark.django_db
def test_a_contradiction_after_the_postage_was_booked_is_put_before_finance(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.delivered(parcel.number, 24))
    assert "ParcelDelivered" in told(parcel)

    carrier.tell(client, carrier.event(parcel.number, "X-RTA", 50))

    item = WorkItem.objects.get(kind="postage-in-doubt")
    assert (item.reference, item.owner_role, item.owner_place) == (
        parcel.number, "finance_reviewer", parcel.province_code)
    assert told(parcel).count("ParcelDelivered") == 1


@pytest.mark.django_db
def test_two_receivers_stop_the_parcel(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMA"))

    twice = [carrier.delivered(parcel.number, 24), carrier.delivered(parcel.number, 24.5, "Khác")]
    carrier.post(client, {"events": twice})

    parcel.refresh_from_db()
    assert parcel.state == "needs_review"
    assert told(parcel) == ["ParcelAccepted", "ParcelContradicted"]
    assert not ProofOfDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_person_settles_it_and_then_it_is_told(contradictory):
    hq = network.acting(network.operator_hq())

    settle_contradiction(parcel_id=contradictory.id, outcome="delivered", reason="Biên bản có chữ ký người nhận",
                         by=hq, at=timezone.now())

    contradictory.refresh_from_db()
    assert (contradictory.state, contradictory.contradictions) == ("delivered", [])
    assert "ParcelDelivered" in told(contradictory)
    assert ProofOfDelivery.objects.get(parcel=contradictory).receiver_name == "Nguyễn Thị Thử"
    assert not WorkItem.objects.filter(kind="parcel-contradiction", closed_at=None).exists()
    entry = AuditEntry.objects.filter(action="parcel.state").order_by("-id")[0]
    assert (entry.actor_kind, entry.actor_id, entry.after["state"]) == ("person", hq.id, "delivered")
    assert differences() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("outcome", "reason"), [("on_its_way", "vẫn đi"), ("delivered", "  "), ("accepted", "x")])
def test_an_outcome_without_a_reason_or_against_the_events_is_refused(contradictory, outcome, reason):
    with pytest.raises(OutcomeUnknown):
        settle_contradiction(parcel_id=contradictory.id, outcome=outcome, reason=reason,
                             by=network.acting(network.operator_hq()), at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_only_the_operators_headquarters_settle_its_parcels(contradictory):
    centre = network.centre()
    asked: dict[str, Any] = {"parcel_id": contradictory.id, "outcome": "delivered", "reason": "x", "at": timezone.now()}

    with pytest.raises(MayNotSettle):
        settle_contradiction(**asked, by=network.acting(network.officer(centre)))
    with pytest.raises(ParcelNotFound):
        settle_contradiction(**asked, by=network.acting(network.operator_hq(network.other_operator())))


@pytest.mark.django_db(transaction=True)
def test_what_is_clear_needs_no_settling():
    with pytest.raises(NothingToSettle):
        settle_contradiction(parcel_id=parcels.parcel().id, outcome="delivered", reason="x",
                             by=network.acting(network.operator_hq()), at=timezone.now())


@pytest.mark.django_db
def test_a_delivery_that_names_nobody_is_asked_after_until_its_proof_comes(client):
    parcel = parcels.parcel()
    carrier.tell(client, carrier.event(parcel.number, "EMI", 24))
    assert WorkItem.objects.filter(kind="parcel-proof-missing", closed_at=None).exists()

    carrier.tell(client, carrier.delivered(parcel.number, 24.1))

    assert ProofOfDelivery.objects.get(parcel=parcel).relation == "self"
    assert not WorkItem.objects.filter(kind="parcel-proof-missing", closed_at=None).exists()


@pytest.mark.django_db
def test_a_damaged_parcel_is_somebodys_work(client):
    parcel = parcels.parcel()

    carrier.tell(client, carrier.event(parcel.number, "EMA"), carrier.event(parcel.number, "X-DMG", 5))

    assert WorkItem.objects.get(kind="parcel-damaged").reference == parcel.number


@pytest.mark.django_db
def test_a_future_delivery_is_not_believed(client):
    parcel = parcels.parcel()

    carrier.tell(client, carrier.delivered(parcel.number, 24 * 365 * 20))

    parcel.refresh_from_db()
    assert (parcel.state, parcel.contradictions) == ("needs_review", ["end-date-implausible"])

"""Told once it happened, in order and never lost: the relay with everything that goes wrong around it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier, Event, Lock
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shared.errors import Conflict, Unavailable
from shared.ids import uuid7
from shared.models.messages import OutboxMessage, OutboxState
from shared.models.oversight import WorkItem
from shared.outbox import publishing, relay
from shared.outbox.publishing import on, publish
from shared.transactions import operation

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, slots=True)
class ThingHappened:
    thing_id: UUID
    number: int
    happened_at: datetime

    @property
    def stream(self) -> str:
        return f"thing:{self.thing_id}"


@dataclass(frozen=True, slots=True)
class NobodyListens:
    stream: str = "nobody"


THING, OTHER = uuid7(), uuid7()
AT = datetime.fromisoformat("2025-07-03T10:00:00+07:00")


class Listener:
    """Notes what it is told; `fails` is raised instead, as often as it says."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.fails: list[Exception] = []
        self.lock = Lock()

    def hear(self, event: ThingHappened) -> None:
        with self.lock:
            if self.fails:
                raise self.fails.pop(0)
            self.told.append((str(event.thing_id), event.number))


@pytest.fixture
def listener() -> Iterator[Listener]:
    by_event, by_name = dict(publishing._by_event), dict(publishing._by_name)
    hearing = Listener()

    @on(ThingHappened)
    def note_the_thing(event: ThingHappened) -> None:
        hearing.hear(event)

    yield hearing
    publishing._by_event.clear()
    publishing._by_event.update(by_event)
    publishing._by_name.clear()
    publishing._by_name.update(by_name)


def happen(*numbers: int, thing: UUID = THING) -> None:
    with transaction.atomic():
        publish(*(ThingHappened(thing, number, AT) for number in numbers))


def due_now() -> None:
    OutboxMessage.objects.filter(state=OutboxState.PENDING).update(next_at=timezone.now())


def test_what_was_rolled_back_is_never_told(listener):
    @operation
    def fail() -> None:
        publish(ThingHappened(THING, 1, AT))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert relay.drain() == 0
    assert not OutboxMessage.objects.exists()


def test_an_event_arrives_as_it_was_published(listener):
    heard: list[ThingHappened] = []
    listener.hear = heard.append
    happen(7)

    relay.drain()

    assert heard == [ThingHappened(THING, 7, AT)]


def test_a_stream_is_told_in_its_order(listener):
    happen(*range(50))

    assert relay.drain(limit=7) == 50
    assert [number for _thing, number in listener.told] == list(range(50))


def test_what_waits_for_a_retry_holds_back_its_own_stream_only(listener):
    listener.fails = [Unavailable()]
    happen(1, 2)
    happen(1, thing=OTHER)

    relay.drain()
    assert listener.told == [(str(OTHER), 1)]

    due_now()
    relay.drain()
    assert listener.told[1:] == [(str(THING), 1), (str(THING), 2)]


def test_two_subscribers_are_served_on_their_own(listener):
    second: list[int] = []

    @on(ThingHappened)
    def note_it_too(event: ThingHappened) -> None:
        second.append(event.number)

    listener.fails = [Unavailable()]
    happen(1)

    relay.drain()

    assert (listener.told, second) == ([], [1])


def test_a_failed_delivery_comes_again_later_each_time_and_a_minute_at_most(listener):
    happen(1)
    pauses = []
    for _ in range(10):
        listener.fails = [Unavailable("away")]
        due_now()
        before = timezone.now()
        relay.drain()
        pauses.append((OutboxMessage.objects.get().next_at - before).total_seconds())

    assert pauses[0] <= 2.1
    assert pauses[3] > pauses[0]
    assert 30 <= max(pauses) <= 61
    assert OutboxMessage.objects.get().attempts == 10
    assert OutboxMessage.objects.get().last_error == "Unavailable: away"


def test_after_twenty_failures_it_is_parked_with_an_owner_and_not_lost(listener):
    happen(1, 2)
    for _ in range(20):
        listener.fails = [Unavailable("away")]
        due_now()
        relay.drain()

    first, second = OutboxMessage.objects.order_by("id")
    item = WorkItem.objects.get()
    assert (first.state, second.state) == (OutboxState.PARKED, OutboxState.PENDING)
    assert (item.kind, item.reference, item.owner_role) == ("outbox-parked", str(first.id), "administrator")
    assert item.due_at > timezone.now()
    assert relay.unsent_count() == 2


def test_a_refusal_by_our_own_rules_is_parked_after_five(listener):
    happen(1)
    for _ in range(5):
        listener.fails = [Conflict("never")]
        due_now()
        relay.drain()

    assert OutboxMessage.objects.get().state == OutboxState.PARKED


def test_a_parked_one_that_is_released_is_told_and_its_stream_goes_on(listener):
    happen(1, 2)
    for _ in range(5):
        listener.fails = [Conflict("never")]
        due_now()
        relay.drain()

    relay.release(message_id=OutboxMessage.objects.earliest("id").id, by="quan-tri")
    relay.drain()

    assert [number for _thing, number in listener.told] == [1, 2]
    assert WorkItem.objects.get().closed_by == "quan-tri"
    assert relay.unsent_count() == 0


def test_a_message_that_kills_its_worker_counts_as_an_attempt(listener):
    happen(1)

    relay.claim(limit=10, now=timezone.now())  # and the worker died here

    assert OutboxMessage.objects.get().attempts == 1


def test_a_lost_lease_is_delivered_by_somebody_else(listener):
    happen(1)
    relay.claim(limit=10, now=timezone.now())  # and the worker died here

    assert relay.drain() == 0, "the lease still holds"
    OutboxMessage.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert relay.drain() == 1
    assert listener.told == [(str(THING), 1)]


def test_many_relays_at_once_deliver_each_message_once_and_in_order(listener):
    things = [uuid7() for _ in range(12)]
    for number in range(8):
        for thing in things:
            happen(number, thing=thing)
    start = Barrier(4)

    def run(_number: int) -> int:
        start.wait()
        try:
            return relay.drain(limit=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        delivered = sum(pool.map(run, range(4)))
    delivered += relay.drain()

    assert delivered == len(listener.told) == 96
    for thing in things:
        assert [number for told, number in listener.told if told == str(thing)] == list(range(8))


def test_a_slow_relay_leaves_alone_what_another_may_have_taken_over(listener, monkeypatch):
    monkeypatch.setattr(relay, "LEASE", timedelta(seconds=0.2))
    go_on, sits = Event(), Event()
    plain = listener.hear

    def hear(event: ThingHappened) -> None:
        if event.number == 1 and not sits.is_set():
            sits.set()
            go_on.wait(10)
        plain(event)

    listener.hear = hear
    happen(1)
    happen(2, thing=OTHER)

    def slow() -> None:
        try:
            relay.drain()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(slow)
        sits.wait(10)
        time.sleep(0.3)
        relay.drain()
        go_on.set()
        working.result()

    # The one it sat at is told twice, which every subscriber must bear; the one behind it only once.
    assert sorted(number for _thing, number in listener.told) == [1, 1, 2]
    assert relay.unsent_count() == 0


def test_a_message_that_another_has_delivered_is_not_parked_afterwards(listener):
    happen(1)
    (number,) = relay.claim(limit=1, now=timezone.now())
    message = OutboxMessage.objects.get(id=number)
    message.attempts = relay.MOST_ATTEMPTS
    OutboxMessage.objects.update(state=OutboxState.SENT)

    relay._postpone(message, Unavailable("late"))

    assert OutboxMessage.objects.get().state == OutboxState.SENT
    assert not WorkItem.objects.exists()


def test_an_event_nobody_listens_to_is_kept_as_told():
    with transaction.atomic():
        publish(NobodyListens())

    assert OutboxMessage.objects.get().state == OutboxState.SENT
    assert relay.unsent_count() == 0


def test_a_subscriber_that_is_gone_keeps_its_messages_waiting(listener):
    happen(1)
    OutboxMessage.objects.update(subscriber="renamed_in_this_version")

    assert relay.drain() == 0
    assert OutboxMessage.objects.get().state == OutboxState.PENDING
    assert "renamed_in_this_version" in OutboxMessage.objects.get().last_error


def test_a_name_belongs_to_one_subscriber(listener):
    with pytest.raises(ValueError, match="note_the_thing"):
        @on(ThingHappened)
        def note_the_thing(event: ThingHappened) -> None:
            """Another function of the same name."""


def test_the_age_of_the_backlog_is_that_of_its_oldest_message(listener):
    assert relay.oldest_unsent() is None
    happen(1)
    happen(2)

    assert relay.oldest_unsent() == OutboxMessage.objects.earliest("id").created_at


def test_a_broker_that_is_away_costs_the_hint_and_not_the_message(listener, settings, monkeypatch):
    from shared import tasks

    settings.WARDPOST_OUTBOX_HINTS = True
    asked = []

    def away(*_, **__):
        asked.append(1)
        raise ConnectionError("Valkey is away")

    monkeypatch.setattr(tasks, "_rest_until", 0.0)
    monkeypatch.setattr(tasks.sweep_outbox, "apply_async", away)
    happen(1)
    happen(2)

    assert len(asked) == 1, "the second publication does not wait for a broker that is away"
    assert relay.drain() == 2

"""Carriers' events, taken in: kept exactly as they came, added to the set, and the parcel's standing computed anew.

Everything is set-based and done once for all events of a message. What it costs does not depend on how many events the
parcels have already: a parcel's summary takes each new event in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson
from django.db import connection

from delivery.carriers.meaning import code_of
from delivery.carriers.messages import CarrierEvent, read_kept, says_the_same
from delivery.operations import telling
from delivery.operations.standings import Kept, changes_of, lock_spoken_of
from delivery.rules.standing import Fact
from shared import prepared
from shared.models.messages import InboxMessage
from shared.transactions import operation

_RECORD: Final = """
    WITH told AS (
        SELECT * FROM json_to_recordset(%(rows)s::json) AS t(
            event_id text, raw text, headers jsonb, parcel_id uuid, code text, carrier_code text,
            occurred_at timestamptz, received_at timestamptz, office text, note text, data jsonb)
    ), kept AS (
        INSERT INTO shared_inboxmessage (source, event_id, received_at, headers, raw, processed_at, verdict)
        SELECT %(source)s, event_id, received_at, headers, convert_to(raw, 'UTF8'),
               CASE WHEN parcel_id IS NULL THEN NULL ELSE received_at END,
               CASE WHEN parcel_id IS NULL THEN '' ELSE 'applied' END
        FROM told ORDER BY event_id ON CONFLICT (source, event_id) DO NOTHING RETURNING event_id
    ), added AS (
        INSERT INTO delivery_trackingevent (carrier, event_id, parcel_id, code, carrier_code, occurred_at, received_at,
                                            office, note, data)
        SELECT %(carrier)s, event_id, parcel_id, code, carrier_code, occurred_at, received_at, office, note, data
        FROM told JOIN kept USING (event_id) WHERE parcel_id IS NOT NULL
        ON CONFLICT (carrier, event_id) DO NOTHING RETURNING id, event_id
    )
    SELECT event_id, added.id FROM kept LEFT JOIN added USING (event_id)
"""
# COPY reads a row for less than half of what JSON costs, and there may be ten thousand.
_STAGE: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS told_event (
        event_id text, parcel_id uuid, code text, carrier_code text, occurred_at timestamptz, received_at timestamptz,
        office text, note text, data jsonb) ON COMMIT DELETE ROWS
"""
_FILL: Final = "COPY told_event FROM STDIN"
_ADD: Final = """
    INSERT INTO delivery_trackingevent (carrier, event_id, parcel_id, code, carrier_code, occurred_at, received_at,
                                        office, note, data)
    SELECT %s, event_id, parcel_id, code, carrier_code, occurred_at, received_at, office, note, data FROM told_event
    ON CONFLICT (carrier, event_id) DO NOTHING RETURNING event_id, id
"""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a message's events; those in none of the sets were known before, word for word."""

    applied: frozenset[str]
    """Ids of events."""
    parked: frozenset[str]
    """Kept, but nothing of ours has that number, or the code is unknown: tried again, then a person looks."""
    reused: frozenset[int]
    """Positions in the message of events whose id another event had before; the first one stands."""

    @property
    def is_nothing_new(self) -> bool:
        return not self.applied and not self.parked


def source_of(carrier: str) -> str:
    """The name under which a carrier's messages lie in the inbox."""
    return f"carrier:{carrier}"


@dataclass(frozen=True, slots=True)
class Message:
    """A carrier's signed message and the well-formed events in it."""

    carrier: str
    events: tuple[CarrierEvent, ...]
    signature: str
    body: bytes
    received_at: datetime

    @property
    def is_batch(self) -> bool:
        return any(event.raw != self.body for event in self.events)


@operation
def ingest_events(*, message: Message) -> Ingested:
    """Take in the events of a message. The same event again has no effect.

    Each event is kept raw in the same transaction, and a batch also as a whole, with its signature; an event about a
    parcel that is not this carrier's is treated like one about a parcel that does not exist.
    """
    carrier = message.carrier
    parcels, events = lock_spoken_of(carrier, message.events, beyond_scope=True)
    distinct = _by_id(events)
    known = {key: event for key, event in distinct.items() if is_understood(carrier, event, parcels)}
    new, added = _record(message, distinct, parcels, known)
    apply(carrier, [known[key] for key in added], parcels, added, message.received_at)
    reused = _reused(message, distinct, set(distinct) - new)
    return Ingested(frozenset(new & set(known)), frozenset(new - set(known)), reused)


@operation
def keep_unprocessed(*, message: Message) -> None:
    """Keep events whose processing failed, so that no word of a carrier is lost to a fault of ours."""
    _record(message, _by_id(message.events), {}, {})


def park(carrier: str, events: tuple[CarrierEvent, ...]) -> set[str]:
    """Keep events that cannot be applied yet, in the caller's transaction; returns the ids that had not been kept."""
    if not events:
        return set()
    message = Message(carrier, events, "", events[0].raw, events[0].received_at)
    new, _added = _record(message, _by_id(events), {}, {}, whole=False)
    return new


def _by_id(events: Iterable[CarrierEvent]) -> dict[str, CarrierEvent]:
    """Of two events under one id the first one stands."""
    found: dict[str, CarrierEvent] = {}
    for event in events:
        found.setdefault(event.event_id, event)
    return found


def add_events(carrier: str, events: Iterable[CarrierEvent], parcels: Mapping[str, Kept]) -> dict[str, int]:
    """Add events whose raw form is kept elsewhere; returns the row ids of those that were new, by event id."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_FILL) as copy:
            for event in _by_id(events).values():
                copy.write_row(_cells(carrier, event, parcels[event.number]))
        cursor.execute(_ADD, [carrier])
        found = dict(cursor.fetchall())
        cursor.execute("TRUNCATE told_event")
        return found


def _cells(carrier: str, event: CarrierEvent, parcel: Kept) -> tuple[str, ...]:
    """A new event's row as text, which costs less than values do."""
    code = code_of(carrier, event.said)
    return (event.event_id, str(parcel.id), code.code if code else "", event.said, event.occurred_at.isoformat(),
            event.received_at.isoformat(), event.office, event.note,
            orjson.dumps(event.data).decode() if event.data else "{}")  # fmt: skip


def apply(
    carrier: str, events: Sequence[CarrierEvent], parcels: Mapping[str, Kept], added: Mapping[str, int], at: datetime
) -> None:
    """Bring the standings of locked `parcels` up to date with new `events`, and tell who must know."""
    touched: dict[str, Kept] = {}
    for event in events:
        parcel = parcels[event.number]
        parcel.summary.learn(fact_of(carrier, event), parcel.booked_at)
        touched[event.number] = parcel
    if touched:
        telling.tell(carrier, changes_of(touched.values()), events, added, at)


def is_understood(carrier: str, event: CarrierEvent, parcels: Mapping[str, Kept]) -> bool:
    return event.number in parcels and code_of(carrier, event.said) is not None


def fact_of(carrier: str, event: CarrierEvent) -> Fact:
    code = code_of(carrier, event.said)
    if code is None:
        raise ValueError("An event whose code is unknown states no fact.")
    return Fact(code.code, event.event_id, event.occurred_at, event.received_at, event.receiver)


def _record(
    message: Message, events: Mapping[str, CarrierEvent], parcels: Mapping[str, Kept],
    known: Mapping[str, CarrierEvent], *, whole: bool = True,
) -> tuple[set[str], dict[str, int]]:  # fmt: skip
    """Write raw messages and events; returns the ids that the inbox had not, and the row ids of the added events."""
    carrier, headers = message.carrier, {"signature": message.signature}
    if whole and message.is_batch:
        headers["batch"] = _keep_batch(message)
    rows = [
        _row(carrier, event, parcels if key in known else {})
        | {"raw": event.raw.decode(), "headers": {**headers, "number": event.number}}
        for key, event in sorted(events.items())]  # fmt: skip
    (found,) = prepared.run((_RECORD, {
        "source": source_of(carrier), "carrier": carrier, "rows": orjson.dumps(rows).decode()}))  # fmt: skip
    return {event_id for event_id, _ in found}, {event_id: row for event_id, row in found if row is not None}


def _keep_batch(message: Message) -> str:
    """Keep the bytes that were signed; returns the id that they are found by."""
    digest = sha256(message.body).hexdigest()
    InboxMessage.objects.bulk_create(
        [InboxMessage(source=f"carrier-batch:{message.carrier}", event_id=digest, received_at=message.received_at,
                      headers={"signature": message.signature}, raw=message.body, processed_at=message.received_at,
                      verdict="batch")],
        ignore_conflicts=True)  # fmt: skip
    return digest


def _row(carrier: str, event: CarrierEvent, parcels: Mapping[str, Kept]) -> dict[str, Any]:
    parcel, code = parcels.get(event.number), code_of(carrier, event.said)
    return {
        "event_id": event.event_id, "parcel_id": parcel and parcel.id, "code": code and code.code,
        "carrier_code": event.said, "occurred_at": event.occurred_at, "received_at": event.received_at,
        "office": event.office, "note": event.note, "data": event.data}  # fmt: skip


def _reused(message: Message, events: Mapping[str, CarrierEvent], repeated: set[str]) -> frozenset[int]:
    """Which events have an id that stood for something else before, in the inbox or earlier in this message."""
    first = {event_id: event.raw for event_id, event in events.items()}
    if repeated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT event_id, raw FROM shared_inboxmessage WHERE source = %s AND event_id = ANY(%s)",
                           [source_of(message.carrier), sorted(repeated)])  # fmt: skip
            first |= {event_id: bytes(raw) for event_id, raw in cursor.fetchall()}
    return frozenset(i for i, event in enumerate(message.events)
                     if not _is_same(message.carrier, event, first[event.event_id]))  # fmt: skip


def _is_same(carrier: str, event: CarrierEvent, raw: bytes) -> bool:
    """Whether it says what the first one under its id said: spaces, order and form of the message aside."""
    return event.raw == raw or says_the_same(event, read_kept(carrier, raw, event.received_at))

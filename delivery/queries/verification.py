"""Proof that the kept standings are what the events say: all of it computed again from the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.rules.standing import Fact, Standing, standing_of, summary_of
from delivery.rules.summaries import as_data
from shared.text import fold


@dataclass(frozen=True, slots=True)
class Difference:
    """A parcel whose kept standing is not what its events say."""

    number: str
    kept: str
    computed: str


def differences() -> list[Difference]:
    """Recompute every parcel from its events; empty when all is as it should be."""
    facts = _facts_by_parcel()
    found = []
    for parcel in Parcel.objects.order_by("id").iterator(chunk_size=2000):
        summary = summary_of(facts.get(parcel.id, ()), parcel.booked_at)
        standing = standing_of(summary)
        if as_data(summary) != _as_data_again(parcel) or not _agrees(parcel, standing):
            found.append(Difference(parcel.number, parcel.state, standing.state.value))
    return found


def _as_data_again(parcel: Parcel) -> dict[str, object]:
    # JSON has lists where Python has tuples.
    return {name: _tuples(value) for name, value in parcel.summary.items()}


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return {key: tuple(mark) for key, mark in value.items()} if isinstance(value, dict) else value


def _agrees(parcel: Parcel, standing: Standing) -> bool:
    kept = (parcel.state, parcel.attempts, parcel.accepted_at, parcel.delivered_at, tuple(parcel.contradictions))
    return kept == (
        standing.state, standing.attempts, standing.accepted_at, standing.delivered_at, standing.contradictions)


def _facts_by_parcel() -> dict[UUID, tuple[Fact, ...]]:
    by_parcel = groupby(_facts(), key=lambda pair: pair[0])
    return {parcel_id: tuple(fact for _, fact in pairs) for parcel_id, pairs in by_parcel}


def _facts() -> Iterator[tuple[UUID, Fact]]:
    rows = TrackingEvent.objects.order_by("parcel_id", "id").values_list(
        "parcel_id", "code", "event_id", "occurred_at", "received_at", "data")
    for parcel_id, code, event_id, occurred_at, received_at, data in rows.iterator(chunk_size=5000):
        receiver = f"{fold(data['name'])}/{data['relation']}" if data.get("name") else ""
        yield parcel_id, Fact(code, event_id, occurred_at, received_at, receiver, data.get("outcome", ""))

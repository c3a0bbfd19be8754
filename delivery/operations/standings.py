"""Parcels locked with what must be remembered of them, and their new standings written in one statement."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from django.db import connection

from delivery.rules import ParcelState
from delivery.rules.standing import Standing, Summary, standing_of
from delivery.rules.summaries import as_data, from_data

_LOCK: Final = """
    SELECT id, number, booked_at, direction, operator_code, state, state_at, told, summary::text
    FROM delivery_parcel WHERE carrier = %s AND number = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_SAVE: Final = """
    UPDATE delivery_parcel p
    SET summary = n.summary::jsonb, state = n.state, state_at = n.state_at, attempts = n.attempts,
        accepted_at = n.accepted_at, delivered_at = n.delivered_at,
        contradictions = string_to_array(n.contradictions, ','), told = string_to_array(n.told, ',')
    FROM unnest(%(ids)s::uuid[], %(summaries)s::text[], %(states)s::text[], %(moments)s::timestamptz[],
                %(attempts)s::int[], %(acceptances)s::timestamptz[], %(deliveries)s::timestamptz[],
                %(contradictions)s::text[], %(told)s::text[])
        AS n(id, summary, state, state_at, attempts, accepted_at, delivered_at, contradictions, told)
    WHERE p.id = n.id
"""

# What others are told once in a parcel's life, and in which order.
_ACCEPTED, _DELIVERED, _RETURNED = "accepted", "delivered", "returned"


@dataclass(slots=True)
class Kept:
    """A locked parcel, as far as its standing goes. `summary` takes new events in; the rest is as it was read."""

    id: UUID
    number: str
    booked_at: datetime
    direction: str
    operator_code: str
    state: ParcelState
    state_at: datetime
    told: tuple[str, ...]
    summary: Summary


@dataclass(frozen=True, slots=True)
class Change:
    """A parcel before and after. `news` are the facts to be told for the first time: "accepted", "delivered", …"""

    parcel: Kept
    standing: Standing
    news: tuple[str, ...]

    @property
    def moved(self) -> bool:
        return self.parcel.state != self.standing.state

    @property
    def became_contradictory(self) -> bool:
        return self.moved and self.standing.state is ParcelState.NEEDS_REVIEW


def lock_parcels(carrier: str, numbers: Collection[str]) -> dict[str, Kept]:
    """The carrier's parcels with these numbers, by number, locked in one order until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [carrier, list(numbers)])
        return {
            number: Kept(parcel_id, number, booked_at, direction, operator, ParcelState(state), state_at, tuple(told),
                         from_data(orjson.loads(summary)))
            for parcel_id, number, booked_at, direction, operator, state, state_at, told, summary in cursor.fetchall()
        }  # fmt: skip


def save_standings(parcels: Iterable[Kept]) -> list[Change]:
    """Compute and write where these locked parcels stand now."""
    changes = [change_of(parcel) for parcel in parcels]
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(_SAVE, _columns(changes))
    return changes


def change_of(parcel: Kept) -> Change:
    standing = standing_of(parcel.summary)
    return Change(parcel, standing, _news(parcel, standing))


def _news(parcel: Kept, standing: Standing) -> tuple[str, ...]:
    """What may be told now and was not before. While events contradict one another nothing new is: no money moves."""
    if standing.state in {ParcelState.NEEDS_REVIEW, ParcelState.BOOKED}:
        return ()
    facts = [_ACCEPTED]
    if standing.state is ParcelState.DELIVERED:
        facts.append(_DELIVERED)
    if standing.state is ParcelState.RETURNED:
        facts.append(_RETURNED)
    return tuple(fact for fact in facts if fact not in parcel.told)


def _columns(changes: list[Change]) -> dict[str, list[object]]:
    standings = [change.standing for change in changes]
    return {
        "ids": [change.parcel.id for change in changes],
        "summaries": [orjson.dumps(as_data(change.parcel.summary)).decode() for change in changes],
        "states": [standing.state.value for standing in standings],
        "moments": [change.standing.at or change.parcel.state_at for change in changes],
        "attempts": [standing.attempts for standing in standings],
        "acceptances": [standing.accepted_at for standing in standings],
        "deliveries": [standing.delivered_at for standing in standings],
        "contradictions": [",".join(standing.contradictions) for standing in standings],
        "told": [",".join((*change.parcel.told, *change.news)) for change in changes],
    }

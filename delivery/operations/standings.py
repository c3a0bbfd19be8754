"""Parcels locked with what must be remembered of them, and their new standings written in one statement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from delivery.carriers.messages import CarrierEvent
from delivery.models.lines import CarrierNumber
from delivery.rules import ParcelState
from delivery.rules.standing import Standing, Summary, standing_of
from delivery.rules.summaries import as_data, from_data
from shared import prepared

# A plan for any number is as good as one for this number, and is made once.
_SEE_ALL: Final = """
    SELECT set_config('app.scope', 'all', true), set_config('plan_cache_mode', 'force_generic_plan', true)
"""
_LOCK: Final = """
    SELECT id, number, booked_at, direction, operator_code, province_code, state, state_at, told, summary::text,
           ARRAY(SELECT dossier_id FROM delivery_parceldossier d WHERE d.parcel_id = p.id ORDER BY d.id)
    FROM delivery_parcel p WHERE carrier = %(carrier)s AND number = ANY(string_to_array(%(numbers)s, ','))
    ORDER BY id FOR NO KEY UPDATE
"""
_SAVE: Final = """
    UPDATE delivery_parcel p
    SET summary = n.summary, state = n.state, state_at = n.state_at, attempts = n.attempts,
        accepted_at = n.accepted_at, delivered_at = n.delivered_at,
        contradictions = n.contradictions, told = n.told
    FROM json_to_recordset(%(standings)s::json) AS n(
        id uuid, summary jsonb, state text, state_at timestamptz, attempts int, accepted_at timestamptz,
        delivered_at timestamptz, contradictions text[], told text[])
    WHERE p.id = n.id
"""

# What others are told once in a parcel's life, and in which order.
_ACCEPTED, _DELIVERED, _RETURNED, _LOST, _CANCELLED = "accepted", "delivered", "returned", "lost", "cancelled"


@dataclass(slots=True)
class Kept:
    """A locked parcel, as far as its standing goes. `summary` takes new events in; the rest is as it was read."""

    id: UUID
    number: str
    booked_at: datetime
    direction: str
    operator_code: str
    province_code: str
    state: ParcelState
    state_at: datetime
    told: tuple[str, ...]
    summary: Summary
    dossier_ids: tuple[UUID, ...]


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


def lock_parcels(carrier: str, numbers: Collection[str], *, beyond_scope: bool = False) -> dict[str, Kept]:
    """The carrier's parcels with these numbers, by number, locked in one order until the transaction ends.

    `beyond_scope` opens the scope until the transaction ends: for a carrier, who proved herself by her signature.
    """
    lock = (_LOCK, {"carrier": carrier, "numbers": ",".join(numbers)})
    *_opened, found = prepared.run((_SEE_ALL, {}), lock) if beyond_scope else prepared.run(lock)
    return {
        number: Kept(parcel_id, number, booked_at, direction, operator, province, ParcelState(state), state_at,
                     tuple(told), from_data(orjson.loads(summary)), tuple(inside))
        for parcel_id, number, booked_at, direction, operator, province, state, state_at, told, summary, inside in found
    }  # fmt: skip


def lock_spoken_of(
    carrier: str, events: Sequence[CarrierEvent], *, beyond_scope: bool = False
) -> tuple[dict[str, Kept], list[CarrierEvent]]:
    """The parcels that `events` are about, locked, and the events under our numbers instead of the carrier's own."""
    numbers = {event.number for event in events}
    parcels = lock_parcels(carrier, numbers, beyond_scope=beyond_scope)
    strange = numbers - parcels.keys()
    ours = _ours(carrier, strange) if strange else {}
    if not ours:
        return parcels, list(events)
    parcels |= lock_parcels(carrier, set(ours.values()) - parcels.keys())
    return parcels, [event._replace(number=ours.get(event.number, event.number)) for event in events]


def _ours(carrier: str, numbers: Collection[str]) -> dict[str, str]:
    """Our numbers of the parcels that the carrier calls so."""
    known = CarrierNumber.objects.filter(carrier=carrier, number__in=numbers)
    return dict(known.values_list("number", "parcel__number"))


def changes_of(parcels: Iterable[Kept]) -> list[Change]:
    """Where these locked parcels stand now."""
    return [change_of(parcel) for parcel in parcels]


def statement(changes: Iterable[Change]) -> prepared.Statement:
    """The SQL that writes the new standings, and its parameters."""
    return _SAVE, {"standings": orjson.dumps([_row(change) for change in changes]).decode()}


def change_of(parcel: Kept) -> Change:
    standing = standing_of(parcel.summary)
    return Change(parcel, standing, _news(parcel, standing))


def _news(parcel: Kept, standing: Standing) -> tuple[str, ...]:
    """What may be told now and was not before. While events contradict one another nothing new is: no money moves."""
    if standing.state in {ParcelState.NEEDS_REVIEW, ParcelState.BOOKED}:
        return ()
    facts = [_CANCELLED if standing.state is ParcelState.CANCELLED else _ACCEPTED]
    if standing.state is ParcelState.DELIVERED:
        facts.append(_DELIVERED)
    if standing.state is ParcelState.RETURNED:
        facts.append(_RETURNED)
    if standing.state is ParcelState.LOST:
        facts.append(_LOST)
    return tuple(fact for fact in facts if fact not in parcel.told)


def _row(change: Change) -> dict[str, object]:
    parcel, standing = change.parcel, change.standing
    return {
        "id": parcel.id, "summary": as_data(parcel.summary), "state": standing.state,
        "state_at": standing.at or parcel.state_at, "attempts": standing.attempts,
        "accepted_at": standing.accepted_at, "delivered_at": standing.delivered_at,
        "contradictions": standing.contradictions, "told": (*parcel.told, *change.news)}  # fmt: skip

"""What follows from a parcel's new standing: events for others, the audit, proofs, and work for people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from delivery.carriers.meaning import code_of
from delivery.carriers.messages import CarrierEvent
from delivery.events import (
    ParcelAccepted,
    ParcelCancelled,
    ParcelContradicted,
    ParcelDelivered,
    ParcelLost,
    ParcelReturned,
)
from delivery.operations import standings
from delivery.operations.standings import Change
from delivery.rules import ParcelState
from shared import audit, prepared, work
from shared.actors import Actor, ActorKind
from shared.calendar import CLOSING, at_local, local
from shared.ids import uuid7
from shared.outbox import publishing
from shared.outbox.publishing import Event
from shared.working_days import work_calendar

_PROVE: Final = """
    INSERT INTO delivery_proofofdelivery (id, parcel_id, event_id, delivered_at, receiver_name, relation, id_kind,
                                          method)
    SELECT id, parcel_id, event_id, delivered_at, name, relation, id_kind, method FROM json_to_recordset(%(rows)s::json)
        AS t(id uuid, parcel_id uuid, event_id bigint, delivered_at timestamptz, name text, relation text, id_kind text,
             method text)
    ON CONFLICT DO NOTHING
"""


def tell(
    carrier: str, changes: Sequence[Change], events: Sequence[CarrierEvent], added: Mapping[str, int], at: datetime
) -> None:
    """Write down and pass on what the new `events` have changed; `added` are their row ids by event id."""
    relations = _prove(carrier, changes, events, added)
    pass_on(Actor(ActorKind.CARRIER, carrier, carrier), changes, relations, at)
    _ask_people(carrier, changes, events, at)


def pass_on(actor: Actor, changes: Sequence[Change], relations: Mapping[str, str], at: datetime) -> None:
    """Write the new standings, audit what moved, and publish what others may know now, all in one go.

    `relations` are those of the receivers by parcel number.
    """
    moved = [change for change in changes if change.moved]
    news = [change for change in changes if change.news or change.became_contradictory]
    statements = [standings.statement(changes)]
    if moved:
        statements.append(audit.statement([_entry(actor, change, at) for change in moved]))
    if news:
        statements.append(publishing.statement(*_published(news, relations, at)))
    prepared.run(*statements)


def _entry(actor: Actor, change: Change, at: datetime) -> audit.Entry:
    return audit.Entry(
        actor=actor, action="parcel.state", object_type="parcel", object_id=str(change.parcel.id), at=at,
        before={"state": change.parcel.state.value}, after={"state": change.standing.state.value},
        reason=",".join(change.standing.contradictions))  # fmt: skip


def _published(changes: Sequence[Change], relations: Mapping[str, str], at: datetime) -> Iterable[Event]:
    for change in changes:
        parcel, standing = change.parcel, change.standing
        ids, moment = parcel.dossier_ids, standing.at or at
        if "accepted" in change.news:
            yield ParcelAccepted(parcel.id, parcel.direction, ids, standing.accepted_at or moment)
        if "delivered" in change.news:
            yield ParcelDelivered(parcel.id, parcel.number, parcel.direction, ids, standing.delivered_at or moment,
                                  relations.get(parcel.number, ""))  # fmt: skip
        if "returned" in change.news:
            yield ParcelReturned(parcel.id, parcel.number, parcel.direction, ids, moment)
        if "cancelled" in change.news:
            yield ParcelCancelled(parcel.id, parcel.number, parcel.direction, ids, moment)
        if "lost" in change.news:
            yield ParcelLost(parcel.id, parcel.number, parcel.direction, ids, moment)
        if change.became_contradictory:
            yield ParcelContradicted(parcel.id, parcel.number, at)


def _prove(
    carrier: str, changes: Sequence[Change], events: Sequence[CarrierEvent], added: Mapping[str, int]
) -> dict[str, str]:
    """Keep who received the parcels that are delivered; returns the receiver's relation by parcel number."""
    delivered = {change.parcel.number: change for change in changes if change.standing.state is ParcelState.DELIVERED}
    finals = sorted((event for event in events if _names_receiver(carrier, event) and event.number in delivered),
                    key=lambda event: (event.occurred_at, event.event_id), reverse=True)  # fmt: skip
    first = {event.number: event for event in finals}
    keep_proofs([(delivered[number].parcel.id, added[event.event_id], event.occurred_at, event.data)
                 for number, event in first.items()])  # fmt: skip
    return {number: event.data["relation"] for number, event in first.items()}


def keep_proofs(proofs: Sequence[tuple[UUID, int, datetime, Mapping[str, str]]]) -> None:
    """Keep who received which parcels, by (parcel, row of the event, moment, receiver); the first proof stands."""
    if not proofs:
        return
    rows = [{"id": uuid7(), "parcel_id": parcel_id, "event_id": event_row, "delivered_at": delivered_at, **receiver}
            for parcel_id, event_row, delivered_at, receiver in proofs]  # fmt: skip
    prepared.run((_PROVE, {"rows": orjson.dumps(rows).decode()}))


def _names_receiver(carrier: str, event: CarrierEvent) -> bool:
    if not event.data:
        return False
    code = code_of(carrier, event.said)
    return code is not None and code.code == "EMI"


def _ask_people(carrier: str, changes: Sequence[Change], events: Sequence[CarrierEvent], at: datetime) -> None:
    """Open work items for what no rule can settle, and close those that an event has settled."""
    named = {event.number for event in events if _names_receiver(carrier, event)}
    by_number = {change.parcel.number: change for change in changes}
    for number, change in by_number.items():
        state = change.standing.state
        if change.became_contradictory:
            _open("parcel-contradiction", change, at, {"reasons": list(change.standing.contradictions)})
            if "delivered" in change.parcel.told:
                doubt_postage(change, at)
        elif change.moved and state is ParcelState.DELIVERED and number not in named:
            _open("parcel-proof-missing", change, at, {})
        elif state is ParcelState.DELIVERED and not change.moved and number in named:
            kind = "parcel-proof-missing"
            work.close_item(kind=kind, reference=number, by=carrier, at=at, outcome="the proof came later")
    for event in events:
        code = code_of(carrier, event.said)
        if code is not None and code.code == "X-DMG":
            _open("parcel-damaged", by_number[event.number], at, {"event": event.event_id})


def doubt_postage(change: Change, at: datetime) -> None:
    """Its postage was booked before the contradiction came: finance looks whether the line is to be taken back."""
    due_at = at_local(work_calendar().next_working(local(at).date()), CLOSING)
    work.open_item(
        kind="postage-in-doubt", reference=change.parcel.number, owner_role="finance_reviewer",
        owner_place=change.parcel.province_code, at=at, due_at=due_at,
        detail={"reasons": list(change.standing.contradictions)})  # fmt: skip


def _open(kind: str, change: Change, at: datetime, detail: Mapping[str, object]) -> None:
    open_item(kind, change.parcel.number, change.parcel.operator_code, at, detail)


def open_item(kind: str, number: str, operator_code: str, at: datetime, detail: Mapping[str, object]) -> None:
    """Ask the operator's headquarters to look at a parcel by the end of the next working day."""
    due_at = at_local(work_calendar().next_working(local(at).date()), CLOSING)
    work.open_item(kind=kind, reference=number, owner_role="operator_hq", owner_place=operator_code, at=at,
                   due_at=due_at, detail=detail)  # fmt: skip

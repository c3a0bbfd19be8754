"""What happened at a door or counter, told as events of the parcel's carrier: they join the set like any other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from delivery.carriers.messages import CarrierEvent
from delivery.operations import ingest
from delivery.operations.standings import lock_parcels


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `event_id` is its natural key: telling it again changes nothing."""

    number: str
    code: str
    event_id: str
    occurred_at: datetime
    office: str = ""
    note: str = ""
    receiver: Mapping[str, str] = field(default_factory=dict)


def tell(carrier: str, told: Iterable[Told], *, at: datetime) -> None:
    """Add events, in the caller's transaction; what they were made from is kept by the caller."""
    events = [CarrierEvent(each.event_id, each.number, each.code, each.occurred_at, at, each.office[:120],
                           each.note[:300], each.receiver, b"") for each in told]
    parcels = lock_parcels(carrier, {event.number for event in events})
    known = [event for event in events if event.number in parcels]
    added = ingest.add_events(carrier, known, parcels)
    ingest.apply(carrier, [event for event in known if event.event_id in added], parcels, added, at)

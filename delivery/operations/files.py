"""Carriers' daily files taken in: all lines of some parcels at a time, kept as they came, with where they stood.

A file that was cut off goes on where it stopped; the same file again changes nothing and takes no time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from delivery.carriers.files import Chunk, RefusedLine, as_json, chunks_of
from delivery.carriers.messages import CarrierEvent
from delivery.operations import ingest
from delivery.operations.standings import lock_spoken_of
from shared import scope
from shared.models.messages import InboxMessage
from shared.transactions import operation

AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file's lines; `known` were told before."""

    lines: int
    applied: int
    known: int
    parked: int
    refused: tuple[RefusedLine, ...]


def ingest_file(*, carrier: str, text: str, at: datetime) -> FileReport:
    """Take in a whole file; raises HeaderWrongError before anything is changed."""
    name = name_of(text)
    chunks = chunks_of(carrier, text, AT_ONCE)
    return total_of([ingest_chunk(carrier=carrier, name=name, chunk=chunk, at=at) for chunk in chunks])


def name_of(text: str) -> str:
    """A file is known by what it says."""
    return sha256(text.encode()).hexdigest()


def total_of(reports: Sequence[FileReport]) -> FileReport:
    """The reports on a file's portions as one."""
    return FileReport(
        sum(report.lines for report in reports), sum(report.applied for report in reports),
        sum(report.known for report in reports), sum(report.parked for report in reports),
        tuple(sorted((line for report in reports for line in report.refused), key=lambda each: each.line)))  # fmt: skip


@operation
def ingest_chunk(*, carrier: str, name: str, chunk: Chunk, at: datetime) -> FileReport:
    """Take in a portion of the file `name`."""
    return take_in_chunk(carrier, name, chunk, at)


def take_in_chunk(carrier: str, name: str, chunk: Chunk, at: datetime) -> FileReport:
    """The same inside the caller's transaction."""
    scope.open_until_commit()
    events, refused = chunk.read(at)
    if not _keep(carrier, name, chunk, at):
        return FileReport(len(events) + len(refused), 0, len(events), 0, tuple(refused))
    added, parked = add_new_events(carrier, events, at)
    known = len(events) - len(added) - len(parked)
    return FileReport(len(events) + len(refused), len(added), known, len(parked), tuple(refused))


def add_new_events(carrier: str, events: Sequence[CarrierEvent], at: datetime) -> tuple[set[str], set[str]]:
    """Add events in the transaction of the caller, who keeps their raw form; returns the ids that are new: those
    that are applied, and those that wait for their parcel.
    """
    parcels, events = lock_spoken_of(carrier, events)
    known: list[CarrierEvent] = []
    strange: list[CarrierEvent] = []
    for event in events:
        (known if ingest.is_understood(carrier, event, parcels) else strange).append(event)
    added = ingest.add_events(carrier, known, parcels)
    first: dict[str, CarrierEvent] = {}
    for event in known:
        first.setdefault(event.event_id, event)
    ingest.apply(carrier, [first[event_id] for event_id in added], parcels, added, at)
    return set(added), _park(carrier, strange)


def _keep(carrier: str, name: str, chunk: Chunk, at: datetime) -> bool:
    """Keep the portion as it came; says whether it is new."""
    message = InboxMessage(
        source=f"carrier-file:{carrier}", event_id=f"{name}:{chunk.position}", received_at=at,
        headers={"lines": list(chunk.numbers)}, raw="\n".join(chunk.lines).encode(), processed_at=at,
        verdict="batch")  # fmt: skip
    if InboxMessage.objects.filter(source=message.source, event_id=message.event_id).exists():
        return False
    message.save(force_insert=True)
    return True


def _park(carrier: str, events: Sequence[CarrierEvent]) -> set[str]:
    """Let events of unknown parcels wait one by one, as those from the webhook do."""
    waiting = tuple(event._replace(raw=as_json(event)) for event in events)
    return ingest.park(carrier, waiting)

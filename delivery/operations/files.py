"""Carriers' daily files taken in: all lines of some parcels at a time, kept as they came, with where they stood.

A file that was cut off goes on where it stopped; the same file again changes nothing and takes no time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from io import BytesIO
from typing import BinaryIO, Final, Self

import orjson

from delivery.carriers.files import Chunk, RefusedLine, as_json, looked_through
from delivery.carriers.messages import CarrierEvent
from delivery.operations import ingest
from delivery.operations.standings import lock_spoken_of
from shared import prepared, scope
from shared.transactions import operation

AT_ONCE: Final = 10_000
# The bytes go as they are: as a literal they would be twice as many, and read once more.
_KEEP: Final = """
    INSERT INTO shared_inboxmessage (source, event_id, received_at, headers, raw, processed_at, verdict)
    VALUES (%(source)s, %(name)s, %(at)s, %(headers)s, %(raw)b, %(at)s, 'batch')
    ON CONFLICT (source, event_id) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file's lines; `known` were told before."""

    lines: int
    applied: int
    known: int
    parked: int
    refused: tuple[RefusedLine, ...]

    def plus(self, other: Self) -> Self:
        """Both together."""
        return replace(
            self, lines=self.lines + other.lines, applied=self.applied + other.applied, known=self.known + other.known,
            parked=self.parked + other.parked, refused=self.refused + other.refused)  # fmt: skip


def ingest_file(*, carrier: str, text: str, at: datetime) -> FileReport:
    """Take in a whole file that is at hand as text; raises HeaderWrongError before anything is changed."""
    return ingest_open_file(carrier=carrier, file=BytesIO(text.encode()), at=at)


def ingest_open_file(*, carrier: str, file: BinaryIO, at: datetime) -> FileReport:
    """Take in a file of any length; what is in memory at once is a portion of it.

    Raises:
        HeaderWrongError, UnicodeDecodeError: before anything is changed.
    """
    with looked_through(carrier, file, AT_ONCE) as daily:
        return total_of(ingest_chunk(carrier=carrier, name=daily.name, chunk=chunk, at=at) for chunk in daily.chunks())


def total_of(reports: Iterable[FileReport]) -> FileReport:
    """What became of all portions together."""
    return reduce(FileReport.plus, reports, FileReport(0, 0, 0, 0, ()))


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
    (new,) = prepared.run((_KEEP, {
        "source": f"carrier-file:{carrier}", "name": f"{name}:{chunk.position}", "at": at,
        "headers": orjson.dumps({"lines": list(chunk.numbers)}).decode(), "raw": "\n".join(chunk.lines).encode()}))
    return bool(new)


def _park(carrier: str, events: Sequence[CarrierEvent]) -> set[str]:
    """Let events of unknown parcels wait one by one, as those from the webhook do."""
    waiting = tuple(event._replace(raw=as_json(event)) for event in events)
    return ingest.park(carrier, waiting)

"""The front door for money of every kind: a balanced, explained entry, once for its source fact."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from django.db import connection

from billing.errors import EntryDiffers
from billing.models.ledger import Charge
from billing.operations.lines import Line, post
from billing.rules.entries import Entry, entry_evidence, entry_plan, fault_of
from shared import audit
from shared.actors import Actor
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Posted:
    """Where an entry stands in the books."""

    line_id: UUID
    period: date
    is_new: bool
    """False: it stood there before, and nothing was written."""


@operation
def post_entry(entry: Entry, *, by: Actor, at: datetime) -> Posted:
    """Post `entry` in a transaction of its own; told again, it answers with the line that stands.

    Raises:
        EntryDiffers: the same source fact was posted before with other amounts, legs or rule.
        ValueError: the entry is off balance or otherwise unsound (billing.rules.entries.fault_of).
    """
    return write_entry(entry, by=by, at=at)


def write_entry(entry: Entry, *, by: Actor, at: datetime) -> Posted:
    """As `post_entry`, inside the operation of billing that calls it: both happen or neither."""
    if fault := fault_of(entry):
        raise ValueError(f"The entry {entry.kind} of {entry.source_type} {entry.source_id} is unsound: {fault}.")
    _alone(entry)
    known = _known(entry)
    if known is not None:
        return _told_again(known, entry)
    charge = post(_line(entry), entry_plan(entry), by=by, at=at)
    audit.record(actor=by, action="post_entry", object_type="charge", object_id=charge.id, at=at, reason=entry.why,
                 after={"kind": entry.kind, "rule": entry.rule, "moved": entry.amounts.moved.amount})
    return Posted(charge.id, charge.period, is_new=True)


def _alone(entry: Entry) -> None:
    """Two tellers of one fact come one after the other, so that the second finds the first's line."""
    key = f"billing-entry|{entry.source_type}|{entry.source_id}|{entry.kind}"
    digest = blake2b(key.encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])


def _known(entry: Entry) -> Charge | None:
    return Charge.objects.filter(source_type=entry.source_type, source_id=entry.source_id, kind=entry.kind,
                                 reverses=None).first()


def _told_again(known: Charge, entry: Entry) -> Posted:
    wanted = entry_evidence(entry)["entry"]
    if known.evidence.get("entry") != wanted:
        raise EntryDiffers(line=str(known.id))
    return Posted(known.id, known.period, is_new=False)


def _line(entry: Entry) -> Line:
    return Line(
        source_type=entry.source_type, source_id=entry.source_id, kind=entry.kind, province_code=entry.province_code,
        operator_code=entry.operator_code, outlet_id=entry.outlet_id, dossier_code=entry.dossier_code,
        occurred_at=entry.occurred_at, parcel_number=entry.parcel_number, direction=entry.direction,
        evidence=entry_evidence(entry))

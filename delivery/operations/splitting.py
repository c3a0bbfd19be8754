"""What does not fit into one parcel, or must not travel together, becomes two before the carrier has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from delivery.errors import ParcelNotFound, ParcelNotSplittable, SplitRefused
from delivery.events import ParcelBooked, ParcelSplit
from delivery.models.parcels import Parcel, ParcelDossier
from delivery.operations.booking import HEAVIEST_GRAMS
from delivery.operations.numbers import next_number
from delivery.pricing import case_as_data, case_from_data
from delivery.queries.parcels import seen_by
from delivery.rules import Direction, ParcelState
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.outbox.publishing import publish
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Moved:
    """What of one dossier goes into the new parcel, by its place in the lists; None: all of it."""

    dossier_id: UUID
    contents: tuple[int, ...] | None = None
    originals: tuple[int, ...] = ()


# The row as it was, but for what the new parcel has of its own.
_OWN = frozenset({"id", "number", "booking_ref", "weight_grams", "pricing", "tracking_code", "split_from_id", "is_live",
                  "label_printed_at", "handed_over_at", "is_sent_to_carrier", "send_attempts", "send_next_at",
                  "send_error", "booked_at", "state_at"})


@operation
def split_parcel(*, parcel_id: UUID, moved: Sequence[Moved], weight_grams: int, weight_left_grams: int, by: Actor,
                 at: datetime) -> Parcel:
    """Put a part of a parcel into a new one of the same sender, recipient and direction; returns the new one.

    Both are priced by their own weight. A dossier may lie in both: it has arrived when both have.

    Raises:
        ParcelNotFound: none that `by` may know of.
        ParcelNotSplittable: the carrier has it, or it is a sealed bag or on a closed dispatch list.
        SplitRefused: nothing is moved, nothing would be left, or a weight is none.
    """
    parcel = locked_waiting(parcel_id, by)
    rows = {row.dossier_id: row for row in parcel.contents.all().order_by("id")}
    wanted = {each.dossier_id: each for each in moved}
    _check(rows, wanted, weight_grams, weight_left_grams)
    part = _book_part(parcel, weight_grams, at)
    _weigh(parcel, weight_left_grams)
    gone, originals = _move(rows, wanted, part)
    audit.record(
        actor=by, action="parcel.split", object_type="parcel", object_id=parcel.id, at=at,
        after={"part": part.number, "dossiers": len(wanted), "weight_grams": weight_left_grams})
    publish(ParcelSplit(parcel.id, parcel.number, part.number, parcel.direction, gone, originals, at))
    publish(ParcelBooked(part.id, part.number, part.direction, tuple(wanted), part.booked_at))
    return part


@operation
def weigh_parcel(*, parcel_id: UUID, weight_grams: int, by: Actor, at: datetime) -> Parcel:
    """Write down what the scales say before the carrier has the parcel; its price follows.

    Raises:
        ParcelNotFound, ParcelNotSplittable: as for splitting.
        SplitRefused: that is no weight of a parcel.
    """
    parcel = locked_waiting(parcel_id, by)
    wrong = ErrorCollector()
    _check_weight("/weight_grams", weight_grams, wrong)
    wrong.raise_if_any(SplitRefused)
    before = parcel.weight_grams
    _weigh(parcel, weight_grams)
    audit.record(actor=by, action="parcel.weigh", object_type="parcel", object_id=parcel.id, at=at,
                 before={"weight_grams": before}, after={"weight_grams": weight_grams})
    return parcel


def locked_waiting(parcel_id: UUID, by: Actor) -> Parcel:
    """The parcel, locked, while its own place may still open it.

    Raises:
        ParcelNotFound: none that `by` may know of.
        ParcelNotSplittable: it is not here, or not open, any more.
    """
    if not seen_by(by).filter(id=parcel_id).exists():
        raise ParcelNotFound
    parcel = Parcel.objects.select_for_update().get(id=parcel_id)
    if parcel.state != ParcelState.BOOKED or parcel.handed_over_at is not None:
        raise ParcelNotSplittable(_("The carrier has it."))
    if parcel.seal_number:
        raise ParcelNotSplittable(_("It is a sealed bag."))
    if parcel.listed.filter(~Q(dispatch__state="open"), is_live=True).exists():
        raise ParcelNotSplittable(_("It is on a closed dispatch list; reopen that first."))
    if not _packs(parcel, by):
        raise ParcelNotSplittable(_("Only the place that packed it may open it."))
    return parcel


def may_pack(parcel: Parcel, by: Actor) -> bool:
    """Whether `by` may still open it, as far as the parcel's own row tells."""
    is_here = parcel.state == ParcelState.BOOKED and parcel.handed_over_at is None
    return is_here and not parcel.seal_number and _packs(parcel, by)


def _packs(parcel: Parcel, by: Actor) -> bool:
    if parcel.direction in {Direction.DOSSIER, Direction.POSTED_IN}:
        return by.outlet_id is not None and by.outlet_id == parcel.outlet_id
    return by.centre_id is not None and by.centre_id == parcel.centre_id


def _check(rows: Mapping[UUID, ParcelDossier], wanted: Mapping[UUID, Moved], weight: int, weight_left: int) -> None:
    wrong = ErrorCollector()
    if not wanted or not set(wanted) <= set(rows):
        wrong.add("/moved", "unknown", _("Choose what goes into the new parcel."))
    for dossier_id, each in wanted.items():
        if dossier_id in rows and not _fits(rows[dossier_id], each):
            wrong.add("/moved", "unknown", _("Choose papers that lie in this parcel."))
    if set(rows) <= {each.dossier_id for each in wanted.values() if _is_all(rows.get(each.dossier_id), each)}:
        wrong.add("/moved", "everything", _("Something must stay in the first parcel."))
    _check_weight("/weight_grams", weight, wrong)
    _check_weight("/weight_left_grams", weight_left, wrong)
    wrong.raise_if_any(SplitRefused)


def _check_weight(pointer: str, weight: int, wrong: ErrorCollector) -> None:
    if not 1 <= weight <= HEAVIEST_GRAMS:
        wrong.add(pointer, "range", _("A parcel weighs 1 to 30,000 grams."))


def _fits(row: ParcelDossier, moved: Moved) -> bool:
    if moved.contents is None:
        return True
    inside = all(0 <= index < len(row.contents) for index in moved.contents)
    return inside and all(0 <= index < len(row.originals) for index in moved.originals) and bool(
        moved.contents or moved.originals)


def _is_all(row: ParcelDossier | None, moved: Moved) -> bool:
    if moved.contents is None or row is None:
        return True
    return len(set(moved.contents)) == len(row.contents) and len(set(moved.originals)) == len(row.originals)


def _book_part(parcel: Parcel, weight_grams: int, at: datetime) -> Parcel:
    kept: dict[str, Any] = {field.attname: getattr(parcel, field.attname) for field in Parcel._meta.concrete_fields
                            if field.attname not in _OWN}
    first = parcel.split_from_id or parcel.id
    parts = Parcel.objects.filter(split_from_id=first).count()
    packed_at = parcel.outlet_id if parcel.direction in {Direction.DOSSIER, Direction.POSTED_IN} else None
    return Parcel.objects.create(
        **kept, number=next_number(parcel.operator_code, _service_of(parcel), at, packed_at),
        booking_ref=f"split:{first}:{parts + 1}", weight_grams=weight_grams, split_from_id=first,
        pricing=_priced_by(parcel, weight_grams), tracking_code=spoken_code(), booked_at=at, state_at=at)


def _service_of(parcel: Parcel) -> str:
    """The service indicator of an S10 number; numbers of another form are all of one service."""
    return parcel.number[:2] if parcel.number[2:3].isdigit() else "RR"


def _priced_by(parcel: Parcel, weight_grams: int) -> dict[str, Any]:
    return case_as_data(replace(case_from_data(parcel.pricing), weight_grams=weight_grams))


def _weigh(parcel: Parcel, weight_grams: int) -> None:
    parcel.weight_grams, parcel.pricing = weight_grams, _priced_by(parcel, weight_grams)
    parcel.save(update_fields=["weight_grams", "pricing"])


def _move(rows: Mapping[UUID, ParcelDossier], wanted: Mapping[UUID, Moved],
          part: Parcel) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Put what is wanted into `part`; returns the dossiers that moved as a whole, and originals that moved alone."""
    gone: list[UUID] = []
    alone: list[UUID] = []
    for dossier_id, moved in wanted.items():
        row = rows[dossier_id]
        if _is_all(row, moved):
            row.parcel = part
            row.save(update_fields=["parcel"])
            gone.append(dossier_id)
        else:
            alone += _divide(row, moved, part)
    return tuple(gone), tuple(alone)


def _divide(row: ParcelDossier, moved: Moved, part: Parcel) -> list[UUID]:
    contents, originals = set(moved.contents or ()), set(moved.originals)
    taken = [each for index, each in enumerate(row.originals) if index in originals]
    ParcelDossier.objects.create(
        parcel=part, dossier_id=row.dossier_id, dossier_code=row.dossier_code, originals=taken,
        contents=[each for index, each in enumerate(row.contents) if index in contents])
    row.contents = [each for index, each in enumerate(row.contents) if index not in contents]
    row.originals = [each for index, each in enumerate(row.originals) if index not in originals]
    row.save(update_fields=["contents", "originals"])
    return [UUID(each["original_id"]) for each in taken if each.get("original_id")]

"""A bag at its centre: counted jointly, what is there is handed over, what is not is written down on both sides.

The joint count and signature is the legal filing time of every dossier that was there (Decision 45/2016/QĐ-TTg, Article
7.4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake import custody
from intake.errors import ManifestRefused, NotYourCentre
from intake.events import ManifestCounted
from intake.models.decisions import ForwardingMode
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest, ManifestDifference, ManifestItem
from intake.operations import forwarding, reception
from intake.operations.manifests import after_of, locked, sign, step
from intake.rules.manifests import TO_COUNT, DifferenceKind, ManifestAction, ManifestState, ManifestVerdict, Occasion
from intake.rules.states import Handling
from intake.scanning import reference_in
from intake.signing import JointSignature
from shared import work
from shared.actors import Actor, job
from shared.calendar import MINUTES_A_DAY
from shared.errors import ErrorCollector
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

CARRIER: Final = job("note-bag-arrived")
DIFFERENCE: Final = "manifest-difference"
MOST_SURPLUS: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one line: "there", "damaged" or "missing"."""

    verdict: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Surplus:
    """Something in the bag that is not on its manifest, by the code that stands on it."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountInput:
    """The whole count; every line of the manifest has its verdict, or nothing is kept."""

    lines: Mapping[UUID, Found]
    seal_number: str
    gives: JointSignature
    takes: JointSignature
    surplus: tuple[Surplus, ...] = ()
    is_seal_whole: bool = True
    seal_note: str = ""


@operation
def note_bag_arrived(*, parcel_number: str, at: datetime, by: Actor = CARRIER) -> None:
    """The carrier says that the bag is at its centre. Told late, twice or of a parcel without a manifest: no change."""
    manifest = Manifest.objects.select_for_update().filter(parcel_number=parcel_number).first()
    if manifest is None or manifest.state not in {ManifestState.SEALED, ManifestState.WITH_CARRIER}:
        return
    manifest.arrived_at = at
    step(manifest, ManifestAction.ARRIVE, by=by, at=at, also=("arrived_at",))


@operation
def count(counted: CountInput, *, manifest_id: UUID, by: Actor, at: datetime) -> Manifest:
    """Keep the joint count of a bag: hand over what is there, write down what is not as the manifest says.

    Raises:
        ManifestNotFound: unknown, or for another centre.
        NotYourCentre: `by` does not work at the centre it is for.
        ManifestNotThere: not sealed yet, or counted already.
        ManifestRefused: a line has no verdict, or a signature cannot be kept.
    """
    manifest = locked(manifest_id, by)
    if by.centre_id is None or by.centre_id != manifest.centre_id:
        raise NotYourCentre(_("Only the centre that the bag is for counts it."))
    after_of(ManifestState(manifest.state), ManifestAction.COUNT)
    items = {item.id: item for item in manifest.items.order_by("position")}
    dossiers = _dossiers_of(items.values())
    _check(counted, items, dossiers)
    sign(manifest, Occasion.ARRIVAL, counted.gives, counted.takes, at)
    _mark(items, counted)
    extra = [_surplus(manifest, more, by, at) for more in _once(counted.surplus, items)]
    everything = [*items.values(), *extra]
    _hand_over(manifest, everything, dossiers, by, at)
    found = _differences(manifest, everything, counted, by, at)
    _close(manifest, counted, found, by, at)
    return manifest


def _dossiers_of(items: Iterable[ManifestItem]) -> dict[UUID, Dossier]:
    ids = [item.dossier_id for item in items if item.dossier_id is not None]
    loaded = Dossier.objects.select_related("procedure").select_for_update(of=("self",))
    return {dossier.id: dossier for dossier in loaded.filter(id__in=ids).order_by("id")}


def _check(counted: CountInput, items: Mapping[UUID, ManifestItem], dossiers: Mapping[UUID, Dossier]) -> None:
    wrong = ErrorCollector()
    allowed = {ManifestVerdict.THERE, ManifestVerdict.DAMAGED, ManifestVerdict.MISSING}
    for item in items.values():
        found = counted.lines.get(item.id)
        if found is None or found.verdict not in allowed:
            wrong.add(f"/lines/{item.reference}", "not-counted",
                      _("{code} is not counted yet: there, damaged or missing?").format(code=item.reference))
        elif found.verdict == ManifestVerdict.MISSING and _is_received(item, dossiers):
            wrong.add(f"/lines/{item.reference}", "received",
                      _("{code} was received here already, so it is not missing.").format(code=item.reference))
        elif found.verdict == ManifestVerdict.DAMAGED and not clean(found.note):
            wrong.add(f"/lines/{item.reference}", "note-missing",
                      _("Say what is damaged on {code}.").format(code=item.reference))
    if set(counted.lines) - set(items):
        wrong.add("/lines", "unknown", _("A line is not of this manifest."))
    if len(counted.surplus) > MOST_SURPLUS or any(not reference_in(more.code) for more in counted.surplus):
        wrong.add("/surplus", "unreadable", _("Write down the code of what is too much, or what stands on it."))
    if not clean(counted.seal_number):
        wrong.add("/seal_number", "missing", _("Write the number that stands on the seal."))
    wrong.raise_if_any(ManifestRefused)


def _is_received(item: ManifestItem, dossiers: Mapping[UUID, Dossier]) -> bool:
    dossier = dossiers.get(item.dossier_id) if item.dossier_id else None
    return dossier is not None and dossier.received_at is not None


def _mark(items: Mapping[UUID, ManifestItem], counted: CountInput) -> None:
    for item in items.values():
        found = counted.lines[item.id]
        item.verdict, item.note = found.verdict, clean(found.note)[:300]
        # What is missing stays bound to this bag until somebody has explained where it is.
        item.is_live = item.verdict == ManifestVerdict.MISSING
    ManifestItem.objects.bulk_update(items.values(), ["verdict", "note", "is_live"])


def _once(surplus: Sequence[Surplus], items: Mapping[UUID, ManifestItem]) -> list[Surplus]:
    """Each thing too much once; scanned though it is on the manifest, it is none."""
    listed = {item.reference for item in items.values()}
    by_code = {reference_in(more.code): more for more in surplus}
    return [more for code, more in by_code.items() if code not in listed]


def _surplus(manifest: Manifest, more: Surplus, by: Actor, at: datetime) -> ManifestItem:
    reference = reference_in(more.code)
    dossier = Dossier.objects.seen_by(by).filter(Q(agent_ref=reference) | Q(code=reference)).first()
    last = manifest.items.aggregate(last=Max("position"))["last"] or 0
    return ManifestItem.objects.create(
        manifest=manifest, dossier=dossier, reference=reference, position=last + 1, is_live=False,
        verdict=ManifestVerdict.SURPLUS, note=clean(more.note)[:300], scanned_at=at, scanned_by_name=by.name)


def _hand_over(manifest: Manifest, items: Sequence[ManifestItem], dossiers: Mapping[UUID, Dossier], by: Actor,
               at: datetime) -> None:
    """Everything that is there is handed over now; what is missing was not, whatever the carrier had said."""
    known = dict(dossiers) | _dossiers_of([item for item in items if item.dossier_id not in dossiers])
    there = []
    for item in items:
        dossier = known.get(item.dossier_id) if item.dossier_id else None
        if dossier is None:
            continue
        if item.verdict == ManifestVerdict.MISSING:
            forwarding.undo_hand_over(dossier, by=by, at=at)
        elif item.verdict != ManifestVerdict.SURPLUS or _belongs_here(dossier, manifest):
            if dossier.forwarded_at is None:
                # It lay in the bag without having been scanned out.
                forwarding.forward(dossier, manifest.centre_id, ForwardingMode.PAPER, manifest.parcel_number, by=by,
                                   at=at)
            forwarding.hand_over(dossier, by=by, at=at)
            there.append(dossier.id)
    custody.seal_in(there, manifest.parcel_number, by=by, at=at)
    custody.arrive(there, manifest.centre_id, agents.get_centre(manifest.centre_id).name, by=by, at=at,
                   carrier=manifest.carrier)


def _belongs_here(dossier: Dossier, manifest: Manifest) -> bool:
    return (dossier.receiving_centre_id == manifest.centre_id and dossier.handling == Handling.REGISTERED
            and dossier.authority_centre_id is not None)


_KIND_OF: Final = {ManifestVerdict.MISSING: DifferenceKind.MISSING, ManifestVerdict.DAMAGED: DifferenceKind.DAMAGED,
                   ManifestVerdict.SURPLUS: DifferenceKind.SURPLUS}


def _differences(manifest: Manifest, items: Sequence[ManifestItem], counted: CountInput, by: Actor,
                 at: datetime) -> list[ManifestDifference]:
    due_at = work_calendar().add_working_minutes(at, MINUTES_A_DAY)

    def found(kind: DifferenceKind, note: str, item: ManifestItem | None = None) -> ManifestDifference:
        return ManifestDifference(manifest=manifest, item=item, kind=kind, carrier=manifest.carrier, note=note,
                                  found_at=at, found_by_name=by.name, due_at=due_at)

    rows = [found(_KIND_OF[ManifestVerdict(item.verdict)], item.note, item) for item in items
            if item.verdict in _KIND_OF]
    seen = clean(counted.seal_number).upper()
    if seen != manifest.seal_number:
        rows.append(found(DifferenceKind.SEAL_DIFFERS, f"{manifest.seal_number} → {seen}"[:300]))
    if not counted.is_seal_whole:
        rows.append(found(DifferenceKind.SEAL_BROKEN, clean(counted.seal_note)[:300]))
    ManifestDifference.objects.bulk_create(rows)
    outlet = agents.get_outlet(manifest.outlet_id)
    for row in rows:
        work.open_item(kind=DIFFERENCE, reference=str(row.id), owner_role=Role.OUTLET_MANAGER, owner_place=outlet.code,
                       at=at, due_at=due_at, detail={"manifest": manifest.code, "kind": row.kind,
                                                     "carrier": manifest.carrier})
    return rows


def _close(manifest: Manifest, counted: CountInput, found: Sequence[ManifestDifference], by: Actor,
           at: datetime) -> None:
    manifest.counted_at, manifest.counted_by_name = at, by.name
    manifest.seal_seen = clean(counted.seal_number).upper()[:20]
    step(manifest, ManifestAction.COUNT_WITH_DIFFERENCES if found else ManifestAction.COUNT, by=by, at=at,
         also=("counted_at", "counted_by_name", "seal_seen"))
    publish(ManifestCounted(manifest.id, manifest.outlet_id, manifest.centre_id, len(found), at))


@operation
def receive_counted(*, manifest_id: UUID, by: Actor, at: datetime) -> list[Dossier]:
    """Receive every dossier that the count found: each gets its code and due moment as if received alone.

    What was received meanwhile stays as it is, so a repeat changes nothing.

    Raises:
        ManifestNotFound: unknown, or for another centre.
        NotYourCentre: `by` does not work at the centre it is for.
        ManifestNotThere: it is not counted yet.
    """
    manifest = locked(manifest_id, by)
    if by.centre_id is None or by.centre_id != manifest.centre_id:
        raise NotYourCentre
    if manifest.counted_at is None or manifest.state in TO_COUNT:
        after_of(ManifestState(manifest.state), ManifestAction.SETTLE)
    there = manifest.items.exclude(verdict__in=[ManifestVerdict.MISSING, ManifestVerdict.EXPECTED])
    waiting = Dossier.objects.select_related("procedure").select_for_update(of=("self",)).filter(
        id__in=there.values("dossier_id"), receiving_centre_id=by.centre_id, handling=Handling.REGISTERED,
        forwarded_at__isnull=False)
    received = list(waiting.order_by("id"))
    for dossier in received:
        reception.take_in(dossier, by=by, at=at)
    return received

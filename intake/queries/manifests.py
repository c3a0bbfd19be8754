"""Bags as outlet and centre see them: what waits to be packed, what is on its way, what lies in one, what differed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, Exists, F, OuterRef, Q, QuerySet

from intake.errors import ManifestNotFound
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest, ManifestDifference, ManifestItem, ManifestSignature
from intake.rules import clock
from intake.rules.catalogue import Channel
from intake.rules.manifests import (
    DIFFERENCE_WORDS,
    MANIFEST_ICONS,
    MANIFEST_WORDS,
    OUTCOME_WORDS,
    TO_COUNT,
    VERDICT_WORDS,
    ManifestState,
    ManifestVerdict,
)
from intake.rules.short_names import short_words
from intake.rules.states import Handling
from intake.rules.wording import Words
from intake.scanning import reference_in
from shared.actors import Actor
from shared.deadlines import Deadline, deadline
from shared.working_days import work_calendar

MOST_ROWS: Final = 300
FORWARD_WITHIN_MINUTES: Final = clock.DAY_MINUTES
"""A dossier on paper leaves the outlet within one working day of being taken in."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A paper dossier at the counter that is in no bag yet, with its hand-over clock."""

    id: UUID
    reference: str
    citizen_name: str
    what: Words
    taken_at: datetime
    originals: int
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of a bag."""

    id: UUID
    dossier_id: UUID | None
    reference: str
    code: str
    citizen_name: str
    what: Words
    copies: int
    originals: int
    taken_at: datetime | None
    verdict: ManifestVerdict
    verdict_words: Words
    note: str
    is_received: bool
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class BagRow:
    """A bag in a list."""

    id: UUID
    code: str
    state: ManifestState
    state_words: Words
    icon: str
    kind: str
    outlet_name: str
    centre_name: str
    carrier: str
    seal_number: str
    parcel_number: str
    dossiers: int
    open_differences: int
    opened_at: datetime
    sealed_at: datetime | None
    picked_up_at: datetime | None
    arrived_at: datetime | None
    counted_at: datetime | None
    version: int

    @property
    def is_to_count(self) -> bool:
        return self.state in TO_COUNT


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What was not as a manifest said."""

    id: UUID
    manifest_id: UUID
    manifest_code: str
    kind: str
    words: Words
    reference: str
    carrier: str
    note: str
    outlet_name: str
    centre_name: str
    found_at: datetime
    found_by_name: str
    due_at: datetime
    is_late: bool
    outcome_words: Words | None
    explanation: str
    settled_at: datetime | None
    settled_by_name: str


@dataclass(frozen=True, slots=True)
class Destination:
    """One centre: what waits for it, and the bag that is open for it."""

    centre_id: UUID
    centre_name: str
    waiting: tuple[WaitingRow, ...]
    bag: BagRow | None
    items: tuple[ItemRow, ...]

    @property
    def is_late(self) -> bool:
        return any(row.deadline.look == "late" for row in self.waiting) or any(
            row.deadline is not None and row.deadline.look == "late" for row in self.items)


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag in full."""

    row: BagRow
    items: tuple[ItemRow, ...]
    differences: tuple[DifferenceRow, ...]
    signatures: tuple[ManifestSignature, ...]
    sealed_by_name: str
    counted_by_name: str
    weight_grams: int | None

    @property
    def to_receive(self) -> int:
        """Counted as there and not received yet."""
        return sum(item.verdict not in {ManifestVerdict.EXPECTED, ManifestVerdict.MISSING}
                   and item.dossier_id is not None and not item.is_received for item in self.items)


def hand_over_clock(taken_at: datetime, now: datetime) -> Deadline:
    """How long a dossier has waited at the outlet, against the working day it has."""
    used = max(work_calendar().working_minutes_between(taken_at, now), 0)
    return deadline(used=used, allowed=FORWARD_WITHIN_MINUTES)


def _to_pack(actor: Actor) -> "QuerySet[Dossier]":
    in_a_bag = ManifestItem.objects.filter(dossier=OuterRef("id"), is_live=True)
    return Dossier.objects.seen_by(actor).filter(
        ~Exists(in_a_bag), handling=Handling.REGISTERED, channel=Channel.POST, forwarded_at=None,
        authority_centre_id__isnull=False, receiving_centre_id__isnull=False)


def destinations(actor: Actor, now: datetime) -> tuple[Destination, ...]:
    """The outlet's centres with what waits for each and what is packed already; the same few questions always."""
    waiting: Any = (_to_pack(actor).select_related("citizen", "procedure").fetch_mode(FETCH_RAISE)
                    .annotate(centre_name=F("receiving_centre__name"), n_originals=Count("originals"))
                    .order_by("submitted_at", "id")[:MOST_ROWS])
    bags = {bag.centre_id: bag for bag in _listed(Manifest.objects.seen_by(actor).filter(state=ManifestState.OPEN))}
    items = _items_of([bag.id for bag in bags.values()], now)
    names = {bag.centre_id: bag.centre.name for bag in bags.values()}
    rows: dict[UUID, list[WaitingRow]] = {centre_id: [] for centre_id in names}
    for dossier in waiting:
        names.setdefault(dossier.receiving_centre_id, dossier.centre_name)
        rows.setdefault(dossier.receiving_centre_id, []).append(_waiting(dossier, now))
    found = [Destination(centre_id, names[centre_id], tuple(lines),
                         _bag_row(bags[centre_id]) if centre_id in bags else None,
                         tuple(items.get(bags[centre_id].id, ())) if centre_id in bags else ())
             for centre_id, lines in rows.items()]
    return tuple(sorted((each for each in found if each.waiting or each.items),
                        key=lambda each: (not each.is_late, each.centre_name)))


def to_pack_count(actor: Actor) -> int:
    """What the rail shows: dossiers waiting for a bag, bags that are not gone, differences that wait for the outlet."""
    filled = Exists(ManifestItem.objects.filter(manifest=OuterRef("id")))
    bags = Manifest.objects.seen_by(actor).filter(
        Q(state__in=[ManifestState.SEALED, ManifestState.WITH_DIFFERENCES]) | Q(filled, state=ManifestState.OPEN))
    return _to_pack(actor).count() + bags.count()


def _waiting(dossier: Any, now: datetime) -> WaitingRow:
    taken_at = dossier.submitted_at or dossier.created_at
    return WaitingRow(
        id=dossier.id, reference=dossier.agent_ref, citizen_name=dossier.citizen.full_name,
        what=short_words(dossier.procedure.name_vi, dossier.procedure.name_en), taken_at=taken_at,
        originals=dossier.n_originals, deadline=hand_over_clock(taken_at, now))


def bags_on_their_way(actor: Actor) -> tuple[BagRow, ...]:
    """Sealed and not yet counted, newest first."""
    return _bag_rows(Manifest.objects.seen_by(actor).filter(state__in=[s.value for s in TO_COUNT]))


def bags_counted(actor: Actor, *, most: int = 50) -> tuple[BagRow, ...]:
    """The last ones that were counted, those with differences first."""
    return _bag_rows(Manifest.objects.seen_by(actor).exclude(counted_at=None), most=most)


def _listed(manifests: "QuerySet[Manifest]") -> "QuerySet[Manifest]":
    return manifests.select_related("outlet", "centre").fetch_mode(FETCH_RAISE).annotate(
        n_items=Count("items", filter=~Q(items__verdict=ManifestVerdict.SURPLUS), distinct=True),
        n_open=Count("differences", filter=Q(differences__settled_at=None), distinct=True))


def _bag_rows(manifests: "QuerySet[Manifest]", *, most: int = MOST_ROWS) -> tuple[BagRow, ...]:
    return tuple(_bag_row(each) for each in _listed(manifests).order_by("-opened_at", "-id")[:most])


def _bag_row(manifest: Any) -> BagRow:
    state = ManifestState(manifest.state)
    icon, kind = MANIFEST_ICONS[state]
    return BagRow(
        id=manifest.id, code=manifest.code, state=state, state_words=MANIFEST_WORDS[state], icon=icon, kind=kind,
        outlet_name=manifest.outlet.name, centre_name=manifest.centre.name, carrier=manifest.carrier,
        seal_number=manifest.seal_number or "", parcel_number=manifest.parcel_number, dossiers=manifest.n_items,
        open_differences=manifest.n_open, opened_at=manifest.opened_at, sealed_at=manifest.sealed_at,
        picked_up_at=manifest.picked_up_at, arrived_at=manifest.arrived_at, counted_at=manifest.counted_at,
        version=manifest.version)


def find_bag(manifest_id: UUID, *, actor: Actor, now: datetime) -> Bag:
    """One bag in full; a constant number of questions.

    Raises:
        ManifestNotFound: `actor` sees no such bag.
    """
    manifest = _listed(Manifest.objects.seen_by(actor)).filter(id=manifest_id).first()
    if manifest is None:
        raise ManifestNotFound
    return Bag(
        row=_bag_row(manifest), items=tuple(_items_of([manifest.id], now).get(manifest.id, ())),
        differences=differences(actor, now, manifest_id=manifest.id),
        signatures=tuple(ManifestSignature.objects.filter(manifest=manifest).order_by("signed_at", "side")),
        sealed_by_name=manifest.sealed_by_name, counted_by_name=manifest.counted_by_name,
        weight_grams=manifest.weight_grams)


def find_by_code(scanned: str, *, actor: Actor) -> UUID:
    """The bag with this manifest code, seal or parcel number, or with this dossier in it; the newest of several.

    Raises:
        ManifestNotFound: `actor` sees none.
    """
    code = reference_in(scanned)
    found = Manifest.objects.seen_by(actor).filter(
        Q(code=code) | Q(seal_number=code) | Q(parcel_number=code) | Q(items__reference=code)).order_by(
        "-opened_at").values_list("id", flat=True).first() if code else None
    if found is None:
        raise ManifestNotFound
    return found


def _items_of(manifest_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[ItemRow]]:
    items: Any = (ManifestItem.objects.filter(manifest_id__in=list(manifest_ids))
                  .select_related("dossier__citizen", "dossier__procedure").fetch_mode(FETCH_RAISE)
                  .annotate(n_originals=Count("dossier__originals")).order_by("position"))
    found: dict[UUID, list[ItemRow]] = {}
    for item in items:
        found.setdefault(item.manifest_id, []).append(_item(item, now))
    return found


def _item(item: Any, now: datetime) -> ItemRow:
    dossier, verdict = item.dossier, ManifestVerdict(item.verdict)
    taken_at = (dossier.submitted_at or dossier.created_at) if dossier is not None else None
    waits = dossier is not None and dossier.forwarded_at is None and taken_at is not None
    return ItemRow(
        id=item.id, dossier_id=item.dossier_id, reference=item.reference,
        code=(dossier.code or "") if dossier is not None else "",
        citizen_name=dossier.citizen.full_name if dossier is not None else "",
        what=short_words(dossier.procedure.name_vi, dossier.procedure.name_en) if dossier is not None else Words(),
        copies=dossier.copies if dossier is not None else 0, originals=item.n_originals, taken_at=taken_at,
        verdict=verdict, verdict_words=VERDICT_WORDS[verdict], note=item.note,
        is_received=dossier is not None and dossier.received_at is not None,
        deadline=hand_over_clock(taken_at, now) if waits and taken_at is not None else None)


def differences(actor: Actor, now: datetime, *, manifest_id: UUID | None = None,
                most: int = 100) -> tuple[DifferenceRow, ...]:
    """Differences in sight, those that wait first."""
    found = ManifestDifference.objects.filter(manifest__in=Manifest.objects.seen_by(actor))
    if manifest_id is not None:
        found = found.filter(manifest_id=manifest_id)
    rows = found.select_related("manifest__outlet", "manifest__centre", "item").fetch_mode(FETCH_RAISE).order_by(
        F("settled_at").desc(nulls_first=True), "found_at", "id")
    return tuple(_difference(each, now) for each in rows[:most])


def _difference(each: ManifestDifference, now: datetime) -> DifferenceRow:
    manifest = each.manifest
    return DifferenceRow(
        id=each.id, manifest_id=manifest.id, manifest_code=manifest.code, kind=each.kind,
        words=DIFFERENCE_WORDS[each.kind], reference=each.item.reference if each.item is not None else "",
        carrier=each.carrier, note=each.note, outlet_name=manifest.outlet.name, centre_name=manifest.centre.name,
        found_at=each.found_at, found_by_name=each.found_by_name, due_at=each.due_at,
        is_late=each.settled_at is None and each.due_at < now,
        outcome_words=OUTCOME_WORDS[each.outcome] if each.outcome else None, explanation=each.explanation,
        settled_at=each.settled_at, settled_by_name=each.settled_by_name)


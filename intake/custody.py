"""The only way an original changes hands: a move from the hand it is in to the next, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from delivery import public as delivery
from intake.errors import NotInThisHand
from intake.models.custody import CustodyMove, Original
from intake.models.dossiers import Dossier
from intake.rules.catalogue import Channel, DocumentKind
from intake.rules.custody import AT_REST, CustodyAction, Holder, IllegalMove, is_form, next_holder
from shared import audit
from shared.actors import Actor


@dataclass(frozen=True, slots=True)
class Hand:
    """Who takes it: id of an outlet or centre, or number of a parcel; both empty for the citizen."""

    ref: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed for what she took; `drawing` is an SVG path, empty when her typed name stands for it."""

    name: str = ""
    drawing: str = ""


NOBODY_SIGNED = Signed()
THE_CITIZEN = Hand()


def pass_on(originals: Sequence[Original], action: CustodyAction, *, to: Hand, by: Actor, at: datetime,
            signed: Signed = NOBODY_SIGNED, note: str = "") -> None:
    """Pass each of `originals`, whose rows the caller holds locked, to the next hand.

    A carrier's clock may be behind ours: nothing changes hands before it came into the present one.

    Raises:
        NotInThisHand: one of them is not where `action` takes it from.
    """
    moves = [_move(each, action, to, at) for each in originals]
    for move in moves:
        move.actor_kind, move.actor_id, move.actor_name = by.kind, by.id, by.name
        move.signed_name, move.signature, move.note = signed.name, signed.drawing, note
    CustodyMove.objects.bulk_create(moves)
    audit.record_all([
        audit.Entry(by, f"original.{action}", "original", move.original_id, move.at, {"holder": move.from_holder},
                    {"holder": move.to_holder, "ref": move.to_ref}, note) for move in moves])


def _move(original: Original, action: CustodyAction, to: Hand, at: datetime) -> CustodyMove:
    try:
        holder = next_holder(Holder(original.holder), action)
    except IllegalMove:
        raise NotInThisHand(holder=original.holder, action=action.value) from None
    move = CustodyMove(
        original=original, number=original.moves + 1, action=action, from_holder=original.holder,
        from_ref=original.holder_ref, from_name=original.holder_name, to_holder=holder, to_ref=to.ref, to_name=to.name,
        at=max(at, original.held_since))
    original.holder, original.holder_ref, original.holder_name = holder, to.ref, to.name
    original.moves, original.held_since = move.number, move.at
    return move


def locked(originals: QuerySet[Original]) -> list[Original]:
    """In one order, so that two who move the same papers never wait for each other."""
    return list(originals.select_for_update(of=("self",)).order_by("id"))


def begin(dossier: Dossier, papers: Iterable[Original], action: CustodyAction, *, to: Hand, by: Actor, at: datetime,
          signed: Signed = NOBODY_SIGNED) -> list[Original]:
    """Record `papers`, which are still in the citizen's hand, and take them from it."""
    taken = list(papers)
    for paper in taken:
        paper.dossier, paper.province_code, paper.held_since = dossier, dossier.province_code, at
        paper.outlet_id, paper.operator_id, paper.centre_id = (
            dossier.outlet_id, dossier.operator_id, dossier.receiving_centre_id)
    Original.objects.bulk_create(taken)
    if taken:
        pass_on(taken, action, to=to, by=by, at=at, signed=signed)
    return taken


def take_listed(dossier: Dossier, components: AbstractSet[str], *, outlet_name: str, by: Actor,
                at: datetime) -> list[Original]:
    """Take the originals among the `components` of a paper dossier as it is filed, as the published list calls them.

    Forms filled in for this dossier are none: nobody misses them.
    """
    if dossier.channel != Channel.POST or dossier.outlet_id is None:
        return []
    listed = [paper for paper in dossier.procedure.documents
              if paper["kind"] == DocumentKind.ORIGINAL and paper["code"] in components
              and not is_form(paper["code"])]
    papers = [Original(component=paper["code"], name=paper["name_vi"][:200]) for paper in listed]
    return begin(dossier, papers, CustodyAction.TAKE, to=Hand(str(dossier.outlet_id), outlet_name), by=by, at=at)


def seal_in(dossier_ids: Sequence[UUID], parcel_number: str, *, by: Actor, at: datetime) -> None:
    """The originals of these dossiers that lie at the outlet go into the parcel."""
    there = locked(Original.objects.filter(dossier_id__in=dossier_ids, holder=Holder.OUTLET))
    pass_on(there, CustodyAction.SEAL, to=Hand(parcel_number, parcel_number), by=by, at=at)


def declared_at(holder: Holder, dossier_ids: Sequence[UUID], *,
                goes_back: bool | None = None) -> dict[UUID, tuple[delivery.DeclaredOriginal, ...]]:
    """The originals of these dossiers in that hand, by dossier, as a parcel declares them.

    `goes_back`: only those that the citizen gets back.
    """
    declared: dict[UUID, tuple[delivery.DeclaredOriginal, ...]] = {}
    there = Original.objects.filter(dossier_id__in=dossier_ids, holder=holder).order_by("id")
    if goes_back is not None:
        there = there.filter(goes_back=goes_back)
    for each in there:
        line = delivery.DeclaredOriginal(each.name, each.identifier, each.sheets, each.id)
        declared[each.dossier_id] = (*declared.get(each.dossier_id, ()), line)
    return declared


def pick_up(parcel_number: str, carrier: str, *, by: Actor, at: datetime) -> None:
    """The carrier takes the sealed parcel with what lies in it."""
    there = locked(Original.objects.filter(holder=Holder.PARCEL, holder_ref=parcel_number))
    pass_on(there, CustodyAction.PICK_UP, to=Hand(parcel_number, carrier_name(carrier, parcel_number)), by=by, at=at)


def carrier_name(carrier: str, parcel_number: str) -> str:
    return f"{carrier} · {parcel_number}"


def arrive(dossier_ids: Sequence[UUID], centre_id: UUID, centre_name: str, *, by: Actor, at: datetime,
           carrier: str = "") -> None:
    """The centre takes the originals of these dossiers out of their parcel."""
    under_way = Q(holder__in=[Holder.PARCEL, Holder.CARRIER])
    there = locked(Original.objects.filter(under_way, dossier_id__in=dossier_ids))
    # Nobody wrote down that the carrier took it; the way is told in full all the same.
    for each in there:
        if each.holder == Holder.PARCEL:
            pass_on([each], CustodyAction.PICK_UP,
                    to=Hand(each.holder_ref, carrier_name(carrier, each.holder_ref)), by=by, at=at)
    pass_on(there, CustodyAction.ARRIVE, to=Hand(str(centre_id), centre_name), by=by, at=at)
    Original.objects.filter(id__in=[each.id for each in there]).update(centre_id=centre_id)


def bring_back(dossier_ids: Sequence[UUID], outlet_id: UUID, outlet_name: str, *, by: Actor, at: datetime) -> None:
    """The outlet has the originals again, whether the carrier had taken them or not."""
    there = locked(Original.objects.filter(dossier_id__in=dossier_ids, holder__in=[Holder.PARCEL, Holder.CARRIER]))
    for each in there:
        action = CustodyAction.UNSEAL if each.holder == Holder.PARCEL else CustodyAction.BRING_BACK
        pass_on([each], action, to=Hand(str(outlet_id), outlet_name), by=by, at=at)


def elsewhere_of(dossier_id: UUID) -> QuerySet[Original]:
    """Originals of a dossier that somebody still holds for the citizen."""
    return Original.objects.filter(dossier_id=dossier_id).exclude(holder__in=[h.value for h in AT_REST])

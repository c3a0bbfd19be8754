"""Originals: taken from the citizen, given back to her, kept; and following the parcels they lie in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake import custody, signing
from intake.custody import THE_CITIZEN, Hand, Signed
from intake.errors import DossierNotFound, NotInThisHand, OriginalNotFound, OriginalRefused
from intake.models.custody import Original
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest
from intake.rules.custody import CustodyAction, Holder
from intake.rules.states import Handling
from intake.signing import JointSignature
from shared import audit
from shared.actors import Actor, job
from shared.errors import ErrorCollector
from shared.identifiers import NationalId
from shared.text import clean
from shared.transactions import operation

CARRIER: Final = job("follow-originals")
MOST_SHEETS: Final = 500


@dataclass(frozen=True, slots=True)
class OriginalInput:
    """An original as it is laid on the counter. `component` is a code of the published list, or "other" with a name."""

    component: str
    name: str = ""
    identifier: str = ""
    sheets: int = 1
    goes_back: bool = True


@operation
def take_original(given: OriginalInput, *, dossier_id: UUID, by: Actor, at: datetime) -> Original:
    """Take an original of a dossier from the citizen into the actor's hand.

    Raises:
        DossierNotFound: unknown, or of another place.
        OriginalRefused: what is wrong stands in its errors.
    """
    dossier = Dossier.objects.seen_by(by).select_for_update(of=("self",)).select_related("procedure").filter(
        id=dossier_id).first()
    if dossier is None or not (by.outlet_id or by.centre_id):
        raise DossierNotFound
    action = CustodyAction.TAKE if by.outlet_id else CustodyAction.TAKE_AT_CENTRE
    paper = _checked(given, dossier)
    (taken,) = custody.begin(dossier, [paper], action, to=_own_hand(by), by=by, at=at)
    return taken


def _checked(given: OriginalInput, dossier: Dossier) -> Original:
    names = {paper["code"]: paper["name_vi"][:200] for paper in dossier.procedure.documents}
    name = names.get(given.component, "") or clean(given.name)
    wrong = ErrorCollector()
    if dossier.handling == Handling.DRAFT:
        wrong.add("/component", "draft", _("Submit the dossier first; a draft holds no papers."))
    if given.component != "other" and given.component not in names:
        wrong.add("/component", "unknown", _("Choose a paper of the list, or another paper."))
    if not 2 <= len(name) <= 200:
        wrong.add("/name", "missing", _("Say which paper it is."))
    identifier = _identifier(given.identifier, wrong)
    if not 1 <= given.sheets <= MOST_SHEETS:
        wrong.add("/sheets", "range", _("Between 1 and 500 sheets."))
    wrong.raise_if_any(OriginalRefused)
    return Original(component=given.component, name=name, identifier=identifier, sheets=given.sheets,
                    goes_back=given.goes_back)


def _identifier(typed: str, wrong: ErrorCollector) -> str:
    identifier = clean(typed)
    if len(identifier) > 60:
        wrong.add("/identifier", "length", _("At most 60 characters."))
    if NationalId.parse(identifier) is not None:
        wrong.add("/identifier", "a-persons-number", _("Write the number of the paper, never a person’s ID number."))
    return identifier


def _own_hand(by: Actor) -> Hand:
    if by.outlet_id is not None:
        return Hand(str(by.outlet_id), agents.get_outlet(by.outlet_id).name)
    if by.centre_id is not None:
        return Hand(str(by.centre_id), agents.get_centre(by.centre_id).name)
    raise OriginalNotFound


@operation
def describe_original(*, original_id: UUID, identifier: str, sheets: int, goes_back: bool, by: Actor,
                      at: datetime) -> Original:
    """Write down the number on the paper and how many sheets it has, while it is in the actor's hand.

    Raises:
        OriginalNotFound: unknown, or of another place.
        NotInThisHand: somebody else holds it.
        OriginalRefused: what is wrong stands in its errors.
    """
    (original,) = _in_own_hand([original_id], by)
    wrong = ErrorCollector()
    number = _identifier(identifier, wrong)
    if not 1 <= sheets <= MOST_SHEETS:
        wrong.add("/sheets", "range", _("Between 1 and 500 sheets."))
    wrong.raise_if_any(OriginalRefused)
    original.identifier, original.sheets, original.goes_back = number, sheets, goes_back
    original.save(update_fields=["identifier", "sheets", "goes_back"])
    audit.record(actor=by, action="original.describe", object_type="original", object_id=original.id, at=at,
                 after={"sheets": sheets, "goes_back": goes_back})
    return original


def _in_own_hand(original_ids: Sequence[UUID], by: Actor) -> list[Original]:
    wanted = set(original_ids)
    found = custody.locked(Original.objects.seen_by(by).filter(id__in=wanted))
    if not found or len(found) != len(wanted):
        raise OriginalNotFound
    own = _own_hand(by).ref
    for each in found:
        if each.holder not in {Holder.OUTLET, Holder.CENTRE} or each.holder_ref != own:
            raise NotInThisHand(_("{who} holds it now.").format(who=each.holder_name or _("The citizen")),
                                holder=each.holder)
    return found


@operation
def give_back(*, original_ids: Sequence[UUID], signed: JointSignature, by: Actor, at: datetime,
              note: str = "") -> list[Original]:
    """Give originals back to the citizen, who signs for them.

    Raises:
        OriginalNotFound: unknown, or of another place.
        NotInThisHand: somebody else holds one of them.
        OriginalRefused: the signature cannot be kept.
    """
    found = _in_own_hand(original_ids, by)
    wrong = ErrorCollector()
    mark = signing.checked(signed, "signed", wrong)
    wrong.raise_if_any(OriginalRefused)
    action = CustodyAction.GIVE_BACK if by.outlet_id is not None else CustodyAction.GIVE_BACK_AT_CENTRE
    custody.pass_on(found, action, to=THE_CITIZEN, by=by, at=at, note=clean(note)[:300],
                    signed=Signed(mark.name, mark.drawing))
    return found


@operation
def archive(*, original_ids: Sequence[UUID], by: Actor, at: datetime, note: str = "") -> list[Original]:
    """Keep originals with the authority's papers, as the procedure says.

    Raises:
        OriginalNotFound: unknown, or of another place.
        NotInThisHand: the actor's centre does not hold one of them.
    """
    found = _in_own_hand(original_ids, by)
    custody.pass_on(found, CustodyAction.ARCHIVE, to=Hand(name=_own_hand(by).name), by=by, at=at,
                    note=clean(note)[:300])
    return found


# --- taken back at a door -------------------------------------------------------------------------------------------

BROUGHT_BACK: Final = "back:"
"""Before the parcel's number: on its way to the centre, not in the parcel that has just been delivered."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An original that a postman took in exchange for a result."""

    dossier_id: UUID
    component: str
    name: str
    sheets: int = 1


@operation
def collect_at_door(*, number: str, carrier: str, taken: Sequence[TakenBack], signed: Signed, at: datetime,
                    by: Actor = CARRIER) -> list[Original]:
    """The citizen gave these up for her result; the carrier brings them to the centre. Told twice: nothing changes."""
    ref = f"{BROUGHT_BACK}{number}"
    if Original.objects.filter(chain__to_ref=ref).exists():
        return []
    found: list[Original] = []
    for dossier in Dossier.objects.select_for_update(of=("self",)).filter(id__in={each.dossier_id for each in taken}):
        papers = [Original(component=each.component, name=each.name[:200], sheets=each.sheets, goes_back=False)
                  for each in taken if each.dossier_id == dossier.id]
        found += custody.begin(dossier, papers, CustodyAction.COLLECT, by=by, at=at, signed=signed,
                               to=Hand(ref, custody.carrier_name(carrier, number)))
    return found


@operation
def receive_collected(*, original_ids: Sequence[UUID], by: Actor, at: datetime) -> list[Original]:
    """The centre has what a postman took back at a door: its own papers now, to be cancelled or kept.

    Raises:
        OriginalNotFound: unknown, or of another place.
        NotInThisHand: one of them is not on its way back from a door, or `by` is no centre.
    """
    found = custody.locked(Original.objects.seen_by(by).filter(id__in=set(original_ids)))
    if not found or len(found) != len(set(original_ids)):
        raise OriginalNotFound
    if by.centre_id is None or any(not each.holder_ref.startswith(BROUGHT_BACK) for each in found):
        raise NotInThisHand(holder=found[0].holder)
    custody.pass_on(found, CustodyAction.ARRIVE, to=_own_hand(by), by=by, at=at)
    return found


# --- following parcels ----------------------------------------------------------------------------------------------


@operation
def follow_parcel(*, number: str, carrier: str, what: str, dossier_ids: Sequence[UUID], centre_id: UUID, at: datetime,
                  by: Actor = CARRIER) -> None:
    """Move originals as the carrier says its parcel moved; safe to tell twice, late, or in another order.

    `what` is a direction and "accepted", "delivered" or "returned", such as "dossier-accepted". A bag with a manifest
    is counted by the centre, so its delivery alone moves nothing; what a citizen posts in is taken when it is unpacked.
    """
    match what:
        case "dossier-accepted":
            custody.pick_up(number, carrier, by=by, at=at)
        case "dossier-delivered" if not Manifest.objects.filter(parcel_number=number).exists():
            custody.arrive(dossier_ids, centre_id, agents.get_centre(centre_id).name, by=by, at=at, carrier=carrier)
        case "result-accepted" | "to_outlet-accepted":
            _send_home(number, carrier, dossier_ids, by, at)
        case "result-delivered":
            # Its acceptance may never have been told.
            _send_home(number, carrier, dossier_ids, by, at)
            custody.pass_on(_under_way(number), CustodyAction.DELIVER, to=THE_CITIZEN, by=by, at=at)
        case "to_outlet-delivered":
            _send_home(number, carrier, dossier_ids, by, at)
            _take_at_outlet(number, by, at)
        case "result-returned" | "to_outlet-returned":
            centre = Hand(str(centre_id), agents.get_centre(centre_id).name)
            custody.pass_on(_under_way(number), CustodyAction.COME_BACK, to=centre, by=by, at=at)


def _send_home(number: str, carrier: str, dossier_ids: Sequence[UUID], by: Actor, at: datetime) -> None:
    """What goes back to the citizen lies in the envelope of the result."""
    there = custody.locked(Original.objects.filter(
        Q(holder=Holder.CENTRE), dossier_id__in=dossier_ids, goes_back=True, held_since__lte=at))
    custody.pass_on(there, CustodyAction.SEND_HOME, to=Hand(number, custody.carrier_name(carrier, number)), by=by,
                    at=at)


def _take_at_outlet(number: str, by: Actor, at: datetime) -> None:
    """Each original goes to the outlet that acted for its citizen."""
    for each in _under_way(number):
        if each.outlet_id is not None:
            outlet = Hand(str(each.outlet_id), agents.get_outlet(each.outlet_id).name)
            custody.pass_on([each], CustodyAction.BRING_BACK, to=outlet, by=by, at=at)


@operation
def follow_split(*, number: str, part_number: str, dossier_ids: Sequence[UUID], original_ids: Sequence[UUID],
                 at: datetime, by: Actor = CARRIER) -> None:
    """Originals that were put into another parcel were unsealed and sealed again. Told again, it changes nothing."""
    moved = custody.locked(Original.objects.filter(
        Q(dossier_id__in=dossier_ids) | Q(id__in=original_ids), holder=Holder.PARCEL, holder_ref=number))
    for each in moved:
        assert each.outlet_id is not None  # noqa: S101  # only an outlet's originals lie in a sealed parcel
        outlet = Hand(str(each.outlet_id), agents.get_outlet(each.outlet_id).name)
        custody.pass_on([each], CustodyAction.UNSEAL, to=outlet, by=by, at=at)
    custody.pass_on(moved, CustodyAction.SEAL, to=Hand(part_number, part_number), by=by, at=at)


def _under_way(number: str) -> list[Original]:
    return custody.locked(Original.objects.filter(holder=Holder.CARRIER, holder_ref=number))

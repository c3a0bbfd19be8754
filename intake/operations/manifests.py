"""A bag is filled, sealed and given to the carrier: one bag, one centre, one parcel.

Packed and sealed at the outlet, counted jointly at each hand-over (Decision 45/2016/QĐ-TTg, Article 7).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake import custody, signing
from intake.errors import (
    AuthorityUnclear,
    DossierNotFound,
    ForwardingRefused,
    ManifestNotFound,
    ManifestNotThere,
    ManifestRefused,
    NotAnOutlet,
)
from intake.events import ManifestHandedOver
from intake.models.dossiers import Dossier
from intake.models.manifests import Manifest, ManifestItem, ManifestSignature
from intake.operations import forwarding
from intake.papers.minutes import minutes_data
from intake.rules.catalogue import Channel
from intake.rules.manifests import IllegalManifestStep, ManifestAction, ManifestState, Occasion, next_state
from intake.rules.states import Handling
from intake.scanning import reference_in
from intake.signing import JointSignature
from shared import audit
from shared.actors import Actor, job
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.outbox.publishing import publish
from shared.transactions import operation

COLLECTOR: Final = job("follow-collection")
_SEAL = re.compile(r"[A-Z0-9][A-Z0-9-]{3,19}", re.ASCII)


def locked(manifest_id: UUID, by: Actor) -> Manifest:
    """The manifest in the actor's scope, locked; raises ManifestNotFound."""
    manifest = Manifest.objects.seen_by(by).select_for_update(of=("self",)).filter(id=manifest_id).first()
    if manifest is None:
        raise ManifestNotFound
    return manifest


def step(manifest: Manifest, action: ManifestAction, *, by: Actor, at: datetime, also: tuple[str, ...] = (),
         note: str = "") -> None:
    """Take `action` and save the fields named in `also`; raises ManifestNotThere."""
    before = ManifestState(manifest.state)
    manifest.state = after_of(before, action)
    manifest.version += 1
    manifest.save(update_fields=["state", "version", *also])
    audit.record(actor=by, action=f"manifest.{action}", object_type="manifest", object_id=manifest.id, at=at,
                 before={"state": before.value}, after={"state": manifest.state}, reason=note)


def after_of(before: ManifestState, action: ManifestAction) -> ManifestState:
    try:
        return next_state(before, action)
    except IllegalManifestStep:
        raise ManifestNotThere(state=before.value, action=action.value) from None


@operation
def scan_out(*, code: str, by: Actor, at: datetime) -> ManifestItem:
    """Put the dossier of a scanned code into the open bag for its centre; the bag is opened with its first dossier.

    Scanned again, it is the same line again.

    Raises:
        NotAnOutlet: only an outlet packs bags.
        DossierNotFound: no dossier of this outlet has the code.
        AuthorityUnclear: nobody knows yet which centre it goes to.
        ForwardingRefused: it does not travel on paper, has left already, or lies in another bag.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    dossier = _to_send(reference_in(code), by)
    known = ManifestItem.objects.select_related("manifest").filter(dossier=dossier, is_live=True).first()
    if known is not None and known.manifest.state == ManifestState.OPEN:
        return known
    if known is not None:
        raise ForwardingRefused(_("It lies in a bag that is sealed already."))
    manifest = _open_bag(dossier, by, at)
    return _put_in(manifest, dossier, by, at)


def _to_send(reference: str, by: Actor) -> Dossier:
    found = Dossier.objects.seen_by(by).select_for_update(of=("self",)).filter(
        Q(agent_ref=reference) | Q(code=reference)).first()
    if found is None:
        raise DossierNotFound(_("No dossier of this outlet has this code. Scan the code on its slip."))
    must_be_waiting(found)
    return found


def must_be_waiting(dossier: Dossier) -> None:
    """Raises AuthorityUnclear, ForwardingRefused unless the dossier is on paper and still at the outlet."""
    if dossier.channel != Channel.POST:
        raise ForwardingRefused(_("It was filed online: nothing of it travels on paper."))
    if dossier.handling != Handling.REGISTERED:
        raise ForwardingRefused(_("Only paper dossiers that are submitted and not yet received go by parcel."))
    if dossier.forwarded_at is not None:
        raise ForwardingRefused(_("It has left this outlet already."))
    if dossier.authority_centre_id is None or dossier.receiving_centre_id is None:
        raise AuthorityUnclear


def _open_bag(dossier: Dossier, by: Actor, at: datetime) -> Manifest:
    """The outlet's open bag for the dossier's centre; two clerks fill the same one."""
    assert by.outlet_id is not None  # noqa: S101  # the caller saw both
    assert dossier.receiving_centre_id is not None  # noqa: S101
    mine = Manifest.objects.select_for_update().filter(
        outlet_id=by.outlet_id, centre_id=dossier.receiving_centre_id, state=ManifestState.OPEN)
    known = mine.first()
    if known is not None:
        return known
    outlet = agents.get_outlet(by.outlet_id)
    try:
        with transaction.atomic():
            manifest = Manifest.objects.create(
                code=spoken_code(), outlet_id=outlet.id, operator_id=outlet.operator.id,
                centre_id=dossier.receiving_centre_id, province_code=dossier.province_code,
                carrier=outlet.operator.carrier_code, opened_at=at, opened_by=by.id)
    except IntegrityError:
        return mine.get()  # a colleague was a moment faster
    audit.record(actor=by, action="manifest.open", object_type="manifest", object_id=manifest.id, at=at)
    return manifest


def _put_in(manifest: Manifest, dossier: Dossier, by: Actor, at: datetime) -> ManifestItem:
    last = manifest.items.aggregate(last=Max("position"))["last"] or 0
    if manifest.items.count() >= forwarding.MOST_IN_A_PARCEL:
        raise ForwardingRefused(_("A parcel holds at most 100 dossiers."))
    item = ManifestItem.objects.create(manifest=manifest, dossier=dossier, reference=dossier.agent_ref,
                                       position=last + 1, scanned_at=at, scanned_by_name=by.name)
    step(manifest, ManifestAction.SCAN, by=by, at=at)
    return item


@operation
def take_out(*, manifest_id: UUID, item_id: UUID, by: Actor, at: datetime) -> Manifest:
    """Take a dossier out of a bag that is still open.

    Raises:
        ManifestNotFound: no such manifest, or no such line in it.
        ManifestNotThere: it is sealed.
    """
    manifest = locked(manifest_id, by)
    after_of(ManifestState(manifest.state), ManifestAction.TAKE_OUT)
    if not manifest.items.filter(id=item_id).delete()[0]:
        raise ManifestNotFound
    step(manifest, ManifestAction.TAKE_OUT, by=by, at=at)
    return manifest


@operation
def seal(*, manifest_id: UUID, seal_number: str, weight_grams: int, by: Actor, at: datetime) -> Manifest:
    """Close the bag with a numbered seal: its parcel is booked, its dossiers are on their way, the minutes are fixed.

    Raises:
        ManifestNotFound, ManifestNotThere: unknown, or sealed already.
        ManifestRefused: the bag is empty, the seal number is no number or was used before, or the weight is none.
        ForwardingRefused: a dossier in it no longer waits; it must be taken out.
        NumberPoolExhausted: the operator has no parcel number left.
    """
    manifest = locked(manifest_id, by)
    after_of(ManifestState(manifest.state), ManifestAction.SEAL)
    number = seal_number.strip().upper()
    items = list(manifest.items.select_related("dossier__citizen", "dossier__procedure").order_by("position"))
    _check_seal(manifest, items, number, weight_grams)
    dossiers = _waiting_in(items)
    sent = forwarding.send_together(dossiers, manifest.centre_id, booking_ref=f"manifest:{manifest.id}",
                                    weight_grams=weight_grams, by=by, at=at, seal_number=number)
    manifest.seal_number, manifest.weight_grams, manifest.parcel_number = number, weight_grams, sent[0].parcel_number
    manifest.sealed_at, manifest.sealed_by_name = at, by.name
    manifest.last_taken_at = max(dossier.submitted_at or dossier.created_at for dossier in dossiers)
    manifest.paper = minutes_data(manifest, items)
    step(manifest, ManifestAction.SEAL, by=by, at=at, also=(
        "seal_number", "weight_grams", "parcel_number", "sealed_at", "sealed_by_name", "last_taken_at", "paper"))
    return manifest


def _check_seal(manifest: Manifest, items: list[ManifestItem], number: str, weight_grams: int) -> None:
    wrong = ErrorCollector()
    if not items:
        wrong.add("/items", "empty", _("The bag is empty: scan a dossier first."))
    if _SEAL.fullmatch(number) is None:
        wrong.add("/seal_number", "not-a-seal", _("Write the number on the seal: 4 to 20 letters and digits."))
    elif Manifest.objects.filter(operator_id=manifest.operator_id, seal_number=number).exists():
        wrong.add("/seal_number", "used", _("This seal was used before. Each seal closes one bag, once."))
    if not 1 <= weight_grams <= 30_000:
        wrong.add("/weight_grams", "range", _("Weigh the parcel: between 1 and 30,000 grams."))
    wrong.raise_if_any(ManifestRefused)


def _waiting_in(items: list[ManifestItem]) -> list[Dossier]:
    """The dossiers of the bag, locked in one order, each still to be sent."""
    reach = Dossier.objects.select_related("citizen", "procedure").select_for_update(of=("self",))
    dossiers = list(reach.filter(id__in=[item.dossier_id for item in items]).order_by("id"))
    gone = [each.agent_ref for each in dossiers
            if each.handling != Handling.REGISTERED or each.forwarded_at is not None]
    if gone:
        raise ForwardingRefused(_("No longer to be sent; take it out of the bag: {codes}").format(
            codes=", ".join(gone)), dossiers=gone)
    return dossiers


@operation
def hand_to_carrier(*, manifest_id: UUID, gives: JointSignature, takes: JointSignature, by: Actor,
                    at: datetime) -> Manifest:
    """The carrier takes the sealed bag; clerk and carrier sign jointly.

    Raises:
        ManifestNotFound, ManifestNotThere: unknown, not sealed, or gone already.
        ManifestRefused: a signature cannot be kept.
    """
    manifest = locked(manifest_id, by)
    after_of(ManifestState(manifest.state), ManifestAction.PICK_UP)
    sign(manifest, Occasion.PICK_UP, gives, takes, at)
    manifest.picked_up_at = at
    step(manifest, ManifestAction.PICK_UP, by=by, at=at, also=("picked_up_at",))
    custody.pick_up(manifest.parcel_number, manifest.carrier, by=by, at=at)
    publish(ManifestHandedOver(manifest.id, manifest.outlet_id, manifest.centre_id, manifest.carrier,
                               manifest.parcel_number, at))
    return manifest


@operation
def note_collected(*, parcel_numbers: Sequence[str], carrier: str, gives: JointSignature, takes: JointSignature,
                   at: datetime, by: Actor = COLLECTOR) -> int:
    """A collector signed for parcels on a dispatch list: sealed bags among them are with the carrier, as are originals.

    Returns how many bags moved; told again, it is 0.

    Raises:
        ManifestRefused: a signature cannot be kept.
    """
    sealed = Manifest.objects.select_for_update(of=("self",)).filter(
        parcel_number__in=parcel_numbers, state=ManifestState.SEALED)
    bags = list(sealed.order_by("id"))
    for bag in bags:
        sign(bag, Occasion.PICK_UP, gives, takes, at)
        bag.picked_up_at = at
        step(bag, ManifestAction.PICK_UP, by=by, at=at, also=("picked_up_at",))
    for number in sorted(set(parcel_numbers)):
        custody.pick_up(number, carrier, by=by, at=at)
    return len(bags)


def sign(manifest: Manifest, occasion: Occasion, gives: JointSignature, takes: JointSignature, at: datetime) -> None:
    """Keep both signatures of an occasion; raises ManifestRefused."""
    wrong: Final = ErrorCollector()
    pair = {"gives": signing.checked(gives, "gives", wrong), "takes": signing.checked(takes, "takes", wrong)}
    if pair["gives"].name and pair["gives"].name == pair["takes"].name and pair["gives"].badge == pair["takes"].badge:
        wrong.add("/takes_name", "same-person", _("Two different people sign: who gives and who takes."))
    wrong.raise_if_any(ManifestRefused)
    ManifestSignature.objects.bulk_create(
        ManifestSignature(manifest=manifest, occasion=occasion, side=side, name=mark.name, badge=mark.badge,
                          drawing=mark.drawing, signed_at=at)
        for side, mark in pair.items())

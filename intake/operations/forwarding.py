"""A submitted dossier goes to its receiving centre: as data at once, or as a parcel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing import public as billing
from delivery import public as delivery
from intake import custody
from intake.errors import AuthorityUnclear, DossierNotFound, ForwardingRefused, NotAnOutlet
from intake.events import DossierForwarded
from intake.models.decisions import Forwarding, ForwardingMode
from intake.models.dossiers import Dossier, DossierStep
from intake.models.manifests import ManifestItem
from intake.pricing import LETTER_GRAMS, place_of_centre
from intake.routing import centre_ref
from intake.rules.catalogue import Channel
from intake.rules.custody import Holder
from intake.rules.manifests import ManifestVerdict
from intake.rules.states import Handling, HandlingAction
from intake.steps import take_step
from shared import audit, places
from shared.actors import Actor, job
from shared.calendar import local
from shared.outbox.publishing import publish
from shared.transactions import operation

MOST_IN_A_PARCEL: Final = 100
FORWARDER: Final = job("forward-online-dossier")
POSTMAN: Final = job("record-hand-over")
SPLITTER: Final = job("follow-split")


@operation
def forward_electronically(*, dossier_id: UUID, at: datetime, by: Actor = FORWARDER) -> Forwarding | None:
    """Put an online dossier into its centre's inbox. Again: the same forwarding. None while the authority is unclear.

    Raises:
        DossierNotFound: unknown, or of another place.
        ForwardingRefused: it was not filed online, or is no longer waiting.
    """
    return _as_data(_locked([dossier_id], by)[0], by=by, at=at)


@operation
def forward_online(*, dossier_id: UUID, by: Actor, at: datetime) -> Forwarding:
    """What forward_electronically does, asked for by a person or machine that must hear when it cannot be.

    Raises:
        AuthorityUnclear: a question is waiting for its answer; and what forward_electronically raises.
    """
    sent = _as_data(_locked([dossier_id], by)[0], by=by, at=at)
    if sent is None:
        raise AuthorityUnclear
    return sent


@operation
def forward_if_online(*, dossier_id: UUID, at: datetime, by: Actor = FORWARDER) -> Forwarding | None:
    """What forward_electronically does, for a dossier that may also be on paper: that one waits for its parcel."""
    dossier = _locked([dossier_id], by)[0]
    return _as_data(dossier, by=by, at=at) if dossier.channel == Channel.ONLINE else None


def _as_data(dossier: Dossier, *, by: Actor, at: datetime) -> Forwarding | None:
    known = Forwarding.objects.filter(dossier=dossier).first()
    if known is not None:
        return known
    if dossier.receiving_centre_id is None or dossier.authority_centre_id is None:
        return None
    if dossier.channel != Channel.ONLINE or dossier.handling != Handling.REGISTERED:
        raise ForwardingRefused(_("Only online dossiers that are submitted and not yet received go this way."))
    return forward(dossier, dossier.receiving_centre_id, ForwardingMode.ELECTRONIC, "", by=by, at=at)


@operation
def forward_on_paper(*, dossier_ids: Sequence[UUID], by: Actor, at: datetime,
                     weight_grams: int = LETTER_GRAMS) -> list[Forwarding]:
    """Book one parcel from the actor's outlet to the centre that receives all these paper dossiers.

    The same dossiers again are the same parcel again. The statutory clock starts when the centre signs for them.

    Raises:
        NotAnOutlet, DossierNotFound: only an outlet forwards its own dossiers.
        AuthorityUnclear: one of them waits for an answer.
        ForwardingRefused: they are not all on paper, waiting, and for one centre.
        BookingInvalid, NumberPoolExhausted: the parcel cannot be booked.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    dossiers = _locked(dossier_ids, by)
    known = list(Forwarding.objects.filter(dossier__in=dossiers).order_by("dossier_id"))
    if known and len(known) == len(dossiers) and len({each.parcel_number for each in known}) == 1:
        return known
    must_be_in_no_bag(dossiers)
    centre_id = _common_centre(dossiers, is_any_sent=bool(known))
    return send_together(dossiers, centre_id, booking_ref=f"dossier:{dossiers[0].id}", weight_grams=weight_grams, by=by,
                         at=at)


def must_be_in_no_bag(dossiers: Sequence[Dossier]) -> None:
    """Raises ForwardingRefused: what was scanned into a bag goes with its bag."""
    if ManifestItem.objects.filter(dossier__in=dossiers, is_live=True).exists():
        raise ForwardingRefused(_("One of these dossiers is scanned into a bag; seal the bag, or take it out first."))


def send_together(dossiers: Sequence[Dossier], centre_id: UUID, *, booking_ref: str, weight_grams: int, by: Actor,
                  at: datetime, seal_number: str = "") -> list[Forwarding]:
    """Book one parcel for `dossiers`, which the caller holds locked, and note each as sent; originals go along.

    Raises:
        NotAnOutlet: `by` is not of an outlet.
        BookingInvalid, NumberPoolExhausted: the parcel cannot be booked.
    """
    if by.outlet_id is None:
        raise NotAnOutlet
    parcel = delivery.book_parcel(_booking(dossiers, agents.get_outlet(by.outlet_id), agents.get_centre(centre_id),
                                           booking_ref=booking_ref, weight_grams=weight_grams, by=by, at=at,
                                           seal_number=seal_number))
    sent = [forward(dossier, centre_id, ForwardingMode.PAPER, parcel.number, by=by, at=at) for dossier in dossiers]
    custody.seal_in([dossier.id for dossier in dossiers], parcel.number, by=by, at=at)
    return sent


@operation
def follow_split(*, number: str, part_number: str, dossier_ids: Sequence[UUID], at: datetime,
                 by: Actor = SPLITTER) -> None:
    """Dossiers that were sent in one parcel travel in another now. Told again, it changes nothing."""
    moved = Forwarding.objects.select_for_update().filter(dossier_id__in=dossier_ids, parcel_number=number)
    for forwarding in moved.order_by("dossier_id"):
        forwarding.parcel_number = part_number
        forwarding.save(update_fields=["parcel_number"])
        audit.record(actor=by, action="dossier.other_parcel", object_type="dossier", object_id=forwarding.dossier_id,
                     at=at, before={"parcel": number}, after={"parcel": part_number})


@operation
def record_hand_over(*, dossier_ids: Sequence[UUID], at: datetime, by: Actor = POSTMAN) -> None:
    """Keep when postman and centre signed the hand-over minutes: the legal filing time. Only the first time counts.

    What a count found missing was not handed over, whatever the carrier says of its parcel.
    """
    missing = set(ManifestItem.objects.filter(dossier__in=dossier_ids, is_live=True, verdict=ManifestVerdict.MISSING)
                  .values_list("dossier_id", flat=True))
    for dossier in _locked(dossier_ids, by):
        if dossier.id not in missing:
            hand_over(dossier, by=by, at=at)


def hand_over(dossier: Dossier, *, by: Actor, at: datetime) -> None:
    """Note the legal filing time of a dossier whose row the caller holds locked; the first one stays."""
    if dossier.handed_over_at is None:
        _note_hand_over(dossier, "hand_over", at, by=by, at=at)


def undo_hand_over(dossier: Dossier, *, by: Actor, at: datetime) -> None:
    """The carrier said that it was delivered; the count showed that it was not in the bag."""
    if dossier.handed_over_at is not None:
        _note_hand_over(dossier, "hand_over_undone", None, by=by, at=at)


def _note_hand_over(dossier: Dossier, action: str, moment: datetime | None, *, by: Actor, at: datetime) -> None:
    dossier.handed_over_at = moment
    dossier.version += 1
    dossier.save(update_fields=["handed_over_at", "version"])
    DossierStep.objects.create(
        dossier=dossier, machine="handling", action=action, from_state=str(dossier.handling),
        to_state=str(dossier.handling), at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name)
    audit.record(actor=by, action=f"dossier.{action}", object_type="dossier", object_id=dossier.id, at=at)


def _locked(dossier_ids: Sequence[UUID], by: Actor) -> list[Dossier]:
    """The dossiers in one order, so that two parcels of the same dossiers never wait for each other."""
    wanted = set(dossier_ids)
    reach = Dossier.objects.all() if by.kind == "job" else Dossier.objects.seen_by(by)
    loaded = reach.select_related("citizen", "procedure").select_for_update(of=("self",))
    dossiers = list(loaded.filter(id__in=wanted).order_by("id"))
    if len(dossiers) != len(wanted) or not dossiers:
        raise DossierNotFound
    return dossiers


def _common_centre(dossiers: Sequence[Dossier], *, is_any_sent: bool) -> UUID:
    if is_any_sent:
        raise ForwardingRefused(_("At least one of these dossiers is already on its way in another parcel."))
    if len(dossiers) > MOST_IN_A_PARCEL:
        raise ForwardingRefused(_("A parcel holds at most 100 dossiers."))
    if any(each.authority_centre_id is None for each in dossiers):
        raise AuthorityUnclear
    if any(each.channel != Channel.POST or each.handling != Handling.REGISTERED for each in dossiers):
        raise ForwardingRefused(_("Only paper dossiers that are submitted and not yet received go by parcel."))
    centres = {each.receiving_centre_id for each in dossiers}
    centre_id = centres.pop()
    if centres or centre_id is None:
        raise ForwardingRefused(_("These dossiers go to different centres; send one parcel to each."))
    return centre_id


def _booking(dossiers: Sequence[Dossier], outlet: agents.OutletInfo, centre: agents.CentreInfo, *, booking_ref: str,
             weight_grams: int, by: Actor, at: datetime, seal_number: str = "") -> delivery.BookingRequest:
    destination = place_of_centre(centre_ref(centre))
    return delivery.BookingRequest(
        booking_ref=booking_ref, operator_code=outlet.operator.code,
        carrier=outlet.operator.carrier_code, direction="dossier", outlet_id=outlet.id, centre_id=centre.id,
        province_code=dossiers[0].province_code, weight_grams=weight_grams, sender_name=outlet.name,
        sender_address=outlet.address, origin_commune_code=outlet.commune_code, recipient_name=centre.name,
        recipient_phone=centre.phone, recipient_address=centre.address or destination.full_name,
        recipient_commune_code=destination.code, booked_at=at, with_slip=True, by=by, seal_number=seal_number,
        originals=custody.declared_at(Holder.OUTLET, [each.id for each in dossiers]),
        destination=delivery.Destination(latitude=centre.latitude, longitude=centre.longitude, precision="pin"),
        case=_case(dossiers, outlet, destination, weight_grams=weight_grams, at=at),
        dossiers=tuple((each.id, each.agent_ref, (each.procedure.name_vi[:200],)) for each in dossiers))


def _case(dossiers: Sequence[Dossier], outlet: agents.OutletInfo, destination: places.Place, *, weight_grams: int,
          at: datetime) -> billing.PostageCase:
    """One trip has one price: a reduction or subsidy counts only when it holds for every dossier inside."""
    origin = places.get_place(outlet.commune_code)
    groups = {each.beneficiary_class for each in dossiers}
    return billing.PostageCase(
        operator_code=outlet.operator.code, direction="dossier",
        zone=delivery.zone_between(outlet.operator.code, origin, destination, local(at).date()) if origin else "",
        weight_grams=weight_grams,
        on=local(at).date(), channel=Channel.POST, province_code=dossiers[0].province_code,
        managed_by_city=all(each.procedure.managed_by_city for each in dossiers),
        beneficiary_class=groups.pop() if len(groups) == 1 else "")


def forward(dossier: Dossier, centre_id: UUID, mode: ForwardingMode, parcel_number: str, *, by: Actor,
            at: datetime) -> Forwarding:
    """Note that `dossier`, whose row the caller holds locked, is on its way."""
    forwarding = Forwarding.objects.create(dossier=dossier, centre_id=centre_id, mode=mode,
                                           parcel_number=parcel_number, sent_at=at, sent_by=by.id)
    dossier.forwarded_at = at
    take_step(dossier, HandlingAction.FORWARD, by=by, at=at, also=("forwarded_at",),
              data={"mode": str(mode), "parcel": parcel_number})
    publish(DossierForwarded(dossier.id, centre_id, str(mode), parcel_number, at))
    return forwarding

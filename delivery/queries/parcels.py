"""Parcels as the other apps, the screens and the API read them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Q

from agents import public as agents
from delivery.errors import ParcelNotFound
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.models.parcels import Parcel, ParcelDossier, ParcelQuerySet
from delivery.originals import originals_from_data
from delivery.pricing import case_from_data
from delivery.records import Destination, JourneyStep, ParcelInfo, ProofInfo
from delivery.rules import Direction, ParcelState
from delivery.rules.codes import EVENT_CODES
from shared.actors import Actor
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role


def loaded() -> ParcelQuerySet:
    """Parcels with everything that a ParcelInfo tells, in a constant number of queries."""
    return (
        Parcel.objects.select_related("origin_commune", "recipient_commune__province", "proof")
        .prefetch_related(models.Prefetch("contents"))
        .fetch_mode(models.FETCH_RAISE)
    )


def seen_by(actor: Actor) -> ParcelQuerySet:
    """The parcels that `actor` may know of; everybody else's do not exist for her."""
    return loaded().filter(_scope(actor))


def _scope(actor: Actor) -> Q:
    nothing = Q(pk__in=[])
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        return Q(outlet_id=actor.outlet_id) if actor.outlet_id else nothing
    if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
        return Q(centre_id=actor.centre_id) if actor.centre_id else nothing
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        codes = [operator.code for operator in agents.operators() if operator.id == actor.operator_id]
        return Q(operator_code__in=codes)
    if actor.role in FINANCE_ROLES | {Role.AUDITOR} or (not actor.role and actor.province_code):
        return Q(province_code=actor.province_code) if actor.province_code else nothing
    if actor.role == Role.ADMINISTRATOR:
        return Q(province_code=actor.province_code) if actor.province_code else Q()
    return nothing


def find_seen(actor: Actor, parcel_id: UUID) -> Parcel:
    """Raises ParcelNotFound, also for a parcel that `actor` may not know of."""
    parcel = seen_by(actor).filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    return parcel


def find_parcel(parcel_id: UUID) -> ParcelInfo:
    """Raises ParcelNotFound."""
    parcel = loaded().filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    return parcel_info(parcel)


def parcels_of_dossier(dossier_id: UUID) -> list[ParcelInfo]:
    """All parcels the dossier or its result has lain in, oldest first."""
    parcels = loaded().filter(contents__dossier_id=dossier_id).order_by("booked_at", "id")
    return [parcel_info(parcel) for parcel in parcels]


def parcels_by_code(code: str, actor: Actor) -> list[ParcelInfo]:
    """The parcels that `actor` may know of with this item number or tracking code."""
    wanted = Q(number=code) | Q(tracking_code=code)
    return [parcel_info(parcel) for parcel in seen_by(actor).filter(wanted).order_by("booked_at", "id")]


def parcel_info(parcel: Parcel) -> ParcelInfo:
    """The record of a parcel loaded by `loaded()`."""
    return ParcelInfo(
        id=parcel.id,
        number=parcel.number,
        booking_ref=parcel.booking_ref,
        carrier=parcel.carrier,
        operator_code=parcel.operator_code,
        direction=Direction(parcel.direction),
        outlet_id=parcel.outlet_id,
        centre_id=parcel.centre_id,
        province_code=parcel.province_code,
        weight_grams=parcel.weight_grams,
        zone=parcel.zone,
        origin_place=parcel.origin_commune.full_name,
        recipient_name=parcel.recipient_name,
        recipient_place=parcel.recipient_commune.full_name,
        case=case_from_data(parcel.pricing),
        dossiers=tuple((row.dossier_id, row.dossier_code, tuple(row.contents)) for row in parcel.contents.all()),
        tracking_code=parcel.tracking_code,
        booked_at=parcel.booked_at,
        promised_date=parcel.promised_date,
        state=ParcelState(parcel.state),
        state_at=parcel.state_at,
        attempts=parcel.attempts,
        accepted_at=parcel.accepted_at,
        delivered_at=parcel.delivered_at,
        contradictions=tuple(parcel.contradictions),
        proof=_proof_of(parcel.proof_or_none),
        is_sent_to_carrier=parcel.is_sent_to_carrier,
        originals={row.dossier_id: originals_from_data(row.originals)
                   for row in parcel.contents.all() if row.originals},
        destination=destination_of(parcel),
        seal_number=parcel.seal_number,
        handed_over_at=parcel.handed_over_at,
    )


def destination_of(parcel: Parcel) -> Destination:
    """What was known of the recipient's address when the parcel was booked."""
    return Destination(
        address_id=parcel.address_id, landmark=parcel.recipient_landmark, former_name=parcel.recipient_former,
        latitude=parcel.recipient_latitude, longitude=parcel.recipient_longitude,
        precision=parcel.recipient_precision, is_verified=parcel.is_address_verified)


def _proof_of(proof: ProofOfDelivery | None) -> ProofInfo | None:
    if proof is None:
        return None
    return ProofInfo(proof.delivered_at, proof.receiver_name, proof.relation, proof.id_kind, proof.method)


def events_of(parcel_id: UUID) -> list[TrackingEvent]:
    """All that was told of a parcel, latest first, word for word and repeats included."""
    return list(TrackingEvent.objects.filter(parcel_id=parcel_id).order_by("-occurred_at", "-id"))


def journey(dossier_id: UUID) -> list[JourneyStep]:
    """What happened to the dossier's parcels, in the order it happened."""
    return journeys_of(Parcel.objects.filter(contents__dossier_id=dossier_id).values_list("id", flat=True))


def journeys_of(parcel_ids: Iterable[UUID]) -> list[JourneyStep]:
    """The steps of several parcels in one list; an event told twice under two ids is one step."""
    events = (
        TrackingEvent.objects.filter(parcel_id__in=list(parcel_ids))
        .order_by("occurred_at", "id")
        .values_list("parcel_id", "parcel__number", "parcel__direction", "occurred_at", "code", "office")
    )
    return [
        JourneyStep(
            parcel_id, number, Direction(direction), at, code, EVENT_CODES[code].words_vi, EVENT_CODES[code].words_en,
            office, EVENT_CODES[code].is_public)
        for parcel_id, number, direction, at, code, office in dict.fromkeys(events)
    ]  # fmt: skip


def family_of(parcel: Parcel) -> list[Parcel]:
    """The other parcels of what was one parcel before it was split."""
    first = parcel.split_from_id or parcel.id
    family = Parcel.objects.filter(Q(id=first) | Q(split_from_id=first)).exclude(id=parcel.id)
    return list(family.only("id", "number").order_by("booked_at", "id"))


def whole_dossiers(parcel_id: UUID) -> tuple[UUID, ...]:
    """The dossiers of a delivered parcel of which nothing is under way in another part of what was one parcel.

    A dossier that was split has arrived when its last part has.
    """
    parcel = Parcel.objects.only("id", "split_from_id", "direction").get(id=parcel_id)
    first = parcel.split_from_id or parcel.id
    family = Parcel.objects.filter(Q(id=first) | Q(split_from_id=first)).exclude(id=parcel.id).exclude(
        state=ParcelState.DELIVERED)  # fmt: skip
    inside = ParcelDossier.objects.filter(parcel_id=parcel.id).values_list("dossier_id", flat=True)
    waiting = set(ParcelDossier.objects.filter(parcel__in=family).values_list("dossier_id", flat=True))
    return tuple(dossier_id for dossier_id in inside.order_by("id") if dossier_id not in waiting)

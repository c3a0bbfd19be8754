"""What is read of the last step: for a phone, a counter, an office, a citizen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agents import public as agents
from delivery.door.models import DeliveryChange, DeliveryRound, DoorAct, PickUp, RoundStop
from delivery.door.rules import Change
from delivery.models.parcels import Parcel
from delivery.queries.parcels import seen_by
from delivery.rules import Direction, ParcelState
from shared import places
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.geo import distance_km
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

OFFERED_OUTLETS: Final = 8
MOST_OFFERED: Final = 50


def rounds_seen_by(actor: Actor) -> QuerySet[DeliveryRound]:
    """An office sees its own rounds, headquarters those of all its offices, an auditor his province's."""
    rounds = DeliveryRound.objects.all()
    if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
        return rounds.filter(outlet_id=actor.outlet_id) if actor.outlet_id else rounds.none()
    if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
        codes = [operator.code for operator in agents.operators() if operator.id == actor.operator_id]
        return rounds.filter(operator_code__in=codes)
    if actor.role in FINANCE_ROLES | {Role.AUDITOR}:
        return rounds.filter(province_code=actor.province_code)
    return rounds.none()


def rounds_counted(actor: Actor) -> QuerySet[DeliveryRound]:
    """Rounds with how many parcels they have and how many are answered; the newest first."""
    there = Q(stops__removed_at=None)
    return rounds_seen_by(actor).annotate(
        parcels=Count("stops", filter=there), answered=Count("stops", filter=there & ~Q(stops__answered_at=None)),
    ).order_by("-round_date", "-opened_at")


def stops_of(round_id: UUID) -> QuerySet[RoundStop]:
    """What is on a round, in its order, with what a list needs; the caller has opened the scope."""
    return RoundStop.objects.filter(round_id=round_id, removed_at=None).select_related(
        "parcel__recipient_commune", "parcel__release").prefetch_related("parcel__contents").order_by("position")


def citizen_changes(parcel_id: UUID) -> QuerySet[DeliveryChange]:
    return DeliveryChange.objects.filter(parcel_id=parcel_id, ordered_by_kind=ActorKind.CITIZEN)


def latest_changes(parcel_ids: Iterable[UUID]) -> dict[UUID, DeliveryChange]:
    """The order that holds for each parcel: the latest."""
    rows = DeliveryChange.objects.filter(parcel_id__in=list(parcel_ids)).select_related("commune").order_by(
        "parcel_id", "-ordered_at", "-id").distinct("parcel_id")
    return {row.parcel_id: row for row in rows}


def agreed_days(parcel_ids: Iterable[UUID]) -> dict[UUID, date]:
    """The day that the citizen has chosen, where her latest word is a day."""
    return {parcel_id: change.wanted_date for parcel_id, change in latest_changes(parcel_ids).items()
            if change.kind == Change.ANOTHER_DAY and change.wanted_date is not None}


def door_of(parcel: Parcel, change: DeliveryChange | None) -> tuple[str, str]:
    """Street and full name of the commune where it is to be brought, by the latest order."""
    if change is not None and change.kind == Change.ADDRESS and change.commune is not None:
        return change.address, change.commune.full_name
    return parcel.recipient_address, parcel.recipient_commune.full_name


@dataclass(frozen=True, slots=True)
class Offer:
    """An outlet where she may fetch it."""

    outlet: agents.OutletInfo
    distance_km: float
    """From the middle of her commune."""


def pick_up_outlets(parcel: Parcel, at: datetime) -> list[Offer]:
    """The nearest outlets of the parcel's operator, in the same province, that hand over results."""
    home = places.get_place(parcel.recipient_commune_id)
    operator = next((each for each in agents.operators() if each.code == parcel.operator_code), None)
    if home is None or operator is None:
        return []
    day, middle = local(at).date(), (home.latitude, home.longitude)
    there = [outlet for outlet in agents.outlets_of_province(home.province_code)
             if outlet.operator.code == operator.code
             and agents.may_do(outlet, agents.Task.HAND_OVER_RESULT, "", day)]
    offers = [Offer(outlet, distance_km(middle, (outlet.latitude, outlet.longitude))) for outlet in there]
    return sorted(offers, key=lambda offer: (offer.distance_km, offer.outlet.code))[:OFFERED_OUTLETS]


def waiting_at(outlet_id: UUID) -> QuerySet[PickUp]:
    """Parcels laid out at an outlet, the shortest time left first."""
    return PickUp.objects.filter(outlet_id=outlet_id, ended_at=None).exclude(arrived_at=None).order_by(
        "until_date", "arrived_at")


def expected_at(outlet_id: UUID) -> QuerySet[PickUp]:
    """Parcels that citizens want to fetch at an outlet and that have not come yet."""
    return PickUp.objects.filter(outlet_id=outlet_id, ended_at=None, arrived_at=None).order_by("ordered_at")


def pick_up_of(parcel_id: UUID) -> PickUp | None:
    return PickUp.objects.filter(parcel_id=parcel_id, ended_at=None).first()


def acts_of(parcel_id: UUID) -> list[DoorAct]:
    """What happened at doors and counters, latest first."""
    return list(DoorAct.objects.filter(parcel_id=parcel_id).select_related("round").order_by("-corrected_at"))


def reasons_of(parcel_ids: Sequence[UUID]) -> list[str]:
    """Why these parcels were not handed over."""
    rows = DoorAct.objects.filter(parcel_id__in=list(parcel_ids), what="failed").order_by("corrected_at")
    return list(rows.values_list("reason", flat=True))


def live_result(dossier_id: UUID | None, parcel_id: UUID | None) -> UUID | None:
    """The result on its way that a citizen has opened by code and digits, if there is one."""
    mine = Parcel.objects.filter(direction=Direction.RESULT, is_live=True).order_by("-booked_at", "-id")
    if parcel_id is not None:
        mine = mine.filter(id=parcel_id)
    elif dossier_id is not None:
        mine = mine.filter(contents__dossier_id=dossier_id)
    else:
        return None
    return mine.values_list("id", flat=True).first()


def due_out(actor: Actor) -> list[Parcel]:
    """What an office may send out today: results of its operator that lie near their door; the caller opened the scope.

    Only those it may know of are offered; any other it holds in its hands is scanned.
    """
    near = [ParcelState.ARRIVED, ParcelState.HELD, ParcelState.ATTEMPT_FAILED]
    rows = seen_by(actor).filter(state__in=near, direction=Direction.RESULT)
    on_a_round = RoundStop.objects.filter(parcel=OuterRef("pk"), answered_at=None, removed_at=None)
    return list(rows.filter(~Exists(on_a_round)).order_by("promised_date", "number")[:MOST_OFFERED])


def taken_back(act_id: UUID) -> DoorAct:
    """The act in which originals were taken in exchange: what they are, and who signed for it."""
    return DoorAct.objects.select_related("parcel").get(id=act_id)

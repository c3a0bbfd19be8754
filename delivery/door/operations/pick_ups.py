"""Parcels that wait at an outlet: laid out, counted down, handed out against an ID, or sent back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from agents import public as agents
from delivery.door.errors import AlreadyEnded, NotToWait, PickUpNotFound
from delivery.door.models import DeliveryChange, DoorAct, PickUp, RoundStop
from delivery.door.operations import own_events
from delivery.door.operations.acts import keep_at_counter
from delivery.door.queries import waiting_at
from delivery.door.records import Act, HandOver, Kept
from delivery.door.rules import COLLECTION_WORKING_DAYS, Change
from delivery.models.parcels import Parcel
from delivery.operations.telling import open_item
from delivery.rules import FINAL_PARCEL_STATES, Direction, ParcelState
from shared import audit, scope
from shared.actors import Actor
from shared.calendar import local
from shared.transactions import operation
from shared.working_days import work_calendar

NOT_TO_WAIT: Final = FINAL_PARCEL_STATES | {ParcelState.NEEDS_REVIEW, ParcelState.RETURNING}


@operation
def lay_out(*, number: str, by: Actor, at: datetime) -> PickUp:
    """Scan a parcel in that waits here from now on; its citizen has five working days.

    Any result of this operator may be scanned by whoever holds it. One that nobody ordered to this commune is flagged.

    Raises:
        PickUpNotFound: no parcel of this operator has the number, or `by` works at no outlet.
        NotToWait: it has ended, goes back, contradicts itself, or carries a dossier to a centre.
    """
    outlet = _outlet(by)
    with scope.everything():
        parcel = Parcel.objects.select_for_update(of=("self",)).filter(
            number=number.strip().upper(), operator_code=outlet.operator.code, carrier=outlet.operator.carrier_code,
        ).first()
        if parcel is None:
            raise PickUpNotFound
        if parcel.state in NOT_TO_WAIT or parcel.direction != Direction.RESULT:
            raise NotToWait(parcel_state=parcel.state)
        known = PickUp.objects.filter(parcel=parcel, ended_at=None, outlet_id=outlet.id).exclude(arrived_at=None)
        if (there := known.first()) is not None:
            return there
        return _lay_out(parcel, outlet, by, at)


def _lay_out(parcel: Parcel, outlet: agents.OutletInfo, by: Actor, at: datetime) -> PickUp:
    until = work_calendar().due_date(local(at).date(), COLLECTION_WORKING_DAYS)
    waiting, _made = PickUp.objects.update_or_create(
        parcel=parcel, defaults={"outlet_id": outlet.id, "arrived_at": at, "until_date": until, "ended_at": None},
        create_defaults={"outlet_id": outlet.id, "ordered_at": at, "arrived_at": at, "until_date": until})
    RoundStop.objects.filter(parcel=parcel, answered_at=None, removed_at=None).update(removed_at=at)
    own_events.tell(parcel.carrier, [own_events.Told(
        parcel.number, "EDH", f"pick-up:{outlet.id}:{parcel.number}:{at.isoformat()}", at, office=outlet.name)], at=at)
    ordered = DeliveryChange.objects.filter(parcel=parcel, kind=Change.PICK_UP, outlet_id=outlet.id).exists()
    if not ordered and outlet.commune_code != parcel.recipient_commune_id:
        open_item("parcel-wrong-commune", parcel.number, parcel.operator_code, at, {"outlet": outlet.code})
    audit.record(actor=by, action="parcel.lay-out", object_type="parcel", object_id=parcel.id, at=at,
                 after={"outlet": str(outlet.id), "until": str(until)})
    return waiting


@operation
def hand_out(*, act_id: UUID, parcel_id: UUID, given: HandOver, by: Actor, at: datetime) -> Kept:
    """Hand a waiting parcel out against the receiver's ID; again with the same `act_id`: the same hand-over.

    Raises:
        PickUpNotFound: it does not wait at this outlet.
        ActRefused: what is wrong stands in its errors.
        ActDiffers: the id was used for something else.
        AlreadyEnded: it was handed over or sent back.
    """
    outlet = _outlet(by)
    waiting = waiting_at(outlet.id).filter(parcel_id=parcel_id).first()
    with scope.everything():
        if waiting is None and not DoorAct.objects.filter(id=act_id, outlet_id=outlet.id).exists():
            raise PickUpNotFound
        parcel = Parcel.objects.get(id=parcel_id)
        act = Act(act_id, parcel.number, 0, at, at, hand_over=given)
        return keep_at_counter(parcel, act, outlet_id=outlet.id, office=outlet.name, by=by, at=at)


def _outlet(by: Actor) -> agents.OutletInfo:
    if by.outlet_id is None:
        raise PickUpNotFound
    return agents.get_outlet(by.outlet_id)


__all__ = ["AlreadyEnded", "NotToWait", "hand_out", "lay_out"]

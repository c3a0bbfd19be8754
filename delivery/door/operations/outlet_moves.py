"""An outlet stands elsewhere: what it still has to send starts there, and what is on its way to it goes there."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from agents import public as agents
from delivery.door.models import DeliveryChange, PickUp
from delivery.door.operations.carrier_orders import order_change
from delivery.door.rules import Change
from delivery.models.parcels import Parcel
from delivery.rules import Direction, ParcelState
from delivery.rules.carrier_requests import ALLOWED_IN, RequestKind
from shared import audit
from shared.actors import Actor, job
from shared.transactions import operation

MOVER: Final = job("delivery.outlet-moves")
_TO_IT: Final = (Direction.TO_OUTLET, Direction.POSTED_IN)


@operation
def follow_outlet_move(*, outlet_id: UUID, move_id: UUID, at: datetime, by: Actor = MOVER) -> int:
    """Let live parcels follow an outlet that has moved; again: nothing changes. Returns how many.

    Prices stay as they were booked. What lies at the outlet to be fetched moves with it, and needs no order.
    """
    outlet = agents.get_outlet(outlet_id)
    return _start_there(outlet, move_id, by, at) + _go_there(outlet, move_id, by, at)


def _start_there(outlet: agents.OutletInfo, move_id: UUID, by: Actor, at: datetime) -> int:
    """Packed, and not yet with the carrier: it is fetched from the new place."""
    waiting = Parcel.objects.filter(
        outlet_id=outlet.id, direction=Direction.DOSSIER, state=ParcelState.BOOKED, handed_over_at=None, is_live=True)
    ids = list(waiting.exclude(sender_address=outlet.address, origin_commune_id=outlet.commune_code).order_by(
        "id").select_for_update(of=("self",)).values_list("id", flat=True))
    Parcel.objects.filter(id__in=ids).update(sender_address=outlet.address, origin_commune_id=outlet.commune_code)
    for parcel_id in ids:
        audit.record(actor=by, action="parcel.follow_outlet", object_type="parcel", object_id=parcel_id, at=at,
                     after={"move": str(move_id)})
    return len(ids)


def _go_there(outlet: agents.OutletInfo, move_id: UUID, by: Actor, at: datetime) -> int:
    """On its way to the outlet, or to be fetched there: the carrier is asked to bring it to the new place."""
    to_fetch = PickUp.objects.filter(outlet_id=outlet.id, ended_at=None, arrived_at=None).values("parcel_id")
    coming = Parcel.objects.filter(
        Q(outlet_id=outlet.id, direction__in=_TO_IT) | Q(id__in=to_fetch), is_live=True,
        state__in=sorted(ALLOWED_IN[RequestKind.REDIRECT])).select_for_update(of=("self",)).order_by("id")
    told = 0
    for parcel in list(coming):
        why = f"outlet-move:{move_id}"
        if parcel.changes.filter(why=why).exists():
            continue
        is_fetched = parcel.direction not in _TO_IT
        order = DeliveryChange.objects.create(
            parcel=parcel, kind=Change.PICK_UP if is_fetched else Change.ADDRESS,
            outlet_id=outlet.id if is_fetched else None, commune_id=outlet.commune_code,
            address=outlet.address, ordered_by_kind=by.kind, ordered_by=by.id, ordered_at=at, why=why)
        order_change(parcel, order, point=f"{outlet.name}, {outlet.address}"[:300], by=by, at=at)
        told += 1
    return told

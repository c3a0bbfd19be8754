"""What a carrier is asked to do differently; its own queue tells and repeats it."""

from datetime import datetime
from typing import Final

from delivery.door.models import DeliveryChange
from delivery.door.rules import Change
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.operations.askings import Asking
from delivery.operations.carrier_requests import ask_carrier
from delivery.rules.carrier_requests import RequestKind
from shared import places
from shared.actors import Actor, job

RETURNS: Final = job("delivery.returns")


def order_change(parcel: Parcel, order: DeliveryChange, *, point: str, by: Actor, at: datetime) -> None:
    """Ask the carrier to follow an order, in the caller's transaction; `point` names the outlet of a pick-up."""
    kind = RequestKind.RESCHEDULE if order.kind == Change.ANOTHER_DAY else RequestKind.REDIRECT
    ask_carrier(Asking(parcel.id, kind, f"change:{order.id}", _details(order, point)), by=by, at=at)


def _details(order: DeliveryChange, point: str) -> dict[str, str]:
    if order.wanted_date is not None:
        return {"day": order.wanted_date.isoformat()}
    place = places.get_place(order.commune_id or "")
    where = {}
    if place is not None:
        where = {"commune_code": place.code, "commune": f"{place.full_name}, {place.province_name}"}
    return where | ({"point": point} if order.kind == Change.PICK_UP else {"address": order.address})


def order_return(parcel: Parcel, *, at: datetime) -> bool:
    """Ask the carrier to bring a parcel back, in the caller's transaction; False when that was asked before."""
    reference = f"return:{parcel.number}"
    if CarrierRequest.objects.filter(reference=reference).exists():
        return False
    ask_carrier(Asking(parcel.id, RequestKind.RETURN, reference, reason="invited twice, or not collected in time"),
                by=RETURNS, at=at)
    return True

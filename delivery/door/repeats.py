"""Whose fault it was that a result came back, by what is known of its trip."""

from uuid import UUID

from delivery.door.operations.carrier_orders import RETURNS
from delivery.door.queries import reasons_of
from delivery.door.rules import Party, who_bears
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.rules import ParcelState
from delivery.rules.carrier_requests import RequestKind


def repeat_bearer(parcel_id: UUID) -> Party:
    """Who pays when it is sent again (Decision 45/2016/QĐ-TTg, Article 12.4).

    What postmen gave as reasons decides. Without any: who was visited, or let it lie at the outlet, was at fault
    herself; what somebody of the sender's called back is the sender's; what came back unvisited is the carrier's.
    """
    parcel = Parcel.objects.only("state", "attempts").get(id=parcel_id)
    if parcel.state == ParcelState.CANCELLED:  # called off before the post took it: what follows is the first trip
        return Party.NOBODY
    reasons = reasons_of([parcel_id])
    if reasons or parcel.attempts:
        return who_bears(reasons) if reasons else Party.RECIPIENT
    asked = set(CarrierRequest.objects.filter(parcel_id=parcel_id, kind=RequestKind.RETURN).values_list(
        "asked_by", flat=True))
    if not asked:
        return Party.CARRIER
    return Party.RECIPIENT if any(each.endswith(RETURNS.id) for each in asked) else Party.SENDER

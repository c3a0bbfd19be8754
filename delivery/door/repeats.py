"""Whose fault it was that a result came back, by what is known of its trip."""

from typing import Final
from uuid import UUID

from delivery.door.operations.carrier_orders import RETURNS
from delivery.door.queries import reasons_of
from delivery.door.rules import Party, who_bears
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.rules.carrier_requests import RequestKind

_BROUGHT_BACK: Final = (RequestKind.RETURN, RequestKind.CANCEL)


def repeat_bearer(parcel_id: UUID) -> Party:
    """Who pays when it is sent again (Decision 45/2016/QĐ-TTg, Article 12.4).

    What postmen gave as reasons decides. Without any: who was visited, or let it lie at the outlet, was at fault
    herself; what somebody of the sender's called back is the sender's; what came back unvisited is the carrier's.
    """
    reasons = reasons_of([parcel_id])
    if reasons:
        return who_bears(reasons)
    if Parcel.objects.values_list("attempts", flat=True).get(id=parcel_id):
        return Party.RECIPIENT
    asked = set(CarrierRequest.objects.filter(parcel_id=parcel_id, kind__in=_BROUGHT_BACK).values_list(
        "asked_by", flat=True))
    if not asked:
        return Party.CARRIER
    return Party.RECIPIENT if any(each.endswith(RETURNS.id) for each in asked) else Party.SENDER

"""A trip that is called off before the post has it: the address was wrong, the citizen comes herself."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery.dispatch.models import DispatchItem
from delivery.errors import CarrierRequestInvalid, ParcelNotFound, TripGoesOn
from delivery.models.carrier_requests import CarrierRequest
from delivery.models.parcels import Parcel
from delivery.operations.askings import Asking
from delivery.operations.carrier_requests import ask_carrier
from delivery.queries.parcels import seen_by
from delivery.rules import Direction, ParcelState
from delivery.rules.carrier_requests import RequestKind
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

MAY_CALL_OFF: Final = frozenset({Role.CENTRE_OFFICER, Role.CENTRE_MANAGER, Role.OPERATOR_HQ})


@operation
def call_off(*, parcel_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Ask the carrier not to fetch a result. Once it agrees the trip has ended and the result can be sent anew.

    Asking again changes nothing.

    Raises:
        ParcelNotFound: none that `by` may know of.
        TripGoesOn: it is no result, the post has it, or it lies in a collector's bag.
        CarrierRequestInvalid: no reason is given.
    """
    parcel = seen_by(by).filter(id=parcel_id).first()
    if parcel is None or by.role not in MAY_CALL_OFF:
        raise ParcelNotFound
    if not is_callable_off(parcel):
        raise TripGoesOn(_("Only a result that lies packed, in no collector's bag, can be called off."))
    wrong = ErrorCollector()
    if not clean(reason):
        wrong.add("/reason", "required", _("Say why, for the carrier and for whoever asks later."))
    wrong.raise_if_any(CarrierRequestInvalid)
    ask_carrier(Asking(parcel.id, RequestKind.CANCEL, _reference(parcel), reason=reason), by=by, at=at)


def is_callable_off(parcel: Parcel) -> bool:
    """Whether it lies packed where it was packed, in nobody's bag."""
    if parcel.direction != Direction.RESULT or parcel.state != ParcelState.BOOKED or parcel.handed_over_at is not None:
        return False
    return not DispatchItem.objects.filter(parcel_id=parcel.id, is_live=True).exists()


def is_called_off(parcel: Parcel) -> bool:
    """Whether the carrier was asked already."""
    return CarrierRequest.objects.filter(reference=_reference(parcel)).exists()


def _reference(parcel: Parcel) -> str:
    return f"cancel:{parcel.number}"

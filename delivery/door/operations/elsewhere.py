"""A parcel that was handed over in another commune than its own, though nobody ordered it: kept, told, and decided.

The operator looks into it; while it stands, its postage is not admitted in a claim. The city takes it back when the
operator shows that it was right.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery.door.models import DeliveryChange
from delivery.door.rules import Change
from delivery.errors import MayNotSettle, NothingToSettle, OutcomeUnknown, ParcelNotFound
from delivery.models.events import TrackingEvent
from delivery.models.parcels import Parcel
from delivery.operations.telling import open_item
from delivery.queries.parcels import seen_by
from delivery.rules import ParcelState
from delivery.rules.claimed_places import Named, claimed_in, names_a_commune
from shared import audit, places, work
from shared.actors import Actor
from shared.errors import FieldError
from shared.masking import without_numbers
from shared.roles import Role
from shared.text import clean, fold
from shared.transactions import operation

KIND: Final = "parcel-wrong-commune"
MAY_ACCEPT: Final = frozenset({Role.FINANCE_REVIEWER})


@operation
def consider_place(*, parcel_id: UUID, at: datetime) -> bool:
    """Compare where the carrier says that it handed the parcel over with its commune; says whether it was elsewhere."""
    parcel = Parcel.objects.select_related("recipient_commune").get(id=parcel_id)
    if parcel.state != ParcelState.DELIVERED or parcel.delivered_in:
        return False
    office = _office_of(parcel)
    # As a rule it names the right one, or none.
    if not names_a_commune(fold(office)) or fold(parcel.recipient_commune.full_name) in fold(office):
        return False
    claimed = claimed_in(fold(office), _names(parcel.province_code))
    if not claimed or parcel.recipient_commune_id in claimed or claimed & _ordered(parcel):
        return False
    doubt_place(parcel, min(claimed), {"office": office}, at)
    return True


def doubt_place(parcel: Parcel, commune_code: str, detail: Mapping[str, object], at: datetime) -> None:
    """Keep where it was handed over, in the caller's transaction, and ask the operator."""
    Parcel.objects.filter(id=parcel.id).update(delivered_in=commune_code)
    open_item(KIND, parcel.number, parcel.operator_code, at, {**detail, "commune": commune_code})


@operation
def accept_place(*, parcel_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Say that the hand-over was right all the same, and how that is known.

    Raises:
        ParcelNotFound: none that `by` may know of.
        MayNotSettle: not of the city's finance.
        NothingToSettle: nothing is doubted.
        OutcomeUnknown: no reason is given.
    """
    parcel = seen_by(by).select_related(None).select_for_update(of=("self",)).filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    if by.role not in MAY_ACCEPT:
        raise MayNotSettle
    if not parcel.delivered_in:
        raise NothingToSettle
    if not clean(reason):
        words = _("Say how you know, for whoever asks later.")
        raise OutcomeUnknown(errors=(FieldError("/reason", "required", words),))
    Parcel.objects.filter(id=parcel.id).update(delivered_in="")
    audit.record(actor=by, action="parcel.accept-place", object_type="parcel", object_id=parcel.id, at=at,
                 before={"delivered_in": parcel.delivered_in}, after={"delivered_in": ""},
                 reason=without_numbers(clean(reason))[:300])
    work.close_item(kind=KIND, reference=parcel.number, by=by.id, at=at, outcome="it was right")


def _office_of(parcel: Parcel) -> str:
    """Where the carrier says that it was handed over, by its earliest word about it."""
    told = TrackingEvent.objects.filter(parcel=parcel, code="EMI").order_by("occurred_at", "id")
    return told.values_list("office", flat=True).first() or ""


def _names(province_code: str) -> list[Named]:
    present = [Named(fold(each.full_name), frozenset({each.code}))
               for each in places.places_of_province(province_code)]
    former = [Named(fold(each.full_name.partition(",")[0]), frozenset(then.place.code for then in each.successors))
              for each in places.former_places_of_province(province_code)]
    return [*present, *former]


def _ordered(parcel: Parcel) -> set[str]:
    """Communes that somebody ordered it to."""
    orders = DeliveryChange.objects.filter(parcel=parcel, kind__in=[Change.ADDRESS, Change.PICK_UP])
    return {str(code) for code in orders.values_list("commune_id", flat=True) if code}

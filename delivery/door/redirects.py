"""What an order to another place does to zone and promise: both are worked out anew from the moment it was given.

Nothing is kept of it: the order, the places and the dated zones give the same answer whenever they are asked. The price
of the trip and the day that was promised first stay as they were booked; by that day the promise counts as kept or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from delivery.addresses.zones import zone_between
from delivery.door.models import DeliveryChange
from delivery.door.rules import Change
from delivery.models.parcels import Parcel, ParcelQuerySet
from delivery.promise.rules import Redirect
from delivery.rules.transit import CITIES, promised_date
from shared.calendar import local
from shared.places import Place, get_places
from shared.working_days import work_calendar

_ELSEWHERE: Final = frozenset({Change.ADDRESS, Change.PICK_UP})


@dataclass(frozen=True, slots=True)
class Orders:
    """What holds for a parcel: the day that the citizen has chosen, and where else it goes."""

    latest: DeliveryChange | None = None
    """The order that holds, loaded with its commune."""
    agreed: date | None = None
    redirect: Redirect | None = None

    def promised(self, parcel: Parcel) -> date:
        """The day that holds for who waits: of the redirect, else the first."""
        return self.redirect.promised_date if self.redirect is not None else parcel.promised_date


NONE: Final = Orders()


def orders_of(parcels: Sequence[Parcel]) -> dict[UUID, Orders]:
    """Of those with an order; one query for the orders, one for places when one goes to another commune."""
    latest: dict[UUID, DeliveryChange] = {}
    elsewhere: dict[UUID, DeliveryChange] = {}
    rows = DeliveryChange.objects.filter(parcel_id__in=[each.id for each in parcels]).select_related("commune")
    for row in rows.order_by("ordered_at", "id"):
        latest[row.parcel_id] = row
        if row.kind in _ELSEWHERE:
            elsewhere[row.parcel_id] = row
    known = _places(parcels, elsewhere.values())
    return {each.id: Orders(latest[each.id], _agreed(latest[each.id]),
                            _redirect(each, elsewhere.get(each.id), known))
            for each in parcels if each.id in latest}


def orders_of_one(parcel: Parcel) -> Orders:
    return orders_of([parcel]).get(parcel.id, NONE)


def is_late(rows: ParcelQuerySet, today: date) -> Q:
    """The day that holds for who waits has passed: of the redirect, else the first. For those of `rows` that are live.

    Few go to another commune: theirs are worked out, all others are compared by the database.
    """
    orders = DeliveryChange.objects.filter(parcel=OuterRef("pk"), kind__in=sorted(_ELSEWHERE), commune__isnull=False)
    redirected = list(rows.live().filter(Exists(orders.exclude(commune=OuterRef("recipient_commune")))))
    known = orders_of(redirected)
    late = {each.id: known.get(each.id, NONE).promised(each) < today for each in redirected}
    waits = Q(promised_date__lt=today) & ~Q(id__in=[key for key, passed in late.items() if not passed])
    return waits | Q(id__in=[key for key, passed in late.items() if passed])


def _agreed(order: DeliveryChange) -> date | None:
    return order.wanted_date if order.kind == Change.ANOTHER_DAY else None


def _places(parcels: Sequence[Parcel], orders: Iterable[DeliveryChange]) -> dict[str, Place]:
    codes = {order.commune_id for order in orders if order.commune_id}
    if not codes:
        return {}
    return dict(get_places([*codes, *(each.origin_commune_id for each in parcels)]))


def _redirect(parcel: Parcel, order: DeliveryChange | None, known: dict[str, Place]) -> Redirect | None:
    """None when it stays in its commune: zone and days do not change then."""
    if order is None or order.commune_id is None or order.commune_id == parcel.recipient_commune_id:
        return None
    origin, there = known.get(parcel.origin_commune_id), known.get(order.commune_id)
    if origin is None or there is None:
        return None
    on: datetime = order.ordered_at
    day = local(on).date()
    zone = zone_between(parcel.operator_code, origin, there, day)
    between = {origin.province_code, there.province_code} <= CITIES
    return Redirect(on, zone, promised_date(work_calendar(), zone, day, between_cities=between))


def zone_now(parcel: Parcel) -> str:
    """Where it goes by now decides how far it goes."""
    redirect = orders_of_one(parcel).redirect
    return redirect.zone if redirect is not None else parcel.zone

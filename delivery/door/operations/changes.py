"""A delivery ordered otherwise: by the citizen within narrow rules, by staff who have seen who she is for the rest."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from delivery.door.errors import ChangeClosed, ChangeRefused
from delivery.door.events import DeliveryChanged
from delivery.door.models import DeliveryChange, PickUp
from delivery.door.operations.carrier_orders import order_change
from delivery.door.queries import citizen_changes, pick_up_outlets
from delivery.door.rules import Change, open_changes, open_days
from delivery.errors import ParcelNotFound
from delivery.models.parcels import Parcel
from delivery.queries.parcels import seen_by
from delivery.rules import Direction, ParcelState
from shared import audit, places, scope
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.masking import without_numbers
from shared.outbox.publishing import publish
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

MAY_CHANGE: Final = OUTLET_ROLES | CENTRE_ROLES | {Role.OPERATOR_HQ}


@dataclass(frozen=True, slots=True)
class ChangeInput:
    """What is asked for; each kind needs its own: a day, an outlet, or a commune and a door."""

    kind: str
    wanted_date: date | None = None
    outlet_id: UUID | None = None
    commune_code: str = ""
    address: str = ""
    why: str = ""
    """How staff know that it is the addressee who asks; citizens prove themselves by code and digits."""


def citizen_of(parcel_id: UUID) -> Actor:
    """The addressee, known by tracking code and the digits of her phone."""
    return Actor(ActorKind.CITIZEN, f"parcel:{parcel_id}")


@operation
def change_by_citizen(*, parcel_id: UUID, given: ChangeInput, at: datetime) -> DeliveryChange:
    """Another day, or fetched at an outlet: what a code and three digits suffice for.

    The caller has seen code and digits, and opened the scope.

    Raises:
        ParcelNotFound: unknown.
        ChangeClosed: as it stands nothing, or not this, may be changed any more.
        ChangeRefused: what is wrong stands in its errors.
    """
    return _change(_locked(parcel_id), given, by=citizen_of(parcel_id), at=at, by_citizen=True)


@operation
def change_by_staff(*, parcel_id: UUID, given: ChangeInput, by: Actor, at: datetime) -> DeliveryChange:
    """The same by whoever compared the addressee's ID, or by the authority that sends it: also to another door.

    Raises:
        ParcelNotFound: none that `by` may know of.
        ChangeClosed, ChangeRefused: as for the citizen; also when nobody says how the addressee is known.
    """
    if by.role not in MAY_CHANGE or not seen_by(by).filter(id=parcel_id).exists():
        raise ParcelNotFound
    if len(clean(given.why)) < 3:
        wrong = ErrorCollector()
        wrong.add("/why", "missing", _("Say how you know that the addressee wants it."))
        wrong.raise_if_any(ChangeRefused)
    return _change(_locked(parcel_id), given, by=by, at=at, by_citizen=False)


def _locked(parcel_id: UUID) -> Parcel:
    parcel = Parcel.objects.select_for_update(of=("self",)).filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    return parcel


def _change(parcel: Parcel, given: ChangeInput, *, by: Actor, at: datetime, by_citizen: bool) -> DeliveryChange:
    made = citizen_changes(parcel.id).count() if by_citizen else 0
    allowed = open_changes(ParcelState(parcel.state), Direction(parcel.direction), made=made, by_citizen=by_citizen)
    if not allowed:
        raise ChangeClosed(parcel_state=parcel.state)
    wrong = ErrorCollector()
    if given.kind not in allowed:
        wrong.add("/kind", "not-now", _("This cannot be changed now; choose something else."))
    wrong.raise_if_any(ChangeRefused)
    order = _ORDERS[Change(given.kind)](parcel, given, at, wrong)
    wrong.raise_if_any(ChangeRefused)
    order.ordered_by_kind, order.ordered_by, order.ordered_at = by.kind, by.id, at
    order.why = without_numbers(clean(given.why))[:200]
    order.save(force_insert=True)
    _follow(parcel, order, at)
    order_change(parcel, order, point=outlet_name(order.outlet_id), by=by, at=at)
    audit.record(actor=by, action="parcel.change", object_type="parcel", object_id=parcel.id, at=at,
                 after={"change": order.kind, "day": str(order.wanted_date or ""),
                        "outlet": str(order.outlet_id or "")})
    publish(DeliveryChanged(parcel.id, parcel.number, order.kind, order.wanted_date, at))
    return order


def _another_day(parcel: Parcel, given: ChangeInput, at: datetime, wrong: ErrorCollector) -> DeliveryChange:
    if given.wanted_date not in open_days(local(at).date(), work_calendar()):
        wrong.add("/wanted_date", "not-open", _("Choose one of the days that are offered."))
    return DeliveryChange(parcel=parcel, kind=Change.ANOTHER_DAY, wanted_date=given.wanted_date)


def _pick_up(parcel: Parcel, given: ChangeInput, at: datetime, wrong: ErrorCollector) -> DeliveryChange:
    offered = {each.outlet.id: each.outlet for each in pick_up_outlets(parcel, at)}
    outlet = offered.get(given.outlet_id) if given.outlet_id is not None else None
    if outlet is None:
        wrong.add("/outlet_id", "not-offered", _("Choose one of the post offices that are offered."))
    return DeliveryChange(parcel=parcel, kind=Change.PICK_UP, outlet_id=given.outlet_id,
                          commune_id=outlet.commune_code if outlet is not None else None)


def _address(parcel: Parcel, given: ChangeInput, _at: datetime, wrong: ErrorCollector) -> DeliveryChange:
    commune, address = places.get_place(given.commune_code), clean(given.address)
    if commune is None:
        wrong.add("/commune_code", "unknown", _("Choose a commune that exists today."))
    if not 3 <= len(address) <= 300:
        wrong.add("/address", "length", _("Write house number and street, or a landmark."))
    return DeliveryChange(parcel=parcel, kind=Change.ADDRESS, commune_id=commune.code if commune else None,
                          address=address)


_ORDERS: Final = {Change.ANOTHER_DAY: _another_day, Change.PICK_UP: _pick_up, Change.ADDRESS: _address}


def _follow(parcel: Parcel, order: DeliveryChange, at: datetime) -> None:
    """What waits at an outlet, or is to wait there, goes by the latest order."""
    with scope.everything():
        PickUp.objects.filter(parcel=parcel, ended_at=None).update(ended_at=at)
        if order.kind == Change.PICK_UP and order.outlet_id is not None:
            PickUp.objects.update_or_create(parcel=parcel, defaults={
                "outlet_id": order.outlet_id, "ordered_at": at, "arrived_at": None, "until_date": None,
                "ended_at": None})


def outlet_name(outlet_id: UUID | None) -> str:
    return agents.get_outlet(outlet_id).name if outlet_id is not None else ""

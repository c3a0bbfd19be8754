"""Booking a parcel: joins the transaction of the dossier's step, so that neither exists without the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from delivery.errors import BookingInvalid
from delivery.events import ParcelBooked
from delivery.models.parcels import Parcel, ParcelDossier
from delivery.operations.numbers import lock_numbers, next_number
from delivery.originals import originals_as_data
from delivery.pricing import case_as_data
from delivery.records import BookingRequest
from delivery.rules import Direction, ParcelState, tariff_direction
from delivery.rules.transit import CITIES, WORKING_DAYS, promised_date
from shared import audit
from shared.actors import Actor
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.identifiers import spoken_code
from shared.outbox.publishing import publish
from shared.places import Place, get_places
from shared.text import clean
from shared.working_days import work_calendar

HEAVIEST_GRAMS: Final = 30_000
MOST_SHEETS: Final = 500
NEEDS_OUTLET: Final = frozenset({Direction.POSTED_IN, Direction.TO_OUTLET})
_LONGEST: Final[Mapping[str, int]] = {
    "sender_name": 160, "sender_address": 300, "recipient_name": 160, "recipient_address": 300,
}  # fmt: skip


def book(request: BookingRequest) -> Parcel:
    """Book the trip inside the caller's transaction; the same `booking_ref` again gives the parcel of the first time.

    Raises:
        BookingInvalid: what is wrong stands in its errors.
        NumberPoolExhausted: the operator has no number left.
        TransactionManagementError: there is no transaction to join.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A parcel is booked inside the transaction of what it is booked for.")
    known = _booked(request.booking_ref)
    if known is not None:
        return known
    places = _checked_places(request)
    lock_numbers(request.operator_code, request.service, _packs_at(request))
    # Whoever books for this operator holds that lock until he commits, so nobody is ahead of us unseen.
    known = _booked(request.booking_ref)
    return known if known is not None else _book(request, places)


def join(parcel_id: UUID, *, dossiers: Sequence[tuple[UUID, str, Sequence[str]]], by: Actor,
         at: datetime) -> Parcel | None:
    """Put more into a parcel that the carrier has not taken yet, inside the caller's transaction; None when it has.

    A dossier that is inside already stays there once.
    """
    parcel = Parcel.objects.waiting().select_for_update().filter(id=parcel_id, seal_number="").first()
    if parcel is None:
        return None
    inside = set(ParcelDossier.objects.filter(parcel=parcel).values_list("dossier_id", flat=True))
    new = [each for each in dossiers if each[0] not in inside]
    ParcelDossier.objects.bulk_create(
        ParcelDossier(parcel=parcel, dossier_id=dossier_id, dossier_code=code, contents=list(contents))
        for dossier_id, code, contents in new)
    if new:
        audit.record(actor=by, action="parcel.join", object_type="parcel", object_id=parcel.id, at=at,
                     after={"dossiers": len(inside) + len(new)})
    return parcel


def _booked(booking_ref: str) -> Parcel | None:
    return Parcel.objects.filter(booking_ref=booking_ref).first()


def _checked_places(request: BookingRequest) -> tuple[Place, Place]:
    places = get_places([request.origin_commune_code, request.recipient_commune_code])
    origin, target = places.get(request.origin_commune_code), places.get(request.recipient_commune_code)
    wrong = ErrorCollector()
    for name, most in _LONGEST.items():
        if not 0 < len(clean(getattr(request, name))) <= most:
            wrong.add(f"/{name}", "length", _("Give a name and an address; shorten what is too long."))
    if not 0 < request.weight_grams <= HEAVIEST_GRAMS:
        wrong.add("/weight_grams", "range", _("A parcel weighs 1 to 30,000 grams."))
    _check_direction(request, wrong)
    if request.case.zone not in WORKING_DAYS:
        wrong.add("/case/zone", "unknown", _("The tariff knows no such zone."))
    if not request.dossiers:
        wrong.add("/dossiers", "empty", _("A parcel holds at least one dossier."))
    for name, place in (("origin_commune_code", origin), ("recipient_commune_code", target)):
        if place is None:
            wrong.add(f"/{name}", "unknown", _("Choose a commune that exists today."))
    _check_originals(request, wrong)
    wrong.raise_if_any(BookingInvalid)
    if origin is None or target is None:
        raise BookingInvalid
    return origin, target


def _check_direction(request: BookingRequest, wrong: ErrorCollector) -> None:
    if request.direction not in Direction:
        wrong.add("/direction", "unknown", _("Say where it goes: to the centre, home, to the outlet, or posted in."))
    elif request.case.direction != tariff_direction(Direction(request.direction)):
        wrong.add("/case/direction", "unfit", _("The price is for the other direction."))
    if request.direction in NEEDS_OUTLET and request.outlet_id is None:
        wrong.add("/outlet_id", "required", _("A parcel that is sent to an outlet names it."))


def _check_originals(request: BookingRequest, wrong: ErrorCollector) -> None:
    inside = {dossier_id for dossier_id, _code, _contents in request.dossiers}
    for dossier_id, originals in request.originals.items():
        if dossier_id not in inside:
            wrong.add("/originals", "unknown", _("An original belongs to one of the dossiers inside."))
        if any(not clean(each.name) or not 1 <= each.sheets <= MOST_SHEETS for each in originals):
            wrong.add("/originals", "unfit", _("Name each original; it has between 1 and 500 sheets."))


def _packs_at(request: BookingRequest) -> UUID | None:
    """The outlet whose numbers it takes: the one that packs it, or that the citizen posts it to."""
    return request.outlet_id if request.direction in {Direction.DOSSIER, Direction.POSTED_IN} else None


def _book(request: BookingRequest, places: tuple[Place, Place]) -> Parcel:
    origin, target = places
    provinces = {origin.province_code, target.province_code}
    parcel = Parcel.objects.create(
        number=next_number(request.operator_code, request.service, request.booked_at, _packs_at(request)),
        booking_ref=request.booking_ref,
        carrier=request.carrier,
        operator_code=request.operator_code,
        direction=request.direction,
        outlet_id=request.outlet_id,
        centre_id=request.centre_id,
        province_code=request.province_code,
        weight_grams=request.weight_grams,
        zone=request.case.zone,
        sender_name=clean(request.sender_name),
        sender_address=clean(request.sender_address),
        recipient_name=clean(request.recipient_name),
        recipient_phone=request.recipient_phone,
        recipient_address=clean(request.recipient_address),
        recipient_commune_id=target.code,
        recipient_landmark=clean(request.destination.landmark)[:160],
        recipient_former=request.destination.former_name[:160],
        recipient_latitude=request.destination.latitude,
        recipient_longitude=request.destination.longitude,
        recipient_precision=request.destination.precision,
        address_id=request.destination.address_id,
        is_address_verified=request.destination.is_verified,
        seal_number=request.seal_number,
        origin_commune_id=origin.code,
        pricing=case_as_data(request.case),
        tracking_code=spoken_code(),
        booked_at=request.booked_at,
        promised_date=promised_date(
            work_calendar(), request.case.zone, local(request.booked_at).date(),
            with_slip=request.with_slip, between_cities=provinces <= CITIES),
        state=ParcelState.BOOKED,
        state_at=request.booked_at,
    )  # fmt: skip
    ParcelDossier.objects.bulk_create(
        ParcelDossier(parcel=parcel, dossier_id=dossier_id, dossier_code=code, contents=list(contents),
                      originals=originals_as_data(request.originals.get(dossier_id, ())))
        for dossier_id, code, contents in request.dossiers
    )
    audit.record(
        actor=request.by, action="parcel.book", object_type="parcel", object_id=parcel.id, at=request.booked_at,
        after={"state": parcel.state, "number": parcel.number, "booking_ref": parcel.booking_ref},
    )  # fmt: skip
    dossier_ids = tuple(dossier_id for dossier_id, _code, _papers in request.dossiers)
    publish(ParcelBooked(parcel.id, parcel.number, parcel.direction, dossier_ids, parcel.booked_at))
    return parcel

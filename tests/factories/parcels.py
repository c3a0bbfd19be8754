"""Parcels, booked as the dossier's step would book them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction

from agents.models.organisations import Centre, Outlet
from billing.records import PostageCase
from delivery.models.parcels import NumberPool, Parcel
from delivery.operations import booking
from delivery.records import BookingRequest
from shared.calendar import LOCAL_ZONE
from shared.ids import uuid7
from tests.factories import network, places

_numbers = count(1)
BOOKED_AT = datetime(2026, 1, 14, 9, 0, tzinfo=LOCAL_ZONE)
PHONE = "+84914275268"
TAIL = "268"
RECIPIENT = "Nguyễn Thị Thử"


def number_pool(operator_code: str = "VNPOST", size: int = 100_000) -> NumberPool:
    """A range for the operator; the same one when asked again."""
    first = {"VNPOST": 10_000_000, "VTPOST": 20_000_000}.get(operator_code, 30_000_000)
    pool, _ = NumberPool.objects.get_or_create(
        operator_code=operator_code, service="RR",
        defaults={"first_serial": first, "next_serial": first, "last_serial": first + size - 1})
    return pool


def postage_case(direction: str = "result", **fields: Any) -> PostageCase:
    case: dict[str, Any] = {
        "operator_code": "VNPOST", "direction": direction, "zone": "intra_province", "weight_grams": 100,
        "on": BOOKED_AT.date(), "channel": "online", "province_code": places.HUE, "managed_by_city": True}
    return PostageCase(**case | fields)


def booking_request(*, outlet: Outlet | None = None, centre: Centre | None = None, direction: str = "result",
                    dossier_ids: Sequence[UUID] = (), **fields: Any) -> BookingRequest:
    """A result on its way home from Phong Dinh to Phú Xuân."""
    centre = centre or network.centre()
    places.commune(places.PHU_XUAN)
    operator_code = fields.get("operator_code", "VNPOST")
    asked = {
        "booking_ref": f"{direction}:{next(_numbers)}", "operator_code": operator_code,
        "carrier": operator_code.lower(), "direction": direction, "outlet_id": outlet.id if outlet else None,
        "centre_id": centre.id, "province_code": places.HUE, "weight_grams": 100,
        "sender_name": "Trung tâm Phục vụ hành chính công phường Phong Dinh", "sender_address": "1 đường Thử Nghiệm",
        "origin_commune_code": places.PHONG_DINH, "recipient_name": RECIPIENT, "recipient_phone": PHONE,
        "recipient_address": "5 đường Thử Nghiệm", "recipient_commune_code": places.PHU_XUAN,
        "case": postage_case(direction, operator_code=operator_code),
        "dossiers": tuple((dossier, f"H57.31-260114-{i:04d}", ("Bản sao trích lục khai sinh",))
                          for i, dossier in enumerate(dossier_ids or [uuid7()], 1)),
        "booked_at": BOOKED_AT}
    return BookingRequest(**asked | fields)


def parcel(**fields: Any) -> Parcel:
    """A booked parcel of Vietnam Post, its number taken from a pool."""
    number_pool(fields.get("operator_code", "VNPOST"))
    request = booking_request(**fields)
    with transaction.atomic():
        return booking.book(request)

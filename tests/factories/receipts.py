"""Numbers with which an outlet may write receipts, allotted as an operator does it."""

from datetime import date, datetime
from typing import Any

from agents.models.organisations import Centre, Outlet
from intake.models.receipts import OutletRange, ReceiptDelegation
from intake.operations import receipt_numbers
from intake.operations.receipt_numbers import DelegationInput
from shared.actors import Actor
from tests.factories import network
from tests.intake.moments import local

BEFORE = local("2026-01-05 08:00")


def operator_of(outlet: Outlet) -> Actor:
    return network.acting(network.operator_hq(outlet.operator))


def delegation(outlet: Outlet, centre: Centre, *, at: datetime = BEFORE, **changes: Any) -> ReceiptDelegation:
    """Written and published."""
    fields: dict[str, Any] = {
        "number": "12/UNBL-UBND", "centre_id": centre.id, "agency_tax_code": "3301234567",
        "purpose": "Thu phí, lệ phí hồ sơ thủ tục hành chính", "signed_on": date(2025, 12, 20),
        "tax_told_on": date(2025, 12, 22), "valid_from": date(2026, 1, 1)}
    by = operator_of(outlet)
    made = receipt_numbers.record_delegation(DelegationInput(**fields | changes), by=by, at=at)
    return receipt_numbers.publish_delegation(delegation_id=made.id, by=by, at=at)


def numbers(outlet: Outlet, centre: Centre, *, count: int = 50, kind: str = "electronic", at: datetime = BEFORE,
            of: ReceiptDelegation | None = None, symbol: str = "", year: int = 2026) -> OutletRange:
    """A range of the outlet under a delegation of the centre's authority."""
    by = operator_of(outlet)
    series = receipt_numbers.open_series(
        delegation_id=(of or delegation(outlet, centre, at=at)).id, kind=kind, form_symbol="01BLP3-001",
        symbol=symbol or ("HA-26E" if kind == "electronic" else "HA-26P"), year=year, last=9_999_999, by=by, at=at)
    return receipt_numbers.allot_range(series_id=series.id, outlet_id=outlet.id, count=count, by=by, at=at)

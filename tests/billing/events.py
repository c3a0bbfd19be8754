"""Delivered parcels and work done, as the subscribers hand them in."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from billing.records import CompensableAct, DeliveredPostage, PostageCase

OUTLET = UUID("0199c0de-0000-7000-8000-000000000001")
DELIVERED = datetime(2026, 1, 19, 3, 42, tzinfo=UTC)
NOW = datetime(2026, 1, 19, 4, 0, tzinfo=UTC)


def case(**changes):
    return PostageCase(**{
        "operator_code": "VNPOST", "direction": "result", "zone": "intra_province", "weight_grams": 100,
        "on": date(2026, 1, 15), "channel": "online", "province_code": "01", "managed_by_city": True, **changes})


def delivered(*, parcel_id=None, delivered_at=DELIVERED, evidence=None, number="EH602511079VN", **changes):
    return DeliveredPostage(
        parcel_id=parcel_id or uuid4(), parcel_number=number, dossier_code="H26.15.08-260115-0412",
        case=case(**changes), delivered_at=delivered_at, relation="self", outlet_id=OUTLET,
        evidence={"filed_at": "2026-01-15T02:12:00+00:00", "proof_method": "otp"} if evidence is None else evidence)


def act(*, task="accepted_online", source_id=None, province_code="01", happened_at=DELIVERED):
    return CompensableAct(
        task=task, source_type="dossier", source_id=source_id or uuid4(), outlet_id=OUTLET, operator_code="VNPOST",
        province_code=province_code, dossier_code="H26.15.08-260115-0412", happened_at=happened_at)

"""A January of Vietnam Post in Hà Nội with delivered parcels, and the claim files that an operator makes of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from billing import public
from billing.claims.importing import confirm_claim, receive_claim
from billing.claims.matching import match_claim
from billing.models.claims import Claim
from billing.operations.statements import prepare_statement
from billing.records import DeliveredPostage
from config import claim_evidence
from delivery.models.events import ProofOfDelivery, TrackingEvent
from delivery.models.parcels import Parcel
from shared.actors import Actor, ActorKind
from shared.roles import Role
from tests.billing.events import case
from tests.billing.people import operator
from tests.factories import network, parcels

JANUARY = date(2026, 1, 1)
DELIVERED = datetime(2026, 1, 19, 3, 42, tzinfo=UTC)
FEBRUARY_3 = datetime(2026, 2, 3, 2, 0, tzinfo=UTC)
MONTH: dict[str, Any] = {"province_code": "01", "operator_code": "VNPOST", "period": JANUARY}


def finance(name, role=Role.FINANCE_REVIEWER):
    return Actor(ActorKind.PERSON, name, name.title(), role, province_code="01")


YEN, LAN = finance("yen"), finance("lan")
MINH, HOA = finance("minh", Role.FINANCE_APPROVER), finance("hoa", Role.FINANCE_APPROVER)


def headquarters(code="VNPOST"):
    return Actor(ActorKind.PERSON, f"hq-{code}", "Bưu Điện", Role.OPERATOR_HQ, operator_id=operator(code).id)


def sent(*, is_delivered=True, is_posted=True, delivered_at=DELIVERED, proof="otp", relation="self", number="",
         dossier="H26.15.08-260115-0412", address="5 đường Thử Nghiệm", **changes):
    """A parcel with what the carrier said of it, in our books unless told otherwise; answers the row."""
    operator_code = changes.get("operator_code", "VNPOST")
    parcel = parcels.parcel(operator_code=operator_code, centre=network.centre(), recipient_address=address,
                            case=case(**changes), province_code=changes.get("province_code", "01"),
                            dossiers=((uuid4(), dossier, ()),))
    if is_delivered:
        accepted_at = delivered_at - timedelta(days=1)
        Parcel.objects.filter(id=parcel.id).update(state="delivered", accepted_at=accepted_at,
                                                   delivered_at=delivered_at)
        if proof:
            event = TrackingEvent.objects.create(parcel=parcel, carrier="vnpost", event_id=str(uuid4()), code="EMI",
                                                 occurred_at=delivered_at, received_at=delivered_at)
            ProofOfDelivery.objects.create(parcel=parcel, event=event, delivered_at=delivered_at, receiver_name="A",
                                           relation=relation, method=proof)
        if is_posted:
            public.post_postage(DeliveredPostage(
                parcel_id=parcel.id, parcel_number=parcel.number, dossier_code=dossier, case=case(**changes),
                delivered_at=delivered_at, relation=relation), at=delivered_at)
    parcel.refresh_from_db()
    return parcel


def row(parcel, amount=30000, dossier="H26.15.08-260115-0412", direction="về", day="19/01/2026"):
    return f"{parcel if isinstance(parcel, str) else parcel.number};{dossier};{direction};{amount};{day}"


def csv_file(*rows):
    return "\n".join(["Số hiệu bưu gửi;Mã hồ sơ;Chiều;Số tiền;Ngày phát", *rows]).encode()


def claimed(*rows, by=None, at=FEBRUARY_3, content=None):
    """A claim, read and not yet confirmed."""
    return receive_claim(province_code="01", period=JANUARY, file_name="thang-1.csv",
                         content=content or csv_file(*rows), by=by or headquarters(), at=at)


def compared(*rows, at=FEBRUARY_3):
    """A claim that was confirmed and compared with the prepared month."""
    claim = claimed(*rows, at=at)
    confirm_claim(claim_id=claim.id, by=headquarters(), at=at)
    prepare_statement(**MONTH, by=YEN, at=at)
    assert match_claim(claim_id=claim.id, evidence=claim_evidence.tell, at=at)
    return Claim.objects.get(id=claim.id)


def verdicts(claim):
    return {line.row: (line.verdict, line.reason_code, line.admitted.amount) for line in claim.lines.all()}

"""General entries, as whoever asks for one makes them."""

from datetime import UTC, datetime
from uuid import uuid4

from billing.public import AccountName, AccountSide, Entry, EntryAmounts, Leg
from billing.records import Step
from shared.money import Money
from tests.billing.events import OUTLET

LOST_ON = datetime(2026, 1, 20, 3, 0, tzinfo=UTC)
OWED_BY_CARRIER = AccountName("VNPOST:loss", "VNPOST phải bồi thường", "Owed by VNPOST for losses",
                              AccountSide.RECEIVABLE)
OWED_TO_CITIZENS = AccountName("01:citizens", "Phải trả người dân Hà Nội", "Owed to citizens of Hà Nội",
                               AccountSide.PAYABLE)


def legs(amount):
    return Leg(OWED_BY_CARRIER, Money(amount)), Leg(OWED_TO_CITIZENS, Money(-amount))


def step(amount, rule="LOSS-4X"):
    return Step("other", Money(amount), "4 lần cước", "4 times the postage", rule, "Nghị định 47/2011/NĐ-CP", "known",
                "lost", "Bưu gửi bị mất.", "The parcel was lost.")


def entry(*, amount=120_000, source_id=None, **changes):
    return Entry(**{
        "source_type": "search_case", "source_id": source_id or uuid4(), "kind": "loss-compensation",
        "rule": "LOSS-4X", "occurred_at": LOST_ON, "province_code": "01", "operator_code": "VNPOST",
        "legs": legs(amount), "steps": (step(amount),), "amounts": EntryAmounts(other=Money(amount)),
        "outlet_id": OUTLET, "parcel_number": "EH602511079VN", "evidence": {"gross": 30_000}, **changes})

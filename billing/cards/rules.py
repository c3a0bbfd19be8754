"""Card payments and refunds as state machines, and what a payment that came is to what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.payments.rules.matching import CollectionState
from billing.rules.words import Words
from shared.money import Money


class CardState(StrEnum):
    """How far the card service is with one payment."""

    ASKED = "asked"
    """Its page is not open yet, or nobody knows whether it is."""
    OPEN = "open"
    PAID = "paid"
    ENDED = "ended"
    """The page ended and nobody paid."""
    REFUSED = "refused"
    """The service does not take this payment."""


class CardAction(StrEnum):
    OPEN = "open"
    PAY = "pay"
    END = "end"
    REFUSE = "refuse"


S, A = CardState, CardAction
CARD_PAYMENTS: Final[Mapping[tuple[CardState, CardAction], CardState]] = MappingProxyType({
    (S.ASKED, A.OPEN): S.OPEN,
    (S.ASKED, A.END): S.ENDED,
    (S.ASKED, A.REFUSE): S.REFUSED,
    (S.OPEN, A.PAY): S.PAID,
    (S.OPEN, A.END): S.ENDED,
    # Somebody paid in the moment in which we ended the page: the service's word counts.
    (S.ENDED, A.PAY): S.PAID,
    (S.ENDED, A.OPEN): S.OPEN,
})
FINAL_CARD_PAYMENTS: Final = frozenset({S.PAID, S.ENDED, S.REFUSED})


class RefundState(StrEnum):
    ASKED = "asked"
    """Above the limit: a second person decides."""
    APPROVED = "approved"
    """To be told to the service, or told and not known how it ended."""
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    """The service could not give it back; a person does, in another way."""
    REFUSED = "refused"
    OUTSIDE = "outside"
    """A person has given it back in another way than to the card."""


class RefundAction(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    TAKE = "take"
    FINISH = "finish"
    FAIL = "fail"
    GIVE_OTHERWISE = "give_otherwise"


R, B = RefundState, RefundAction
CARD_REFUNDS: Final[Mapping[tuple[RefundState, RefundAction], RefundState]] = MappingProxyType({
    (R.ASKED, B.APPROVE): R.APPROVED,
    (R.ASKED, B.REFUSE): R.REFUSED,
    (R.APPROVED, B.TAKE): R.PENDING,
    (R.APPROVED, B.FINISH): R.DONE,
    (R.APPROVED, B.FAIL): R.FAILED,
    (R.PENDING, B.FINISH): R.DONE,
    (R.PENDING, B.FAIL): R.FAILED,
    # A bank may send it back days later.
    (R.DONE, B.FAIL): R.FAILED,
    (R.FAILED, B.GIVE_OTHERWISE): R.OUTSIDE,
})
FINAL_CARD_REFUNDS: Final = frozenset({R.DONE, R.FAILED, R.REFUSED, R.OUTSIDE})


class OtherWay(StrEnum):
    """How money goes back that its card does not take."""

    TRANSFER = "transfer"
    CASH = "cash"


class CardVerdict(StrEnum):
    """What a card payment is to what was asked for."""

    PAYS = "pays"
    PAID_BEFORE = "paid-before"
    WRONG_AMOUNT = "wrong-amount"
    LATE = "late"


VERDICT_WORDS: Final[Mapping[CardVerdict, Words]] = MappingProxyType({
    CardVerdict.PAYS: Words("Đã trả", "Paid"),
    CardVerdict.PAID_BEFORE: Words("Khoản này đã nộp trước đó", "This was paid before"),
    CardVerdict.WRONG_AMOUNT: Words("Sai số tiền", "Another amount than was asked"),
    CardVerdict.LATE: Words("Trả sau khi hết hạn hoặc đã hủy", "Paid after the request had ended"),
})
CARD_WORDS: Final[Mapping[CardState, Words]] = MappingProxyType({
    S.ASKED: Words("Đang mở trang trả thẻ", "The page is being opened"),
    S.OPEN: Words("Chờ người dân trả", "Waiting for the citizen"),
    S.PAID: Words("Đã trả", "Paid"),
    S.ENDED: Words("Hết hiệu lực, chưa trả", "Ended, not paid"),
    S.REFUSED: Words("Dịch vụ thẻ không nhận", "Refused by the card service"),
})
REFUND_WORDS: Final[Mapping[RefundState, Words]] = MappingProxyType({
    R.ASKED: Words("Chờ người thứ hai", "Waits for a second person"),
    R.APPROVED: Words("Đang gửi dịch vụ thẻ", "Being told to the card service"),
    R.PENDING: Words("Dịch vụ thẻ đang hoàn", "The card service gives it back"),
    R.DONE: Words("Đã hoàn", "Given back"),
    R.FAILED: Words("Không hoàn được qua thẻ", "Could not be given back to the card"),
    R.REFUSED: Words("Không duyệt hoàn", "Refund not approved"),
    R.OUTSIDE: Words("Đã trả bằng cách khác", "Given back in another way"),
})
WAY_WORDS: Final[Mapping[OtherWay, Words]] = MappingProxyType({
    OtherWay.TRANSFER: Words("Chuyển khoản từ tài khoản thu hộ", "Transfer from the collecting account"),
    OtherWay.CASH: Words("Tiền mặt của trụ sở", "The headquarters' cash"),
})


class MovementKind(StrEnum):
    """What moved the balance that we have at the card service."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_BACK = "refund_back"
    """A refund that the cardholder's bank did not take."""
    DISPUTE = "dispute"
    """The cardholder's bank took a payment back."""
    DISPUTE_BACK = "dispute_back"
    """It gave it back: the dispute was won."""


MOVEMENT_WORDS: Final[Mapping[MovementKind, Words]] = MappingProxyType({
    MovementKind.PAYMENT: Words("Tiền thẻ về", "The card's money came"),
    MovementKind.REFUND: Words("Hoàn về thẻ", "Given back to the card"),
    MovementKind.REFUND_BACK: Words("Tiền hoàn bị trả lại", "A refund came back"),
    MovementKind.DISPUTE: Words("Ngân hàng chủ thẻ đòi lại", "Taken back by the cardholder's bank"),
    MovementKind.DISPUTE_BACK: Words("Ngân hàng chủ thẻ trả lại", "Returned by the cardholder's bank"),
})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for, as far as a payment is judged by it."""

    amount: Money
    state: CollectionState
    expires_at: datetime


def judge(wanted: Wanted, *, received: Money, currency: str, paid_at: datetime) -> CardVerdict:
    """What `received` is. A payment made in time pays although our clock had ended the request meanwhile."""
    if wanted.state in {CollectionState.PAID, CollectionState.RETURNED}:
        return CardVerdict.PAID_BEFORE
    if currency != "vnd" or received != wanted.amount:
        return CardVerdict.WRONG_AMOUNT
    if wanted.state == CollectionState.CANCELLED or paid_at > wanted.expires_at:
        return CardVerdict.LATE
    return CardVerdict.PAYS

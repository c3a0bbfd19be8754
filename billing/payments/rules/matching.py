"""Which collection a bank line pays, and why a line pays none: by reference, then amount, then time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words
from shared.money import Money


class CollectionState(StrEnum):
    """What became of money that was asked for."""

    ASKED = "asked"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class CollectionAction(StrEnum):
    PAY = "pay"
    EXPIRE = "expire"
    CANCEL = "cancel"
    RETURN = "return"


C, A = CollectionState, CollectionAction
COLLECTIONS: Final[Mapping[tuple[CollectionState, CollectionAction], CollectionState]] = MappingProxyType({
    (C.ASKED, A.PAY): C.PAID,
    (C.ASKED, A.EXPIRE): C.EXPIRED,
    (C.ASKED, A.CANCEL): C.CANCELLED,
    # Money that comes late is money: it pays while the dossier still owes it, and a person decides that.
    (C.EXPIRED, A.PAY): C.PAID,
    (C.CANCELLED, A.PAY): C.PAID,
    (C.PAID, A.RETURN): C.RETURNED,
})
FINAL_COLLECTIONS: Final = frozenset({C.PAID, C.EXPIRED, C.CANCELLED, C.RETURNED})


class LineVerdict(StrEnum):
    """What a bank line is to us."""

    MATCHED = "matched"
    NO_REFERENCE = "no-reference"
    UNKNOWN_REFERENCE = "unknown-reference"
    WRONG_AMOUNT = "wrong-amount"
    PAID_ALREADY = "paid-already"
    LATE = "late"
    SEVERAL = "several-references"
    OUTGOING = "outgoing"
    """Money that left the account: kept for the balance, and nobody's payment."""


VERDICT_WORDS: Final[Mapping[LineVerdict, Words]] = MappingProxyType({
    LineVerdict.MATCHED: Words("Khớp", "Matched"),
    LineVerdict.NO_REFERENCE: Words("Không có mã nộp tiền", "No reference in the purpose"),
    LineVerdict.UNKNOWN_REFERENCE: Words("Mã nộp tiền không có trong hệ thống", "The reference is not ours"),
    LineVerdict.WRONG_AMOUNT: Words("Sai số tiền", "Another amount than was asked"),
    LineVerdict.PAID_ALREADY: Words("Khoản này đã nộp rồi", "This was paid before"),
    LineVerdict.LATE: Words("Tiền đến sau khi hết hạn hoặc đã hủy", "The money came after the request had ended"),
    LineVerdict.SEVERAL: Words("Một lần chuyển cho nhiều mã", "One transfer for several references"),
    LineVerdict.OUTGOING: Words("Tiền ra", "Money going out"),
})
EXCEPTIONS: Final = frozenset(LineVerdict) - {LineVerdict.MATCHED, LineVerdict.OUTGOING}


@dataclass(frozen=True, slots=True)
class Asked:
    """A collection as far as a bank line is judged by it."""

    reference: str
    amount: Money
    state: CollectionState
    expires_at: datetime


def judge(references: Sequence[str], amount: Money, booked_at: datetime, asked: Mapping[str, Asked]) -> LineVerdict:
    """What a line of `amount`, booked at `booked_at`, is, given the collections of its references that are known."""
    if amount.amount <= 0:
        return LineVerdict.OUTGOING
    if not references:
        return LineVerdict.NO_REFERENCE
    known = [asked[reference] for reference in references if reference in asked]
    if not known:
        return LineVerdict.UNKNOWN_REFERENCE
    if len(known) > 1:
        return LineVerdict.SEVERAL
    return _of_one(known[0], amount, booked_at)


def _of_one(wanted: Asked, amount: Money, booked_at: datetime) -> LineVerdict:
    if wanted.state in {CollectionState.PAID, CollectionState.RETURNED}:
        return LineVerdict.PAID_ALREADY
    if wanted.amount != amount:
        return LineVerdict.WRONG_AMOUNT
    # A code that was expired by our clock while the bank had the money already was paid in time.
    if wanted.state == CollectionState.CANCELLED or booked_at > wanted.expires_at:
        return LineVerdict.LATE
    return LineVerdict.MATCHED

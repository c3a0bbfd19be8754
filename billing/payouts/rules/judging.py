"""What a line of the paying account is: an order's payment, its money come back, or something to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.payouts.rules.states import OrderState
from billing.rules.words import Words
from shared.money import Money


class Verdict(StrEnum):
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    NO_REFERENCE = "no-reference"
    UNKNOWN_REFERENCE = "unknown-reference"
    SEVERAL = "several-references"
    WRONG_AMOUNT = "wrong-amount"
    NOT_HANDED_OVER = "not-handed-over"
    TOLD_BEFORE = "told-before"
    OTHER_INCOME = "other-income"
    """Money that came in and names no order: the account is fed."""


EXCEPTIONS: Final = frozenset({Verdict.NO_REFERENCE, Verdict.UNKNOWN_REFERENCE, Verdict.SEVERAL, Verdict.WRONG_AMOUNT,
                               Verdict.NOT_HANDED_OVER, Verdict.TOLD_BEFORE})
VERDICT_WORDS: Final[Mapping[Verdict, Words]] = MappingProxyType({
    Verdict.CONFIRMED: Words("Đã chi đúng lệnh", "Paid as ordered"),
    Verdict.RETURNED: Words("Tiền bị trả lại", "The money came back"),
    Verdict.NO_REFERENCE: Words("Tiền ra không có mã lệnh", "Money went out without a reference"),
    Verdict.UNKNOWN_REFERENCE: Words("Mã lệnh không có trong hệ thống", "The reference is not ours"),
    Verdict.SEVERAL: Words("Một dòng cho nhiều lệnh", "One line for several orders"),
    Verdict.WRONG_AMOUNT: Words("Sai số tiền của lệnh", "Another amount than was ordered"),
    Verdict.NOT_HANDED_OVER: Words("Lệnh chưa giao ngân hàng", "The order was never handed over"),
    Verdict.TOLD_BEFORE: Words("Lệnh này đã được báo rồi", "This order was told before"),
    Verdict.OTHER_INCOME: Words("Tiền vào khác", "Other money coming in"),
})


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order as far as a bank line is judged by it."""

    reference: str
    amount: Money
    state: OrderState


def judge(references: Sequence[str], amount: Money, known: Mapping[str, Ordered]) -> Verdict:
    """What a line of `amount` (negative: it left the account) is, given the orders of its references."""
    if not references:
        return Verdict.OTHER_INCOME if amount.amount >= 0 else Verdict.NO_REFERENCE
    mine = [known[reference] for reference in references if reference in known]
    if not mine:
        return Verdict.UNKNOWN_REFERENCE
    if len(mine) > 1:
        return Verdict.SEVERAL
    return _of_one(mine[0], amount)


def _of_one(order: Ordered, amount: Money) -> Verdict:
    if order.state in {OrderState.WRITTEN, OrderState.DROPPED}:
        return Verdict.NOT_HANDED_OVER
    if abs(amount.amount) != order.amount.amount:
        return Verdict.WRONG_AMOUNT
    if amount.amount > 0:
        return Verdict.TOLD_BEFORE if order.state == OrderState.RETURNED else Verdict.RETURNED
    return Verdict.CONFIRMED if order.state in {OrderState.SENT, OrderState.UNKNOWN} else Verdict.TOLD_BEFORE

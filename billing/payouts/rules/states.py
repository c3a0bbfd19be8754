"""The states of a payee's account, of what is owed to her, of one try to pay it, and of a batch of tries."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words

COOLING_OFF: Final = timedelta(hours=48)
"""Between the approval of an account and the first payment into it: time for its owner to say that it is not hers."""


class Method(StrEnum):
    BANK = "bank"
    """A file for the bank."""
    STRIPE = "stripe"
    """A transfer to a connected account of the card service."""


class AccountState(StrEnum):
    ENTERED = "entered"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"


class AccountAction(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    END = "end"


ACCOUNTS: Final[Mapping[tuple[AccountState, AccountAction], AccountState]] = MappingProxyType({
    (AccountState.ENTERED, AccountAction.APPROVE): AccountState.APPROVED,
    (AccountState.ENTERED, AccountAction.REFUSE): AccountState.REFUSED,
    (AccountState.APPROVED, AccountAction.END): AccountState.ENDED,
})
FINAL_ACCOUNTS: Final = frozenset({AccountState.REFUSED, AccountState.ENDED})


class PayoutState(StrEnum):
    """What is owed to one payee out of one released statement."""

    DUE = "due"
    ORDERED = "ordered"
    PAID = "paid"
    RETURNED = "returned"
    """The money came back; a person says when it is tried again."""
    WITHDRAWN = "withdrawn"
    """The Treasury paid the whole statement by an order of its own."""


class PayoutAction(StrEnum):
    ORDER = "order"
    DROP = "drop"
    CONFIRM = "confirm"
    RETURN = "return"
    REISSUE = "reissue"
    WITHDRAW = "withdraw"


P, A = PayoutState, PayoutAction
PAYOUTS: Final[Mapping[tuple[PayoutState, PayoutAction], PayoutState]] = MappingProxyType({
    (P.DUE, A.ORDER): P.ORDERED,
    (P.DUE, A.WITHDRAW): P.WITHDRAWN,
    (P.ORDERED, A.DROP): P.DUE,
    (P.ORDERED, A.CONFIRM): P.PAID,
    (P.ORDERED, A.RETURN): P.RETURNED,
    # Banks send money back days after they have taken it.
    (P.PAID, A.RETURN): P.RETURNED,
    (P.RETURNED, A.REISSUE): P.DUE,
})
FINAL_PAYOUTS: Final = frozenset({P.PAID, P.WITHDRAWN})


class OrderState(StrEnum):
    """One try to pay."""

    WRITTEN = "written"
    SENT = "sent"
    UNKNOWN = "unknown"
    """The card service was asked and did not answer: it is asked what became of it, before anything else."""
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    DROPPED = "dropped"


class OrderAction(StrEnum):
    SEND = "send"
    LOSE = "lose"
    CONFIRM = "confirm"
    RETURN = "return"
    DROP = "drop"


R, B = OrderState, OrderAction
ORDERS: Final[Mapping[tuple[OrderState, OrderAction], OrderState]] = MappingProxyType({
    (R.WRITTEN, B.SEND): R.SENT,
    (R.WRITTEN, B.DROP): R.DROPPED,
    (R.SENT, B.LOSE): R.UNKNOWN,
    (R.SENT, B.CONFIRM): R.CONFIRMED,
    (R.SENT, B.RETURN): R.RETURNED,
    (R.UNKNOWN, B.CONFIRM): R.CONFIRMED,
    (R.UNKNOWN, B.RETURN): R.RETURNED,
    (R.CONFIRMED, B.RETURN): R.RETURNED,
})
LIVE_ORDERS: Final = (R.WRITTEN, R.SENT, R.UNKNOWN, R.CONFIRMED)
"""At most one of a payout is live: nobody is paid twice."""
FINAL_ORDERS: Final = frozenset({R.CONFIRMED, R.RETURNED, R.DROPPED})


class BatchState(StrEnum):
    MADE = "made"
    APPROVED = "approved"
    HANDED_OVER = "handed_over"
    SETTLED = "settled"
    """Each of its orders was confirmed or returned."""
    DROPPED = "dropped"


class BatchAction(StrEnum):
    APPROVE = "approve"
    HAND_OVER = "hand_over"
    SETTLE = "settle"
    DROP = "drop"


S, T = BatchState, BatchAction
BATCHES: Final[Mapping[tuple[BatchState, BatchAction], BatchState]] = MappingProxyType({
    (S.MADE, T.APPROVE): S.APPROVED,
    (S.MADE, T.DROP): S.DROPPED,
    (S.APPROVED, T.HAND_OVER): S.HANDED_OVER,
    (S.APPROVED, T.DROP): S.DROPPED,
    (S.HANDED_OVER, T.SETTLE): S.SETTLED,
})
FINAL_BATCHES: Final = frozenset({S.SETTLED, S.DROPPED})

METHOD_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    Method.BANK: Words("Tệp chi ngân hàng", "Bank file"),
    Method.STRIPE: Words("Chuyển qua Stripe", "Stripe transfer"),
})
ACCOUNT_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    AccountState.ENTERED: Words("Chờ người thứ hai", "Waits for a second person"),
    AccountState.APPROVED: Words("Đã duyệt", "Approved"),
    AccountState.REFUSED: Words("Đã từ chối", "Refused"),
    AccountState.ENDED: Words("Đã thay", "Replaced"),
})
PAYOUT_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    P.DUE: Words("Chờ chi", "To be paid"),
    P.ORDERED: Words("Đang chi", "On its way"),
    P.PAID: Words("Đã chi", "Paid"),
    P.RETURNED: Words("Bị trả lại", "Returned"),
    P.WITHDRAWN: Words("Kho bạc đã trả trực tiếp", "Paid by the Treasury itself"),
})
ORDER_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    R.WRITTEN: Words("Đã lập lệnh", "Written"),
    R.SENT: Words("Đã chuyển lệnh", "Sent"),
    R.UNKNOWN: Words("Chưa rõ, đang hỏi lại", "Not known, being asked for"),
    R.CONFIRMED: Words("Đã chi", "Paid"),
    R.RETURNED: Words("Bị trả lại", "Returned"),
    R.DROPPED: Words("Đã bỏ", "Dropped"),
})
BATCH_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    S.MADE: Words("Đã lập", "Made"),
    S.APPROVED: Words("Đã duyệt", "Approved"),
    S.HANDED_OVER: Words("Đã giao ngân hàng", "Handed over"),
    S.SETTLED: Words("Đã xong", "Settled"),
    S.DROPPED: Words("Đã bỏ", "Dropped"),
})

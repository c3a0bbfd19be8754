"""The states of a request to take a line back, and how long it may wait. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words

ANSWERED_WITHIN_WORKING_DAYS: Final = 3
"""What nobody has answered by then lapses: the figures it was asked with grow old."""
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 300
"""As long as a reversal's reason in the books."""


class TakeBackState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    """Done: the line is taken back, and charged anew if that was asked."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """Nobody answered in time."""


class TakeBackStep(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


S, A = TakeBackState, TakeBackStep
STEPS: Final[Mapping[tuple[TakeBackState, TakeBackStep], TakeBackState]] = MappingProxyType({
    (S.ASKED, A.APPROVE): S.APPROVED,
    (S.ASKED, A.REFUSE): S.REFUSED,
    (S.ASKED, A.WITHDRAW): S.WITHDRAWN,
    (S.ASKED, A.LAPSE): S.LAPSED,
})
FINAL: Final = frozenset(S) - {S.ASKED}
STATES: Final[Mapping[TakeBackState, Words]] = MappingProxyType({
    S.ASKED: Words("Chờ người thứ hai duyệt", "Waits for the second person"),
    S.APPROVED: Words("Đã đảo", "Taken back"),
    S.REFUSED: Words("Không duyệt", "Refused"),
    S.WITHDRAWN: Words("Người đề nghị đã rút", "Withdrawn by who asked"),
    S.LAPSED: Words("Hết hạn, chưa ai trả lời", "Lapsed, nobody answered"),
})

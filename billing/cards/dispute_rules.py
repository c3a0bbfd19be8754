"""A card dispute as a state machine: the cardholder's bank asks for a payment back, or asks about it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words


class DisputeState(StrEnum):
    OPEN = "open"
    """Somebody of the operator's headquarters answers before the bank's day."""
    ANSWERED = "answered"
    """Our answer is being told to the card service, or told and not known how it ended."""
    REVIEW = "review"
    """The cardholder's bank decides."""
    WON = "won"
    LOST = "lost"


class DisputeAction(StrEnum):
    ASK = "ask"
    ANSWER = "answer"
    REVIEW = "review"
    WIN = "win"
    LOSE = "lose"


S, A = DisputeState, DisputeAction
CARD_DISPUTES: Final[Mapping[tuple[DisputeState, DisputeAction], DisputeState]] = MappingProxyType({
    (S.OPEN, A.ANSWER): S.ANSWERED,
    (S.OPEN, A.REVIEW): S.REVIEW,
    (S.OPEN, A.WIN): S.WON,
    (S.OPEN, A.LOSE): S.LOST,
    # The service did not take the answer.
    (S.ANSWERED, A.ASK): S.OPEN,
    (S.ANSWERED, A.REVIEW): S.REVIEW,
    (S.ANSWERED, A.WIN): S.WON,
    (S.ANSWERED, A.LOSE): S.LOST,
    # What was a question becomes a dispute, or the bank asks once more.
    (S.REVIEW, A.ASK): S.OPEN,
    (S.REVIEW, A.WIN): S.WON,
    (S.REVIEW, A.LOSE): S.LOST,
    # Card networks let both sides appeal: the service's present word counts.
    (S.WON, A.ASK): S.OPEN,
    (S.WON, A.REVIEW): S.REVIEW,
    (S.WON, A.LOSE): S.LOST,
    (S.LOST, A.ASK): S.OPEN,
    (S.LOST, A.REVIEW): S.REVIEW,
    (S.LOST, A.WIN): S.WON,
})
FINAL_CARD_DISPUTES: Final = frozenset({S.WON, S.LOST})

DISPUTE_WORDS: Final[Mapping[DisputeState, Words]] = MappingProxyType({
    S.OPEN: Words("Chờ trả lời", "Waits for an answer"),
    S.ANSWERED: Words("Đang gửi trả lời", "The answer is being sent"),
    S.REVIEW: Words("Ngân hàng chủ thẻ đang xét", "The cardholder's bank decides"),
    S.WON: Words("Giữ được tiền", "Won"),
    S.LOST: Words("Mất tiền", "Lost"),
})
_ACTIONS: Final[Mapping[str, DisputeAction]] = MappingProxyType({
    "needs_response": A.ASK, "warning_needs_response": A.ASK, "appeal_needs_response": A.ASK,
    "under_review": A.REVIEW, "warning_under_review": A.REVIEW, "appeal_under_review": A.REVIEW,
    "won": A.WIN, "warning_closed": A.WIN, "prevented": A.WIN, "lost": A.LOSE})
REASON_WORDS: Final[Mapping[str, Words]] = MappingProxyType({
    "fraudulent": Words("Chủ thẻ nói không phải mình trả", "The cardholder says that she did not pay"),
    "product_not_received": Words("Chủ thẻ nói chưa nhận được dịch vụ", "The cardholder says that nothing came"),
    "product_unacceptable": Words("Chủ thẻ nói dịch vụ không đúng", "The cardholder says that it is not as told"),
    "duplicate": Words("Chủ thẻ nói bị trừ tiền hai lần", "The cardholder says that it was charged twice"),
    "credit_not_processed": Words("Chủ thẻ nói chưa được hoàn tiền", "The cardholder says that a refund is due"),
    "unrecognized": Words("Chủ thẻ không nhận ra khoản này", "The cardholder does not know the payment"),
    "subscription_canceled": Words("Chủ thẻ nói đã hủy", "The cardholder says that it was cancelled"),
    "general": Words("Ngân hàng không nói rõ", "The bank does not say why"),
})


def moved(before: DisputeState, status: str) -> DisputeState:
    """The state after the service's word `status`; a word that we do not know, or a repeat, changes nothing."""
    action = _ACTIONS.get(status)
    # The service asks until our answer has reached it: that is no new question.
    if action is None or (action is A.ASK and before is S.ANSWERED):
        return before
    return CARD_DISPUTES.get((before, action), before)


def is_inquiry(status: str) -> bool:
    """The bank only asks: no money has left."""
    return status.startswith("warning")

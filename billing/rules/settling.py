"""A month's way from its last day to the city's money: each step another person's, signed with the figures she saw.

prepared → reviewed → approved → released → reconciled. SoD: whoever prepared neither reviews, approves nor releases;
whoever reviewed neither approves nor releases; whoever approved does not release; and whoever reconciles with the
Treasury did none of the last three. The people are compared, not their roles, so a person who changed roles, or acts
for somebody, stays the same person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.claims import Patience
from billing.rules.words import Words
from shared.roles import Role


class Settling(StrEnum):
    OPEN = "open"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RELEASED = "released"
    RECONCILED = "reconciled"


class Step(StrEnum):
    PREPARE = "prepare"
    REVIEW = "review"
    AGREE = "agree"
    """The operator signs the joint minutes; moves nothing."""
    APPROVE = "approve"
    RELEASE = "release"
    RECONCILE = "reconcile"
    SEND_BACK = "send_back"


SETTLING: Final[Mapping[tuple[Settling, Step], Settling]] = MappingProxyType({
    (Settling.OPEN, Step.PREPARE): Settling.PREPARED,
    (Settling.PREPARED, Step.REVIEW): Settling.REVIEWED,
    (Settling.REVIEWED, Step.AGREE): Settling.REVIEWED,
    (Settling.REVIEWED, Step.APPROVE): Settling.APPROVED,
    (Settling.REVIEWED, Step.SEND_BACK): Settling.PREPARED,
    (Settling.APPROVED, Step.RELEASE): Settling.RELEASED,
    (Settling.APPROVED, Step.SEND_BACK): Settling.PREPARED,
    (Settling.RELEASED, Step.RECONCILE): Settling.RECONCILED,
})
FINAL_SETTLING: Final = frozenset({Settling.RECONCILED})
SETTLING_WORDS: Final[Mapping[Settling, Words]] = MappingProxyType({
    Settling.OPEN: Words("Đang mở", "Open"),
    Settling.PREPARED: Words("Đã lập", "Prepared"),
    Settling.REVIEWED: Words("Đã xem xét", "Reviewed"),
    Settling.APPROVED: Words("Đã duyệt", "Approved"),
    Settling.RELEASED: Words("Đã chuyển chi", "Released"),
    Settling.RECONCILED: Words("Đã khớp với Kho bạc", "Reconciled"),
})
WATCHED_SETTLING: Final[Mapping[Settling, Patience]] = MappingProxyType({
    Settling.OPEN: Patience(Role.FINANCE_REVIEWER, timedelta(days=10)),
    Settling.PREPARED: Patience(Role.FINANCE_REVIEWER, timedelta(days=10)),
    Settling.REVIEWED: Patience(Role.FINANCE_APPROVER, timedelta(days=5)),
    Settling.APPROVED: Patience(Role.FINANCE_APPROVER, timedelta(days=5)),
    Settling.RELEASED: Patience(Role.FINANCE_REVIEWER, timedelta(days=5)),
})
"""How long after the month's end, or after the step before, a statement may wait for the next."""


class Why(StrEnum):
    """Why an amount of a released statement is not paid with it."""

    HELD = "held"
    """On hold: disputed, or touched by a known error."""
    BUDGET = "budget"
    """Owed, and waiting for more budget."""
    BELOW_ZERO = "below-zero"
    """The statement came out below zero: the next one pays so much less."""


WHY_WORDS: Final[Mapping[Why, Words]] = MappingProxyType({
    Why.HELD: Words("Đang giữ vì tranh chấp", "Held, because disputed"),
    Why.BUDGET: Words("Chờ dự toán", "Waits for budget"),
    Why.BELOW_ZERO: Words("Âm, trừ vào kỳ sau", "Below zero, taken from the next month"),
})


@dataclass(frozen=True, slots=True)
class Duty:
    """Who takes a step, and the steps whose signer may not take it."""

    role: str
    not_signer_of: frozenset[Step] = frozenset()


S = Step
DUTIES: Final[Mapping[Step, Duty]] = MappingProxyType({
    S.PREPARE: Duty(Role.FINANCE_REVIEWER),
    S.REVIEW: Duty(Role.FINANCE_REVIEWER, frozenset({S.PREPARE})),
    S.AGREE: Duty(Role.OPERATOR_HQ),
    S.APPROVE: Duty(Role.FINANCE_APPROVER, frozenset({S.PREPARE, S.REVIEW})),
    S.RELEASE: Duty(Role.FINANCE_APPROVER, frozenset({S.PREPARE, S.REVIEW, S.APPROVE})),
    S.RECONCILE: Duty(Role.FINANCE_REVIEWER, frozenset({S.REVIEW, S.APPROVE, S.RELEASE})),
})
ORDER: Final = (S.PREPARE, S.REVIEW, S.APPROVE, S.RELEASE, S.RECONCILE)
"""The steps that move money nearer."""


def next_step(state: str) -> Step | None:
    """The step of ORDER that is possible in `state`."""
    return next((step for step in ORDER if (Settling(state), step) in SETTLING), None)


def clashing_step(step: Step, signer: str, signed: Mapping[Step, str]) -> Step | None:
    """The step because of which `signer` may not take `step`; `signed` is who signed which step of this round."""
    return next((each for each in ORDER if each in DUTIES[step].not_signer_of and signed.get(each) == signer), None)

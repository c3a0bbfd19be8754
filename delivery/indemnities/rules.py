"""What is owed, by which dated terms, and through which hands a claim goes until it is paid or waived. Pure.

Decree 47/2011/NĐ-CP, Art. 25: at least four times the postage for a loss, the refund of it included; late: the postage
is refunded; paid within 30 days. Originals that are lost are issued anew at the post's cost (Circular
17/2017/TT-BTTTT).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from billing.records import Quote, Step
from delivery.errors import IndemnitySettled
from delivery.searches.rules import Watch
from shared.money import ZERO, Money
from shared.roles import Role


class IndemnityKind(StrEnum):
    LATE = "late"
    LOSS = "loss"
    REISSUE = "reissue"


class IndemnityState(StrEnum):
    PROPOSED = "proposed"
    """Worked out; the operator answers."""
    OBJECTED = "objected"
    """The operator says why it does not owe it; the city decides."""
    UNANSWERED = "unanswered"
    """The operator has said nothing in time; the city decides."""
    OWED = "owed"
    """Agreed or decided: in the books, to be paid by a day."""
    PAID = "paid"
    WAIVED = "waived"
    """The city has decided that nothing is owed."""


class IndemnityAction(StrEnum):
    ACCEPT = "accept"
    OBJECT = "object"
    LAPSE = "lapse"
    """The day for the answer has passed."""
    UPHOLD = "uphold"
    WAIVE = "waive"
    PAY = "pay"


S, A = IndemnityState, IndemnityAction
TRANSITIONS: Final[Mapping[tuple[IndemnityState, IndemnityAction], IndemnityState]] = MappingProxyType({
    (S.PROPOSED, A.ACCEPT): S.OWED,
    (S.PROPOSED, A.OBJECT): S.OBJECTED,
    (S.PROPOSED, A.LAPSE): S.UNANSWERED,
    (S.OBJECTED, A.UPHOLD): S.OWED,
    (S.OBJECTED, A.WAIVE): S.WAIVED,
    (S.UNANSWERED, A.UPHOLD): S.OWED,
    (S.UNANSWERED, A.WAIVE): S.WAIVED,
    (S.OWED, A.PAY): S.PAID,
})
FINAL_INDEMNITY: Final = frozenset({S.PAID, S.WAIVED})
WATCHED: Final[Mapping[IndemnityState, Watch]] = MappingProxyType({
    S.PROPOSED: Watch(Role.OPERATOR_HQ, "lapse_unanswered"),
    S.OBJECTED: Watch(Role.FINANCE_REVIEWER, ""),
    S.UNANSWERED: Watch(Role.FINANCE_REVIEWER, ""),
    S.OWED: Watch(Role.OPERATOR_HQ, "ask_for_payment"),
})
DECIDE_DAYS: Final = 5

GROUNDS: Final = ("force_majeure", "addressee", "sender", "authority", "found", "other")
"""Why an operator may not owe it (Postal Law 49/2010/QH12): also that the parcel has come after all."""


def next_state(state: IndemnityState, action: IndemnityAction) -> IndemnityState:
    """Raises IndemnitySettled: this is not its turn, or no more."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IndemnitySettled(indemnity_state=state.value, action=action.value) from None


@dataclass(frozen=True, slots=True)
class Terms:
    """The dated rule: how much, and by when."""

    code: str
    valid_from: date
    valid_to: date | None
    loss_times: int
    late_share: Fraction
    answer_working_days: int
    pay_days: int
    legal_basis: str
    confidence: str

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def terms_on(all_terms: Sequence[Terms], day: date) -> Terms | None:
    return next((terms for terms in all_terms if terms.is_in_force(day)), None)


@dataclass(frozen=True, slots=True)
class Owed:
    """An amount with its arithmetic; the parts say who gets it back when postage is refunded."""

    amount: Money
    steps: tuple[Step, ...]
    national_reduction: Money = ZERO
    city_subsidy: Money = ZERO
    citizen_share: Money = ZERO
    subsidy_rule: str = ""


def for_loss(quote: Quote, terms: Terms) -> Owed:
    """Several times the postage, which includes its refund: all of it is the citizen's."""
    amount = quote.gross * terms.loss_times
    return Owed(amount, (*_postage(quote), Step(
        "other", amount, f"Bồi thường mất bưu gửi: {terms.loss_times} lần cước", f"Loss: {terms.loss_times} × postage",
        terms.code, terms.legal_basis, terms.confidence, "lost", "Bưu gửi bị mất; mức bồi thường gồm cả cước hoàn trả.",
        "The parcel was lost; the refund of the postage is included.")))  # fmt: skip


def for_delay(quote: Quote, terms: Terms) -> Owed:
    """The postage goes back to whoever bore it, in the same parts."""
    share = terms.late_share
    national, city = quote.national_reduction.portion(share), quote.city_subsidy.portion(share)
    amount = quote.gross.portion(share)
    return Owed(
        amount, (*_postage(quote), Step(
            "other", -amount, "Hoàn cước do trễ hẹn", "Late: postage refunded", terms.code, terms.legal_basis,
            terms.confidence, "late", "Bưu gửi tới sau thời hạn J+n; cước được hoàn cho người đã trả.",
            "It arrived after J+n; the postage goes back to whoever paid it.")),
        national, city, amount - national - city, quote.steps[2].rule)  # fmt: skip


def for_reissue(amount: Money, terms: Terms) -> Owed:
    """What it costs to issue lost originals again, as told with its evidence."""
    return Owed(amount, (Step(
        "other", amount, "Chi phí cấp lại bản chính bị mất", "Issuing lost originals again", terms.code,
        terms.legal_basis, terms.confidence, "reissue", "Bưu điện chịu toàn bộ chi phí cấp lại giấy tờ bị mất.",
        "The post bears all costs of issuing lost papers again."),))  # fmt: skip


def _postage(quote: Quote) -> tuple[Step, ...]:
    """The tariff that it is worked out from; it is not what the line moves."""
    return (replace(quote.steps[0], kind="other"),)

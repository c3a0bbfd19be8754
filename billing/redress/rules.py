"""Interest on money that came too late. Pure.

Civil Code 91/2015/QH13, Article 357: who is late with a payment owes interest on it for the time of the delay; where
none is agreed, Article 468(2): half of the highest rate that may be agreed, 20 % a year, so 10 %.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words
from shared.money import ZERO, Money

DAYS_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class InterestCard:
    """One version of the rule; half-open."""

    code: str
    name_vi: str
    name_en: str
    valid_from: date
    valid_to: date | None
    rate: Fraction
    """A year's interest as a share."""
    legal_basis: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days under one version of the rule, and what they come to before rounding."""

    rule: str
    days: int
    rate: Fraction


def spans_of(first: date, last: date, cards: Sequence[InterestCard]) -> tuple[Span, ...]:
    """The days from `first` until before `last`, version by version; days without a rule bear no interest."""
    found = []
    for card in sorted(cards, key=lambda each: each.valid_from):
        start, end = max(first, card.valid_from), last if card.valid_to is None else min(last, card.valid_to)
        if start < end:
            found.append(Span(card.code, (end - start) // timedelta(days=1), card.rate))
    return tuple(found)


class NoInterest(StrEnum):
    """Why a line bears none."""

    NO_DELAY = "no-delay"
    NO_RULE = "no-rule"
    TOO_SMALL = "too-small"


NO_INTEREST: Final[Mapping[str, Words]] = MappingProxyType({
    NoInterest.NO_DELAY: Words("Không thiếu ngày nào: sửa hoặc giữ lại ngay trong ngày, tiền chưa bị trừ",
                               "Not missing for a day: corrected or put on hold the same day, before it was taken"),
    NoInterest.NO_RULE: Words("Không có quy định tính lãi cho những ngày này",
                              "No rule of interest holds for these days"),
    NoInterest.TOO_SMALL: Words("Lãi chưa đến nửa đồng", "The interest is less than half a đồng"),
})


def why_none(first: date, last: date, spans: Sequence[Span], share: Money) -> str:
    """A code of NO_INTEREST for a line without interest; empty for one that bears some."""
    if share.amount:
        return ""
    if first >= last:
        return NoInterest.NO_DELAY
    return NoInterest.TOO_SMALL if spans else NoInterest.NO_RULE


def interest(amount: Money, spans: Sequence[Span]) -> Money:
    """Simple interest on a positive `amount`, rounded once, halves away from zero; nothing on what is not owed."""
    if amount.amount <= 0:
        return ZERO
    return amount.portion(sum((span.rate * span.days for span in spans), Fraction(0)) / DAYS_A_YEAR)

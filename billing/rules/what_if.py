"""A draft among the rules of past days: the rate book as it would have been."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from billing.rules.rates import Card, NormCard, RateBook, ReductionCard, SubsidyCard, TariffCard


class ScenarioState(StrEnum):
    ASKED = "asked"
    COMPUTED = "computed"


class Dimension(StrEnum):
    TOTAL = "total"
    KIND = "kind"
    MONTH = "month"
    OPERATOR = "operator"
    OUTLET = "outlet"
    PROCEDURE = "procedure"


def with_drafts(book: RateBook, drafts: Iterable[Card], *, begin: date) -> RateBook:
    """The book in which each draft holds from `begin` on, whatever was in force then; budgets stop nothing.

    A draft that says when it ends is tried over the whole time all the same: the question is what it costs.
    """
    changed = replace(book, stops=())
    for draft in drafts:
        trial = replace(draft, valid_from=begin, valid_to=None)
        changed = _put(changed, trial)
    return changed


def _put(book: RateBook, card: Card) -> RateBook:
    match card:
        case SubsidyCard():
            others = [each for each in book.subsidies if each.province_code != card.province_code]
            return replace(book, subsidies=(*others, card))
        case NormCard():
            norms = [each for each in book.norms if each.province_code != card.province_code]
            return replace(book, norms=(*norms, card))
        case TariffCard():
            tariffs = [each for each in book.tariffs
                       if (each.operator_code, each.direction) != (card.operator_code, card.direction)]
            return replace(book, tariffs=(*tariffs, card))
        case ReductionCard():
            reductions = [each for each in book.reductions if each.beneficiary_class != card.beneficiary_class]
            return replace(book, reductions=(*reductions, card))
        case _:
            return book

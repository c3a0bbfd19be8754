"""Between the three forms of a rule: terms as written, cards as priced with, rows of the book as listed."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from billing.rule_book.terms import (
    ItemTerms,
    ModifierTerms,
    NormTerms,
    PartTerms,
    ReductionTerms,
    SubsidyTerms,
    TariffTerms,
    Terms,
    ZoneTerms,
)
from billing.rules.rates import (
    Card,
    ModifierCard,
    NormCard,
    NormItemCard,
    RateBook,
    ReductionCard,
    SubsidyCard,
    SubsidyPartCard,
    TariffCard,
    Unit,
    WeightStep,
    ZoneRates,
)
from billing.rules.rule_book import RuleKind
from shared.money import Money


def cards_of(book: RateBook, kind: RuleKind, province_code: str) -> list[Card]:
    """Every version of a kind that holds for a city, oldest first."""
    found: Mapping[RuleKind, tuple[Card, ...]] = {
        RuleKind.TARIFF: book.tariffs, RuleKind.REDUCTION: book.reductions,
        RuleKind.SUBSIDY: tuple(card for card in book.subsidies if card.province_code == province_code),
        RuleKind.NORM: tuple(card for card in book.norms if card.province_code == province_code)}
    return list(found.get(kind, ()))


# --- terms to cards -------------------------------------------------------------------------------------------------


def card_of(terms: Terms, province_code: str) -> Card | None:
    """The card that would price by these terms; None for a budget."""
    match terms:
        case SubsidyTerms():
            return SubsidyCard(
                **_head(terms), province_code=province_code, share=Fraction(terms.numerator, terms.denominator),
                cap=_money(terms.cap_per_trip_vnd), channels=tuple(terms.channels),
                directions=tuple(terms.directions), budget_line=terms.budget_line, parts=tuple(map(_part, terms.parts)))
        case NormTerms():
            return _norm(terms, province_code)
        case TariffTerms():
            return TariffCard(**_head(terms), operator_code=terms.operator_code, direction=terms.direction,
                              vat=terms.vat, zones={str(zone): _zone(rates) for zone, rates in terms.zones.items()})
        case ReductionTerms():
            return ReductionCard(**_head(terms), beneficiary_class=terms.beneficiary_class,
                                 share=Fraction(terms.numerator, terms.denominator))
        case _:
            return None


def _head(terms: SubsidyTerms | NormTerms | TariffTerms | ReductionTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in (
        "code", "name_vi", "name_en", "valid_from", "valid_to", "legal_basis", "confidence")}


def _money(amount: int | None) -> Money | None:
    return None if amount is None else Money(amount)


def _part(terms: PartTerms) -> SubsidyPartCard:
    return SubsidyPartCard(
        name_vi=terms.name_vi, name_en=terms.name_en, beneficiary_classes=tuple(terms.beneficiary_classes),
        share=Fraction(terms.numerator, terms.denominator), cap=_money(terms.cap_per_trip_vnd),
        channels=tuple(terms.channels), directions=tuple(terms.directions), legal_basis=terms.legal_basis,
        confidence=terms.confidence)


def _zone(rates: ZoneTerms) -> ZoneRates:
    return ZoneRates(tuple(WeightStep(step.up_to_grams, Money(step.amount_vnd)) for step in rates.steps),
                     WeightStep(rates.further.up_to_grams, Money(rates.further.amount_vnd)))


def _norm(terms: NormTerms, province_code: str) -> NormCard:
    plain = [item for item in terms.items if _is_plain(item)]
    return NormCard(
        **_head(terms), province_code=province_code, budget_line=terms.budget_line,
        amounts={item.task: Money(item.amount_vnd) for item in plain},
        items=tuple(NormItemCard(task=item.task, amount=Money(item.amount_vnd), procedure_group=item.procedure_group,
                                 channel=item.channel, complexity=item.complexity, unit=item.unit)
                    for item in terms.items if not _is_plain(item)),
        modifiers=tuple(map(_modifier, terms.modifiers)))


def _is_plain(item: ItemTerms) -> bool:
    return item.unit == Unit.PIECE and not (item.procedure_group or item.channel or item.complexity)


def _modifier(terms: ModifierTerms) -> ModifierCard:
    has_share = terms.numerator is not None and terms.denominator is not None
    return ModifierCard(
        kind=terms.kind, share=Fraction(terms.numerator or 0, terms.denominator or 1) if has_share else None,
        amount=_money(terms.amount_vnd), communes=tuple(terms.communes), late_after_days=terms.late_after_days)


# --- cards to terms -------------------------------------------------------------------------------------------------


def terms_of(card: Card) -> dict[str, Any]:
    """The terms that would write this card, as plain data: what a new version starts from."""
    head: dict[str, Any] = {
        "code": card.code, "name_vi": card.name_vi, "name_en": card.name_en,
        "valid_from": card.valid_from.isoformat(), "valid_to": _day(card.valid_to), "legal_basis": card.legal_basis,
        "confidence": str(card.confidence)}
    match card:
        case SubsidyCard():
            return head | {"kind": "subsidy", "budget_line": card.budget_line, **_pays(card),
                           "parts": [_part_data(part) for part in card.parts]}
        case NormCard():
            return head | {"kind": "norm", "budget_line": card.budget_line, "items": _items_data(card),
                           "modifiers": [_modifier_data(each) for each in card.modifiers]}
        case TariffCard():
            return head | {"kind": "tariff", "operator_code": card.operator_code, "direction": card.direction,
                           "vat": card.vat, "zones": {str(zone): _zone_data(r) for zone, r in card.zones.items()}}
        case ReductionCard():
            return head | {"kind": "reduction", "beneficiary_class": card.beneficiary_class, **_share(card.share)}
        case _:
            raise TypeError(card)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _share(share: Fraction) -> dict[str, int]:
    return {"numerator": share.numerator, "denominator": share.denominator}


def _pays(card: SubsidyCard | SubsidyPartCard) -> dict[str, Any]:
    return {**_share(card.share), "cap_per_trip_vnd": None if card.cap is None else card.cap.amount,
            "channels": list(card.channels), "directions": list(card.directions)}


def _part_data(part: SubsidyPartCard) -> dict[str, Any]:
    return {"name_vi": part.name_vi, "name_en": part.name_en, "beneficiary_classes": list(part.beneficiary_classes),
            "legal_basis": part.legal_basis, "confidence": str(part.confidence), **_pays(part)}


def _items_data(card: NormCard) -> list[dict[str, Any]]:
    plain = [{"task": task, "amount_vnd": amount.amount} for task, amount in card.amounts.items()]
    return plain + [{"task": item.task, "amount_vnd": item.amount.amount, "procedure_group": item.procedure_group,
                     "channel": item.channel, "complexity": item.complexity, "unit": str(item.unit)}
                    for item in card.items]


def _modifier_data(card: ModifierCard) -> dict[str, Any]:
    return {"kind": str(card.kind), **({} if card.share is None else _share(card.share)),
            **({} if card.amount is None else {"amount_vnd": card.amount.amount}),
            "communes": list(card.communes), "late_after_days": card.late_after_days}


def _zone_data(rates: ZoneRates) -> dict[str, Any]:
    further = rates.further
    steps = [{"up_to_grams": step.up_to_grams, "amount_vnd": step.price.amount} for step in rates.steps]
    return {"steps": steps, "further": None if further is None else {
        "up_to_grams": further.up_to_grams, "amount_vnd": further.price.amount}}

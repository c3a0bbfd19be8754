"""The rate book as plain data, for whoever works out a quote away from here."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from billing.rules.rates import Card, RateBook, ReductionCard, SubsidyCard, TariffCard


def cards_as_data(book: RateBook, *, operator_code: str, province_code: str, on: date) -> dict[str, Any]:
    """Code → card of what is in force on a day for an operator and a province."""
    tariffs = [_tariff(card) for card in _in_force(book.tariffs, on) if card.operator_code == operator_code]
    reductions = [_reduction(card) for card in _in_force(book.reductions, on)]
    subsidies = [_subsidy(card) for card in _in_force(book.subsidies, on) if card.province_code == province_code]
    return {f"{card['kind']}:{card['code']}": card for card in (*tariffs, *reductions, *subsidies)}


def _in_force[C: Card](cards: Iterable[C], on: date) -> list[C]:
    return [card for card in cards if card.is_in_force(on)]


def _head(card: Card, kind: str) -> dict[str, Any]:
    return {"kind": kind, "code": card.code, "name": {"vi": card.name_vi, "en": card.name_en},
            "valid_from": card.valid_from.isoformat(), "valid_to": card.valid_to.isoformat() if card.valid_to else None,
            "legal_basis": card.legal_basis, "confidence": str(card.confidence)}


def _share(share: Fraction) -> list[int]:
    return [share.numerator, share.denominator]


def _tariff(card: TariffCard) -> dict[str, Any]:
    zones = {str(zone): {"steps": [[step.up_to_grams, step.price.amount] for step in rates.steps],
                         "further": [rates.further.up_to_grams, rates.further.price.amount] if rates.further else None}
             for zone, rates in card.zones.items()}
    return _head(card, "tariff") | {"direction": card.direction, "vat": card.vat, "zones": zones}


def _reduction(card: ReductionCard) -> dict[str, Any]:
    return _head(card, "reduction") | {"beneficiary_class": card.beneficiary_class, "share": _share(card.share)}


def _subsidy(card: SubsidyCard) -> dict[str, Any]:
    return _head(card, "subsidy") | {
        "share": _share(card.share), "cap_vnd": card.cap.amount if card.cap is not None else None,
        "channels": list(card.channels), "directions": list(card.directions)}

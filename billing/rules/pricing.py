"""What one trip costs whom: tariff → national reduction → city subsidy → citizen's share.

The order follows the rules themselves: Circular 22/2017/TT-BTTTT lowers the price, the city's resolution pays of the
price that is left, and the citizen pays the rest. So a city never pays what the national reduction already removed.
Rounding is to the whole đồng, halves away from zero; the citizen's share takes the residue.
"""

from dataclasses import dataclass

from billing.errors import NoTariff, WeightNotPriced, ZoneNotPriced
from billing.records import PostageCase, Quote, Step
from billing.rules.rates import RateBook, ReductionCard, TariffCard, WeightStep
from billing.rules.repeats import Bearer, borne_by_carrier, support_of
from billing.rules.subsidies import subsidy_step
from billing.rules.words import dong, grams, share
from billing.rules.zones import ZONE_WORDS
from shared.money import ZERO, Money
from shared.places import REFORM_DATE

HEAVIEST_GRAMS = 30_000
"""The heaviest parcel of a dossier that any tariff or the parcel table accepts."""

_SURENESS = ("assumed", "known", "verified")


@dataclass(frozen=True, slots=True)
class Price:
    """A parcel's price and the step it falls in: a fixed one, plus `further_times` of the further one."""

    amount: Money
    fixed: WeightStep
    further: WeightStep | None = None
    further_times: int = 0


def weakest(*confidences: str) -> str:
    """A chain of rules is as sure as its weakest one."""
    return min(confidences, key=_SURENESS.index)


def price_of(tariff: TariffCard, zone: str, weight_grams: int) -> Price:
    """Raises ZoneNotPriced, WeightNotPriced."""
    column = tariff.zones.get(zone)
    if column is None:
        raise ZoneNotPriced(zone=zone, tariff=tariff.code)
    if not 1 <= weight_grams <= HEAVIEST_GRAMS:
        raise WeightNotPriced(weight_grams=weight_grams)
    for step in column.steps:
        if weight_grams <= step.up_to_grams:
            return Price(step.price, step)
    last, further = column.steps[-1], column.further
    if further is None:
        raise WeightNotPriced(weight_grams=weight_grams, tariff=tariff.code)
    times = -((last.up_to_grams - weight_grams) // further.up_to_grams)
    return Price(last.price + further.price * times, last, further, times)


def quote(case: PostageCase, book: RateBook) -> Quote:
    """Raises NoTariff, ZoneNotPriced, WeightNotPriced."""
    tariff = book.tariff(case.operator_code, case.direction, case.on)
    if tariff is None:
        raise NoTariff(operator_code=case.operator_code, direction=case.direction, on=case.on.isoformat())
    bearer = Bearer(case.borne_by) if case.borne_by else None
    first = _tariff_step(case, tariff)
    if bearer is Bearer.CARRIER:
        first = borne_by_carrier(first)
    second = _reduction_step(case, first.amount, book)
    left = first.amount + second.amount
    third = subsidy_step(case, left, book) if bearer is None else support_of(
        bearer, left, book.province_name(case.province_code))
    citizen = left + third.amount
    last = Step("citizen_share", citizen, "Người dân trả", "The citizen pays", "remainder",
                "Phần cước còn lại sau giảm trừ và hỗ trợ", weakest(*(s.confidence for s in (first, second, third))))
    return Quote(case, first.amount, -second.amount, -third.amount, citizen, (first, second, third, last))


def _tariff_step(case: PostageCase, tariff: TariffCard) -> Step:
    price = price_of(tariff, case.zone, case.weight_grams)
    zone = ZONE_WORDS[case.zone]
    name_vi, name_en = ("Cước gửi hồ sơ", "Sending the dossier") if case.direction == "dossier" else (
        "Cước trả kết quả", "Returning the result")
    weight_vi, weight_en = _weight_words(price)
    return Step(
        "tariff", price.amount, f"{name_vi}, {weight_vi}", f"{name_en}, {weight_en}", tariff.code, tariff.legal_basis,
        weakest(tariff.confidence, "assumed") if case.on >= REFORM_DATE else tariff.confidence,
        "zone", f"Vùng cước {zone.name_vi}. {zone.reason_vi}", f"Zone: {zone.name_en}. {zone.reason_en}")


def _weight_words(price: Price) -> tuple[str, str]:
    fixed = grams(price.fixed.up_to_grams)
    if price.further is None:
        return f"đến {fixed.vi}", f"up to {fixed.en}"
    further = grams(price.further.up_to_grams)
    return (f"{fixed.vi} đầu + {price.further_times} × {further.vi}",
            f"first {fixed.en} + {price.further_times} × {further.en}")


def _reduction_step(case: PostageCase, gross: Money, book: RateBook) -> Step:
    classes = case.beneficiary_classes
    if not classes:
        return _no_reduction("no-class", "Không có giấy tờ thuộc diện giảm cước.",
                             "No proof of a class with a national reduction.")
    cards = [card for name in classes if (card := book.reduction(name, case.on)) is not None]
    if not cards:
        return _no_reduction("class-not-reduced", "Diện đã khai không được giảm cước vào ngày này.",
                             "The stated class has no reduction on this day.")
    best = max(cards, key=lambda card: card.share)
    return _reduced(best, -gross.portion(best.share), several=len(cards) > 1)


def _no_reduction(code: str, reason_vi: str, reason_en: str) -> Step:
    return Step("national_reduction", ZERO, "Giảm cước quốc gia", "National reduction", "TT22-2017",
                "Thông tư 22/2017/TT-BTTTT", "verified", code, reason_vi, reason_en)


def _reduced(card: ReductionCard, amount: Money, *, several: bool) -> Step:
    rate, saved = share(card.share), dong(-amount)
    extra_vi, extra_en = ("; thuộc nhiều diện, chỉ tính mức cao nhất", "; of several classes only the best counts") if (
        several) else ("", "")
    return Step(
        "national_reduction", amount, f"Giảm quốc gia {rate.vi}, {_lower(card.name_vi)}",
        f"National reduction {rate.en}, {_lower(card.name_en)}", card.code, card.legal_basis, card.confidence,
        "reduced", f"Quy định quốc gia đã giảm {saved.vi}{extra_vi}.", f"A national rule removes {saved.en}{extra_en}.")


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]

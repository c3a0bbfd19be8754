"""The rate book as the tables have it: kept for a minute, then read again only when the tables changed."""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypedDict

from django.db import connection

from billing.models.rates import CompensationNorm, DatedRule, NormItem, Reduction, SubsidyRuleSet, Tariff, TariffRate
from billing.rules.rates import (
    NormCard,
    ProvinceCard,
    RateBook,
    ReductionCard,
    SubsidyCard,
    TariffCard,
    WeightStep,
    ZoneRates,
)
from shared.models.places import Province
from shared.money import Money

_KEPT_SECONDS: Final = 60.0
# A few hundred short rows: hashing their text is the cheapest way to notice any insert, update or delete.
_VERSION: Final = " UNION ALL ".join(
    f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {model._meta.db_table} t"  # noqa: S608  # our own tables
    for model in (Tariff, TariffRate, Reduction, SubsidyRuleSet, CompensationNorm, NormItem, Province))

type Version = tuple[tuple[int, int | None], ...]


@dataclass(slots=True)
class _Kept:
    until: float
    version: Version
    book: RateBook


_kept: _Kept | None = None


def rate_book() -> RateBook:
    global _kept  # noqa: PLW0603  # one value per process, rebuilt from the tables
    now = time.monotonic()
    if _kept is not None and now < _kept.until:
        return _kept.book
    version = _version()
    book = _kept.book if _kept is not None and _kept.version == version else _read()
    _kept = _Kept(now + _KEPT_SECONDS, version, book)
    return book


def forget() -> None:
    """Drop the kept book, after the tables were loaded anew."""
    global _kept  # noqa: PLW0603
    _kept = None


def _version() -> Version:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return tuple((int(count), None if total is None else int(total)) for count, total in cursor.fetchall())


def _read() -> RateBook:
    return RateBook(
        tariffs=_tariffs(),
        reductions=tuple(_reduction(row) for row in Reduction.objects.order_by("valid_from", "id")),
        subsidies=tuple(_subsidy(row) for row in SubsidyRuleSet.objects.order_by("valid_from", "id")),
        norms=_norms(),
        provinces={row.code: ProvinceCard(row.name, row.region) for row in Province.objects.all()},
    )


class _Head(TypedDict):
    code: str
    name_vi: str
    name_en: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    confidence: str


def _head(row: DatedRule) -> _Head:
    return _Head(code=row.code, name_vi=row.name_vi, name_en=row.name_en, valid_from=row.valid_from,
                 valid_to=row.valid_to, legal_basis=row.legal_basis, confidence=row.confidence)


def _tariffs() -> tuple[TariffCard, ...]:
    rates: dict[int, dict[str, list[TariffRate]]] = defaultdict(lambda: defaultdict(list))
    for rate in TariffRate.objects.order_by("up_to_grams"):
        rates[rate.tariff_id][rate.zone].append(rate)
    return tuple(
        TariffCard(**_head(row), operator_code=row.operator_code, direction=row.direction, vat=row.vat,
                   zones={zone: _column(column) for zone, column in rates[row.id].items()})
        for row in Tariff.objects.order_by("valid_from", "id"))


def _column(rates: list[TariffRate]) -> ZoneRates:
    steps = [(rate.is_further_step, WeightStep(rate.up_to_grams, rate.price)) for rate in rates]
    return ZoneRates(tuple(step for is_further, step in steps if not is_further),
                     next((step for is_further, step in steps if is_further), None))


def _reduction(row: Reduction) -> ReductionCard:
    return ReductionCard(**_head(row), beneficiary_class=row.beneficiary_class,
                         share=Fraction(row.numerator, row.denominator))


def _subsidy(row: SubsidyRuleSet) -> SubsidyCard:
    return SubsidyCard(**_head(row), province_code=row.province_id, share=Fraction(row.numerator, row.denominator),
                       cap=row.cap_per_trip, channels=tuple(row.channels), directions=tuple(row.directions),
                       budget_line=row.budget_line)


def _norms() -> tuple[NormCard, ...]:
    amounts: dict[int, dict[str, Money]] = defaultdict(dict)
    for item in NormItem.objects.all():
        amounts[item.norm_id][item.task] = item.amount
    return tuple(NormCard(**_head(row), province_code=row.province_id, amounts=amounts[row.id])
                 for row in CompensationNorm.objects.order_by("valid_from", "id"))

"""The rate book as the tables have it: kept for a minute, then read again only when the tables changed."""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypedDict

from django.db import connection

from billing.models.budget import BudgetStop
from billing.models.rates import (
    CompensationNorm,
    DatedRule,
    NormItem,
    NormModifier,
    Reduction,
    SubsidyPart,
    SubsidyRuleSet,
    Tariff,
    TariffRate,
)
from billing.rules.rates import (
    BudgetStopCard,
    ModifierCard,
    NormCard,
    NormItemCard,
    ProvinceCard,
    RateBook,
    ReductionCard,
    SubsidyCard,
    SubsidyPartCard,
    TariffCard,
    Unit,
    WeightStep,
    ZoneRates,
)
from shared.models.places import Province

_KEPT_SECONDS: Final = 60.0
# A few hundred short rows: hashing their text is the cheapest way to notice any insert, update or delete.
_VERSION: Final = " UNION ALL ".join(
    f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {model._meta.db_table} t"  # noqa: S608  # our own tables
    for model in (Tariff, TariffRate, Reduction, SubsidyRuleSet, SubsidyPart, CompensationNorm, NormItem, NormModifier,
                  BudgetStop, Province))

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
    parts = _parts()
    return RateBook(
        tariffs=_tariffs(),
        reductions=tuple(_reduction(row) for row in Reduction.objects.order_by("valid_from", "id")),
        subsidies=tuple(_subsidy(row, parts[row.id]) for row in SubsidyRuleSet.objects.order_by("valid_from", "id")),
        norms=_norms(),
        stops=tuple(
            BudgetStopCard(province_code=row.province_id, budget_line=row.budget_line, valid_from=row.valid_from,
                           valid_to=row.valid_to, when_empty=row.when_empty)
            for row in BudgetStop.objects.order_by("valid_from", "id")),
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


def _subsidy(row: SubsidyRuleSet, parts: list[SubsidyPartCard]) -> SubsidyCard:
    return SubsidyCard(**_head(row), province_code=row.province_id, share=Fraction(row.numerator, row.denominator),
                       cap=row.cap_per_trip, channels=tuple(row.channels), directions=tuple(row.directions),
                       budget_line=row.budget_line, parts=tuple(parts))


def _parts() -> dict[int, list[SubsidyPartCard]]:
    parts: dict[int, list[SubsidyPartCard]] = defaultdict(list)
    for row in SubsidyPart.objects.order_by("position"):
        parts[row.rule_set_id].append(SubsidyPartCard(
            name_vi=row.name_vi, name_en=row.name_en, beneficiary_classes=tuple(row.beneficiary_classes),
            share=Fraction(row.numerator, row.denominator), cap=row.cap_per_trip, channels=tuple(row.channels),
            directions=tuple(row.directions), legal_basis=row.legal_basis, confidence=row.confidence))
    return parts


def _norms() -> tuple[NormCard, ...]:
    items: dict[int, list[NormItem]] = defaultdict(list)
    for item in NormItem.objects.order_by("id"):
        items[item.norm_id].append(item)
    modifiers: dict[int, list[ModifierCard]] = defaultdict(list)
    for row in NormModifier.objects.order_by("position"):
        modifiers[row.norm_id].append(_modifier(row))
    return tuple(
        NormCard(**_head(row), province_code=row.province_id, budget_line=row.budget_line,
                 amounts={item.task: item.amount for item in items[row.id] if _is_plain(item)},
                 items=tuple(_item(item) for item in items[row.id] if not _is_plain(item)),
                 modifiers=tuple(modifiers[row.id]))
        for row in CompensationNorm.objects.order_by("valid_from", "id"))


def _is_plain(item: NormItem) -> bool:
    return item.unit == Unit.PIECE and not (item.procedure_group or item.channel or item.complexity)


def _item(item: NormItem) -> NormItemCard:
    return NormItemCard(task=item.task, amount=item.amount, procedure_group=item.procedure_group, channel=item.channel,
                        complexity=item.complexity, unit=item.unit)


def _modifier(row: NormModifier) -> ModifierCard:
    share = None if row.numerator is None or row.denominator is None else Fraction(row.numerator, row.denominator)
    return ModifierCard(kind=row.kind, share=share, amount=row.amount, communes=tuple(row.communes),
                        late_after_days=row.late_after_days)

"""The dated rules as frozen cards, and the book that finds the one in force on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What every dated rule carries; `valid_to` is half-open, None while in force."""

    code: str
    name_vi: str
    name_en: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    confidence: str

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class WeightStep:
    """`price` of a parcel of up to `up_to_grams`; of each such quantity begun when it is the further step."""

    up_to_grams: int
    price: Money


@dataclass(frozen=True, slots=True)
class ZoneRates:
    """The column of one zone: fixed steps, lightest first, and what each further quantity costs."""

    steps: tuple[WeightStep, ...]
    further: WeightStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffCard(Card):
    operator_code: str
    direction: str
    vat: str
    zones: Mapping[str, ZoneRates]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReductionCard(Card):
    beneficiary_class: str
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyPartCard:
    """What a rule set gives to some classes of people instead of its general part."""

    name_vi: str
    name_en: str
    beneficiary_classes: tuple[str, ...]
    share: Fraction
    cap: Money | None
    channels: tuple[str, ...]
    directions: tuple[str, ...]
    legal_basis: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyCard(Card):
    province_code: str
    share: Fraction
    cap: Money | None
    channels: tuple[str, ...]
    directions: tuple[str, ...]
    budget_line: str
    parts: tuple[SubsidyPartCard, ...] = ()


class Unit(StrEnum):
    PIECE = "piece"
    MONTH = "month"
    """Stand-by: for each month an outlet is under its agreement."""


class ModifierKind(StrEnum):
    REMOTE_AREA = "remote_area"
    FIRST_TIME_RIGHT = "first_time_right"
    LATE_HAND_OVER = "late_hand_over"
    PERIOD_CAP = "period_cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormItemCard:
    """An amount for some of a task's work; an empty `procedure_group`, `channel` or `complexity` means any."""

    task: str
    amount: Money
    procedure_group: str = ""
    channel: str = ""
    complexity: str = ""
    unit: str = Unit.PIECE


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierCard:
    """Raises or lowers an amount: by a share of it or by so many đồng, one of the two."""

    kind: str
    share: Fraction | None = None
    amount: Money | None = None
    communes: tuple[str, ...] = ()
    """Of a remote area: the communes it holds for."""
    late_after_days: int | None = None
    """Of a late hand-over: more working days than this are late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormCard(Card):
    province_code: str
    amounts: Mapping[str, Money]
    """By task, for any work of it."""
    items: tuple[NormItemCard, ...] = ()
    """Amounts for some work of a task, and stand-by."""
    modifiers: tuple[ModifierCard, ...] = ()
    budget_line: str = ""


class WhenEmpty(StrEnum):
    """What happens once a budget line is used up."""

    QUEUE = "queue"
    """The city still owes; the line waits for more budget."""
    CITIZEN_PAYS = "citizen_pays"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetStopCard:
    """A budget line was used up: what is accepted from `valid_from` on follows `when_empty`, until it is filled."""

    province_code: str
    budget_line: str
    valid_from: date
    valid_to: date | None
    when_empty: str

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class ProvinceCard:
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class RateBook:
    """All rates as the tables have them. Each look-up answers for one day; None: nothing is in force then."""

    tariffs: tuple[TariffCard, ...] = ()
    reductions: tuple[ReductionCard, ...] = ()
    subsidies: tuple[SubsidyCard, ...] = ()
    norms: tuple[NormCard, ...] = ()
    stops: tuple[BudgetStopCard, ...] = ()
    provinces: Mapping[str, ProvinceCard] | None = None

    def tariff(self, operator_code: str, direction: str, on: date) -> TariffCard | None:
        return next((card for card in self.tariffs if card.operator_code == operator_code
                     and card.direction == direction and card.is_in_force(on)), None)

    def reduction(self, beneficiary_class: str, on: date) -> ReductionCard | None:
        return next((card for card in self.reductions
                     if card.beneficiary_class == beneficiary_class and card.is_in_force(on)), None)

    def subsidy(self, province_code: str, on: date) -> SubsidyCard | None:
        return next((card for card in self.subsidies
                     if card.province_code == province_code and card.is_in_force(on)), None)

    def norm(self, province_code: str, on: date) -> NormCard | None:
        return next((card for card in self.norms if card.province_code == province_code and card.is_in_force(on)), None)

    def budget_stop(self, province_code: str, budget_line: str, on: date) -> BudgetStopCard | None:
        return next((card for card in self.stops if card.province_code == province_code
                     and card.budget_line == budget_line and card.is_in_force(on)), None)

    def province_name(self, code: str) -> str:
        card = (self.provinces or {}).get(code)
        return code if card is None else card.name

    def region(self, province_code: str) -> str:
        card = (self.provinces or {}).get(province_code)
        return "" if card is None else card.region

    def days_of_change(self) -> list[date]:
        """The days on which some postage rule begins or ends, in order: between two of them prices stand still."""
        cards: Iterable[Card | BudgetStopCard] = (*self.tariffs, *self.reductions, *self.subsidies, *self.stops)
        return sorted({day for card in cards for day in (card.valid_from, card.valid_to) if day is not None})

    def weight_steps(self, heaviest: int) -> list[int]:
        """The weights, up to `heaviest` grams, at which some tariff changes its price, lightest first."""
        columns = [column for card in self.tariffs for column in card.zones.values()]
        return sorted({grams for column in columns for grams in _steps_of(column, heaviest)} | {heaviest})


def _steps_of(column: ZoneRates, heaviest: int) -> list[int]:
    fixed = [step.up_to_grams for step in column.steps]
    if column.further is None or not fixed:
        return fixed
    return fixed + list(range(fixed[-1], heaviest, column.further.up_to_grams))[1:]

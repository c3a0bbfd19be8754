"""What a draft of each kind says in full: read strictly from the API and from screens, kept as plain JSON.

Amounts are whole đồng; shares are two whole numbers, so that a third stays a third.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from billing.rules.compensation import PERIOD_CAP, STAND_BY, TASKS
from billing.rules.rates import ModifierKind, Unit
from billing.rules.rule_book import RuleKind
from billing.rules.zones import Zone
from shared import validation
from shared.api import Dong, In, wrong
from shared.schemas import MOST_DONG

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 1, 1)
type TariffChannel = Literal["online", "post", "direct"]
type TariffDirection = Literal["dossier", "result"]
type Certainty = Literal["verified", "known", "assumed"]
type Group = Literal["", "certification", "civil_status", "household_business", "land", "construction",
                     "identity_residence", "social"]

Code = Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[A-Z0-9][A-Z0-9.-]*$")]
LineCode = Annotated[str, Field(max_length=60, pattern=r"^([A-Z0-9][A-Z0-9.-]*)?$")]
Name = Annotated[str, Field(min_length=2, max_length=200)]
LegalBasis = Annotated[str, Field(min_length=15, max_length=300)]
Whole = Annotated[int, Field(ge=1, le=10_000)]


class _Head(In):
    code: Code
    name_vi: Name
    name_en: Name
    valid_from: date
    valid_to: Annotated[date | None, Field(description="The first day on which it no longer holds.")] = None
    legal_basis: LegalBasis
    confidence: Certainty

    @model_validator(mode="after")
    def _period_has_days(self) -> Self:
        if not FIRST_DAY <= self.valid_from < LAST_DAY:
            raise wrong("out-of-range", _("The first day lies between 2000 and 2100."))
        if self.valid_to is not None and not self.valid_from < self.valid_to <= LAST_DAY:
            raise wrong("ends-before-it-begins", _("The last day must come after the first one."))
        return self


class _Share(In):
    numerator: Annotated[int, Field(ge=0, le=10_000)]
    denominator: Whole

    @model_validator(mode="after")
    def _is_no_more_than_the_whole(self) -> Self:
        if self.numerator > self.denominator:
            raise wrong("more-than-all", _("A share is never more than the whole."))
        return self


class _Pays(_Share):
    cap_per_trip_vnd: Annotated[Dong | None, Field(description="None: no cap.")] = None
    channels: Annotated[list[TariffChannel], Field(min_length=1, max_length=3)]
    directions: Annotated[list[TariffDirection], Field(min_length=1, max_length=2)]

    @field_validator("channels", "directions")
    @classmethod
    def _once(cls, values: list[str]) -> list[str]:
        return sorted(set(values))


class PartTerms(_Pays):
    """What some classes of people get instead of the general part."""

    name_vi: Name
    name_en: Name
    beneficiary_classes: Annotated[list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]],
                                   Field(min_length=1, max_length=40)]
    legal_basis: LegalBasis
    confidence: Certainty


class SubsidyTerms(_Head, _Pays):
    """What a city pays of the postage that the national reduction leaves."""

    kind: Literal["subsidy"]
    budget_line: Annotated[LineCode, Field(min_length=2)]
    parts: Annotated[list[PartTerms], Field(max_length=10)] = []


class ReductionTerms(_Head, _Share):
    """A national reduction of postage for one class of people."""

    kind: Literal["reduction"]
    beneficiary_class: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class StepTerms(In):
    up_to_grams: Annotated[int, Field(ge=1, le=50_000)]
    amount_vnd: Annotated[Dong, Field(ge=1)]


class ZoneTerms(In):
    """Fixed steps from light to heavy, then so much for each further step begun."""

    steps: Annotated[list[StepTerms], Field(min_length=1, max_length=20)]
    further: StepTerms

    @model_validator(mode="after")
    def _rise(self) -> Self:
        for lighter, heavier in pairwise(self.steps):
            if heavier.up_to_grams <= lighter.up_to_grams or heavier.amount_vnd < lighter.amount_vnd:
                raise wrong("steps-fall", _("Steps go from light to heavy, and a heavier step does not cost less."))
        return self


class TariffTerms(_Head):
    """An operator's price list for one direction."""

    kind: Literal["tariff"]
    operator_code: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,12}$")]
    direction: TariffDirection
    vat: Literal["included", "excluded", "unknown"]
    zones: dict[Zone, ZoneTerms]

    @model_validator(mode="after")
    def _names_zones(self) -> Self:
        needed = {Zone.INTRA_DISTRICT, Zone.INTRA_PROVINCE, Zone.INTER_SAME_REGION, Zone.INTER_FAR_REGION}
        if not needed <= set(self.zones):
            raise wrong("zone-missing", _("The tariff needs a price for every zone."))
        return self


class ItemTerms(In):
    """An amount for a task; empty group, channel or complexity: any."""

    task: Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,29}$")]
    amount_vnd: Dong
    procedure_group: Group = ""
    channel: Literal["", "online", "post", "direct"] = ""
    complexity: Literal["", "simple", "standard", "complex"] = ""
    unit: Unit = Unit.PIECE

    @model_validator(mode="after")
    def _is_a_task(self) -> Self:
        if self.task not in TASKS or self.task == PERIOD_CAP:
            raise wrong("unknown-task", _("No task is called that."))
        if (self.task == STAND_BY) != (self.unit == Unit.MONTH):
            raise wrong("wrong-unit", _("Stand-by is paid by the month, everything else by the piece."))
        return self


class ModifierTerms(In):
    """Raises or lowers an amount by a share or by so many đồng, one of the two."""

    kind: ModifierKind
    numerator: Annotated[int | None, Field(ge=1, le=10_000)] = None
    denominator: Annotated[int | None, Field(ge=1, le=10_000)] = None
    amount_vnd: Annotated[int | None, Field(ge=1, le=MOST_DONG)] = None
    communes: Annotated[list[Annotated[str, Field(pattern=r"^\d{5}$")]], Field(max_length=200)] = []
    late_after_days: Annotated[int | None, Field(ge=0, le=365)] = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        has_share = self.numerator is not None and self.denominator is not None
        half_share = (self.numerator is None) != (self.denominator is None)
        if half_share or has_share == (self.amount_vnd is not None):
            raise wrong("share-or-amount", _("Give a share or an amount, one of the two."))
        if self.kind == ModifierKind.PERIOD_CAP and self.amount_vnd is None:
            raise wrong("cap-needs-amount", _("A cap for the month is an amount."))
        if self.kind == ModifierKind.REMOTE_AREA and not self.communes:
            raise wrong("communes-missing", _("Name the communes of the remote area by their codes."))
        if self.kind == ModifierKind.LATE_HAND_OVER and self.late_after_days is None:
            raise wrong("days-missing", _("Say after how many working days a hand-over is late."))
        return self


class NormTerms(_Head):
    """What a city pays an operator for its agents' work; 0 đ in a pilot."""

    kind: Literal["norm"]
    budget_line: LineCode = ""
    items: Annotated[list[ItemTerms], Field(min_length=1, max_length=200)]
    modifiers: Annotated[list[ModifierTerms], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        keys = [(item.task, item.procedure_group, item.channel, item.complexity) for item in self.items]
        if len(keys) != len(set(keys)):
            raise wrong("item-twice", _("Two rows are about the same work."))
        caps = [each for each in self.modifiers if each.kind == ModifierKind.PERIOD_CAP]
        if len(caps) > 1:
            raise wrong("two-caps", _("There is one cap for the month."))
        return self


class BudgetTerms(In):
    """Money given to a budget line of one year, or taken from it; the line is opened by its first grant."""

    kind: Literal["budget"]
    code: Annotated[LineCode, Field(min_length=2)]
    name_vi: Name
    name_en: Name
    year: Annotated[int, Field(ge=2000, le=2099)]
    amount_vnd: Annotated[int, Field(ge=-MOST_DONG, le=MOST_DONG, description="Negative takes money away.")]
    granted_on: date
    when_empty: Literal["queue", "citizen_pays"]
    warn_weeks: Annotated[int, Field(ge=1, le=26)]
    legal_basis: LegalBasis
    confidence: Certainty

    @model_validator(mode="after")
    def _gives_or_takes(self) -> Self:
        if self.amount_vnd == 0:
            raise wrong("nothing-given", _("Enter what is given, or taken away."))
        if self.granted_on.year not in {self.year, self.year - 1}:
            raise wrong("other-year", _("A budget is given in its year or the one before."))
        return self


type Terms = SubsidyTerms | ReductionTerms | TariffTerms | NormTerms | BudgetTerms
TermsIn = Annotated[Terms, Field(discriminator="kind")]
_READ: Final[TypeAdapter[Terms]] = TypeAdapter(TermsIn)


def read(data: Mapping[str, Any]) -> Terms:
    """Read terms strictly.

    Raises:
        InvalidRequest: with a pointer to each entry that is wrong, beginning at `/terms`.
    """
    try:
        return _READ.validate_python(dict(data))
    except ValidationError as error:
        found = [{**each, "loc": ("body", "in", "terms", *each["loc"][1:])} for each in error.errors()]
        raise validation.invalid_request(found) from error


def kept(data: Mapping[str, Any]) -> Terms:
    """Terms as they were kept: read once already."""
    return _READ.validate_python(dict(data), strict=False)


def as_data(terms: Terms) -> dict[str, Any]:
    return terms.model_dump(mode="json")


def first_day(terms: Terms) -> date:
    return terms.granted_on if isinstance(terms, BudgetTerms) else terms.valid_from


def end(terms: Terms) -> date | None:
    return None if isinstance(terms, BudgetTerms) else terms.valid_to


def kind_of(terms: Terms) -> RuleKind:
    return RuleKind(terms.kind)

"""Dated rules of money. Loaded from versioned data, never edited in place."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from shared.confidence import Confidence
from shared.money import MoneyField


class DateRange(Func):
    """PostgreSQL's half-open daterange of two date columns; a null end is open."""

    function = "daterange"


class DatedRule(models.Model):
    """What every dated rule carries."""

    code = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: in force."""
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class BookedRule(DatedRule):
    """A dated rule of the rule book: the reference data sows it, approved drafts add to it."""

    draft = models.ForeignKey("billing.RuleDraft", on_delete=models.PROTECT, null=True, related_name="+")
    """The approved draft that made this version; null: it came with the reference data."""
    ended_by = models.ForeignKey("billing.RuleDraft", on_delete=models.PROTECT, null=True, related_name="+")
    """The approved draft that ended it; the reference data no longer says when."""

    class Meta:
        abstract = True


def _no_overlap(name: str, *keys: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((F(key), RangeOperators.EQUAL) for key in keys),
            (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
        ],
    )


class Tariff(BookedRule):
    """An operator's price list for one direction; prices include VAT unless `vat` says otherwise."""

    operator_code = models.CharField(max_length=12)
    direction = models.CharField(max_length=8)
    vat = models.CharField(max_length=10)
    """"included", "excluded" or "unknown"."""

    class Meta:
        constraints = [_no_overlap("tariff_one_a_day", "operator_code", "direction")]


class TariffRate(models.Model):
    """Price of one weight step in one zone."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rates")
    zone = models.CharField(max_length=24)
    """"intra_district", "intra_province", "inter_same_region", "inter_far_region"."""
    up_to_grams = models.PositiveIntegerField()
    price = MoneyField()
    is_further_step = models.BooleanField(default=False)
    """True: `price` for each further `up_to_grams` begun beyond the heaviest fixed step."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "zone", "is_further_step", "up_to_grams"], name="tariff_rate_once"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="tariff_rate_positive"),
        ]


class Reduction(BookedRule):
    """A national reduction of postage for one class of people; only the best one counts."""

    beneficiary_class = models.CharField(max_length=40)
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            _no_overlap("reduction_one_a_day", "beneficiary_class"),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")) & Q(denominator__gt=0), name="reduction_is_a_share"
            ),
        ]


class SubsidyRuleSet(BookedRule):
    """What a city pays of the postage that the national reduction leaves."""

    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()
    cap_per_trip = MoneyField(null=True)  # type: ignore[misc]  # the stubs cannot tie null to the field's own type
    channels = ArrayField(models.CharField(max_length=8))
    directions = ArrayField(models.CharField(max_length=8))
    budget_line = models.CharField(max_length=60)

    class Meta:
        constraints = [
            _no_overlap("subsidy_one_a_day", "province_id"),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")) & Q(denominator__gt=0), name="subsidy_is_a_share"
            ),
        ]


class SubsidyPart(models.Model):
    """What a rule set gives to some classes of people instead of its general part; the better one counts."""

    rule_set = models.ForeignKey(SubsidyRuleSet, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    beneficiary_classes = ArrayField(models.CharField(max_length=40))
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()
    cap_per_trip = MoneyField(null=True)  # type: ignore[misc]  # as above
    channels = ArrayField(models.CharField(max_length=8))
    directions = ArrayField(models.CharField(max_length=8))
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "position"], name="subsidy_part_once"),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")) & Q(denominator__gt=0), name="subsidy_part_is_a_share"
            ),
        ]


class CompensationNorm(BookedRule):
    """What a city pays an operator for its agents' work; 0 đ during a pilot, and still counted."""

    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    budget_line = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        constraints = [_no_overlap("norm_one_a_day", "province_id")]


class NormItem(models.Model):
    """Amount per unit of one task; an empty procedure group, channel or complexity means any."""

    norm = models.ForeignKey(CompensationNorm, on_delete=models.CASCADE, related_name="items")
    task = models.CharField(max_length=30)
    procedure_group = models.CharField(max_length=40, blank=True, db_default="")
    channel = models.CharField(max_length=8, blank=True, db_default="")
    complexity = models.CharField(max_length=10, blank=True, db_default="")
    unit = models.CharField(max_length=8, db_default="piece")
    """billing.rules.rates.Unit: "piece", or "month" for stand-by."""
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["norm", "task", "procedure_group", "channel", "complexity"],
                                    name="norm_item_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="norm_item_not_negative"),
        ]


class NormModifier(models.Model):
    """Raises or lowers a norm's amounts, or bounds an outlet's month; see billing.rules.rates.ModifierCard."""

    norm = models.ForeignKey(CompensationNorm, on_delete=models.CASCADE, related_name="modifiers")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    numerator = models.PositiveSmallIntegerField(null=True)
    denominator = models.PositiveSmallIntegerField(null=True)
    amount = MoneyField(null=True)  # type: ignore[misc]  # the stubs cannot tie null to the field's own type
    communes = ArrayField(models.CharField(max_length=5), default=list)
    late_after_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["norm", "position"], name="norm_modifier_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, numerator=None, denominator=None)
                | Q(amount=None, numerator__gt=0, denominator__gt=0),
                name="norm_modifier_share_or_amount"),
        ]

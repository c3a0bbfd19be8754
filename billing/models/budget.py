"""What a city has set aside for its policies, what of it is spent, and the times when it was used up."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from billing.models.ledger import NEVER_CHANGED, NEVER_EMPTIED
from billing.models.rates import DateRange
from billing.rules.rates import WhenEmpty
from shared.confidence import Confidence
from shared.money import MoneyField

_WHEN_EMPTY = [(each.value, each.value) for each in WhenEmpty]


class BudgetLine(models.Model):
    """One policy's money for one calendar year; rules of subsidy and compensation name it by its code."""

    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    when_empty = models.CharField(max_length=12, choices=_WHEN_EMPTY)
    warn_weeks = models.PositiveSmallIntegerField()
    """Finance is warned so many weeks before the forecast end."""
    refreshed_at = models.DateTimeField(null=True)
    """When its days were last added up."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "code", "year"], name="budget_line_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class BudgetGrant(models.Model):
    """Money given to a line, or taken from it, by one decision. What a line has is the sum of its grants."""

    append_only = True

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="grants")
    draft = models.OneToOneField("billing.RuleDraft", on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    granted_on = models.DateField()
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="budget_grant_not_zero")]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class BudgetDay(models.Model):
    """What a line spent on one local day, added up from the books again and again; may be thrown away."""

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    spent = MoneyField()
    waiting = MoneyField()
    """Owed since the line was used up, not yet covered by a grant: not part of `spent`."""
    lines = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "day"], name="budget_day_once")]


class BudgetStop(models.Model):
    """A line was used up: what is accepted from `valid_from` on follows the line's rule until more money is given.

    A dated rule like a tariff, so that a line of the books can be worked out again years later.
    """

    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    budget_line = models.CharField(max_length=60)
    when_empty = models.CharField(max_length=12, choices=_WHEN_EMPTY)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    stopped_at = models.DateTimeField()
    spent = MoneyField()
    """What the line had spent when it was stopped."""
    granted = MoneyField()
    lifted_by = models.ForeignKey("billing.RuleDraft", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(name="budget_stop_one_a_day", expressions=[
                (F("province_id"), RangeOperators.EQUAL), (F("budget_line"), RangeOperators.EQUAL),
                (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS)]),
        ]

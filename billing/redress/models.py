"""What was made good, once and for ever; and the dated rule of interest."""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from billing.models.ledger import NEVER_CHANGED, NEVER_EMPTIED
from billing.models.rates import DatedRule, DateRange
from billing.queries.books import books_of
from shared.actors import Actor
from shared.ids import uuid7
from shared.money import MoneyField


class InterestRule(DatedRule):
    """What a year's delay costs whoever was late, as a share of what was owed."""

    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()

    class Meta:
        constraints = [ExclusionConstraint(name="interest_one_a_day", expressions=[
            (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS)])]


class RedressQuerySet(models.QuerySet["Redress"]):
    def seen_by(self, actor: Actor) -> Self:
        return self.filter(books_of(actor).lines)


class Redress(models.Model):
    """What one outlet or operator was owed by one decision, with interest, and the letter that went with it."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=30, unique=True)
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    source = models.CharField(max_length=12)
    """"dispute" or "known-error"."""
    source_id = models.UUIDField()
    source_number = models.CharField(max_length=20)
    principal = MoneyField()
    """What was corrected in favour of the outlet or operator."""
    interest = MoneyField()
    rule = models.CharField(max_length=130, blank=True)
    entry = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The interest's line; null: no interest."""
    paper = models.JSONField()
    """What the letter says, fixed when it was made: the same bytes whenever it is printed."""
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    objects: ClassVar[RedressQuerySet] = RedressQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["outlet_id", "-made_at"], name="redress_of_outlet"),
                   models.Index(fields=["province_code", "-made_at"], name="redress_of_province")]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

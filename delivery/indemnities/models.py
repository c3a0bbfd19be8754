"""Indemnities, and the dated terms by which they are worked out."""

from fractions import Fraction

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from delivery.indemnities.rules import FINAL_INDEMNITY, IndemnityKind, IndemnityState, Terms
from shared.confidence import Confidence
from shared.ids import uuid7
from shared.money import MoneyField


class IndemnityTerms(models.Model):
    """What the law, or a contract that gives more, makes a carrier owe; loaded from versioned data, never edited."""

    code = models.CharField(max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    valid_from = models.DateField(unique=True)
    valid_to = models.DateField(null=True)
    """Half-open; null: in force."""
    loss_times = models.PositiveSmallIntegerField()
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()
    """Of the postage that is refunded for a late parcel."""
    answer_working_days = models.PositiveSmallIntegerField()
    pay_days = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [
            ExclusionConstraint(name="indemnity_terms_one_a_day", expressions=[
                (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS)]),
            models.CheckConstraint(
                condition=Q(loss_times__gte=4), name="indemnity_terms_keep_the_law"),
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")) & Q(denominator__gt=0),
                                   name="indemnity_terms_share"),
        ]

    def __str__(self) -> str:
        return self.code

    def as_terms(self) -> Terms:
        return Terms(self.code, self.valid_from, self.valid_to, self.loss_times,
                     Fraction(self.numerator, self.denominator), self.answer_working_days, self.pay_days,
                     self.legal_basis, self.confidence)


class Indemnity(models.Model):
    """What an operator owes for one parcel and one reason; worked out once, answered, then in the books."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    parcel = models.ForeignKey("delivery.Parcel", on_delete=models.PROTECT, related_name="indemnities")
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in IndemnityKind])
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    outlet_id = models.UUIDField(null=True)
    centre_id = models.UUIDField()
    amount = MoneyField()
    parts = models.JSONField(default=dict)
    """Of a refund: who gets which part back, in đồng, and the rule of the city's part."""
    steps = models.JSONField()
    """The arithmetic: billing.records.Step as data."""
    terms_code = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    """When it came too late, or was said to be lost."""
    what = models.CharField(max_length=300, blank=True)
    """Which papers have to be issued again, and what shows the cost."""
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in IndemnityState],
                             default=IndemnityState.PROPOSED)
    opened_at = models.DateTimeField()
    answer_by = models.DateField()
    """The last day for whoever has to answer or decide now."""
    ground = models.CharField(max_length=20, blank=True)
    answer_words = models.CharField(max_length=500, blank=True)
    decision_words = models.CharField(max_length=500, blank=True)
    owed_at = models.DateTimeField(null=True)
    pay_by = models.DateField(null=True)
    line_id = models.UUIDField(null=True)
    """Its line in the books."""
    paid_on = models.DateField(null=True)
    paid_reference = models.CharField(max_length=80, blank=True)
    is_reminded = models.BooleanField(default=False)
    """The city was told that it was not paid in time."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in IndemnityState]),
                                   name="indemnity_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="indemnity_of_something"),
            models.UniqueConstraint(fields=["parcel", "kind"], condition=~Q(kind=IndemnityKind.REISSUE),
                                    name="indemnity_once"),
            models.CheckConstraint(condition=~Q(state__in=["owed", "paid"]) | Q(pay_by__isnull=False),
                                   name="indemnity_owed_by_a_day"),
        ]
        indexes = [
            models.Index(fields=["province_code", "-opened_at", "-id"], name="indemnity_of_province"),
            models.Index(fields=["state", "answer_by"], condition=~Q(state__in=sorted(FINAL_INDEMNITY)),
                         name="indemnity_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

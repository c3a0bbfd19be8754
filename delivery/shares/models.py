"""What contracts promise each operator, and proposals to shift the shares."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from delivery.shares.rules import Contract, ProposalState
from shared.confidence import Confidence
from shared.ids import uuid7


class CarrierContract(models.Model):
    """The share of a city's results that an operator carries home: at least, and as a rule. Dated data."""

    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    operator_code = models.CharField(max_length=12)
    floor = models.PositiveSmallIntegerField()
    usual = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(floor__lte=F("usual")) & Q(usual__lte=100), name="contract_shares_sane"),
            ExclusionConstraint(name="contract_one_a_day", expressions=[
                ("province", RangeOperators.EQUAL), ("operator_code", RangeOperators.EQUAL),
                (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.operator_code}"

    def as_contract(self) -> Contract:
        return Contract(self.operator_code, self.floor, self.usual, self.valid_from, self.valid_to)


class ShareProposal(models.Model):
    """A shift of shares with its ground; in force from the moment a person has confirmed it until the next one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    before = models.JSONField()
    shares = models.JSONField()
    """Operator → per cent of the results; sums to 100."""
    records = models.JSONField()
    """Operator → due and kept promises that it rests on."""
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in ProposalState],
                             default=ProposalState.PROPOSED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ProposalState]),
                                   name="proposal_state_known"),
            models.UniqueConstraint(fields=["province_code"], condition=Q(state=ProposalState.PROPOSED),
                                    name="proposal_one_at_a_time"),
        ]
        indexes = [models.Index(fields=["province_code", "-decided_at"], name="proposal_in_force")]

    def __str__(self) -> str:
        return f"shares of {self.province_code}"

"""Who may sign for whom: off until a city's council allows it, then for named procedures and a term, and revocable."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shared.ids import uuid7


class SigningPermit(models.Model):
    """The decision by which a city allows delegation of signature at all; without one in force nothing is delegated."""

    province_code = models.CharField(max_length=2)
    legal_basis = models.CharField(max_length=300)
    valid_from = models.DateField()
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=160)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["province_code"], condition=Q(closed_at=None), name="signing_permit_one_in_force"
            )
        ]


class SigningDelegation(models.Model):
    """A manager lets an officer of her centre sign decisions on some procedures, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    delegator = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    delegator_name = models.CharField(max_length=120)
    delegate = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    delegate_name = models.CharField(max_length=120)
    procedure_codes = ArrayField(models.CharField(max_length=20))
    valid_from = models.DateField()
    valid_to = models.DateField()
    """Half-open."""
    legal_basis = models.CharField(max_length=300)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=160, blank=True)
    revoked_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delegate", "valid_to"], condition=Q(revoked_at=None), name="signing_by")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="signing_has_a_term"),
            models.CheckConstraint(condition=~Q(delegate=F("delegator")), name="signing_for_another"),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="signing_has_legal_basis"),
        ]

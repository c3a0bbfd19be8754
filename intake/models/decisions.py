"""What is sent to a centre, and what the centre says. Each row is written once; a change of mind is another row."""

from django.db import models
from django.db.models import Q

from shared.ids import uuid7


class ForwardingMode(models.TextChoices):
    ELECTRONIC = "electronic"
    PAPER = "paper"


class Forwarding(models.Model):
    """A dossier sent by an outlet to its receiving centre, electronically or as a parcel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="forwardings")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=ForwardingMode)
    parcel_number = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], name="forwarding_once"),
            models.CheckConstraint(
                condition=Q(mode="electronic") | ~Q(parcel_number=""), name="forwarding_paper_has_parcel"
            ),
        ]


class SupplementRequest(models.Model):
    """Form 02 (Circular 03/2025/TT-VPCP): what is missing and why, asked once and in full."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="supplement_requests")
    reasons = models.JSONField()
    """[{"component": code or "other", "reason": code, "text": str}], at least one."""
    explanation = models.CharField(max_length=2000, blank=True)
    again_because = models.CharField(max_length=500, blank=True)
    """Why a second request was needed; empty for the first, which should have named everything."""
    requested_by = models.UUIDField()
    requested_by_name = models.CharField(max_length=120)
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=2000, blank=True)
    paper = models.JSONField(default=dict)
    """What form 02 says, fixed when it was asked: a reprint is the same bytes whatever has changed since."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(answered_at=None), name="supplement_open_once")
        ]


class Refusal(models.Model):
    """Form 03 (Circular 03/2025/TT-VPCP): why the dossier is not received for handling."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, related_name="refusal")
    reason = models.CharField(max_length=40)
    explanation = models.CharField(max_length=2000)
    legal_basis = models.CharField(max_length=300)
    refused_by = models.UUIDField()
    refused_by_name = models.CharField(max_length=120)
    refused_at = models.DateTimeField()
    paper = models.JSONField(default=dict)
    """What form 03 says, fixed when it was refused."""


class Resolution(models.Model):
    """The authority's decision on a dossier."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, related_name="resolution")
    decision_number = models.CharField(max_length=60)
    summary = models.CharField(max_length=500)
    result_document = models.ForeignKey("intake.Document", on_delete=models.PROTECT, null=True, related_name="+")
    resolved_by = models.UUIDField()
    resolved_by_name = models.CharField(max_length=120)
    resolved_at = models.DateTimeField()
    was_on_time = models.BooleanField()

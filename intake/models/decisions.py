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

    class Meta:
        indexes = [models.Index(fields=["resolved_at"], name="resolution_by_moment")]


class Extension(models.Model):
    """Form 04 (Circular 03/2025/TT-VPCP): the apology and the one extension of a dossier's term.

    A draft until `sent_at`; the due moment moves when it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, related_name="extension")
    reason = models.CharField(max_length=40)
    explanation = models.CharField(max_length=2000, blank=True)
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    send_by = models.DateTimeField()
    """The last moment for it: one working day before `due_before`."""
    drafted_by = models.CharField(max_length=80)
    drafted_by_name = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=80, blank=True)
    signed_by_name = models.CharField(max_length=120, blank=True)
    paper = models.JSONField(default=dict)
    """What form 04 says, fixed when it was sent."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_after__gt=models.F("due_before")), name="extension_is_longer"),
        ]
        indexes = [models.Index(fields=["send_by"], condition=Q(sent_at=None), name="extension_drafts")]


class StopNotice(models.Model):
    """Form 05 (Circular 03/2025/TT-VPCP): handling was stopped, for good or for a while, and which papers go back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="stop_notices")
    cause = models.CharField(max_length=40)
    """A code of intake.rules.reasons.STOP_REASONS."""
    reason = models.CharField(max_length=500)
    legal_basis = models.CharField(max_length=300)
    papers_back = models.JSONField(default=list)
    """Codes of the papers that the citizen gets back; who holds them is custody's matter."""
    is_final = models.BooleanField(default=False)
    """The dossier ended with it: the citizen took it back."""
    stopped_by = models.CharField(max_length=80)
    stopped_by_name = models.CharField(max_length=120)
    stopped_at = models.DateTimeField()
    paper = models.JSONField(default=dict)
    """What form 05 says, fixed when handling was stopped."""


class IdentityProof(models.TextChoices):
    """How the receiver of a result showed who she is."""

    CARD = "card"
    """The national ID card, compared."""
    VNEID = "vneid"
    """The card in VNeID at level 2, shown on the phone."""
    PASSPORT = "passport"
    OTHER = "other"


class ResultHandOver(models.Model):
    """A result was given at the centre's counter, to whom, and how she showed who she is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="result_hand_overs")
    receiver_name = models.CharField(max_length=120)
    receiver_phone = models.CharField(max_length=16, blank=True)
    identity = models.CharField(max_length=10, choices=IdentityProof)
    authorisation = models.CharField(max_length=200, blank=True)
    """The paper by which somebody else takes it: kind, number, day; empty: the citizen herself."""
    handed_by = models.CharField(max_length=80)
    handed_by_name = models.CharField(max_length=120)
    handed_at = models.DateTimeField()
    paper = models.JSONField(default=dict)
    """What the return receipt says, fixed at the hand-over."""

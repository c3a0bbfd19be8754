"""A change to what was recorded: proposed by one person, approved by another, kept with before and after."""

from django.db import models
from django.db.models import Q

from shared.ids import uuid7


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Correction(models.Model):
    """A proposed or decided correction of the citizen's entries, the filing, or a recorded result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="corrections")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    """Whose people propose and approve."""
    changes = models.JSONField()
    """[{"field": code of intake.rules.corrections.FIELDS, "before": str, "after": str}], at least one."""
    reopens = models.BooleanField(default=False)
    """The dossier was returned (10) and goes back to resolved (9), for its result to be handed over again."""
    reason = models.CharField(max_length=500)
    legal_basis = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.PROPOSED)
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(state="proposed"), name="correction_open_once"),
            # Nobody approves her own: kept by the database too.
            models.CheckConstraint(condition=~Q(state="approved") | ~Q(decided_by=models.F("proposed_by")),
                                   name="correction_by_two_people"),
        ]
        indexes = [
            models.Index(fields=["centre", "proposed_at"], condition=Q(state="proposed"), name="correction_waiting"),
        ]

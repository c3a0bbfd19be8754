from django.db import models
from django.db.models import Q

from shared.ids import uuid7


class AuthorityQuestion(models.Model):
    """A dossier whose competent authority the rules could not tell: never guessed, owned, answered by a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, related_name="authority_questions")
    cause = models.CharField(max_length=30)
    """"split-unit", "no-centre", "several-centres", "place-unknown"."""
    candidates = models.JSONField(default=list)
    """Centre ids with names, when several."""
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    """The person who took it on; null: whoever manages the centre that owns it."""
    escalated_at = models.DateTimeField(null=True)
    """When the city was told that nobody answered in time."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    legal_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(answered_at=None), name="authority_question_open_once"
            )
        ]

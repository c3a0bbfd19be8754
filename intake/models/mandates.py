"""Under what somebody acts for a citizen, and the stop when a second citizen's paper turns up."""

from django.db import models
from django.db.models import F, Q

from intake.rules.mandates import MandateKind, Relation
from intake.rules.second_citizen import StopCause, StopDecision
from shared.ids import uuid7


class Mandate(models.Model):
    """What shows that a filing is the citizen's will, with who speaks for her when she is not there herself.

    Recorded in an acting session; what was submitted in that session while it was in force rests on it. Withdrawn once,
    never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    citizen = models.ForeignKey("intake.Citizen", on_delete=models.PROTECT, related_name="mandates")
    session = models.ForeignKey("intake.ActingSession", on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(max_length=24)
    relation = models.CharField(max_length=12, blank=True)
    """What the representative is to the citizen."""
    representative_name = models.CharField(max_length=120, blank=True)
    representative_id_sealed = models.BinaryField(null=True)
    representative_id_masked = models.CharField(max_length=16, blank=True)
    representative_id_index = models.BinaryField(max_length=32, null=True)
    """Blind index, bound to "mandate.representative_id": who files for how many, without anybody's number."""
    reference = models.CharField(max_length=120, blank=True)
    """Number and day of the authorisation, contract, certificate or decision."""
    introduction = models.CharField(max_length=120, blank=True)
    """The letter of introduction that goes with a service contract."""
    certified_by = models.CharField(max_length=160, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: until it is withdrawn."""
    document = models.ForeignKey("intake.Document", on_delete=models.PROTECT, null=True, related_name="+")
    """The scanned evidence; null when it is declared by its number."""
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(MandateKind)), name="mandate_kind_known"),
            models.CheckConstraint(condition=Q(relation__in=["", *Relation]), name="mandate_relation_known"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                                   name="mandate_valid_period"),
        ]


class SecondCitizenStop(models.Model):
    """A paper of somebody else turned up in a session: nothing is filed until a person has said what it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey("intake.ActingSession", on_delete=models.PROTECT, related_name="stops")
    cause = models.CharField(max_length=8)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(max_length=32, null=True)
    number_masked = models.CharField(max_length=16, blank=True)
    """Of the scanned card; the number in clear is nowhere."""
    other_name = models.CharField(max_length=120, blank=True)
    """As the card says."""
    document = models.ForeignKey("intake.Document", on_delete=models.SET_NULL, null=True, related_name="+")
    document_sha256 = models.CharField(max_length=64, blank=True)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=16, blank=True)
    """Empty: waits for the clerk."""
    relation = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=list(StopCause)), name="stop_cause_known"),
            models.CheckConstraint(condition=Q(decision__in=["", *StopDecision]), name="stop_decision_known"),
            models.CheckConstraint(condition=Q(decision="", decided_at=None) | (~Q(decision="") & ~Q(decided_at=None)),
                                   name="stop_decided_at_a_moment"),
            models.UniqueConstraint(fields=["session", "number_index"], condition=Q(cause="card"),
                                    name="stop_once_per_card"),
            models.UniqueConstraint(fields=["session", "document_sha256"], condition=Q(cause="document"),
                                    name="stop_once_per_document"),
        ]

"""A centre's people at work: who is away and who stands in, who has a dossier open, how handling is split in steps."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from shared.ids import uuid7

_DAYS = Func("from_day", "until_day", Value("[]"), function="daterange", output_field=DateRangeField())
"""The range of days of an absence, its last day included."""


class Absence(models.Model):
    """An officer is away; her dossiers are covered by a colleague, or else the manager's to place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    covered_by = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, null=True, related_name="+")
    """Sees and may do what the officer may; what she does shows both names."""
    from_day = models.DateField()
    until_day = models.DateField()
    """The last day away."""
    note = models.CharField(max_length=300, blank=True)
    planned_by = models.CharField(max_length=80)
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(covered_by=None) | ~Q(covered_by=F("officer")),
                                   name="absence_covered_by_another"),
            ExclusionConstraint(
                name="absence_once_at_a_time", condition=Q(cancelled_at=None),
                expressions=[("officer", RangeOperators.EQUAL),
                             (_DAYS, RangeOperators.OVERLAPS)]),
        ]
        indexes = [models.Index(fields=["centre", "until_day"], name="absence_of_centre")]


class DeskPresence(models.Model):
    """Somebody has a dossier open. A hint, not a lock: two may look, and the version decides who was first."""

    dossier = models.ForeignKey("intake.Dossier", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.CASCADE, related_name="+")
    account_name = models.CharField(max_length=120)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "account"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_age")]


class ProcessTemplate(models.Model):
    """How a centre splits the handling of a procedure into named steps with hours, eight a working day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=20)
    steps = models.JSONField()
    """[{"name_vi": str, "name_en": str, "minutes": int}], in their order; see intake.rules.interim."""
    changed_by = models.CharField(max_length=80)
    changed_by_name = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "procedure_code"], name="process_of_procedure")]

"""Which house a database belongs to; live: links given out and results that came back; practice: who practises what."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shared.ids import uuid7


class HouseKind(models.TextChoices):
    LIVE = "live"
    PRACTICE = "practice"


class HouseMark(models.Model):
    """Whose database this is: one row, written once. A process of the other house refuses to work on it."""

    append_only = True

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=8, choices=HouseKind)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="house_mark_one"),
                       models.CheckConstraint(condition=Q(kind__in=HouseKind.values), name="house_mark_known")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PracticeTicket(models.Model):
    """Live: that somebody was given a link into practice. Whether she used it only practice knows."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    exercise_code = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    """From then on the link opens nothing; what was begun with it may still be finished."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="practice_ticket_ends")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class PracticeResult(models.Model):
    """Live: an exercise that somebody finished, as practice signed it."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    """The run's own id in practice: the same result told twice is one row."""
    ticket = models.ForeignKey(PracticeTicket, on_delete=models.PROTECT, related_name="results")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="practice_results")
    exercise_code = models.CharField(max_length=40)
    steps = models.PositiveSmallIntegerField()
    hints = models.PositiveSmallIntegerField()
    """How many steps were done with their hint."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    received_at = models.DateTimeField()
    receipt = models.TextField()
    """What practice signed, whole, so that it can be checked again."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(finished_at__gte=F("started_at")),
                                              name="practice_result_in_order"),
                       models.CheckConstraint(condition=Q(hints__lte=F("steps")), name="practice_result_hints")]
        indexes = [models.Index(fields=["account", "exercise_code", "-finished_at"], name="practice_results_of_person")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    objects: ClassVar[models.Manager["PracticeResult"]] = models.Manager()


class PracticeEntry(models.Model):
    """Practice: a link that was used. It opens nothing a second time, also after the world was wiped."""

    append_only = True

    ticket_id = models.UUIDField(primary_key=True)
    subject = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Trainee(models.Model):
    """Practice: somebody who practises, known by a word that only the live house can trace to her."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=64, unique=True)
    commune = models.ForeignKey("shared.Commune", on_delete=models.PROTECT, related_name="+")
    """Where her own outlet is: the same centre, the same postage."""
    operator_class = models.CharField(max_length=12)
    account = models.OneToOneField("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    """Her made-up counterpart in the world that she has now."""
    ticket_id = models.UUIDField()
    """The link she came in by last; results are told under it."""
    issuer = models.CharField(max_length=200)
    """The address of the live house that let her in, and that results are for."""
    worlds = models.PositiveSmallIntegerField(default=1)
    """How many she has had: asking for a fresh one leaves the former behind."""
    entered_at = models.DateTimeField()


class PracticeRun(models.Model):
    """Practice: one try at an exercise. Open until every step is done, or until it is left for another one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="runs")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    """Who did it: her counterpart in the world of then."""
    ticket_id = models.UUIDField()
    exercise_code = models.CharField(max_length=40)
    people = models.JSONField(default=list)
    """The made-up people of this try: agents.practice.people.MadeUp as data."""
    done = models.JSONField(default=dict)
    """Step code → when it was found done, ISO 8601."""
    hints = models.JSONField(default=list)
    """Codes of the steps whose hint was opened."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_finished = models.BooleanField(default=False)
    """Every step was done; false on an ended one: it was left."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trainee"], condition=Q(ended_at=None), name="practice_run_one_open"),
            models.CheckConstraint(condition=Q(is_finished=False) | Q(ended_at__isnull=False),
                                   name="practice_run_finished_is_over"),
        ]
        indexes = [models.Index(fields=["account", "-started_at"], name="practice_runs_of_account")]

"""Courses with their questions, attempts at a test, certificates, and a city's gate."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from shared.ids import uuid7


class Course(models.Model):
    """One version of a course: lessons, and the bank that its tests are drawn from. Reference data."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: in force."""
    group = models.CharField(max_length=40)
    """A procedure's `field`, or BASE_GROUP, CUSTODY_GROUP (agents/training/rules.py)."""
    place = models.PositiveSmallIntegerField()
    """Where it stands among the courses."""
    title_vi = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    summary_vi = models.CharField(max_length=300)
    summary_en = models.CharField(max_length=300)
    lessons = models.JSONField()
    """[{title_vi, title_en, text_vi, text_en, picture, picture_vi, picture_en, video}]; files among our static ones."""
    questions = models.JSONField()
    """[{code, text_vi, text_en, options: [[vi, en]], right, why_vi, why_en, source}]."""
    draws = models.PositiveSmallIntegerField()
    """How many questions an attempt asks."""
    pass_percent = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    wait_hours = models.PositiveSmallIntegerField()
    valid_months = models.PositiveSmallIntegerField()
    exercises = ArrayField(models.CharField(max_length=40), default=list)
    """Codes of the exercises of practice that belong to it (agents/practice/exercises.py)."""
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="course_version_once"),
            models.UniqueConstraint(fields=["group"], condition=Q(valid_to=None), name="course_one_of_a_group"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                                   name="course_valid_period"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi

    @property
    def summary(self) -> str:
        return self.summary_en if get_language() == "en" else self.summary_vi


class Attempt(models.Model):
    """One try at a course's test. Open until it is handed in, or until its time is over (the sweep closes it)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    """The same seed and bank give the same paper."""
    paper = models.JSONField()
    """The questions as drawn, kept whole: what was asked stays readable when the bank changes."""
    answers = models.JSONField(default=dict)
    """Question code → index of the chosen option."""
    started_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    right = models.PositiveSmallIntegerField(default=0)
    has_passed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "course"], condition=Q(finished_at=None),
                                    name="attempt_open_once"),
            models.CheckConstraint(condition=Q(has_passed=False) | Q(finished_at__isnull=False),
                                   name="attempt_passed_is_over"),
        ]
        indexes = [models.Index(fields=["account", "course", "-started_at"], name="attempts_of_person"),
                   models.Index(fields=["closes_at"], condition=Q(finished_at=None), name="attempt_open")]

    @property
    def asked(self) -> int:
        return len(self.paper)


class Certificate(models.Model):
    """That a person passed the test of a procedure group, and until when that counts. It follows her from outlet to
    outlet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="certificates")
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="certificate")
    group = models.CharField(max_length=40)
    title_vi = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    holder = models.CharField(max_length=120)
    outlet_name = models.CharField(max_length=200)
    """Where she worked on that day."""
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    valid_until = models.DateField()
    """The first day on which it no longer holds."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(valid_until__gt=F("issued_on")),
                                              name="certificate_holds_a_day")]
        indexes = [models.Index(fields=["account", "group", "-valid_until"], name="certificates_of_person"),
                   models.Index(fields=["valid_until"], name="certificate_ends")]

    objects: ClassVar[models.Manager["Certificate"]] = models.Manager()

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_vi


class TrainingGate(models.Model):
    """From which day a city asks for certificates; a later row takes the place of the former, none is changed."""

    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    holds_from = models.DateField(null=True)
    """Null: lifted."""
    asks_practice = models.BooleanField(default=False)
    """Whether a course's exercises come before its test."""
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["province", "-id"], name="training_gate_newest")]

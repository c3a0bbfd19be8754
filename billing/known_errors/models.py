"""The register of known errors. What was found, told and put right is only added to."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.disputes.rules import Cause
from billing.errors import ErrorStateForbids
from billing.known_errors import rules
from billing.known_errors.rules import FINAL, ErrorAction, ErrorState, Question
from billing.models.ledger import NEVER_CHANGED, NEVER_EMPTIED
from shared.actors import Actor
from shared.ids import uuid7
from shared.money import MoneyField


class KnownErrorQuerySet(models.QuerySet["KnownError"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the reader's city; an operator reads every city's. Nothing in it is about a person."""
        return self.filter(province_code=actor.province_code) if actor.province_code else self

    def open(self) -> Self:
        return self.exclude(state__in=[each.value for each in FINAL])


class KnownError(models.Model):
    """One fault of the system, its rules or its data, and the question that finds the lines it touches."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    province_code = models.CharField(max_length=2)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    description = models.CharField(max_length=2000, blank=True)
    question = models.JSONField()
    """billing.known_errors.rules.Question as data."""
    signature = models.CharField(max_length=200, blank=True)
    """What the system saw; one open error for each. Empty: a person wrote it down."""
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in ErrorState],
                             default=ErrorState.SUSPECTED.value)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    cause = models.CharField(max_length=14, choices=[(each.value, each.value) for each in Cause],
                             default=Cause.UNKNOWN.value)
    found_by = models.CharField(max_length=90)
    found_by_name = models.CharField(max_length=120)
    found_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, blank=True)
    release = models.CharField(max_length=60, blank=True)
    """The version in which the fault is gone."""
    conclusion = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[KnownErrorQuerySet] = KnownErrorQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province_code", "signature"],
                                    condition=Q(closed_at=None) & ~Q(signature=""), name="known_error_open_once"),
            models.CheckConstraint(condition=Q(state__in=[each.value for each in ErrorState]),
                                   name="known_error_state_known"),
        ]
        indexes = [models.Index(fields=["province_code", "-found_at"], name="known_error_of_province")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), NEVER_EMPTIED]

    def __str__(self) -> str:
        return self.number

    @property
    def asks(self) -> Question:
        return Question.of(self.question)

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL

    def move(self, action: ErrorAction) -> None:
        """Take the state that `action` leads to; the caller saves. Raises ErrorStateForbids."""
        after = rules.KNOWN_ERROR.get((ErrorState(self.state), action))
        if after is None:
            raise ErrorStateForbids(state=self.state, action=str(action))
        self.state = after


class AffectedLine(models.Model):
    """A line that a known error touches; on hold while `is_open`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    error = models.ForeignKey(KnownError, on_delete=models.PROTECT, related_name="affected")
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    amount = MoneyField()
    """What the city owes by the line."""
    right = MoneyField()
    """What it would owe by the line's event and the rules of its day, when it was found."""
    found_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    entry = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The line that put it right."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["error", "charge"], name="affected_line_once")]
        indexes = [models.Index(fields=["charge"], condition=Q(is_open=True), name="affected_line_held")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), NEVER_EMPTIED]


class LookBack(models.Model):
    """One search over all outlets for the lines of an error: who, when, what came of it."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    error = models.ForeignKey(KnownError, on_delete=models.PROTECT, related_name="look_backs")
    question = models.JSONField()
    lines = models.PositiveIntegerField()
    new_lines = models.PositiveIntegerField()
    outlets = models.PositiveIntegerField()
    looked_by = models.CharField(max_length=90)
    looked_at = models.DateTimeField()

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class ErrorNotice(models.Model):
    """When an outlet was told that an error touches its lines, and when somebody there had it on the screen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    error = models.ForeignKey(KnownError, on_delete=models.PROTECT, related_name="notices")
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    lines = models.PositiveIntegerField()
    amount = MoneyField()
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["error", "operator_code", "outlet_id"], nulls_distinct=False,
                                               name="error_notice_once")]
        indexes = [models.Index(fields=["outlet_id", "-told_at"], name="error_notice_of_outlet")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), NEVER_EMPTIED]

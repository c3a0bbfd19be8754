"""Entries of the handbook, their versions, what was asked, what was looked for in vain."""

from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from agents.handbook.rules import EDITORS
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import Role


class EntryQuerySet(models.QuerySet["HandbookEntry"]):
    def seen_by(self, actor: Actor) -> Self:
        """The country's entries and those of the actor's city; who works in many cities reads all."""
        return self.filter(province_code__in=["", actor.province_code]) if actor.province_code else self.all()


class HandbookEntry(models.Model):
    """One question with its answers of all times."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=60, blank=True)
    """Of entries from the reference data or from another source, e.g. "originals"; empty for those written here."""
    province_code = models.CharField(max_length=2, blank=True)
    """Empty: holds everywhere."""
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="handbook_code_once"),
            models.CheckConstraint(condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""),
                                   name="handbook_withdrawn_says_why"),
        ]


class HandbookVersion(models.Model):
    """What an entry says from a day on: proposed by one person, approved or returned by another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(HandbookEntry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    question_vi = models.CharField(max_length=300)
    answer_vi = models.CharField(max_length=3000)
    question_en = models.CharField(max_length=300, blank=True)
    answer_en = models.CharField(max_length=3000, blank=True)
    legal_source = models.CharField(max_length=300)
    procedure_code = models.CharField(max_length=20, blank=True)
    field_key = models.CharField(max_length=40, blank=True)
    """A key of rules.FIELDS: that place in the software links here."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """Half-open; null: until further notice."""
    review_on = models.DateField()
    """From this day on it is somebody's work to look whether it still holds."""
    review_because = models.CharField(max_length=200, blank=True)
    """What changed, when its source did; empty: only time has passed."""
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    is_approved = models.BooleanField(null=True)
    looked_at = models.DateTimeField(null=True)
    """When somebody last confirmed that it still holds; null: with its approval."""
    note = models.CharField(max_length=300, blank=True)
    """Why it was returned."""
    superseded_at = models.DateTimeField(null=True)
    """A later version holds for all of its days."""
    search_key = models.TextField()

    class Meta:
        indexes = [
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="handbook_search"),
            models.Index(fields=["proposed_at"], condition=Q(decided_at=None), name="handbook_undecided"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="handbook_version_number"),
            models.UniqueConstraint(fields=["entry"], condition=Q(decided_at=None), name="handbook_one_proposal"),
            models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                                   name="handbook_valid_period"),
            models.CheckConstraint(condition=~Q(legal_source=""), name="handbook_has_legal_source"),
            models.CheckConstraint(
                condition=Q(decided_at=None, is_approved=None) | Q(decided_at__isnull=False, is_approved__isnull=False),
                name="handbook_decided_one_way"),
        ]


class QuestionQuerySet(models.QuerySet["HandbookQuestion"]):
    def seen_by(self, actor: Actor) -> Self:
        """One's own; those who answer, auditors and administrators see their city's."""
        if actor.kind is ActorKind.JOB:
            return self.all()
        if actor.role in EDITORS | {Role.AUDITOR, Role.ADMINISTRATOR}:
            return self.filter(province_code=actor.province_code) if actor.province_code else self.all()
        return self.filter(asked_by=actor.id)


class HandbookQuestion(models.Model):
    """Asked by somebody who found no answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    text = models.CharField(max_length=1000)
    """Long numbers in it are covered before it is kept."""
    procedure_code = models.CharField(max_length=20, blank=True)
    field_key = models.CharField(max_length=40, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=3000, blank=True)
    legal_source = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    entry = models.ForeignKey(HandbookEntry, on_delete=models.PROTECT, null=True, related_name="questions")
    """The entry that the answer became, or that answers it."""

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["province_code", "due_at"], condition=Q(answered_at=None), name="handbook_unanswered"),
            models.Index(fields=["asked_by", "-asked_at"], name="handbook_asked_by"),
        ]


class HandbookVote(models.Model):
    """Whether an entry was of use to one person; again replaces."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(HandbookEntry, on_delete=models.PROTECT, related_name="votes")
    account = models.ForeignKey("agents.StaffAccount", on_delete=models.PROTECT, related_name="+")
    is_useful = models.BooleanField()
    voted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "account"], name="handbook_one_vote_each")]


class HandbookMiss(models.Model):
    """Words that were looked for and not found, counted: folded, no digits, nobody's name beside them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2, blank=True)
    words = models.CharField(max_length=200)
    times = models.PositiveIntegerField(default=1)
    last_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "words"], name="handbook_miss_once")]

"""What an authority was asked, and the precedents that its answers became."""

from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from intake.models.procedures import DateRange
from intake.rules.questions import OpinionVerdict, QuestionKey, Subject
from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def seen_by(self, actor: Actor) -> Self:
        """Asked by or put to the actor's centre, about a dossier of her outlet, or of the city she answers for."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_ref=actor.outlet_id)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(Q(asked_by_centre_id=actor.centre_id) | Q(id__in=_put_to(actor.centre_id)))
        if actor.role in {Role.AUDITOR, Role.ADMINISTRATOR}:
            return self.filter(province_code=actor.province_code) if actor.province_code else self.all()
        return self.none()

    def open(self) -> Self:
        return self.filter(closed_at=None)


def _put_to(centre_id: UUID | None) -> models.QuerySet["OpinionAddressee", UUID]:
    asked = OpinionAddressee.objects.filter(centre_id=centre_id) if centre_id else OpinionAddressee.objects.none()
    return asked.values_list("opinion_id", flat=True)


class Opinion(models.Model):
    """A question put once to one or several centres or departments, with a due moment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    subject = models.CharField(max_length=14, choices=[(s.value, s.value) for s in Subject])
    key = models.CharField(max_length=24, choices=[(k.value, k.value) for k in QuestionKey])
    question = models.CharField(max_length=2000)
    procedure_code = models.CharField(max_length=20, blank=True)
    procedure_name = models.CharField(max_length=300, blank=True)
    place_code = models.CharField(max_length=5, blank=True)
    """A commune of today or a former one."""
    place_name = models.CharField(max_length=200, blank=True)
    is_general = models.BooleanField(default=True)
    """Whether the answer holds for the next same question; False: for this dossier alone."""
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, null=True, related_name="opinions")
    dossier_ref = models.CharField(max_length=16, blank=True)
    """The dossier's own reference, for those who are asked and do not see the dossier."""
    outlet_ref = models.UUIDField(null=True)
    """The outlet that filed the dossier: its clerk sees question and answer."""
    asked_by_centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    """Null: the city's administrator asked."""
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """Answered by all and of one mind, concluded, answered by precedent, or taken back."""
    outcome = models.CharField(max_length=12, blank=True)
    """"answered", "concluded", "precedent", "withdrawn"; empty while it waits."""
    outcome_note = models.CharField(max_length=500, blank=True)
    precedent = models.ForeignKey("intake.Precedent", on_delete=models.PROTECT, null=True, related_name="answered")
    """The precedent that answered it, or that its answer became."""

    objects: ClassVar[OpinionQuerySet] = OpinionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["asked_by_centre", "-asked_at"], name="opinion_of_centre"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="opinion_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(outcome=""), name="opinion_closed_says_how")
        ]


class OpinionAddressee(models.Model):
    """One who was asked, and her answer. A department that is not in the house is named with its contact."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="addressees")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    contact = models.CharField(max_length=160, blank=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=160, blank=True)
    verdict = models.CharField(max_length=12, blank=True, choices=[(v.value, v.value) for v in OpinionVerdict])
    authority = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    """The centre whose authority is competent, when that was the question."""
    text = models.CharField(max_length=4000, blank=True)
    legal_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["centre"], name="opinion_put_to")]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "name"], name="opinion_asked_once_of_each"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | (~Q(verdict="") & ~Q(legal_basis="")), name="opinion_answer_is_whole"
            ),
        ]


class OpinionPaper(models.Model):
    """A document beside the question or beside an answer."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="papers")
    document = models.ForeignKey("intake.Document", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    is_answer = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opinion", "document"], name="opinion_paper_once")]


class Precedent(models.Model):
    """An answer with its legal basis that holds for the next same question, from a day on, until it is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    key = models.CharField(max_length=24, choices=[(k.value, k.value) for k in QuestionKey])
    question = models.CharField(max_length=2000)
    verdict = models.CharField(max_length=12, choices=[(v.value, v.value) for v in OpinionVerdict])
    authority = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=4000, blank=True)
    legal_basis = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    """Who answered, as people read it."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: until further notice."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=160)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=160, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    search_key = models.TextField()
    """Folded question, answer, places and procedures."""

    class Meta:
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="precedent_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="precedent_valid_period"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="authority") | Q(authority__isnull=False), name="precedent_names_authority"
            ),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="precedent_has_legal_basis"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="precedent_withdrawn_says_why"
            ),
        ]


class PrecedentScope(models.Model):
    """One procedure and place that a precedent answers for. No two in force answer the same question on one day."""

    precedent = models.ForeignKey(Precedent, on_delete=models.CASCADE, related_name="scopes")
    province_code = models.CharField(max_length=2)
    key = models.CharField(max_length=24)
    procedure_code = models.CharField(max_length=20)
    """"*": whatever the procedure."""
    procedure_name = models.CharField(max_length=300, blank=True)
    place_code = models.CharField(max_length=5)
    """A commune of today or a former one."""
    place_name = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place_code", "procedure_code"], name="precedent_found_by")]
        constraints = [
            ExclusionConstraint(
                name="precedent_one_answer_a_day",
                expressions=[
                    (F("key"), RangeOperators.EQUAL),
                    (F("province_code"), RangeOperators.EQUAL),
                    (F("procedure_code"), RangeOperators.EQUAL),
                    (F("place_code"), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            )
        ]


class PrecedentUse(models.Model):
    """One more question that a precedent answered: of a dossier, or of an opinion that then need not be asked."""

    append_only = True

    precedent = models.ForeignKey(Precedent, on_delete=models.PROTECT, related_name="uses")
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, null=True, related_name="+")
    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["precedent", "dossier"], name="precedent_used_once_by_dossier"),
            models.UniqueConstraint(fields=["precedent", "opinion"], name="precedent_used_once_by_opinion"),
        ]

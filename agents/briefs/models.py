"""The briefs of a city and the actions agreed in them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from agents.briefs.rules import ActionState, BriefState, Half
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import Role


class BriefQuerySet(models.QuerySet["Brief"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those of the actor's city; only the operations room sees what is not released."""
        if actor.kind is ActorKind.JOB:
            return self
        if not actor.province_code:
            return self if actor.role == Role.ADMINISTRATOR else self.none()
        found = self.filter(province_code=actor.province_code)
        return found if actor.role == Role.OPERATIONS_OFFICER else found.filter(state=BriefState.RELEASED)


class Brief(models.Model):
    """One page about the city: what happened since the last one, what is to be done, by whom, until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    day = models.DateField()
    half = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Half])
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in BriefState],
                             default=BriefState.DRAFT)
    since = models.DateTimeField()
    as_of = models.DateTimeField()
    """What its figures speak of: from `since` up to this moment."""
    sections = models.JSONField(default=list)
    """agents.briefs.sections.Section, as data, in both languages."""
    remarks = models.CharField(max_length=2000, blank=True)
    agreed = models.JSONField(default=list)
    """The actions as they stood at its release."""
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by_name = models.CharField(max_length=120, blank=True)

    objects: ClassVar[BriefQuerySet] = BriefQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province_code", "day", "half"], name="brief_once"),
            models.CheckConstraint(condition=Q(state="draft", released_at=None) | Q(state="released",
                                                                                    released_at__isnull=False),
                                   name="brief_released_says_when"),
        ]
        indexes = [models.Index(fields=["province_code", "-as_of"], name="brief_of_province")]


class BriefAction(models.Model):
    """Something agreed in a brief: it stands in every later one until it is done or dropped."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="actions")
    """Where it was agreed."""
    province_code = models.CharField(max_length=2)
    text = models.CharField(max_length=300)
    owner_name = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in ActionState],
                             default=ActionState.OPEN)
    carried = models.PositiveSmallIntegerField(default=0)
    """Over how many briefs it has been carried."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["province_code", "due_at"], condition=Q(state="open"), name="brief_action_open")]

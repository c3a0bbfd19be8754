"""Who was let into an outlet's books by way of exception, and every page that was looked at."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.models.ledger import NEVER_CHANGED, NEVER_EMPTIED
from billing.queries.books import books_of
from billing.support.rules import MOST_MINUTES, AccessState
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import Role


class SupportAccesses(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """The outlet's own, its operator's, its city's; an administrator's are those of her city."""
        if actor.kind is ActorKind.JOB:
            return self
        if actor.role == Role.ADMINISTRATOR:
            return self.filter(province_code=actor.province_code) if actor.province_code else self.none()
        return self.filter(books_of(actor).lines)


class SupportAccess(models.Model):
    """One administrator's access to the books of one outlet: asked, allowed by another person, over in an hour."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in AccessState],
                             default=AccessState.ASKED)
    outlet_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    ticket = models.CharField(max_length=60)
    """What it is for: the number of a question, of an incident, of a work item."""
    reason = models.CharField(max_length=500)
    minutes = models.PositiveSmallIntegerField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    """Of an allowed one: nothing is shown from then on, whatever its state says."""
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    objects: ClassVar[SupportAccesses] = SupportAccesses.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "outlet_id"], condition=Q(state__in=["asked", "open"]),
                                    name="support_access_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="support_access_short"),
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=models.F("asked_by")),
                                   name="support_access_two_people"),
        ]
        indexes = [models.Index(fields=["outlet_id", "-asked_at"], name="support_access_outlet")]
        triggers = [
            pgtrigger.Protect(name="over_is_over", operation=pgtrigger.Update,
                              condition=pgtrigger.Condition("OLD.state NOT IN ('asked', 'open')")),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]


class SupportLook(models.Model):
    """One page that was looked at under a support access."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    access = models.ForeignKey(SupportAccess, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    period = models.DateField()
    line_id = models.UUIDField(null=True)
    """The line that was opened; null: the month's list."""

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

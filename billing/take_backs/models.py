"""Requests to take a line back: who asked, why, what was foreseen, who answered, what it came to."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing.queries.books import books_of
from billing.take_backs.rules import LONGEST_REASON, TakeBackState
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.money import MoneyField


class TakeBacks(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """A city's own; an operator's and an outlet's are those of their lines. Raises NotFound for anybody else."""
        return self if actor.kind is ActorKind.JOB else self.filter(books_of(actor).lines)

    def waiting(self) -> Self:
        return self.filter(state=TakeBackState.ASKED)


class TakeBack(models.Model):
    """One request to take one line back; what was done by it stands in the books and is named here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=[(each.value, each.value) for each in TakeBackState],
                             default=TakeBackState.ASKED)
    charges_anew = models.BooleanField()
    """Whether the event is charged again by the rules that hold for its day."""
    reason = models.CharField(max_length=LONGEST_REASON)
    amount = MoneyField()
    """What the city owes by the line."""
    foreseen = models.JSONField(default=dict)
    """Rule, reason and amounts of the new line as both people see them; empty when nothing is charged anew."""
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """When it lapses without an answer."""
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=LONGEST_REASON, blank=True)
    """Why it was refused."""
    ended_at = models.DateTimeField(null=True)
    mirror = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The line that took it back."""
    again = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The line that its event was charged by anew."""

    objects: ClassVar[TakeBacks] = TakeBacks.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge"], condition=Q(state="asked"), name="take_back_open_once"),
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
                                   name="take_back_two_people"),
            models.CheckConstraint(condition=Q(state="asked", ended_at=None) | ~Q(state="asked")
                                   & Q(ended_at__isnull=False), name="take_back_ended_when_final"),
            models.CheckConstraint(
                condition=Q(state="approved", mirror__isnull=False) & (Q(charges_anew=True, again__isnull=False)
                                                                       | Q(charges_anew=False, again=None))
                | ~Q(state="approved") & Q(mirror=None, again=None), name="take_back_done_when_approved"),
        ]
        indexes = [
            models.Index(fields=["province_code", "-asked_at", "-id"], name="take_back_of_province"),
            models.Index(fields=["due_at"], condition=Q(state="asked"), name="take_back_waiting"),
        ]
        triggers = [
            pgtrigger.Protect(name="over_is_over", operation=pgtrigger.Update,
                              condition=pgtrigger.Condition("OLD.state <> 'asked'")),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    @property
    def foreseen_amount(self) -> int:
        """What the city would owe by the new line, whole đồng."""
        return int(self.foreseen.get("city_subsidy", 0)) + int(self.foreseen.get("compensation", 0))

    @property
    def difference(self) -> int:
        """What the request changes in what the city owes."""
        return self.foreseen_amount - self.amount.amount

"""Answers, counted for places; and reports about money, which the place itself never sees."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.fields import PositiveSmallIntegerField

from intake.satisfaction.rules import MONEY_AT
from shared.actors import Actor
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role


def _answer() -> "PositiveSmallIntegerField[int | None, int | None]":
    """1 very dissatisfied … 5 very satisfied; null: not answered."""
    return PositiveSmallIntegerField(null=True)


class SatisfactionQuerySet(models.QuerySet["Satisfaction"]):
    def seen_by(self, actor: Actor) -> Self:
        """Those about the actor's place; every query starts here."""
        if actor.role in OUTLET_ROLES:
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role in CENTRE_ROLES:
            return self.filter(centre_id=actor.centre_id)
        if actor.role == Role.OPERATOR_HQ:
            return self.filter(operator_id=actor.operator_id)
        return self.filter(province_code=actor.province_code) if actor.province_code else self.none()


class Satisfaction(models.Model):
    """What a citizen answered about one dossier. Written once."""

    append_only = True

    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, primary_key=True, related_name="+")
    province_code = models.CharField(max_length=2)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    bring = _answer()
    attitude = _answer()
    waiting = _answer()
    trips = _answer()
    delivery = _answer()
    overall = models.PositiveSmallIntegerField()
    was_asked_for_money = models.BooleanField()
    comment = models.CharField(max_length=1000, blank=True)
    """National ID numbers in it are masked before it is kept."""
    answered_at = models.DateTimeField()

    objects: ClassVar[SatisfactionQuerySet] = SatisfactionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(overall__range=(1, 5)), name="satisfaction_one_to_five")]
        indexes = [models.Index(fields=["province_code", "answered_at"], name="satisfaction_of_province")]


class MoneyReportQuerySet(models.QuerySet["MoneyReport"]):
    def seen_by(self, actor: Actor) -> Self:
        """For the programme office and the centre's manager; never for an outlet or an operator."""
        if actor.role == Role.CENTRE_MANAGER:
            return self.filter(centre_id=actor.centre_id)
        if actor.role in {Role.ADMINISTRATOR, Role.AUDITOR} and actor.province_code:
            return self.filter(province_code=actor.province_code)
        return self.none()


class MoneyReport(models.Model):
    """A citizen says that somebody asked for money beside the receipt."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dossier = models.OneToOneField("intake.Dossier", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.CharField(max_length=10, choices=[(each, each) for each in MONEY_AT])
    """Where, by her words: a code of MONEY_AT."""
    amount = models.BigIntegerField(null=True)
    """Whole đồng, by her words; no book knows it."""
    words = models.CharField(max_length=1000, blank=True)
    receipts = models.JSONField(default=dict)
    """What was due and paid by our books when she said it: the evidence to begin with."""
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=500, blank=True)

    objects: ClassVar[MoneyReportQuerySet] = MoneyReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["province_code", "reported_at"], name="money_report_of_province")]

"""What a draft would have cost: asked of past months, worked out by a worker, kept to be compared."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from billing.rules.what_if import ScenarioState
from shared.ids import uuid7
from shared.money import MoneyField


class Scenario(models.Model):
    """One or several drafts run together over past months of a city. The books are only read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    draft_ids = ArrayField(models.UUIDField())
    drafts = models.JSONField()
    """[{"id", "kind", "code", "digest", "terms"}] as they were when it was asked."""
    first_period = models.DateField()
    last_period = models.DateField()
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ScenarioState],
                             default=ScenarioState.ASKED.value)
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["province", "-asked_at"], name="scenario_list")]

    def __str__(self) -> str:
        return self.name


class ScenarioRow(models.Model):
    """What the lines of one operator, outlet, procedure or month cost, and would have cost."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="rows")
    by = models.CharField(max_length=10)
    """billing.rules.what_if.Dimension: "total", "month", "operator", "outlet", "procedure", "kind"."""
    key = models.CharField(max_length=60)
    lines = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    """Lines whose amounts differ."""
    city_now = MoneyField()
    city_then = MoneyField()
    citizen_now = MoneyField()
    citizen_then = MoneyField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "by", "key"], name="scenario_row_once")]

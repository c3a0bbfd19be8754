import pgtrigger
from django.db import models

from shared.ids import uuid7
from shared.money import MoneyField


class StatementState(models.TextChoices):
    OPEN = "open"
    PREPARED = "prepared"


class Statement(models.Model):
    """A month of one operator in one province: totals and the digest of its lines, fixed when prepared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    operator_code = models.CharField(max_length=12)
    period = models.DateField()
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.OPEN)
    lines = models.PositiveIntegerField(default=0)
    gross = MoneyField(default=0)
    national_reduction = MoneyField(default=0)
    city_subsidy = MoneyField(default=0)
    citizen_share = MoneyField(default=0)
    compensation = MoneyField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 over the canonical lines, in order."""
    prepared_at = models.DateTimeField(null=True)
    prepared_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "operator_code", "period"], name="statement_once")]
        triggers = [
            pgtrigger.Protect(
                name="figures_kept", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'open' AND (NEW.state = 'open' OR"
                    " (OLD.province_id, OLD.operator_code, OLD.period, OLD.lines, OLD.gross, OLD.national_reduction,"
                    " OLD.city_subsidy, OLD.citizen_share, OLD.compensation, OLD.digest, OLD.prepared_at,"
                    " OLD.prepared_by) IS DISTINCT FROM"
                    " (NEW.province_id, NEW.operator_code, NEW.period, NEW.lines, NEW.gross, NEW.national_reduction,"
                    " NEW.city_subsidy, NEW.citizen_share, NEW.compensation, NEW.digest, NEW.prepared_at,"
                    " NEW.prepared_by))")),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete,
                              condition=pgtrigger.Condition("OLD.state <> 'open'")),
        ]

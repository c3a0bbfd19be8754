from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from shared.confidence import Confidence


class DateRange(Func):
    """PostgreSQL's half-open daterange of two date columns; a null end is open."""

    function = "daterange"


class Procedure(models.Model):
    """One version of an administrative procedure as published: what it takes, costs and gives, and who decides."""

    code = models.CharField(max_length=20)
    """National code, e.g. "2.000635"."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open; null: in force."""
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    field = models.CharField(max_length=40)
    """"certification", "civil_status", "household_business", "land", "construction", "identity_residence", "social"."""
    level = models.CharField(max_length=10)
    authority = models.CharField(max_length=200)
    channels = ArrayField(models.CharField(max_length=8))
    agent_modes = ArrayField(models.CharField(max_length=8))
    refer_reason_vi = models.CharField(max_length=300, blank=True)
    refer_reason_en = models.CharField(max_length=300, blank=True)
    online_level = models.CharField(max_length=12)
    """"full" (toàn trình), "partial" (một phần) or "none"."""
    terms = models.JSONField()
    """Channel → {"amount": int, "unit": "working_day" | "day" | "hour" | "same_day"}."""
    has_same_day_cutoff = models.BooleanField(default=False)
    """Received after 15:00: due the next working day."""
    fee = models.JSONField()
    """{"kind": "free" | "per_page_steps" | "per_copy" | "per_case" | "council_set", …amounts in đồng}."""
    result_type = models.CharField(max_length=60, blank=True)
    place_rule = models.CharField(max_length=24)
    managed_by_city = models.BooleanField()
    """Whether city authorities decide; a city subsidises only its own procedures."""
    is_paper_forbidden = models.BooleanField(default=False)
    """Everywhere."""
    paper_forbidden_in = ArrayField(models.CharField(max_length=2), default=list)
    """Provinces (codes) where an outlet or branch may not ask for paper components of this procedure."""
    needs_presence = models.BooleanField(default=False)
    authorisation_rule = models.CharField(max_length=60)
    documents = models.JSONField()
    """[{code, name_vi, name_en, kind, required: "always" | "by_post" | "if_applicable", note_vi, note_en}]."""
    is_essential = models.BooleanField(default=False)
    aliases = ArrayField(models.CharField(max_length=80), default=list)
    """Everyday words people ask with, e.g. "sổ đỏ"."""
    search_key = models.TextField()
    """Folded code, names and aliases."""
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    """What clerk and citizen must know beside the columns: other terms, opening hours, originals to hand in."""
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)
    uncertain = models.JSONField(default=dict)
    """Column → confidence, for what is known less surely than the row as a whole."""

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="procedure_one_version_a_day",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="procedure_valid_period"
            ),
        ]
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="procedure_search")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"

"""Rules before they are in force: written by one person, approved by another."""

from django.db import models
from django.db.models import F, Q

from billing.rules.rule_book import DraftState, RuleKind
from shared.ids import uuid7


class RuleDraft(models.Model):
    """A rule on its way into force. Approved, its terms became rows of billing.models.rates or of the budget."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in RuleKind])
    province_code = models.CharField(max_length=2, blank=True)
    """Whose rule it is; empty: it binds every city (tariffs, national reductions)."""
    home = models.CharField(max_length=2)
    """The province of the person who wrote it."""
    code = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    terms = models.JSONField()
    """The whole rule as billing.rule_book.terms has it."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the terms: what each person saw when she signed."""
    note = models.CharField(max_length=1000, blank=True)
    """Why, for whoever approves."""
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in DraftState],
                             default=DraftState.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.CharField(max_length=80)
    drafted_by_name = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80, blank=True)
    proposed_by_name = models.CharField(max_length=120, blank=True)
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    to_recharge = models.BooleanField(default=False)
    """In force for days whose lines were written already, in open months: a worker writes those lines anew."""
    left_lines = models.JSONField(default=list)
    """Ids of lines that it would change and that a decision or known error has corrected: a person settles them."""

    class Meta:
        constraints = [
            # Nobody approves her own: kept by the database too.
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("drafted_by"))
                                                  & ~Q(decided_by="")),
                name="rule_by_two_people"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                                   name="rule_draft_has_days"),
        ]
        indexes = [models.Index(fields=["home", "state", "-drafted_at"], name="rule_draft_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from:%Y-%m-%d}"

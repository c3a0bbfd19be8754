"""Disputes of lines. What was said, shown and decided is only added to; a dispute's state moves by the table."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.disputes import rules
from billing.disputes.rules import (
    ANSWERS,
    FINAL,
    HOLDING,
    OUTCOMES,
    Cause,
    DisputeAction,
    DisputeState,
    EvidenceState,
    Reason,
    Side,
)
from billing.errors import DisputeStateForbids
from billing.models.ledger import NEVER_CHANGED, NEVER_EMPTIED
from billing.queries.books import books_of
from shared.actors import Actor
from shared.ids import uuid7
from shared.money import Money, MoneyField


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def seen_by(self, actor: Actor) -> Self:
        """The outlet's own, an operator's, a city's; every query starts here. Raises NotFound for anybody else."""
        return self.filter(books_of(actor).lines)

    def open(self) -> Self:
        return self.filter(state__in=HOLDING)


class Dispute(models.Model):
    """One outlet's or operator's disagreement with lines of one outlet and month, from raising to its end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    """Whose work the lines are about; null: lines without an outlet."""
    period = models.DateField()
    reason = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Reason])
    side = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Side])
    """Who raised it."""
    raised_by = models.CharField(max_length=80)
    raised_by_name = models.CharField(max_length=120)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in DisputeState],
                             default=DisputeState.RAISED.value)
    state_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """When whoever has it now should be done with it."""
    decide_by = models.DateTimeField()
    """When it should be decided, whoever has it."""
    round = models.PositiveSmallIntegerField(default=1)
    reviewer = models.CharField(max_length=80, blank=True)
    reviewer_name = models.CharField(max_length=120, blank=True)
    confirmer = models.CharField(max_length=80, blank=True)
    confirmer_name = models.CharField(max_length=120, blank=True)
    cause = models.CharField(max_length=14, choices=[(each.value, each.value) for each in Cause],
                             default=Cause.UNKNOWN.value)
    cause_evidence = models.CharField(max_length=600, blank=True)
    outcome = models.CharField(max_length=8, blank=True, choices=[(str(each), str(each)) for each in OUTCOMES])
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True, choices=[(each, each) for each in ANSWERS])
    """What who raised it said to the decision; never "accepted" by silence."""
    closed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects: ClassVar[DisputeQuerySet] = DisputeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in DisputeState]),
                                   name="dispute_state_known"),
            models.CheckConstraint(condition=Q(closed_at=None, state__in=sorted(each.value for each in HOLDING))
                                   | Q(closed_at__isnull=False, state__in=sorted(each.value for each in FINAL)),
                                   name="dispute_closed_when_final"),
        ]
        indexes = [
            models.Index(fields=["province_code", "-raised_at"], name="dispute_of_province"),
            models.Index(fields=["outlet_id", "-raised_at"], name="dispute_of_outlet"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="dispute_open"),
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), NEVER_EMPTIED]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in HOLDING

    def move(self, action: DisputeAction) -> None:
        """Take the state that `action` leads to; the caller saves.

        Raises:
            DisputeStateForbids: the state does not allow it.
        """
        after = rules.DISPUTE.get((DisputeState(self.state), action))
        if after is None:
            raise DisputeStateForbids(state=self.state, action=str(action))
        self.state = after


class DisputeLine(models.Model):
    """One disputed line, or one that should be there and is not (`charge` null, then `dossier_code` says which)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="+")
    dossier_code = models.CharField(max_length=40, blank=True)
    amount = MoneyField(default=0)
    """What the city owes by the line, when it was disputed."""
    settled = MoneyField(default=0)
    """What the books say for it now: `amount` and what decisions have added."""
    wanted_vnd = models.BigIntegerField(null=True)
    """What it should be, by who disputes it; null: not said."""
    digest = models.CharField(max_length=64, blank=True)
    """Of the line as it was disputed."""
    is_open = models.BooleanField(default=True)
    is_held = models.BooleanField()
    outcome = models.CharField(max_length=8, blank=True, choices=[(str(each), str(each)) for each in OUTCOMES])
    decided_vnd = models.BigIntegerField(null=True)
    """What the city owes for it by the decision; the difference is an entry of its own."""
    entry = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge"], condition=Q(is_open=True), name="dispute_line_open_once"),
            models.CheckConstraint(condition=Q(charge__isnull=False) | ~Q(dossier_code=""),
                                   name="dispute_line_says_which"),
        ]
        indexes = [models.Index(fields=["charge"], name="dispute_line_of_charge")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), NEVER_EMPTIED]

    @property
    def wanted(self) -> Money | None:
        return None if self.wanted_vnd is None else Money(self.wanted_vnd)

    @property
    def decided(self) -> Money | None:
        return None if self.decided_vnd is None else Money(self.decided_vnd)


class DisputeEntry(models.Model):
    """One thing that was said or done in a dispute. Both sides read all of them; there is no hidden note."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    """"raised", "said", an action of the state table, "reminded", "escalated", "entered"."""
    side = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Side])
    author = models.CharField(max_length=80)
    author_name = models.CharField(max_length=120)
    text = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)
    facts = models.JSONField(default=dict)
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dispute", "said_at"], name="dispute_entry_in_order")]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class DisputeFile(models.Model):
    """A file that one side put forward, sealed in the row: it lives as long as the dispute and is saved with it."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="files")
    entry = models.ForeignKey(DisputeEntry, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

    @property
    def state(self) -> EvidenceState:
        """By its newest look; load the file with its `checks`."""
        newest = max(self.checks.all(), key=lambda check: check.id, default=None)
        return EvidenceState.WAITING if newest is None else EvidenceState(newest.state)


class EvidenceCheck(models.Model):
    """One look at a file of evidence; the newest counts. `view` is the file rebuilt by us, sealed like the file."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(DisputeFile, on_delete=models.PROTECT, related_name="checks")
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in EvidenceState
                                                     if each is not EvidenceState.WAITING])
    engine = models.CharField(max_length=120, blank=True)
    """The antivirus with its signatures, as it names itself; empty: none has answered."""
    view_type = models.CharField(max_length=80, blank=True)
    view = models.BinaryField(blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class StatementAnswer(models.Model):
    """What an outlet or operator said to a month as it then stood: accepted, or accepted except some lines.

    Without a row nothing was said, and nothing is taken for accepted.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    """Null: the operator's answer for all its outlets."""
    period = models.DateField()
    lines = models.PositiveIntegerField()
    excepted = models.PositiveIntegerField()
    city_owes = MoneyField()
    """For the accepted lines."""
    digest = models.CharField(max_length=64)
    """Of all lines of the month as they were answered to."""
    answered_by = models.CharField(max_length=80)
    answered_by_name = models.CharField(max_length=120)
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["province_code", "operator_code", "period"], name="statement_answer_of_month")]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


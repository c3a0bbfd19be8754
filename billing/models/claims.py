"""What operators ask cities to pay, line by line, and what became of each line."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing.models.ledger import NEVER_EMPTIED
from billing.rules.claims import ClaimState, Verdict
from shared.ids import uuid7
from shared.money import MoneyField

_LIVE = ["received", "read", "confirmed", "matched"]


class Claim(models.Model):
    """One file of an operator for one month of one province. The same file sent again is the same claim."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, related_name="+")
    operator_code = models.CharField(max_length=12)
    period = models.DateField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in ClaimState],
                             default=ClaimState.RECEIVED)
    file_name = models.CharField(max_length=120)
    format = models.CharField(max_length=4)
    """"csv" or "xlsx"."""
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of the file as it came: what both sides sign."""
    reading = models.JSONField(default=dict)
    """How the file was understood: billing.claims.files.reading.Reading as data."""
    rows = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    """All that were found; the first of them are kept as ClaimFault."""
    claimed = MoneyField(default=0)
    unclaimed_lines = models.PositiveIntegerField(default=0)
    """Lines of the month's books that the file does not ask for, and what the city owes for them."""
    unclaimed = MoneyField(default=0)
    sent_by = models.CharField(max_length=80)
    sent_by_name = models.CharField(max_length=160, blank=True)
    sent_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=160, blank=True)
    state_at = models.DateTimeField()
    """When it came into its state."""
    discard_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "operator_code", "period"], condition=Q(state__in=_LIVE),
                                    name="claim_live_once"),
            models.CheckConstraint(condition=Q(state__in=[*_LIVE, "faulty", "discarded"]), name="claim_state_known"),
        ]
        indexes = [models.Index(fields=["province", "operator_code", "-period", "-sent_at"], name="claim_of_books")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.operator_code} {self.period:%Y-%m}"


class ClaimFile(models.Model):
    """The bytes of a claim as they came; beside it, so that lists never load them."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ClaimFault(models.Model):
    """Something in one cell that cannot be read; its words are billing.claims.faults."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="fault_rows", db_index=False)
    row = models.PositiveIntegerField()
    """As the operator's program numbers it, the header included; 0: the whole file."""
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40)
    shown = models.CharField(max_length=80, blank=True)
    """What stands there, shortened."""
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["claim", "row", "id"], name="claim_fault_in_order")]


class ClaimLine(models.Model):
    """One row of a confirmed claim with its verdict. What was claimed never changes; a verdict changes by decision."""

    id = models.BigAutoField(primary_key=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines", db_index=False)
    row = models.PositiveIntegerField()
    item = models.CharField(max_length=20)
    """"postage", or a task of billing.rules.compensation.TASKS."""
    parcel_number = models.CharField(max_length=20, blank=True)
    dossier_code = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=8, blank=True)
    claimed = MoneyField()
    owed = MoneyField(default=0)
    """What our books say that the city owes for it; the most that can be admitted."""
    admitted = MoneyField(default=0)
    verdict = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Verdict])
    reason_code = models.CharField(max_length=24, blank=True)
    charge_id = models.UUIDField(null=True)
    """The line of our books it was compared with."""
    facts = models.JSONField(default=dict)
    """What the file says beside the columns above, and what carrier and centre say."""
    risk = models.PositiveSmallIntegerField(default=0)
    is_sampled = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "row"], name="claim_line_once"),
            models.CheckConstraint(condition=Q(claimed__gt=0), name="claim_line_claims"),
            models.CheckConstraint(condition=Q(admitted__gte=0, admitted__lte=F("claimed")),
                                   name="claim_line_not_above_claim"),
            models.CheckConstraint(condition=Q(admitted__lte=F("owed")), name="claim_line_not_above_books"),
        ]
        indexes = [
            models.Index(fields=["claim", "reason_code", "row"], name="claim_line_reason"),
            models.Index(fields=["claim", "row"], condition=Q(verdict="look"), name="claim_line_to_look"),
            models.Index(fields=["claim", "row"], condition=~Q(reason_code=""), name="claim_line_exception"),
            models.Index(fields=["claim", "row"], condition=Q(is_sampled=True), name="claim_line_sampled"),
            models.Index(fields=["parcel_number"], condition=~Q(parcel_number=""), name="claim_line_parcel"),
            models.Index(fields=["charge_id"], condition=Q(charge_id__isnull=False), name="claim_line_charge"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="claim_kept", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    '((OLD.claim_id, OLD."row", OLD.item, OLD.parcel_number, OLD.dossier_code, OLD.direction,'
                    " OLD.claimed, OLD.owed, OLD.charge_id) IS DISTINCT FROM"
                    ' (NEW.claim_id, NEW."row", NEW.item, NEW.parcel_number, NEW.dossier_code, NEW.direction,'
                    " NEW.claimed, NEW.owed, NEW.charge_id))")),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            NEVER_EMPTIED,
        ]


class ClaimDecision(models.Model):
    """A person's verdict on one line, with her reason; the line carries the newest."""

    append_only = True

    line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, related_name="decisions")
    verdict_before = models.CharField(max_length=8)
    reason_before = models.CharField(max_length=24, blank=True)
    verdict = models.CharField(max_length=8)
    admitted = MoneyField()
    words = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="claim_decision_has_words")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CallBack(models.Model):
    """A citizen to be asked whether what is charged for her really came; asked by the centre that knows her."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.OneToOneField(ClaimLine, on_delete=models.PROTECT, related_name="call_back")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="call_backs", db_index=False)
    province_code = models.CharField(max_length=2)
    centre_id = models.UUIDField()
    dossier_code = models.CharField(max_length=40, blank=True)
    parcel_number = models.CharField(max_length=20)
    delivered_at = models.DateTimeField()
    relation = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True)
    """"received", "denied", "unreachable"; empty: nobody has reached her yet."""
    tries = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=80, blank=True)
    asked_by_name = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["", "received", "denied", "unreachable"]),
                                   name="call_back_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["centre_id", "due_at", "id"], condition=Q(outcome=""), name="call_back_open"),
            models.Index(fields=["claim"], name="call_back_of_claim"),
        ]

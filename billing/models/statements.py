import pgtrigger
from django.db import models
from django.db.models import Q

from billing.rules.settling import Why
from shared.ids import uuid7
from shared.money import MoneyField


class StatementState(models.TextChoices):
    """The states of billing.rules.settling, where their order and who moves them stand."""

    OPEN = "open"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RELEASED = "released"
    RECONCILED = "reconciled"


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
    state_at = models.DateTimeField(null=True)
    """When it came into its state; null while open."""
    round = models.PositiveSmallIntegerField(default=1)
    """Counts on when it is sent back: signatures of an earlier round no longer count."""

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


class StatementSignature(models.Model):
    """One person's signature under the figures that she saw. Sent back, the statement begins another round."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=10)
    """A step of billing.rules.settling."""
    signer_id = models.CharField(max_length=80)
    signer_name = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    """Of the figures: billing.settling.figures."""
    figures = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "round", "step"], condition=~Q(step="send_back"),
                                    name="statement_step_once"),
            # Different people, also for whoever writes past the operation.
            models.UniqueConstraint(fields=["statement", "round", "signer_id"], name="statement_signers_differ",
                                    condition=Q(step__in=["prepare", "review", "approve", "release"])),
            models.UniqueConstraint(fields=["statement", "round", "signer_id"], name="statement_reconciler_differs",
                                    condition=Q(step__in=["review", "approve", "release", "reconcile"])),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class StatementPayment(models.Model):
    """What the Treasury paid for a released statement, as its paper says."""

    append_only = True

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="payment")
    reference = models.CharField(max_length=60, unique=True)
    """Of the Treasury's payment order."""
    amount = MoneyField()
    paid_on = models.DateField()
    recorded_by = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Withheld(models.Model):
    """An amount that a released statement did not pay, and the later statement that paid it once nothing kept it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="withheld")
    charge_id = models.UUIDField(null=True)
    """The line of the books; null for what came out below zero."""
    why = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Why])
    amount = MoneyField()
    """May be negative: a disputed deduction is withheld too."""
    noted_at = models.DateTimeField()
    settled_with = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="carried")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge_id"], condition=Q(settled_with=None, charge_id__isnull=False),
                                    name="withheld_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="withheld_not_zero"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="settled_once", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.settled_with_id IS NOT NULL OR (OLD.statement_id, OLD.charge_id, OLD.why, OLD.amount,"
                    " OLD.noted_at) IS DISTINCT FROM (NEW.statement_id, NEW.charge_id, NEW.why, NEW.amount,"
                    " NEW.noted_at)")),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]


class ExportFormat(models.TextChoices):
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class StatementExport(models.Model):
    """A file of a statement or of its claim that somebody asked for; a worker makes it, however long it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="exports")
    subject = models.CharField(max_length=8)
    """"lines" of our books, or "claim"."""
    format = models.CharField(max_length=4, choices=ExportFormat)
    view = models.CharField(max_length=40, blank=True)
    """A view or a reason, as on the screen; empty: everything."""
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)
    rows = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=2, default="vi")

    class Meta:
        indexes = [models.Index(fields=["statement", "-asked_at"], name="export_of_statement")]


class ExportFile(models.Model):
    """The bytes of an export, removed after a month: it can be made again."""

    export = models.OneToOneField(StatementExport, on_delete=models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

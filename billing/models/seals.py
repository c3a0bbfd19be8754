"""The seal on the books: lines, audit entries, other records, a chain each, its head signed outside the database.

A row's commitment is SHA-256 over a random salt and what the row says (billing/chain/said.py), so that it can be
published without telling what it stands for. The chain is SHA-256 over the chain before it and the commitment.
"""

from datetime import date
from typing import Final

import pgtrigger
from django.db import models

from billing.models.ledger import NEVER_CHANGED, NEVER_EMPTIED, Charge
from shared.ids import uuid7
from shared.models.oversight import AuditEntry
from shared.money import MoneyField

DIGEST_BYTES: Final = 32


class Seal(models.Model):
    """The place of one row in its chain, from 1 without a gap."""

    append_only = True

    sequence = models.BigIntegerField(primary_key=True)
    salt = models.UUIDField()
    commitment = models.BinaryField(max_length=DIGEST_BYTES)
    chain = models.BinaryField(max_length=DIGEST_BYTES)
    sealed_at = models.DateTimeField()

    class Meta:
        abstract = True
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class LineSeal(Seal):
    """Of a line with its posting group and legs."""

    line = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="seal", db_constraint=False)

    class Meta(Seal.Meta):
        pass


class AuditSeal(Seal):
    """Of an entry of the audit."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="+", db_constraint=False)

    class Meta(Seal.Meta):
        pass


class RecordSeal(Seal):
    """Of a rule, a decision, a signature or whatever else figures rest upon (billing/chain/records.py)."""

    record = models.CharField(max_length=80, unique=True)
    """Table and id: "billing_disputeentry 0199…"."""

    class Meta(Seal.Meta):
        pass


class Checkpoint(models.Model):
    """The heads of the chains at the end of a day, signed with a key that the database does not know."""

    append_only = True

    number = models.PositiveIntegerField(primary_key=True)
    day = models.DateField(unique=True)
    """The last local day whose rows it covers."""
    lines = models.BigIntegerField()
    """Sequence of the last sealed line; 0 before the first."""
    entries = models.BigIntegerField()
    """Sequence of the last sealed audit entry."""
    records = models.BigIntegerField(default=0)
    """Sequence of the last sealed record; 0 also of checkpoints before records were sealed."""
    said = models.TextField()
    """What is signed: a JSON object, byte for byte."""
    signature = models.BinaryField(max_length=64)
    key_id = models.CharField(max_length=16)
    code = models.CharField(max_length=12, unique=True)
    """Printed on statements, e.g. "7K3F9-Q2MXA"."""
    signed_at = models.DateTimeField()

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class SigningKey(models.Model):
    """A public key that checkpoints are signed with; each but the first is vouched for by the one before it."""

    append_only = True

    key_id = models.CharField(max_length=16, primary_key=True)
    public_key = models.BinaryField(max_length=DIGEST_BYTES)
    since = models.DateTimeField()
    vouched_by = models.CharField(max_length=16, blank=True)
    said = models.TextField(blank=True)
    """What the former key signed; empty for the first."""
    signature = models.BinaryField(max_length=64, default=bytes)

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

    @property
    def public_hex(self) -> str:
        """As the verifiers take it."""
        return bytes(self.public_key).hex()


class OutletDay(models.Model):
    """An outlet's signed statement of the lines that one checkpoint covers, to be kept by the outlet."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="outlet_days")
    outlet_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    """Of this outlet, from 1 without a gap: a missing one is seen."""
    lines = models.PositiveIntegerField()
    city_subsidy = MoneyField()
    citizen_share = MoneyField()
    compensation = MoneyField()
    other = MoneyField()
    said = models.TextField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet_id", "number"], name="outlet_day_numbered"),
            models.UniqueConstraint(fields=["checkpoint", "outlet_id"], name="outlet_day_once"),
        ]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]

    @property
    def signed_day(self) -> date:
        """Load it with its checkpoint."""
        return self.checkpoint.day

    @property
    def seal_code(self) -> str:
        return self.checkpoint.code


class VerificationState(models.TextChoices):
    ASKED = "asked"
    SOUND = "sound"
    UNSOUND = "unsound"


class Verification(models.Model):
    """One look through the books by independent code: how far it looked, and what it found first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    state = models.CharField(max_length=8, choices=VerificationState, default=VerificationState.ASKED)
    days = models.PositiveSmallIntegerField(null=True)
    """Lines of the last so many days; None: everything since the first."""
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=100)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    lines = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    checkpoints = models.PositiveIntegerField(default=0)
    unsealed = models.BigIntegerField(default=0)
    """Lines that no seal covers yet."""
    findings = models.JSONField(default=list)
    """The first ones, by kind: [[kind, sequence or null, reference, detail], …]."""
    found = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="verification_newest")]
        triggers = [
            pgtrigger.Protect(name="verdict_kept", operation=pgtrigger.Update,
                              condition=pgtrigger.Condition("OLD.state <> 'asked'")),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

"""Money that was asked of citizens, and what came: collections, cash shifts, bank lines."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from billing.payments.rules.matching import CollectionState, LineVerdict
from billing.payments.rules.shifts import ShiftCause, ShiftState
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.money import MoneyField
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

_TERM = Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField())


class OfAnOutlet(models.QuerySet[Any]):
    """Rows with an outlet, an operator and a province: whoever answers for one of them sees them."""

    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; every query starts here."""
        if actor.kind is ActorKind.JOB:
            return self
        if actor.outlet_id is not None and (not actor.role or actor.role in OUTLET_ROLES):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.operator_id is not None and actor.role in {"", Role.OPERATOR_HQ}:
            return self.filter(operator_id=actor.operator_id)
        if actor.province_code and (not actor.role or actor.role in FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR}):
            return self.filter(province_code=actor.province_code)
        return self.none()


class CollectingAccount(models.Model):
    """The bank account that an operator's outlets of one province collect into; entered by one person, approved by
    another, in force for a term.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operator_id = models.UUIDField()
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    bank_bin = models.CharField(max_length=6)
    bank_name = models.CharField(max_length=60)
    account_number = models.CharField(max_length=19)
    account_name = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """First day on which it is no longer used."""
    entered_by = models.CharField(max_length=80)
    entered_by_name = models.CharField(max_length=120)
    entered_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_by_name = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approved_by="") | ~Q(approved_by=F("entered_by")),
                                   name="collecting_account_two_people"),
            models.CheckConstraint(condition=Q(approved_by="") | Q(approved_at__isnull=False),
                                   name="collecting_account_approved_at"),
            ExclusionConstraint(
                name="collecting_account_one_at_a_time", condition=~Q(approved_by=""),
                expressions=[("operator_id", RangeOperators.EQUAL), ("province_code", RangeOperators.EQUAL),
                             (_TERM, RangeOperators.OVERLAPS)]),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.account_number}"


class CashShift(models.Model):
    """One clerk's drawer at one outlet, from its opening to its count."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outlet_id = models.UUIDField()
    operator_id = models.UUIDField()
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    clerk_id = models.CharField(max_length=80)
    clerk_name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in ShiftState], default=ShiftState.OPEN)
    opened_at = models.DateTimeField()
    opening_float = MoneyField(default=0)
    """Small change that lay in the drawer before anything was taken."""
    is_opened_by_money = models.BooleanField(default=False)
    """The first money taken opened it; nobody counted the float."""
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    notes_counted = models.JSONField(default=dict)
    """Denomination in đồng → number of notes."""
    expected = MoneyField(default=0)
    counted = MoneyField(default=0)
    """Both mean something once the shift is closed."""
    note = models.CharField(max_length=300, blank=True)
    cause = models.CharField(max_length=20, choices=[(c.value, c.value) for c in ShiftCause], blank=True)
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)

    objects: ClassVar[OfAnOutlet] = OfAnOutlet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet_id", "clerk_id"], condition=Q(state="open"),
                                    name="cash_shift_one_open"),
            models.CheckConstraint(condition=Q(state="open") | Q(closed_at__isnull=False),
                                   name="cash_shift_is_counted"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(counted=F("expected")) | ~Q(answered_by=""),
                name="cash_shift_difference_is_answered"),
            models.CheckConstraint(condition=Q(answered_by="") | ~Q(answered_by=F("clerk_id")),
                                   name="cash_shift_answered_by_another"),
        ]
        indexes = [models.Index(fields=["outlet_id", "-opened_at"], name="cash_shift_of_outlet"),
                   models.Index(fields=["operator_id"], condition=Q(state="questioned"), name="cash_shift_questioned")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]


class ShiftPaper(models.Model):
    """The signed close of a counted shift: what was in the drawer, in words that never change, and who vouches."""

    append_only = True

    shift = models.OneToOneField(CashShift, on_delete=models.PROTECT, primary_key=True, related_name="paper")
    said = models.TextField()
    """Canonical JSON: billing.payments.closing."""
    signature = models.BinaryField()
    """Ed25519 over `said`, by the key that signs checkpoints."""
    code = models.CharField(max_length=12)
    """Short, to be compared with the printed paper."""
    signed_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class MovementKind(models.TextChoices):
    TAKEN = "taken"
    GIVEN_BACK = "given_back"
    HANDED_IN = "handed_in"


class CashMovement(models.Model):
    """Money into a drawer or out of it. Never changed."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shift = models.ForeignKey(CashShift, on_delete=models.PROTECT, related_name="movements")
    source_key = models.CharField(max_length=80, unique=True)
    """What happened, told once: "dossier:{id}:{version}", "hand-in:{slip number}"."""
    kind = models.CharField(max_length=12, choices=MovementKind)
    source_id = models.UUIDField(null=True)
    """The dossier that it was taken for."""
    fee = MoneyField(default=0)
    postage = MoneyField(default=0)
    amount = MoneyField()
    """Positive into the drawer; fee + postage, except what is handed in."""
    reference = models.CharField(max_length=60, blank=True)
    """Receipt number or the number of the deposit slip."""
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="cash_movement_moves"),
            models.CheckConstraint(condition=Q(kind="handed_in") | Q(amount=F("fee") + F("postage")),
                                   name="cash_movement_adds_up"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Collection(models.Model):
    """Money asked of a citizen by a way other than cash, under a reference of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True)
    source_type = models.CharField(max_length=20)
    source_id = models.UUIDField()
    outlet_id = models.UUIDField()
    operator_id = models.UUIDField()
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    account = models.ForeignKey(CollectingAccount, on_delete=models.PROTECT, null=True, related_name="+")
    method = models.CharField(max_length=10)
    """"transfer" or "card"."""
    fee = MoneyField()
    postage = MoneyField()
    amount = MoneyField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in CollectionState],
                             default=CollectionState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[OfAnOutlet] = OfAnOutlet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_type", "source_id"], condition=Q(state="asked"),
                                    name="collection_one_live"),
            models.CheckConstraint(condition=Q(amount=F("fee") + F("postage"), amount__gt=0),
                                   name="collection_adds_up"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_at__isnull=False), name="collection_paid_at"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="asked"), name="collection_live"),
                   models.Index(fields=["source_type", "source_id"], name="collection_of_source")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]


class BankFile(models.Model):
    """A statement that was read in, known by its content: the same file again, under whatever name, adds nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(CollectingAccount, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    read_at = models.DateTimeField()
    read_by_name = models.CharField(max_length=120)
    lines = models.PositiveIntegerField()
    new_lines = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "sha256"], name="bank_file_once")]


class BankLine(models.Model):
    """One line of the account as the bank tells it; what it says never changes, what it is to us may be settled."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(CollectingAccount, on_delete=models.PROTECT, related_name="lines")
    operator_id = models.UUIDField()
    province_code = models.CharField(max_length=2)
    bank_ref = models.CharField(max_length=80)
    """The bank's own number of the line, or a digest of the line and its place among equal ones."""
    booked_at = models.DateTimeField()
    amount = MoneyField()
    purpose = models.CharField(max_length=300)
    told_at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=[(v.value, v.value) for v in LineVerdict])
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, null=True, related_name="bank_lines")
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    settlement = models.CharField(max_length=300, blank=True)
    """What a person decided about an exception, and why."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "bank_ref"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(verdict="matched") | Q(collection__isnull=False),
                                   name="bank_line_matched_to"),
            # One payment for one collection: a second line for it is an exception.
            models.UniqueConstraint(fields=["collection"], condition=Q(verdict="matched"),
                                    name="bank_line_pays_once"),
        ]
        indexes = [models.Index(fields=["account", "-booked_at"], name="bank_line_of_account"),
                   models.Index(fields=["account", "verdict"], condition=Q(settled_at=None), name="bank_line_open")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_told", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.account_id, OLD.bank_ref, OLD.booked_at, OLD.amount, OLD.purpose) IS DISTINCT FROM"
                    " (NEW.account_id, NEW.bank_ref, NEW.booked_at, NEW.amount, NEW.purpose))")),
        ]

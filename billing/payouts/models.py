"""Money that the city pays: payees' accounts, what is owed to them, batches of orders, and what the bank says."""

from typing import Any, ClassVar, Final, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing.models.statements import Statement
from billing.payments.models import OfAnOutlet
from billing.payouts.rules.judging import Verdict
from billing.payouts.rules.states import LIVE_ORDERS, AccountState, BatchState, Method, OrderState, PayoutState
from shared import crypto
from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.money import MoneyField
from shared.roles import FINANCE_ROLES, Role

_SEALED: Final = "payee_account.number"
CITY: Final = FINANCE_ROLES | {Role.AUDITOR}


def _choices(states: Any) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in states]


class OfACity(models.QuerySet[Any]):
    """Rows of a province that only the city's own people see."""

    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; every query starts here."""
        if actor.kind is ActorKind.JOB:
            return self
        is_narrower = actor.outlet_id is not None or actor.operator_id is not None or actor.centre_id is not None
        if actor.province_code and not is_narrower and (not actor.role or actor.role in CITY):
            return self.filter(province_code=actor.province_code)
        return self.none()


class PayeeAccount(models.Model):
    """Where an operator, or one of its outlets, wants the city's money: entered by the operator, approved by the city,
    and used only after a cooling-off. The number is sealed; screens and logs have its last digits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payee = models.CharField(max_length=60)
    """"operator:VNPOST" or "outlet:{id}"; with the province, whose account it is."""
    outlet_id = models.UUIDField(null=True)
    operator_id = models.UUIDField()
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    payee_name = models.CharField(max_length=160)
    method = models.CharField(max_length=8, choices=_choices(Method))
    bank_bin = models.CharField(max_length=6, blank=True)
    bank_name = models.CharField(max_length=60, blank=True)
    number_sealed = models.BinaryField()
    number_index = models.BinaryField(max_length=32)
    """Blind index: the same number under two payees is seen without opening it."""
    last_digits = models.CharField(max_length=4)
    holder_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=_choices(AccountState), default=AccountState.ENTERED)
    entered_by = models.CharField(max_length=80)
    entered_by_name = models.CharField(max_length=120)
    entered_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    usable_from = models.DateTimeField(null=True)
    """The end of the cooling-off."""
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[OfAnOutlet] = OfAnOutlet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payee", "province_code"], condition=Q(state=AccountState.APPROVED),
                                    name="payee_account_one_in_force"),
            models.UniqueConstraint(fields=["payee", "province_code"], condition=Q(state=AccountState.ENTERED),
                                    name="payee_account_one_entered"),
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=F("entered_by")),
                                   name="payee_account_two_people"),
            models.CheckConstraint(condition=~Q(state=AccountState.APPROVED) | Q(usable_from__isnull=False),
                                   name="payee_account_cools_off"),
        ]
        indexes = [models.Index(fields=["number_index"], name="payee_account_number")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # Another number is another account: approved anew, cooled off anew.
            pgtrigger.Protect(
                name="as_entered", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.payee, OLD.province_code, OLD.method, OLD.bank_bin, OLD.number_sealed, OLD.number_index,"
                    " OLD.holder_name) IS DISTINCT FROM"
                    " (NEW.payee, NEW.province_code, NEW.method, NEW.bank_bin, NEW.number_sealed, NEW.number_index,"
                    " NEW.holder_name))")),
        ]

    def __str__(self) -> str:
        return f"{self.bank_name or self.method} {self.masked}"

    @property
    def masked(self) -> str:
        return f"•••• {self.last_digits}"

    @property
    def number(self) -> str:
        """The number in clear: for the bank's file and the card service only."""
        return crypto.decrypt(bytes(self.number_sealed), bound_to=_SEALED)

    def seal(self, number: str) -> None:
        self.number_sealed = crypto.encrypt(number, bound_to=_SEALED)
        self.number_index = crypto.blind_index(number, bound_to=_SEALED)
        self.last_digits = number[-4:]


class Payout(models.Model):
    """What one released statement owes to one payee: its operator, or an outlet with an account of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    period = models.DateField()
    payee = models.CharField(max_length=60)
    payee_name = models.CharField(max_length=160)
    outlet_id = models.UUIDField(null=True)
    operator_id = models.UUIDField()
    operator_code = models.CharField(max_length=12)
    province_code = models.CharField(max_length=2)
    postage = MoneyField(default=0)
    work = MoneyField(default=0)
    """Agents' compensation; of an operator, that of the outlets that have no account of their own."""
    amount = MoneyField()
    state = models.CharField(max_length=10, choices=_choices(PayoutState), default=PayoutState.DUE)
    due_at = models.DateTimeField()
    state_at = models.DateTimeField()

    objects: ClassVar[OfAnOutlet] = OfAnOutlet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "payee"], name="payout_once"),
            models.CheckConstraint(condition=Q(amount=F("postage") + F("work"), amount__gt=0), name="payout_adds_up"),
        ]
        indexes = [models.Index(fields=["province_code", "state", "-due_at"], name="payout_of_city"),
                   models.Index(fields=["operator_id", "-due_at"], name="payout_of_operator")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_released", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.statement_id, OLD.payee, OLD.postage, OLD.work, OLD.amount) IS DISTINCT FROM"
                    " (NEW.statement_id, NEW.payee, NEW.postage, NEW.work, NEW.amount))")),
        ]


class PayoutBatch(models.Model):
    """Orders that go to the bank, or to the card service, together."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    province_code = models.CharField(max_length=2)
    method = models.CharField(max_length=8, choices=_choices(Method))
    state = models.CharField(max_length=12, choices=_choices(BatchState), default=BatchState.MADE)
    orders_count = models.PositiveIntegerField()
    total = MoneyField()
    digest = models.CharField(max_length=64)
    """SHA-256 over the orders; who approves names the one she saw."""
    file_sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_by_name = models.CharField(max_length=120, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by_name = models.CharField(max_length=120, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    """Why it was dropped."""

    objects: ClassVar[OfACity] = OfACity.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approved_by="") | ~Q(approved_by=F("made_by")),
                                   name="payout_batch_two_people"),
            models.CheckConstraint(condition=Q(handed_over_at=None) | ~Q(approved_by=""),
                                   name="payout_batch_approved_before"),
        ]
        indexes = [models.Index(fields=["province_code", "-made_at"], name="payout_batch_of_city")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_made", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.number, OLD.method, OLD.orders_count, OLD.total, OLD.digest, OLD.made_by) IS DISTINCT FROM"
                    " (NEW.number, NEW.method, NEW.orders_count, NEW.total, NEW.digest, NEW.made_by))")),
        ]

    def __str__(self) -> str:
        return self.number


class PayoutOrder(models.Model):
    """One try to pay a payout into one account, under a reference of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="orders")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="orders")
    account = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    """The returned order that this one tries again: each is tried again once."""
    reference = models.CharField(max_length=16, unique=True)
    amount = MoneyField()
    state = models.CharField(max_length=10, choices=_choices(OrderState), default=OrderState.WRITTEN)
    external_id = models.CharField(max_length=80, blank=True)
    """The bank's number of the line, or the card service's of the transfer."""
    asked_at = models.DateTimeField(null=True)
    """When the card service was last asked."""
    attempt = models.PositiveSmallIntegerField(default=1)
    """Counts on when the service keeps a fault of its own under the key of the one before."""
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payout"], condition=Q(state__in=LIVE_ORDERS),
                                    name="payout_one_live_order"),
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="payout_external_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_order_pays"),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], condition=Q(state__in=["sent", "unknown"]),
                                name="payout_order_open")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_ordered", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.batch_id, OLD.payout_id, OLD.account_id, OLD.reference, OLD.amount, OLD.replaces_id)"
                    " IS DISTINCT FROM (NEW.batch_id, NEW.payout_id, NEW.account_id, NEW.reference, NEW.amount,"
                    " NEW.replaces_id))")),
        ]


class PayoutBankFile(models.Model):
    """A statement of the paying account that was read in, known by its content."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    lines = models.PositiveIntegerField()
    new_lines = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    read_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province_code", "sha256"], name="payout_bank_file_once")]


class PayoutBankLine(models.Model):
    """One line of the paying account as the bank tells it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province_code = models.CharField(max_length=2)
    bank_ref = models.CharField(max_length=80)
    booked_at = models.DateTimeField()
    amount = MoneyField()
    """Negative: it left the account."""
    purpose = models.CharField(max_length=300)
    told_at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=_choices(Verdict))
    order = models.ForeignKey(PayoutOrder, on_delete=models.PROTECT, null=True, related_name="bank_lines")
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    settlement = models.CharField(max_length=300, blank=True)

    objects: ClassVar[OfACity] = OfACity.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province_code", "bank_ref"], name="payout_line_once"),
            models.UniqueConstraint(fields=["order"], condition=Q(verdict=Verdict.CONFIRMED),
                                    name="payout_line_confirms_once"),
        ]
        indexes = [models.Index(fields=["province_code", "-booked_at"], name="payout_line_of_city")]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_told", operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.province_code, OLD.bank_ref, OLD.booked_at, OLD.amount, OLD.purpose) IS DISTINCT FROM"
                    " (NEW.province_code, NEW.bank_ref, NEW.booked_at, NEW.amount, NEW.purpose))")),
        ]


class OfAnOrder(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """As the payout they belong to; every query starts here."""
        return self.filter(order__payout__in=Payout.objects.seen_by(actor))


class PayoutReversal(models.Model):
    """A part of a transfer, or all of it, that the card service took back; kept once, and named by a person."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Made of `reversal_ref`."""
    order = models.ForeignKey(PayoutOrder, on_delete=models.PROTECT, related_name="reversals")
    reversal_ref = models.CharField(max_length=80, unique=True)
    amount = MoneyField()
    occurred_at = models.DateTimeField()
    told_at = models.DateTimeField()
    postage = MoneyField(default=0)
    work = MoneyField(default=0)
    """Of what it was taken back, once a person has said so."""
    named_at = models.DateTimeField(null=True)
    named_by = models.CharField(max_length=80, blank=True)
    named_by_name = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=300, blank=True)

    objects: ClassVar[OfAnOrder] = OfAnOrder.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, postage__gte=0, work__gte=0),
                                   name="payout_reversal_takes"),
            models.CheckConstraint(
                condition=Q(named_at=None, postage=0, work=0) | Q(amount=F("postage") + F("work")) & ~Q(named_by=""),
                name="payout_reversal_adds_up"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="named_once", operation=pgtrigger.Update,
                              condition=pgtrigger.Condition("OLD.named_at IS NOT NULL")),
        ]

"""Double entry, whole đồng, append-only. Corrections reverse; nothing is edited or deleted.

The guards look at a whole statement's new rows at once, so that posting a month costs one look and not a hundred
thousand: all legs of a group are inserted by one statement, and that statement must balance by itself.
"""

from typing import Any, cast

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shared.ids import uuid7
from shared.money import Money, MoneyField

NEVER_CHANGED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
# A row trigger lets TRUNCATE through.
NEVER_EMPTIED = pgtrigger.Trigger(
    name="never_emptied",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';",
)


_BALANCED = pgtrigger.Trigger(
    name="balanced", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_legs"),  # type: ignore[no-untyped-call]  # no annotations there
    declare=[("off", "record")],
    func=pgtrigger.Func(  # type: ignore[no-untyped-call]  # pgtrigger has no annotations here
        "SELECT {columns.group}, sum({columns.amount}) AS amount INTO off FROM new_legs"
        " GROUP BY {columns.group} HAVING sum({columns.amount}) <> 0 LIMIT 1;"
        " IF FOUND THEN RAISE EXCEPTION 'posting group % is off balance by %', off.{columns.group}, off.amount"
        " USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"))

_PERIOD_OPEN = pgtrigger.Trigger(
    name="period_open", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_lines"),  # type: ignore[no-untyped-call]  # no annotations there
    func="IF EXISTS (SELECT 1 FROM (SELECT DISTINCT province_code, operator_code, period FROM new_lines) line"
         " JOIN billing_statement s ON s.province_id = line.province_code AND s.operator_code = line.operator_code"
         " AND s.period = line.period WHERE s.state <> 'open')"
         " THEN RAISE EXCEPTION 'a closed period takes no more lines' USING ERRCODE = 'check_violation'; END IF;"
         " RETURN NULL;")


# Accounts and explanations are few and never deleted, so one look at a statement's rows does a foreign key's work.
_ACCOUNTS_KNOWN = pgtrigger.Trigger(
    name="accounts_known", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_legs"),  # type: ignore[no-untyped-call]  # no annotations there
    func="IF EXISTS (SELECT account_id FROM new_legs EXCEPT SELECT id FROM billing_account)"
         " THEN RAISE EXCEPTION 'a leg names an account that was never opened' USING ERRCODE = 'foreign_key_violation';"
         " END IF; RETURN NULL;")

# A group is never deleted either. Looked up by its key, group by group, and never joined: while a month is first
# posted, statistics may say that there are no groups at all, and each of them would be compared with every other.
_GROUPS_KNOWN = pgtrigger.Trigger(
    name="groups_known", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_legs"),  # type: ignore[no-untyped-call]  # no annotations there
    func="IF EXISTS (SELECT 1 FROM (SELECT DISTINCT group_id FROM new_legs) leg WHERE"
         " (SELECT g.id FROM billing_postinggroup g WHERE g.id = leg.group_id) IS NULL)"
         " THEN RAISE EXCEPTION 'a leg names a group that is not there' USING ERRCODE = 'foreign_key_violation';"
         " END IF; RETURN NULL;")

_EXPLAINED = pgtrigger.Trigger(
    name="explained", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_lines"),  # type: ignore[no-untyped-call]  # no annotations there
    func="IF EXISTS (SELECT explanation_id FROM new_lines EXCEPT SELECT id FROM billing_explanation)"
         " THEN RAISE EXCEPTION 'a line names an explanation that is not there'"
         " USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;")


class AccountKind(models.TextChoices):
    EXPENSE = "expense"
    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    ASSET = "asset"
    INCOME = "income"


class Account(models.Model):
    """e.g. "01:subsidy:NQ77-2025", "VNPOST:carriage", "01:citizen-share", "national-reduction"."""

    code = models.CharField(max_length=80, unique=True)
    name_vi = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=AccountKind)

    class Meta:
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code


class PostingGroup(models.Model):
    """One balanced set of postings, derived from exactly one source event under one rule version."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source_type = models.CharField(max_length=20)
    """"parcel", "dossier"; of general entries whatever fact they come from."""
    source_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    """"postage", "compensation:{task}" or a general entry's; charged again after a reversal: "postage#2"."""
    rule = models.CharField(max_length=130)
    period = models.DateField()
    """First day of the month it counts in."""
    occurred_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "kind"], condition=Q(reverses=None), name="posting_source_once"
            ),
            models.UniqueConstraint(fields=["reverses"], condition=Q(reverses__isnull=False),
                                    name="posting_reversed_once"),
            models.CheckConstraint(condition=Q(reverses=None) | ~Q(reason=""), name="reversal_has_reason"),
        ]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class Posting(models.Model):
    """One leg: debit positive, credit negative; the legs of a group are inserted together and sum to zero."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(PostingGroup, on_delete=models.PROTECT, related_name="postings", db_constraint=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_constraint=False,
                                db_index=False)
    amount = MoneyField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="posting_not_zero")]
        triggers = [
            NEVER_CHANGED,
            NEVER_EMPTIED,
            _BALANCED,
            _ACCOUNTS_KNOWN,
            _GROUPS_KNOWN,
        ]


class Explanation(models.Model):
    """The arithmetic of a line in words. Lines that say the same share one: a month has a few hundred of them."""

    append_only = True

    digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the steps (billing.rules.plain_data.steps_digest)."""
    steps = models.JSONField()
    """list of billing.records.Step as data."""

    class Meta:
        triggers = [NEVER_CHANGED, NEVER_EMPTIED]


class Charge(models.Model):
    """One explained line of a month: what one event cost whom, and why; its arithmetic is its `explanation`.

    Exactly one for each billable event: with a posting group, or with a reason why nothing was posted (all amounts 0).
    A reversal is a line of its own with the amounts negated.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source_type = models.CharField(max_length=20)
    source_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    group = models.OneToOneField(PostingGroup, on_delete=models.PROTECT, null=True, related_name="charge")
    period = models.DateField()
    province_code = models.CharField(max_length=2)
    operator_code = models.CharField(max_length=12)
    outlet_id = models.UUIDField(null=True)
    dossier_code = models.CharField(max_length=40)
    parcel_number = models.CharField(max_length=20, blank=True)
    direction = models.CharField(max_length=8, blank=True)
    occurred_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    posted_by = models.CharField(max_length=100)
    """Kind and id of who posted it: "job:post_postage"."""
    rule = models.CharField(max_length=130)
    gross = MoneyField(default=0)
    national_reduction = MoneyField(default=0)
    city_subsidy = MoneyField(default=0)
    citizen_share = MoneyField(default=0)
    compensation = MoneyField(default=0)
    other = MoneyField(default=0, db_default=0)
    """What a general entry moves that is neither postage nor compensation: a refund, cash, a payment."""
    reason_code = models.CharField(max_length=40, blank=True)
    explanation = models.ForeignKey(Explanation, on_delete=models.PROTECT, related_name="+", db_constraint=False,
                                    db_index=False)
    evidence = models.JSONField(default=dict)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "kind"], condition=Q(reverses=None), name="charge_source_once"
            ),
            models.UniqueConstraint(fields=["reverses"], condition=Q(reverses__isnull=False),
                                    name="charge_reversed_once"),
            models.CheckConstraint(
                condition=Q(gross=F("national_reduction") + F("city_subsidy") + F("citizen_share")),
                name="charge_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["province_code", "period", "operator_code", "occurred_at", "id"], name="charge_month"),
            # A month is read exceptions first, then by one reason; its ordinary lines stand in the first index.
            models.Index(fields=["province_code", "period", "operator_code", "occurred_at", "id"],
                         condition=~Q(reason_code=""), name="charge_month_exceptions"),
            models.Index(fields=["province_code", "period", "operator_code", "reason_code", "occurred_at", "id"],
                         condition=~Q(reason_code=""), name="charge_month_reason"),
            # The few that came after their own month was closed.
            models.Index(fields=["province_code", "operator_code", "period"],
                         condition=Q(evidence__has_key="late_for"), name="charge_late"),
        ]
        triggers = [NEVER_CHANGED, NEVER_EMPTIED, _PERIOD_OPEN, _EXPLAINED]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The arithmetic; load the line with its explanation."""
        return cast("list[dict[str, Any]]", self.explanation.steps)

    @property
    def city_owes(self) -> Money:
        """What the city itself pays for this event: supported postage and compensation."""
        return self.city_subsidy + self.compensation

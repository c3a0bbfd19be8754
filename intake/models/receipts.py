"""Numbers that an authority delegates, and the receipts written with them (Decree 254/2026/NĐ-CP, Articles 23 to 25).

Delegation → series of a year → range of an outlet → receipt. PostgreSQL gives each number once, in ascending order, and
never lets one go.
"""

from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from intake.rules.receipts import LAST_NUMBER, ReceiptState, SeriesKind
from shared.actors import Actor
from shared.ids import uuid7
from shared.money import MoneyField
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, Role

_NUMBERS = Func("first", "last", Value("[]"), function="int4range", output_field=IntegerRangeField())

_TAKES_THE_NEXT_NUMBER = """
    UPDATE intake_outletrange SET "next" = "next" + 1
     WHERE id = NEW.range_id AND series_id = NEW.series_id AND outlet_id = NEW.outlet_id AND "next" = NEW.number
       AND "next" <= "last";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'receipts: % is not the next number of this range', NEW.number;
    END IF;
    RETURN NEW;
"""
_IS_WHAT_IT_WAS = """
    IF (NEW.range_id, NEW.series_id, NEW.outlet_id, NEW.number, NEW.amount, NEW.lines, NEW.payer_name, NEW.collected_at,
        NEW.issued_by, NEW.paper) IS DISTINCT FROM (OLD.range_id, OLD.series_id, OLD.outlet_id, OLD.number, OLD.amount,
        OLD.lines, OLD.payer_name, OLD.collected_at, OLD.issued_by, OLD.paper) THEN
        RAISE EXCEPTION 'receipts: what a receipt says never changes; void it and write another';
    END IF;
    IF OLD.state <> 'issued' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'receipts: a void receipt stays void';
    END IF;
    RETURN NEW;
"""
_COUNTS_BY_RECEIPTS_ONLY = """
    IF pg_trigger_depth() < 2 AND (NEW.series_id, NEW.outlet_id, NEW."first", NEW."last", NEW."next")
            IS DISTINCT FROM (OLD.series_id, OLD.outlet_id, OLD."first", OLD."last", OLD."next") THEN
        RAISE EXCEPTION 'receipts: a range counts on by its receipts only';
    END IF;
    RETURN NEW;
"""


class ReceiptDelegation(models.Model):
    """An authority's written delegation to an operator to write its receipts (Article 25)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=60)
    """Of the written delegation."""
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, related_name="+")
    """Whose fees they are; a provincial centre delegates for every authority of its province."""
    agency_name = models.CharField(max_length=160)
    agency_tax_code = models.CharField(max_length=14)
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    covers_province = models.BooleanField(default=False)
    purpose = models.CharField(max_length=300)
    signed_on = models.DateField()
    tax_told_on = models.DateField()
    """The tax office hears at least three days before it begins."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """Half-open."""
    published_at = models.DateTimeField(null=True)
    """When it was put up at the outlets and on the web site; nothing is issued before."""
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "operator", "number"], name="receipt_delegation_once"),
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                                   name="receipt_delegation_has_a_term"),
            models.CheckConstraint(condition=Q(signed_on__lte=F("valid_from"), tax_told_on__lt=F("valid_from")),
                                   name="receipt_delegation_told_before"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.agency_name}"


class ReceiptSeries(models.Model):
    """Form symbol, receipt symbol and the numbers of one year; numbers begin again at 1 every 1 January."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delegation = models.ForeignKey(ReceiptDelegation, on_delete=models.PROTECT, related_name="series")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in SeriesKind])
    form_symbol = models.CharField(max_length=20)
    """E.g. 01BLP3-001."""
    symbol = models.CharField(max_length=12)
    """E.g. HA-26E."""
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delegation", "form_symbol", "symbol", "year"], name="receipt_series_once"),
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=F("first"), last__lte=LAST_NUMBER),
                                   name="receipt_series_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.form_symbol} {self.symbol}"


class _OfPlace[M: models.Model](models.QuerySet[M]):
    def seen_by(self, actor: Actor) -> Self:
        """Only what `actor` may see; every query starts here."""
        if actor.role in OUTLET_ROLES or (not actor.role and actor.outlet_id):
            return self.filter(outlet_id=actor.outlet_id)
        if actor.role == Role.OPERATOR_HQ or (not actor.role and actor.operator_id):
            return self.filter(operator_id=actor.operator_id)
        if actor.role in FINANCE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR} or (not actor.role and actor.province_code):
            return self.filter(province_code=actor.province_code)
        if actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id):
            return self.filter(series__delegation__centre_id=actor.centre_id)
        return self.none()


class OutletRangeQuerySet(_OfPlace["OutletRange"]):
    pass


class OutletRange(models.Model):
    """Numbers allotted to one outlet: an electronic range, or a block of pre-printed sheets."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(ReceiptSeries, on_delete=models.PROTECT, related_name="ranges")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    first = models.PositiveIntegerField()
    next = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    allotted_at = models.DateTimeField()
    allotted_by = models.CharField(max_length=80)

    objects: ClassVar[OutletRangeQuerySet] = OutletRangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first"), last__lte=LAST_NUMBER, next__gte=F("first"),
                            next__lte=F("last") + 1), name="outlet_range_in_order"),
            ExclusionConstraint(name="outlet_ranges_apart", expressions=[
                ("series", RangeOperators.EQUAL), (_NUMBERS, RangeOperators.OVERLAPS)]),
        ]
        indexes = [models.Index(fields=["outlet", "series"], name="outlet_range_of_outlet")]
        triggers = [
            pgtrigger.Trigger(name="counts_by_receipts", when=pgtrigger.Before, operation=pgtrigger.Update,
                              func=_COUNTS_BY_RECEIPTS_ONLY),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    @property
    def left(self) -> int:
        """How many numbers are not used yet."""
        return self.last - self.next + 1


class ReceiptQuerySet(_OfPlace["Receipt"]):
    def live(self) -> Self:
        return self.filter(state=ReceiptState.ISSUED)

    def unmatched(self) -> Self:
        """Written by hand, and nobody has said yet for which dossier."""
        return self.filter(state=ReceiptState.ISSUED, dossier=None)


class Receipt(models.Model):
    """One number and what became of it. What it says never changes; a void one stays, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    range = models.ForeignKey(OutletRange, on_delete=models.PROTECT, related_name="receipts")
    series = models.ForeignKey(ReceiptSeries, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReceiptState])
    dossier = models.ForeignKey("intake.Dossier", on_delete=models.PROTECT, null=True, related_name="receipts")
    payer_name = models.CharField(max_length=120, blank=True)
    payer_address = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)
    """[{"kind": "P" or "LP", "name": str, "amount": đồng}]."""
    amount = MoneyField(default=0)
    collected_at = models.DateTimeField()
    """When the money was taken; on a pre-printed sheet the time that stands on it."""
    entered_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    issued_by_name = models.CharField(max_length=120)
    paper = models.JSONField(default=dict)
    """What is printed, fixed when it was issued: a reprint is the same bytes."""
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    void_reason = models.CharField(max_length=20, blank=True)
    void_note = models.CharField(max_length=300, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.CharField(max_length=80, blank=True)
    voided_by_name = models.CharField(max_length=120, blank=True)
    matched_at = models.DateTimeField(null=True)
    matched_by = models.CharField(max_length=80, blank=True)

    objects: ClassVar[ReceiptQuerySet] = ReceiptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="receipt_number_once"),
            models.UniqueConstraint(fields=["dossier"], condition=Q(state="issued"), name="receipt_one_per_dossier"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ReceiptState]), name="receipt_state_known"),
            models.CheckConstraint(condition=Q(state="spoiled") | Q(amount__gt=0) & ~Q(payer_name=""),
                                   name="receipt_says_who_and_how_much"),
            # Whoever issued it cannot void it.
            models.CheckConstraint(
                condition=Q(state__in=["issued", "spoiled"])
                | Q(voided_at__isnull=False) & ~Q(void_reason="") & ~Q(voided_by="") & ~Q(voided_by=F("issued_by")),
                name="receipt_void_by_a_second_person"),
        ]
        indexes = [
            models.Index(fields=["outlet", "-collected_at"], name="receipt_of_outlet"),
            models.Index(fields=["range", "number"], name="receipt_of_range"),
            models.Index(fields=["outlet"], condition=Q(state="issued", dossier=None), name="receipt_unmatched"),
        ]
        triggers = [
            pgtrigger.Trigger(name="takes_the_next_number", when=pgtrigger.Before, operation=pgtrigger.Insert,
                              func=_TAKES_THE_NEXT_NUMBER),
            pgtrigger.Trigger(name="is_what_it_was", when=pgtrigger.Before, operation=pgtrigger.Update,
                              func=_IS_WHAT_IT_WAS),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

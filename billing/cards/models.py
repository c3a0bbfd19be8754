"""A payment by card behind a collection, and its refund."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing.cards.rules import CardState, CardVerdict, RefundState
from billing.payments.models import Collection
from shared.actors import Actor
from shared.ids import uuid7
from shared.money import MoneyField


class OfACollection(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """As the collection they belong to; every query starts here."""
        return self.filter(collection__in=Collection.objects.seen_by(actor))


class CardPayment(models.Model):
    """How far the card service is with one collection. No card number is ever here, nor the cardholder's name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="card")
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in CardState], default=CardState.ASKED)
    attempt = models.PositiveSmallIntegerField(default=1)
    """Part of the idempotency key; grows only when the service keeps a fault under the key before."""
    tried_at = models.DateTimeField(null=True)
    """When the page was first asked for. While none is known: it may exist."""
    page_ref = models.CharField(max_length=120, blank=True)
    page_url = models.CharField(max_length=2000, blank=True)
    payment_ref = models.CharField(max_length=80, blank=True)
    """The service's PaymentIntent."""
    brand = models.CharField(max_length=20, blank=True)
    last_four = models.CharField(max_length=4, blank=True)
    looked_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    received = MoneyField(default=0)
    verdict = models.CharField(max_length=16, choices=[(v.value, v.value) for v in CardVerdict], blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    settlement = models.CharField(max_length=300, blank=True)
    """What a person decided about a payment that did not fit."""
    refusal = models.CharField(max_length=60, blank=True)
    """Why the service does not take it, in its own word."""

    objects: ClassVar[OfACollection] = OfACollection.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_at__isnull=False) & ~Q(payment_ref=""),
                                   name="card_payment_paid_at"),
            models.CheckConstraint(condition=~Q(state="open") | ~Q(page_ref=""), name="card_payment_has_page"),
            models.UniqueConstraint(fields=["page_ref"], condition=~Q(page_ref=""), name="card_payment_page_once"),
            models.UniqueConstraint(fields=["payment_ref"], condition=~Q(payment_ref=""),
                                    name="card_payment_ref_once"),
        ]
        indexes = [models.Index(fields=["looked_at"], condition=Q(state__in=["asked", "open"]),
                                name="card_payment_waiting")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]


class OfAPayment(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """As the payment they give back; every query starts here."""
        return self.filter(payment__collection__in=Collection.objects.seen_by(actor))


class CardRefund(models.Model):
    """A card payment given back, whole, with a reason; above the limit two people decide."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, related_name="refunds")
    amount = MoneyField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RefundState])
    needs_second = models.BooleanField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decision = models.CharField(max_length=300, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    tried_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    refund_ref = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)

    objects: ClassVar[OfAPayment] = OfAPayment.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=~Q(state__in=["refused", "failed"]),
                                    name="card_refund_once"),
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
                                   name="card_refund_two_people"),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(state="asked") | ~Q(decided_by=""),
                name="card_refund_second_person"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="card_refund_gives"),
        ]
        indexes = [models.Index(fields=["looked_at"], condition=Q(state__in=["approved", "pending"]),
                                name="card_refund_waiting")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

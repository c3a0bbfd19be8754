"""A payment by card behind a collection, its refunds and disputes, and what each moved at the card service."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from billing.cards.dispute_rules import DisputeState
from billing.cards.rules import CardState, CardVerdict, MovementKind, OtherWay, RefundState
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
    money_at = models.DateTimeField(null=True)
    """When the service was last asked what this payment moved of our balance."""

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
                                name="card_payment_waiting"),
                   models.Index(fields=["money_at"], condition=Q(state="paid"), name="card_payment_money")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]


class OfAPayment(models.QuerySet[Any]):
    def seen_by(self, actor: Actor) -> Self:
        """As the payment they give back; every query starts here."""
        return self.filter(payment__collection__in=Collection.objects.seen_by(actor))


class CardRefund(models.Model):
    """Named parts of a card payment given back, with a reason; above the limit two people decide."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, related_name="refunds")
    amount = MoneyField()
    fee = MoneyField(default=0)
    postage = MoneyField(default=0)
    """The parts that are given back. Both 0: the payment paid nothing that was asked for, and goes back whole."""
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The refund that came back, whose parts are given back again."""
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
    came_back = models.BooleanField(default=False)
    """It was done, and days later the cardholder's bank sent it back: the money is owed to the citizen."""
    other_way = models.CharField(max_length=10, choices=[(w.value, w.value) for w in OtherWay], blank=True)
    other_reference = models.CharField(max_length=80, blank=True)
    """The number of the transfer or of the receipt that the citizen has signed."""
    other_words = models.CharField(max_length=300, blank=True)
    """What proves it and where that is kept; never a name or an account number."""
    other_at = models.DateTimeField(null=True)
    other_by = models.CharField(max_length=80, blank=True)
    other_by_name = models.CharField(max_length=120, blank=True)

    objects: ClassVar[OfAPayment] = OfAPayment.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=Q(state__in=["asked", "approved", "pending"]),
                                    name="card_refund_one_at_a_time"),
            models.CheckConstraint(condition=Q(amount=F("fee") + F("postage")) | Q(fee=0, postage=0),
                                   name="card_refund_adds_up"),
            models.CheckConstraint(condition=Q(fee__gte=0, postage__gte=0), name="card_refund_takes_nothing"),
            models.UniqueConstraint(fields=["repeats"], condition=~Q(state__in=["refused", "failed"]),
                                    name="card_refund_repeats_once"),
            models.CheckConstraint(condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
                                   name="card_refund_two_people"),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(state="asked") | ~Q(decided_by=""),
                name="card_refund_second_person"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="card_refund_gives"),
            models.CheckConstraint(
                condition=~Q(state="outside") | ~Q(other_way="") & ~Q(other_reference="") & ~Q(other_words="")
                & ~Q(other_by="") & Q(other_at__isnull=False), name="card_refund_outside_is_proved"),
        ]
        indexes = [models.Index(fields=["looked_at"], condition=Q(state__in=["approved", "pending"]),
                                name="card_refund_waiting")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]


class CardMovement(models.Model):
    """One line of our balance at the card service that a payment of ours moved; kept as it was told, once."""

    append_only = True

    id = models.UUIDField(primary_key=True, editable=False)
    """Made of `line_ref`, so that whoever hears of it first gives it the same id."""
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, related_name="movements")
    line_ref = models.CharField(max_length=80, unique=True)
    """The service's own number of the line."""
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in MovementKind])
    source_ref = models.CharField(max_length=80)
    """The service's charge, refund or dispute."""
    amount = MoneyField()
    """Positive: it came."""
    fee = MoneyField()
    """What the service kept of it."""
    occurred_at = models.DateTimeField()
    told_at = models.DateTimeField()

    objects: ClassVar[OfAPayment] = OfAPayment.as_manager()  # type: ignore[assignment]

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CardDispute(models.Model):
    """The cardholder's bank asks for a payment back, or asks about it."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Made of `dispute_ref`."""
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, related_name="disputes")
    dispute_ref = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in DisputeState],
                             default=DisputeState.OPEN)
    is_inquiry = models.BooleanField(default=False)
    """The bank only asks: no money has left."""
    reason = models.CharField(max_length=40, blank=True)
    """The bank's, in the service's word."""
    amount = MoneyField()
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_contested = models.BooleanField(null=True)
    """What we answered: true "it was paid rightly", false "we accept it"."""
    words = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    tried_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=60, blank=True)
    """Why the service did not take our answer, in its own word."""
    borne = MoneyField(default=0)
    """What the operator bears of it in the books."""
    settles = MoneyField(default=0)
    """What its loss gave to the citizen of money that we owed to her: nobody's loss."""
    rulings = models.PositiveSmallIntegerField(default=0)
    """How often a loss was put into the books or taken out again."""

    objects: ClassVar[OfAPayment] = OfAPayment.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="card_dispute_takes"),
            models.CheckConstraint(condition=Q(borne__gte=0, settles__gte=0), name="card_dispute_bears"),
            models.CheckConstraint(condition=~Q(state="answered") | ~Q(answered_by=""),
                                   name="card_dispute_answered_by"),
        ]
        indexes = [models.Index(fields=["looked_at"], name="card_dispute_looked")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

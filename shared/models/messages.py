"""What has to reach somebody else, what somebody else told us, and what was already answered.

PostgreSQL rows are the truth; Celery and Valkey only hint that there is work.
"""

from django.db import models
from django.db.models import Q


class OutboxState(models.TextChoices):
    PENDING = "pending"
    SENT = "sent"
    PARKED = "parked"


class OutboxMessage(models.Model):
    """One event for one subscriber, written in the transaction of what happened. Never deleted."""

    subscriber = models.CharField(max_length=80)
    """Name of the subscribing function; empty when nobody listens, and then already sent."""
    event = models.CharField(max_length=80)
    payload = models.JSONField()
    stream = models.CharField(max_length=80)
    """Messages of one stream reach one subscriber in the order they were written."""
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=OutboxState, default=OutboxState.PENDING)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=OutboxState.values), name="outbox_state_known")]
        indexes = [
            # The relay's only question: what waits, oldest first; and is anything earlier in its stream unsent?
            models.Index(fields=["next_at", "id"], condition=Q(state="pending"), name="outbox_waiting"),
            models.Index(fields=["subscriber", "stream", "id"], condition=~Q(state="sent"), name="outbox_stream"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscriber}"


class InboxMessage(models.Model):
    """An external event exactly as it arrived, stored before it is acknowledged."""

    source = models.CharField(max_length=40)
    event_id = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    headers = models.JSONField(default=dict)
    raw = models.BinaryField()
    processed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=40, blank=True)
    """Empty until processed; then "applied", "duplicate", "unknown-parcel", "contradiction", …"""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="inbox_once")]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(processed_at=None), name="inbox_waiting"),
            # Among millions the few that a person has to decide about.
            models.Index(fields=["received_at"], condition=Q(verdict="given-up"), name="inbox_given_up"),
        ]


class IdempotencyKey(models.Model):
    """An answered request. Kept 400 days, so that a late repeat still gets the first answer."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=200)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]

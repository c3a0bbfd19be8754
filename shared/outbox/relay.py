"""Delivery of outbox rows: leased, in order per stream and subscriber, retried, parked with an owner, never deleted.

A claimed row is counted as an attempt before its work begins, so a message that kills its worker is parked too.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from shared import work
from shared.errors import DomainError, Unavailable
from shared.models.messages import OutboxMessage, OutboxState
from shared.outbox.publishing import adapter, subscription

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=60)
LONGEST_PAUSE_SECONDS: Final = 60
MOST_ATTEMPTS: Final = 20
# A refusal by our own rules will not change by itself: a person looks sooner.
MOST_REFUSALS: Final = 5

_CLAIM = """
    UPDATE shared_outboxmessage SET lease_until = %(until)s, attempts = attempts + 1
    WHERE id IN (
        SELECT m.id FROM shared_outboxmessage m
        WHERE m.state = 'pending' AND m.next_at <= %(now)s AND (m.lease_until IS NULL OR m.lease_until <= %(now)s)
          AND NOT EXISTS (SELECT 1 FROM shared_outboxmessage earlier
                          WHERE earlier.subscriber = m.subscriber AND earlier.stream = m.stream
                            AND earlier.id < m.id AND earlier.state <> 'sent')
        ORDER BY m.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


def claim(*, limit: int, now: datetime) -> Sequence[int]:
    """Lease up to `limit` deliverable rows; returns their ids, oldest first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "limit": limit})
        return sorted(row[0] for row in cursor.fetchall())


def drain(*, limit: int = 100) -> int:
    """Deliver until nothing is deliverable now; returns how many rows were. Safe to run many times at once."""
    delivered = 0
    while claimed := claim(limit=limit, now=timezone.now()):
        delivered += sum(_deliver(message) for message in OutboxMessage.objects.filter(id__in=claimed).order_by("id"))
    return delivered


def _deliver(message: OutboxMessage) -> bool:
    if message.lease_until is None or message.lease_until <= timezone.now():
        # Those before it took so long that somebody else may be delivering it by now.
        return False
    try:
        target = subscription(message.subscriber)
        event = adapter(target.event).validate_python(message.payload)
        if target.cares_for(event):
            target.deliver(event)
    except Exception as error:  # noqa: BLE001  # whatever a subscriber does, its message stays and the relay goes on
        _postpone(message, error)
        return False
    OutboxMessage.objects.filter(id=message.id).update(state=OutboxState.SENT, sent_at=timezone.now(), lease_until=None)
    return True


def _postpone(message: OutboxMessage, error: Exception) -> None:
    refused = isinstance(error, DomainError) and not isinstance(error, Unavailable)
    log.warning("outbox_delivery_failed", message_id=message.id, subscriber=message.subscriber,
                error=type(error).__name__, attempts=message.attempts, exc_info=not refused)
    if message.attempts >= (MOST_REFUSALS if refused else MOST_ATTEMPTS):
        _park(message, error)
        return
    pause = min(LONGEST_PAUSE_SECONDS, 2 ** min(message.attempts, 6)) * random.uniform(0.5, 1.0)  # noqa: S311  # jitter
    OutboxMessage.objects.filter(id=message.id).update(
        next_at=timezone.now() + timedelta(seconds=pause), lease_until=None, last_error=_told(error))


@transaction.atomic
def _park(message: OutboxMessage, error: Exception) -> None:
    now = timezone.now()
    parked = OutboxMessage.objects.filter(id=message.id, state=OutboxState.PENDING).update(
        state=OutboxState.PARKED, lease_until=None, last_error=_told(error))
    if not parked:
        return  # somebody else, who took over its lease, has delivered it
    work.open_item(kind="outbox-parked", reference=str(message.id), owner_role="administrator", owner_place="", at=now,
                   due_at=now + timedelta(days=1), detail={"event": message.event, "subscriber": message.subscriber})


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


@transaction.atomic
def release(*, message_id: int, by: str) -> None:
    """Give a parked row a new series of attempts, after the person `by` settled its cause."""
    OutboxMessage.objects.filter(id=message_id, state=OutboxState.PARKED).update(
        state=OutboxState.PENDING, attempts=0, next_at=timezone.now(), lease_until=None)
    work.close_item(kind="outbox-parked", reference=str(message_id), by=by, at=timezone.now(), outcome="released")


def oldest_unsent() -> datetime | None:
    """When the oldest undelivered row was written; None when everything is delivered."""
    unsent = OutboxMessage.objects.filter(state=OutboxState.PENDING)
    oldest: datetime | None = unsent.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def unsent_count() -> int:
    return OutboxMessage.objects.exclude(state=OutboxState.SENT).count()

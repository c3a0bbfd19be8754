"""Events that could not be applied when they came: tried again for three days, then a person looks."""

from datetime import UTC, datetime
from typing import Any, Final

import structlog
from django.db import connection, transaction

from delivery.carriers.messages import read_kept
from delivery.operations import ingest
from delivery.operations.standings import lock_spoken_of
from delivery.rules.lines import EVENT_PATIENCE, GIVEN_UP
from shared import work
from shared.calendar import CLOSING, at_local, local
from shared.models.messages import InboxMessage
from shared.transactions import operation
from shared.working_days import work_calendar

log = structlog.get_logger()

AT_ONCE: Final = 500
MOST_PORTIONS: Final = 20
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
UNKNOWN: Final = "parcel-unknown"
_SOURCE: Final = "carrier:"

# A parcel has appeared, or the fault that kept a known parcel's event waiting may be gone.
_APPLICABLE: Final = """
    SELECT i.received_at, i.id, i.source FROM shared_inboxmessage i
    WHERE i.processed_at IS NULL AND i.source LIKE 'carrier:%%' AND (i.received_at, i.id) > (%s, %s) AND (
        EXISTS (SELECT FROM delivery_parcel p
                WHERE p.number = i.headers->>'number' AND 'carrier:' || p.carrier = i.source)
        OR EXISTS (SELECT FROM delivery_carriernumber n
                   WHERE n.number = i.headers->>'number' AND 'carrier:' || n.carrier = i.source))
    ORDER BY i.received_at, i.id LIMIT %s
"""


def retry_parked_events(*, at: datetime) -> int:
    """Apply what can be applied by now and give up on what is too old; returns how many were applied."""
    applied, after = 0, (_EARLIEST, 0)
    for _portion in range(MOST_PORTIONS):
        waiting = _applicable(after)
        applied += sum(_try(message_id, source.removeprefix(_SOURCE), at) for _, message_id, source in waiting)
        if len(waiting) < AT_ONCE:
            break
        after = waiting[-1][:2]
    give_up(at=at)
    return applied


def _applicable(after: tuple[datetime, int]) -> list[tuple[datetime, int, str]]:
    """The oldest behind `after`: what cannot be applied yet must not keep the rest from its turn."""
    with connection.cursor() as cursor:
        cursor.execute(_APPLICABLE, [*after, AT_ONCE])
        return list(cursor.fetchall())


def _try(message_id: int, carrier: str, at: datetime) -> bool:
    try:
        return apply_parked(message_id=message_id, carrier=carrier, at=at)
    except Exception as fault:  # one event that cannot be applied must not stop the others
        log.error("parked_event_failed", message_id=message_id, carrier=carrier, exc_info=fault)
        return False


@operation
def apply_parked(*, message_id: int, carrier: str, at: datetime) -> bool:
    """Apply one kept event if its parcel and its code are known now; says whether it was."""
    message = InboxMessage.objects.select_for_update(skip_locked=True).filter(id=message_id, processed_at=None).first()
    if message is None:
        return False
    event = read_kept(carrier, bytes(message.raw), message.received_at)
    parcels, (event,) = lock_spoken_of(carrier, [event])
    if not ingest.is_understood(carrier, event, parcels):
        return False
    added = ingest.add_events(carrier, [event], parcels)
    ingest.apply(carrier, [event] if added else [], parcels, added, at)
    message.processed_at, message.verdict = at, "applied"
    message.save(update_fields=["processed_at", "verdict"])
    return True


@transaction.atomic
def give_up(*, at: datetime) -> None:
    """Hand events that have waited for 72 hours to a person."""
    overdue = InboxMessage.objects.select_for_update(skip_locked=True).filter(
        processed_at=None, source__startswith=_SOURCE, received_at__lt=at - EVENT_PATIENCE)  # fmt: skip
    due_at = at_local(work_calendar().next_working(local(at).date()), CLOSING)
    for message in overdue.order_by("received_at")[:AT_ONCE]:
        message.processed_at, message.verdict = at, GIVEN_UP
        message.save(update_fields=["processed_at", "verdict"])
        work.open_item(
            kind=UNKNOWN, reference=reference_of(message), owner_role="administrator",
            owner_place="", at=at, due_at=due_at, detail=_told(message))  # fmt: skip


def _told(message: InboxMessage) -> dict[str, Any]:
    return {"number": message.headers.get("number", ""), "received_at": message.received_at.isoformat()}


def reference_of(message: InboxMessage) -> str:
    """Under which the work that a given-up event makes is found."""
    return f"{message.source}:{message.event_id}"[:120]

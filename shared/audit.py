"""The audit of every state change, written in the transaction of the change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from structlog.contextvars import get_contextvars

from shared.actors import Actor
from shared.models.oversight import AuditEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """Who changed what. `before` and `after` hold states and ids only: no name, number or paper of a citizen."""

    actor: Actor
    action: str
    object_type: str
    object_id: object
    at: datetime
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""


def record(*, actor: Actor, action: str, object_type: str, object_id: object, at: datetime,
           before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None,
           reason: str = "") -> None:
    """Write one entry; see `Entry` for what it may hold."""
    record_all([Entry(actor, action, object_type, object_id, at, before or {}, after or {}, reason)])


def record_all(entries: Iterable[Entry]) -> None:
    """Write many entries in one statement."""
    request_id = str(get_contextvars().get("request_id", ""))[:64]
    AuditEntry.objects.bulk_create([
        AuditEntry(
            at=entry.at, actor_kind=entry.actor.kind, actor_id=entry.actor.id, action=entry.action,
            object_type=entry.object_type, object_id=str(entry.object_id), before=dict(entry.before),
            after=dict(entry.after), reason=entry.reason[:300], request_id=request_id)
        for entry in entries])

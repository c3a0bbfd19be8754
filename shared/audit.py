"""The audit of every state change, written in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime

from structlog.contextvars import get_contextvars

from shared.actors import Actor
from shared.models.oversight import AuditEntry


def record(*, actor: Actor, action: str, object_type: str, object_id: object, at: datetime,
           before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None,
           reason: str = "") -> None:
    """Write who changed what. `before` and `after` hold states and ids only: no name, number or paper of a citizen."""
    AuditEntry.objects.create(
        at=at, actor_kind=actor.kind, actor_id=actor.id, action=action, object_type=object_type,
        object_id=str(object_id), before=dict(before or {}), after=dict(after or {}), reason=reason[:300],
        request_id=str(get_contextvars().get("request_id", ""))[:64],
    )

"""The audit of every state change, written in the transaction of the change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import orjson
from django.db import connection
from django.utils import timezone
from structlog.contextvars import get_contextvars

from shared import prepared
from shared.actors import Actor

# The model's save() costs several times as much; one document is read faster than many parameters.
_WRITE: Final = """
    INSERT INTO shared_auditentry (at, recorded_at, actor_kind, actor_id, action, object_type, object_id, before, after,
                                   reason, request_id)
    SELECT at, %(audit_now)s, actor_kind, actor_id, action, object_type, object_id, before, after, reason,
           %(request_id)s
    FROM json_to_recordset(%(audit_rows)s::json) AS t(
        at timestamptz, actor_kind text, actor_id text, action text, object_type text, object_id text, before jsonb,
        after jsonb, reason text)
"""


DELEGATION: Final = "duty_delegation"
"""The object type under which a delegation finds all that was done by it."""


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
    """Write many entries in one statement, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(entries))


def _under_both_names(entry: Entry) -> tuple[Entry, ...]:
    """What is done on somebody's behalf names her too, and stands a second time under the delegation itself."""
    by = entry.actor
    if not by.on_behalf_of:
        return (entry,)
    named = {"on_behalf_of": by.on_behalf_of, "delegation": by.delegation}
    done = {"done": f"{entry.object_type}:{entry.object_id}", "on_behalf_of": by.on_behalf_of}
    return (replace(entry, after={**entry.after, **named}),
            Entry(by, entry.action, DELEGATION, by.delegation, entry.at, after=done))


def statement(entries: Iterable[Entry]) -> prepared.Statement:
    """The SQL that writes `entries` and its parameters, for a caller who sends several statements in one go."""
    rows = [{"at": entry.at, "actor_kind": entry.actor.kind, "actor_id": entry.actor.id, "action": entry.action,
             "object_type": entry.object_type, "object_id": str(entry.object_id), "before": dict(entry.before),
             "after": dict(entry.after), "reason": entry.reason[:300]}
            for given in entries for entry in _under_both_names(given)]
    request_id = str(get_contextvars().get("request_id", ""))[:64]
    return _WRITE, {"audit_now": timezone.now(), "request_id": request_id, "audit_rows": orjson.dumps(rows).decode()}

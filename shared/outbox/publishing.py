"""Events into the outbox, in the transaction of what happened; one row for each subscriber.

An event is a frozen dataclass of ids and plain values with a `stream`, e.g. "dossier:0199…". Subscribers are named
functions registered in config/subscriptions.py, each delivered at least once and in stream order, so what a subscriber
calls is idempotent by a natural key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pydantic import TypeAdapter

from shared import prepared

# The model's save() costs several times as much, and an operation often tells many things at once.
_WRITE: Final = """
    INSERT INTO shared_outboxmessage (subscriber, event, payload, stream, created_at, next_at, attempts, state, sent_at,
                                      last_error)
    SELECT subscriber, event, payload, stream, %(outbox_now)s, %(outbox_now)s, 0,
           CASE subscriber WHEN '' THEN 'sent' ELSE 'pending' END,
           CASE subscriber WHEN '' THEN %(outbox_now)s::timestamptz END, ''
    FROM json_to_recordset(%(outbox_rows)s::json) AS t(subscribers text[], event text, payload jsonb, stream text),
         unnest(subscribers) subscriber
"""


class Event(Protocol):
    @property
    def stream(self) -> str:
        """What must stay in order, e.g. "dossier:0199…"."""


@dataclass(frozen=True, slots=True)
class Subscription:
    name: str
    event: type
    deliver: Callable[[Any], object]
    listens: Callable[[], bool] | None = None
    """Whether it listens now; asked when something is published. None: always."""
    only: Callable[[Any], bool] | None = None
    """Whether an event is any of its business; asked of each. None: all are."""

    def cares_for(self, event: object) -> bool:
        """Whether this event is to be delivered to it."""
        return self.only is None or self.only(event)


_by_event: dict[type, list[Subscription]] = {}
_by_name: dict[str, Subscription] = {}


def on[E](
    event: type[E], *, when: Callable[[], bool] | None = None, only: Callable[[E], bool] | None = None
) -> Callable[[Callable[[E], object]], Callable[[E], object]]:
    """Subscribe the decorated function to `event`; its name is its address in the outbox and must never change.

    With `when` nothing is written for it while that says no: for what a house may not be connected to. With `only`
    nothing is written of events that are not its business.
    """

    def subscribe(function: Callable[[E], object]) -> Callable[[E], object]:
        subscription = Subscription(function.__name__, event, function, when, only)
        if _by_name.setdefault(subscription.name, subscription) is not subscription:
            raise ValueError(f"Two subscribers are called {subscription.name}.")
        _by_event.setdefault(event, []).append(subscription)
        return function

    return subscribe


def subscription(name: str) -> Subscription:
    """Raises LookupError: no subscriber has this name (any more, or on this worker's version)."""
    return _by_name[name]


def subscriptions() -> list[Subscription]:
    return list(_by_name.values())


@cache
def adapter(event: type) -> TypeAdapter[Any]:
    return TypeAdapter(event)


def publish(*events: Event) -> None:
    """Write `events`; must run inside the transaction of what they tell."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(*events))


def statement(*events: Event) -> prepared.Statement:
    """The SQL that writes `events` and its parameters, for a caller who sends several statements in one go."""
    listening = {kind: _listening(kind) for kind in {type(event) for event in events}}
    rows = [_row(event, listening[type(event)]) for event in events]
    hinted = any(entry[1] is _hint for entry in connection.run_on_commit)
    if settings.WARDPOST_OUTBOX_HINTS and not hinted:
        transaction.on_commit(_hint, robust=True)
    return _WRITE, {"outbox_now": timezone.now(), "outbox_rows": orjson.dumps(rows).decode()}


def _listening(kind: type) -> list[Subscription]:
    """Who listens to such events now."""
    return [each for each in _by_event.get(kind, ()) if each.listens is None or each.listens()]


def _row(event: Event, listening: Sequence[Subscription]) -> dict[str, object]:
    """An event and who is told of it; when nobody is, one without a name, and that is done with."""
    kind = type(event)
    return {"subscribers": [each.name for each in listening if each.cares_for(event)] or [""], "event": kind.__name__,
            "payload": adapter(kind).dump_python(event, mode="json"), "stream": event.stream}


def _hint() -> None:
    from shared.tasks import hint_at_new_messages  # tasks import the relay, which imports this module

    hint_at_new_messages()

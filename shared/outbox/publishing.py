"""Events into the outbox, in the transaction of what happened; one row for each subscriber.

An event is a frozen dataclass of ids and plain values with a `stream`, e.g. "dossier:0199…". Subscribers are named
functions registered in config/subscriptions.py, each delivered at least once and in stream order, so what a subscriber
calls is idempotent by a natural key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from pydantic import TypeAdapter

from shared.models.messages import OutboxMessage, OutboxState


class Event(Protocol):
    @property
    def stream(self) -> str:
        """What must stay in order, e.g. "dossier:0199…"."""


@dataclass(frozen=True, slots=True)
class Subscription:
    name: str
    event: type
    deliver: Callable[[Any], object]


_by_event: dict[type, list[Subscription]] = {}
_by_name: dict[str, Subscription] = {}


def on[E](event: type[E]) -> Callable[[Callable[[E], object]], Callable[[E], object]]:
    """Subscribe the decorated function to `event`; its name is its address in the outbox and must never change."""

    def subscribe(function: Callable[[E], object]) -> Callable[[E], object]:
        subscription = Subscription(function.__name__, event, function)
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
    rows = [row for event in events for row in _rows(event)]
    OutboxMessage.objects.bulk_create(rows)
    hinted = any(entry[1] is _hint for entry in connection.run_on_commit)
    if settings.WARDPOST_OUTBOX_HINTS and not hinted:
        transaction.on_commit(_hint, robust=True)


def _rows(event: Event) -> list[OutboxMessage]:
    kind = type(event)
    payload = adapter(kind).dump_python(event, mode="json")
    names = [subscription.name for subscription in _by_event.get(kind, ())]
    if not names:
        return [OutboxMessage(event=kind.__name__, payload=payload, stream=event.stream,
                              state=OutboxState.SENT, sent_at=timezone.now())]
    return [OutboxMessage(event=kind.__name__, payload=payload, stream=event.stream, subscriber=name)
            for name in names]


def _hint() -> None:
    from shared.tasks import hint_at_new_messages  # tasks import the relay, which imports this module

    hint_at_new_messages()

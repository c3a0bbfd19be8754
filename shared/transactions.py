"""What makes a function an operation: one durable transaction, in which an idempotent call is remembered.

`@operation` opens the transaction and refuses to be nested, so one operation never hides in another. When the entry
point holds an idempotency guard (shared/idempotency.py), the guard's row is claimed first and completed last inside the
same transaction: the effect and the memory of it are committed together or not at all.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Protocol

from django.db import transaction


class Guard(Protocol):
    def claim(self) -> None:
        """Write the key; raise when it was used before."""

    def complete(self, result: object) -> None:
        """Keep the answer beside the key."""


guard: ContextVar[Guard | None] = ContextVar("guard", default=None)


def operation[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in a durable transaction of its own, under the caller's idempotency guard if there is one."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        held = guard.get()
        with transaction.atomic(durable=True):
            if held is None:
                return function(*args, **kwargs)
            held.claim()
            result = function(*args, **kwargs)
            held.complete(result)
            return result

    return run

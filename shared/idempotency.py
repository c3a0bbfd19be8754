"""Idempotency-Key: the first answer to a key is its answer for ever (well, 400 days).

Same key and same payload: the kept answer again. Same key, other payload: 422. Two at once: the second waits for the
first transaction and then replays. The key row is written in the effect's own transaction (shared/transactions.py),
so a kill leaves nothing half done. Server errors are not kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection
from django.utils.translation import gettext_lazy as _

from shared.errors import Invalid
from shared.models.messages import IdempotencyKey
from shared.transactions import guard


class IdempotencyKeyReused(Invalid):
    code = "idempotency-key-reused"
    title = _("This Idempotency-Key was used for another request")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Replay(Exception):  # not an error: the answer was given before
    def __init__(self, answer: Answer) -> None:
        super().__init__("replayed")
        self.answer = answer


@dataclass(slots=True)
class KeyGuard:
    """`render` turns the operation's result into the answer; it runs inside the operation's transaction."""

    scope: str
    key: str
    route: str
    fingerprint: bytes
    render: Callable[[object], Answer]
    answer: Answer | None = None

    def claim(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO shared_idempotencykey (scope, key, route, fingerprint, created_at)"
                " VALUES (%s, %s, %s, %s, now()) ON CONFLICT (scope, key) DO NOTHING",
                [self.scope, self.key, self.route, self.fingerprint])
            if cursor.rowcount == 0:
                self._replay()

    def _replay(self) -> None:
        kept = IdempotencyKey.objects.get(scope=self.scope, key=self.key)
        if bytes(kept.fingerprint) != self.fingerprint or kept.route != self.route:
            raise IdempotencyKeyReused(_("Use a new key for a new request."))
        raise Replay(Answer(kept.status or 200, bytes(kept.body or b"")))

    def complete(self, result: object) -> None:
        self.answer = self.render(result)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE shared_idempotencykey SET status = %s, body = %s WHERE scope = %s AND key = %s",
                           [self.answer.status, self.answer.body, self.scope, self.key])


def fingerprint(*parts: bytes) -> bytes:
    return sha256(b"\x00".join(parts)).digest()


@contextmanager
def guarded(held: KeyGuard) -> Iterator[None]:
    """The next operation called inside is remembered under the key."""
    token = guard.set(held)
    try:
        yield
    finally:
        guard.reset(token)

"""A seeded clock: what is to happen, in the order of its moments, each through the real operations."""

import heapq
import time
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Final

from shared.outbox import relay

type Happening = Callable[[datetime], object]

_PATIENCE_SECONDS: Final = 90.0


class Timeline:
    """Happenings may plan further happenings."""

    def __init__(self) -> None:
        self._planned: list[tuple[datetime, int, Happening]] = []
        self._order = count()

    def plan(self, at: datetime, happening: Happening) -> None:
        heapq.heappush(self._planned, (at, next(self._order), happening))

    def play(self, *, told: Callable[[int, int], None], waits: bool = True) -> None:
        """Let everything happen; `told(done, left)` hears of progress.

        With `waits`, the outbox is empty after each happening, as if the workers had all the time in the world;
        without, it is only emptied at the end.
        """
        done = 0
        while self._planned:
            at, _, happening = heapq.heappop(self._planned)
            happening(at)
            if waits:
                empty_the_outbox()
            done += 1
            told(done, len(self._planned))
        empty_the_outbox()


def empty_the_outbox() -> None:
    """Deliver what waits, and wait for what a worker is just delivering.

    Raises:
        TimeoutError: something stays undelivered; the outbox says what and why.
    """
    patience = time.monotonic() + _PATIENCE_SECONDS
    relay.drain()
    while relay.unsent_count():
        if time.monotonic() > patience:
            raise TimeoutError("Messages stay in the outbox: see shared_outboxmessage.last_error.")
        time.sleep(0.02)
        relay.drain()

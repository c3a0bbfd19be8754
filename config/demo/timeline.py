"""A seeded clock: what is to happen, in the order of its moments, each through the real operations."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from shared.outbox import relay

type Happening = Callable[[datetime], None]


class Timeline:
    """Happenings may plan further happenings. After each one the outbox is drained, as the worker would."""

    def __init__(self) -> None:
        self._planned: list[tuple[datetime, int, Happening]] = []
        self._order = count()

    def plan(self, at: datetime, happening: Happening) -> None:
        heapq.heappush(self._planned, (at, next(self._order), happening))

    def play(self, *, told: Callable[[int, int], None], drains: bool = True) -> int:
        """Let everything happen; `told(done, left)` hears of progress. Returns how much happened."""
        done = 0
        while self._planned:
            at, _, happening = heapq.heappop(self._planned)
            happening(at)
            if drains:
                relay.drain()
            done += 1
            told(done, len(self._planned))
        return done

"""Row ids: UUID version 7 (RFC 9562), so that new rows lie beside one another in an index."""

import os
import time
from threading import Lock
from typing import Final
from uuid import UUID

_SET_BACK_MS: Final = 10_000
"""A clock that is so far behind was set, and is followed; one that slips a little is waited for."""
_one_at_a_time: Final = Lock()
_newest: list[int] = [0, 0]
"""The millisecond of the newest id, and the counter within it."""


def uuid7() -> UUID:
    """48 bits of Unix milliseconds, a counter of 42 bits that starts anew at random, 32 random bits.

    What one process makes ascends (RFC 9562, section 6.2, method 1): rows told of the same moment stay in their order.
    """
    with _one_at_a_time:
        now = time.time_ns() // 1_000_000
        if now > _newest[0] or now < _newest[0] - _SET_BACK_MS:
            _newest[:] = now, int.from_bytes(os.urandom(6)) >> 7  # 41 bits: room to count on
        else:
            _newest[1] += 1
        milliseconds, counter = _newest
    high, low = counter >> 30 & 0xFFF, counter & (1 << 30) - 1
    value = milliseconds << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low << 32 | int.from_bytes(os.urandom(4))
    return UUID(int=value)

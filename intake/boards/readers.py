"""Who reads the published board too often: counted a minute and an address, under a keyed digest, in the cache only."""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core.cache import cache

from shared.problems import TooManyRequests

MOST_A_MINUTE: Final = 60


def count_reading(address: str, *, at: datetime) -> None:
    """Count one reading; without a cache nobody is refused.

    Raises:
        TooManyRequests: this address has read `MOST_A_MINUTE` times within the minute.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), f"public-board\x00{address}".encode(), sha256).hexdigest()[:32]
    key = f"public-board:{digest}:{int(at.timestamp()) // 60}"
    cache.add(key, 0, 120)
    try:
        count = cache.incr(key)
    except ValueError:  # the cache is away
        return
    if count > MOST_A_MINUTE:
        raise TooManyRequests

"""A cache that may vanish: without Valkey every look-up is a miss and every write is dropped.

Values are kept as JSON, so that whoever can write to the cache cannot run code here.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# After a failure nobody waits for the server again for this long.
REST_SECONDS = 2.0


class JsonSerializer:
    """Plain values only; integers stay bare so that the server can count with them."""

    def dumps(self, value: Any) -> Any:
        """Return what the server keeps.

        Raises:
            TypeError: the value is not plain data.
        """
        return value if type(value) is int else orjson.dumps(value)

    def loads(self, kept: bytes) -> Any:
        """Return the value again."""
        return orjson.loads(kept)


class TolerantClient(RedisCacheClient):
    """Speaks to the server; while it is away, answers like an empty cache."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, serializer=JsonSerializer, **options)
        self._resting_until = 0.0

    def _attempt[T](self, call: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            return call()
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST_SECONDS
            log.warning("cache_away", error=type(error).__name__)
            return otherwise

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        """Keep a value under a new key; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).add(key, value, timeout), False)

    def get(self, key: str, default: Any) -> Any:
        """Return the value, or `default`."""
        return self._attempt(lambda: super(TolerantClient, self).get(key, default), default)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        """Keep the value if that is possible."""
        self._attempt(lambda: super(TolerantClient, self).set(key, value, timeout), None)

    def touch(self, key: str, timeout: int | None) -> bool:
        """Prolong a value; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).touch(key, timeout), False)

    def delete(self, key: str) -> bool:
        """Forget a value; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).delete(key), False)

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        """Return the values that are known."""
        return self._attempt(lambda: super(TolerantClient, self).get_many(keys), {})

    def has_key(self, key: str) -> bool:
        """Tell whether the key is known; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).has_key(key), False)

    def incr(self, key: str, delta: int) -> int:
        """Count up.

        Raises:
            ValueError: the key is unknown, or the server is away.
        """
        counted: int | None = self._attempt(lambda: super(TolerantClient, self).incr(key, delta), None)
        if counted is None:
            raise ValueError(f"Key '{key}' not found.")
        return counted

    def set_many(self, data: Mapping[str, Any], timeout: int | None) -> None:
        """Keep the values if that is possible."""
        self._attempt(lambda: super(TolerantClient, self).set_many(data, timeout), None)

    def delete_many(self, keys: Iterable[str]) -> None:
        """Forget the values if that is possible."""
        self._attempt(lambda: super(TolerantClient, self).delete_many(keys), None)

    def clear(self) -> bool:
        """Forget everything; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).clear(), False)


class TolerantCache(RedisCache):
    """Django's Redis cache through the client above."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = TolerantClient

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

# After a failure, nobody waits for the server again for this long.
REST_SECONDS = 2.0


class JsonSerializer:
    """Plain values only; integers stay bare so that the server can count with them."""

    def dumps(self, obj: Any) -> Any:
        """Return what the server keeps.

        Raises:
            TypeError: the value is not plain data.
        """
        return obj if type(obj) is int else orjson.dumps(obj)

    def loads(self, data: Any) -> Any:
        """Return the value again."""
        return orjson.loads(data)


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

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        """Keep a value under a new key; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).add(key, value, timeout), False)

    def get(self, key: Any, default: Any) -> Any:
        """Return the value, or `default`."""
        return self._attempt(lambda: super(TolerantClient, self).get(key, default), default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        """Keep the value if that is possible."""
        self._attempt(lambda: super(TolerantClient, self).set(key, value, timeout), None)

    def touch(self, key: Any, timeout: Any) -> bool:
        """Prolong a value; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).touch(key, timeout), False)

    def delete(self, key: Any) -> bool:
        """Forget a value; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).delete(key), False)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """Return the values that are known."""
        return self._attempt(lambda: super(TolerantClient, self).get_many(keys), {})

    def has_key(self, key: Any) -> bool:
        """Tell whether the key is known; false when the server is away."""
        return self._attempt(lambda: super(TolerantClient, self).has_key(key), False)

    def incr(self, key: Any, delta: int) -> int:
        """Count up.

        Raises:
            ValueError: the key is unknown, or the server is away.
        """
        counted: int | None = self._attempt(lambda: super(TolerantClient, self).incr(key, delta), None)
        if counted is None:
            raise ValueError(f"Key '{key}' not found.")
        return counted

    def set_many(self, data: Mapping[Any, Any], timeout: Any) -> None:
        """Keep the values if that is possible."""
        self._attempt(lambda: super(TolerantClient, self).set_many(data, timeout), None)

    def delete_many(self, keys: Iterable[Any]) -> None:
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

"""Beat that exists once: the process that holds a lock in PostgreSQL ticks, any other waits to take over."""

import time
from contextlib import suppress
from typing import Any, Final

import psycopg
import structlog
from celery.beat import Scheduler
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from kombu.exceptions import OperationalError

from config.tasks import BEAT, record_heartbeat, record_worker_heartbeat

log = structlog.get_logger(__name__)

LOCK: Final = 0x77617264706F7374  # "wardpost"
RETRY_SECONDS: Final = 2.0
HEARTBEAT_SECONDS: Final = 15.0


class SingleScheduler(Scheduler):
    """Celery's scheduler, in memory, ticking only while the lock is held.

    A lost connection means a lost lock, so the process ends; the supervisor starts it again and it queues up anew.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lock: psycopg.Connection | None = None
        self._next_heartbeat = 0.0
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due; return the seconds until the next look.

        Raises:
            SystemExit: the lock is lost.
        """
        if self._lock is None:
            self._lock = wait_for_lock()
            self._ask_for_a_first_sign_of_life()
        self._prove_alive(self._lock)
        return super().tick(*args, **kwargs)

    def close(self) -> None:
        """Let the next beat take over."""
        if self._lock is not None:
            self._lock.close()
        super().close()

    def _ask_for_a_first_sign_of_life(self) -> None:
        with suppress(OperationalError):
            record_worker_heartbeat.apply_async(retry=False, expires=60)

    def _prove_alive(self, lock: psycopg.Connection) -> None:
        if time.monotonic() < self._next_heartbeat:
            return
        try:
            lock.execute("SELECT 1")
            close_old_connections()
            record_heartbeat(BEAT)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("beat_lost_its_lock", error=type(error).__name__)
            raise SystemExit(1) from error
        self._next_heartbeat = time.monotonic() + HEARTBEAT_SECONDS


def wait_for_lock() -> psycopg.Connection:
    """Return a connection that holds the lock; it is held as long as the connection lives."""
    is_told = False
    while True:
        try:
            connection = psycopg.connect(settings.DATABASE_URL, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            time.sleep(RETRY_SECONDS)
            continue
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if row and row[0]:
            return connection
        connection.close()
        if not is_told:
            log.info("beat_waits_for_another")
            is_told = True
        time.sleep(RETRY_SECONDS)

"""Whether the house works, asked of the parts themselves.

`/healthz`: this process answers. `/readyz/web`: it can serve people (what a load balancer asks).
`/readyz`: every part does what it claims; "degraded" still serves, "down" does not.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.models.messages import OutboxMessage, OutboxState
from shared.models.oversight import ProcessHeartbeat

HEARTBEAT_MAY_BE_SECONDS: Final = 90.0
UNSENT_MAY_WAIT_SECONDS: Final = 60.0
BROKER_ANSWERS_WITHIN_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one claim came to; `detail` is for the person who has to repair it."""

    holds: bool
    detail: str
    took_ms: float = 0.0


type Claim = Callable[[], Finding]


def database_answers() -> Finding:
    """PostgreSQL answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, "answers")


def migrations_are_applied() -> Finding:
    """The schema is the one this code was written for."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in waiting[:5])
    return Finding(not waiting, f"waiting: {names}" if waiting else "all applied")


def broker_carries_messages() -> Finding:
    """Valkey gives back what it was given."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_ANSWERS_WITHIN_SECONDS,
        socket_connect_timeout=BROKER_ANSWERS_WITHIN_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    key, word = f"wardpost:health:{uuid4()}", uuid4().hex
    try:
        client.rpush(key, word)
        came_back = client.lpop(key)
    except (redis.RedisError, OSError) as error:
        return Finding(False, f"no round trip: {type(error).__name__}")
    finally:
        client.close()
    return Finding(came_back == word.encode(), "round trip made")


def worker_works() -> Finding:
    """A message from beat reached a worker, and the worker reached the database."""
    return _heartbeat_is_recent("worker")


def beat_ticks() -> Finding:
    """Some beat holds the lock and sends what is due."""
    return _heartbeat_is_recent("beat")


def outbox_moves() -> Finding:
    """No message has waited longer than a retry may take."""
    age = oldest_unsent_seconds()
    return Finding(age <= UNSENT_MAY_WAIT_SECONDS, f"oldest unsent: {age:.0f} s")


NEEDED_TO_SERVE: Mapping[str, Claim] = {"database": database_answers, "migrations": migrations_are_applied}
NEEDED_TO_DELIVER: Mapping[str, Claim] = {
    "broker": broker_carries_messages,
    "worker": worker_works,
    "beat": beat_ticks,
    "outbox": outbox_moves,
}


def heartbeat_ages() -> dict[str, float]:
    """Return the seconds since each process last proved that it works."""
    now = timezone.now()
    seen = ProcessHeartbeat.objects.values_list("name", "seen_at")
    return {name: (now - seen_at).total_seconds() for name, seen_at in seen}


def oldest_unsent_seconds() -> float:
    """Return the age of the oldest message that is still to be sent; 0 when there is none."""
    pending = OutboxMessage.objects.filter(state=OutboxState.PENDING)
    oldest = pending.aggregate(oldest=Min("created_at"))["oldest"]
    return max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0


def _heartbeat_is_recent(name: str) -> Finding:
    age = heartbeat_ages().get(name)
    if age is None:
        return Finding(False, "never seen")
    return Finding(age <= HEARTBEAT_MAY_BE_SECONDS, f"seen {age:.0f} s ago")


def _examine(claim: Claim) -> Finding:
    began = time.perf_counter()
    try:
        found = claim()
    except DatabaseError as error:
        found = Finding(False, f"PostgreSQL: {type(error).__name__}")
    return Finding(found.holds, found.detail, round((time.perf_counter() - began) * 1000, 1))


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready_to_serve(request: HttpRequest) -> JsonResponse:
    """Answer 200 when people can be served; carriers, workers and the broker may be away."""
    return _report(needed=NEEDED_TO_SERVE, wanted={})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every claim holds, otherwise 503 and which one does not."""
    return _report(needed=NEEDED_TO_SERVE, wanted=NEEDED_TO_DELIVER)


def _report(*, needed: Mapping[str, Claim], wanted: Mapping[str, Claim]) -> JsonResponse:
    found = {name: _examine(claim) for name, claim in {**needed, **wanted}.items()}
    failed = {name for name, finding in found.items() if not finding.holds}
    status = "down" if failed & needed.keys() else "degraded" if failed else "ready"
    claims = {
        name: {"holds": finding.holds, "detail": finding.detail, "took_ms": finding.took_ms}
        for name, finding in found.items()
    }
    return JsonResponse({"status": status, "claims": claims}, status=503 if failed else 200)


class ProbesFirst:
    """Answers the probes before anything else runs: sessions and scopes need the very database that may be away."""

    answers: Final[Mapping[str, Callable[[HttpRequest], HttpResponse]]] = {
        "/healthz": alive,
        "/readyz": ready,
        "/readyz/web": ready_to_serve,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass the request on."""
        return self.answers.get(request.path, self.get_response)(request)

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from config import health
from config.tasks import BEAT, WORKER, record_heartbeat
from shared.models.messages import OutboxMessage
from shared.models.oversight import ProcessHeartbeat


def claims_of(client: Client) -> tuple[int, str, dict[str, bool]]:
    answer = client.get("/readyz")
    body = answer.json()
    return answer.status_code, body["status"], {name: claim["holds"] for name, claim in body["claims"].items()}


@pytest.fixture
def living_processes(db):
    record_heartbeat(WORKER)
    record_heartbeat(BEAT)


def test_a_process_that_answers_is_alive(client, db):
    assert client.get("/healthz").content == b"ok\n"


def test_without_its_database_the_house_is_down_and_says_so(client, living_processes):
    def refuse(*_: object) -> None:
        raise OperationalError("the server is away")

    with connection.execute_wrapper(refuse):
        status, word, claims = claims_of(client)
        is_alive = client.get("/healthz").status_code == 200

    assert (status, word, claims["database"], is_alive) == (503, "down", False, True)


def test_a_house_whose_parts_all_work_is_ready(client, living_processes):
    status, word, claims = claims_of(client)

    assert (status, word) == (200, "ready"), claims
    assert set(claims) == {"database", "migrations", "broker", "worker", "beat", "outbox"}


def test_a_worker_that_never_reported_makes_the_house_degraded_but_people_are_still_served(client, db):
    record_heartbeat(BEAT)

    status, word, claims = claims_of(client)

    assert (status, word, claims["worker"], claims["beat"]) == (503, "degraded", False, True)
    assert client.get("/readyz/web").status_code == 200


def test_a_heartbeat_that_stopped_is_noticed(client, living_processes):
    ProcessHeartbeat.objects.filter(name=BEAT).update(
        seen_at=timezone.now() - timedelta(seconds=health.HEARTBEAT_MAY_BE_SECONDS + 5)
    )

    status, word, claims = claims_of(client)

    assert (status, word, claims["beat"]) == (503, "degraded", False)


def test_a_message_that_nobody_fetches_is_noticed(client, living_processes):
    message = OutboxMessage.objects.create(subscriber="billing", event="DossierForwarded", payload={}, stream="d-1")
    OutboxMessage.objects.filter(id=message.id).update(
        created_at=timezone.now() - timedelta(seconds=health.UNSENT_MAY_WAIT_SECONDS + 5)
    )

    status, word, claims = claims_of(client)

    assert (status, word, claims["outbox"]) == (503, "degraded", False)


def test_a_broker_that_is_away_degrades_the_house(client, living_processes, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    status, word, claims = claims_of(client)

    assert (status, word, claims["broker"], claims["database"]) == (503, "degraded", False, True)


def test_a_schema_that_lags_behind_the_code_is_down(client, living_processes, monkeypatch):
    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda self, targets: [(self.loader.graph.nodes[targets[0]], False)]
    )

    status, word, claims = claims_of(client)

    assert (status, word, claims["migrations"]) == (503, "down", False)

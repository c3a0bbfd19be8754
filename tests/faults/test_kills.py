"""kill -9 of every part during a played day: what was acknowledged is there, once, and so is what follows from it.

The checks use plain SQL and no code of the project.
"""

import json
import random
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from delivery.rules.signatures import HEADER, sign
from tests.faults.house import House, open_house

DOSSIERS = 14
SEED = 20261123
KILLS = ("web worker", "celery", "valkey", "postgresql", "web", "beat", "web worker", "postgresql", "celery")
PAUSE_SECONDS = (1.0, 2.5)
PATIENCE_SECONDS = 240


@pytest.fixture(scope="module")
def house(schema):
    # A short path: a socket lives in it.
    with tempfile.TemporaryDirectory(prefix="wp") as folder, open_house(Path(folder), schema) as open_now:
        yield open_now


@pytest.mark.django_db  # whose tables the schema is a dump of
def test_a_day_of_kills_loses_and_doubles_nothing(house):
    ground = json.loads(house.ask("tests.faults.ground", str(DOSSIERS)))
    url, secret = house.database_url(), house.secret("vnpost")
    killer = Killer(house)
    killer.start()
    with ThreadPoolExecutor(4) as counters:
        days = [counters.submit(Day(house, ground, filing, url, secret).live) for filing in ground["filings"]]
        acknowledged = [day.result() for day in days]
    killer.join()

    unsent = "SELECT count(*) FROM shared_outboxmessage WHERE state <> 'sent'"
    until(lambda: count(url, unsent) == 0, "the outbox is empty")

    assert killer.killed == list(KILLS)
    assert len({dossier_id for _ref, dossier_id in acknowledged}) == DOSSIERS
    for client_ref, dossier_id in acknowledged:
        assert rows(url, "SELECT id::text, handling FROM intake_dossier WHERE client_ref = %s", client_ref) == [
            (dossier_id, 10)]
    assert count(url, "SELECT count(*) FROM intake_dossier") == DOSSIERS
    assert count(url, "SELECT count(DISTINCT code) FROM intake_dossier") == DOSSIERS
    assert count(url, "SELECT count(*) FROM intake_forwarding") == DOSSIERS
    assert count(url, "SELECT count(*) FROM intake_resolution") == DOSSIERS
    assert rows(url, "SELECT dossier_id, action FROM intake_dossierstep WHERE machine = 'handling'"
                     " GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert count(url, "SELECT count(*) FROM delivery_parcel WHERE state = 'delivered'") == DOSSIERS
    assert count(url, "SELECT count(*) FROM delivery_parcel") == DOSSIERS
    assert count(url, "SELECT count(*) FROM delivery_trackingevent") == 2 * DOSSIERS
    assert rows(url, "SELECT kind, count(*) FROM billing_charge GROUP BY 1 ORDER BY 1") == [
        ("compensation:accepted_online", DOSSIERS), ("compensation:delivered_result", DOSSIERS), ("postage", DOSSIERS)]
    assert rows(url, "SELECT group_id FROM billing_posting GROUP BY 1 HAVING sum(amount) <> 0") == []
    assert count(url, "SELECT count(*) FROM shared_workitem WHERE kind = 'outbox-parked'") == 0


class Killer(threading.Thread):
    """Kills one part after the other, always the same ones in the same order."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self.house, self.random = house, random.Random(SEED)
        self.killed: list[str] = []

    def run(self) -> None:
        for what in KILLS:
            time.sleep(self.random.uniform(*PAUSE_SECONDS))
            until(partial(self.house.kill, what), f"there is a {what} to kill")
            self.killed.append(what)


class Day:
    """One dossier from the counter to the door, by machines that try again until they are answered."""

    def __init__(self, house: House, ground: dict[str, Any], filing: dict[str, Any], url: str, secret: str) -> None:
        self.house, self.ground, self.filing, self.url, self.secret = house, ground, filing, url, secret
        self.client_ref = str(uuid4())

    def live(self) -> tuple[str, str]:
        dossier_id = self.submit()
        self.at_centre(dossier_id, "receptions", {})
        self.at_centre(dossier_id, "resolutions", {"decision_number": "1/UBND", "summary": "Đã giải quyết"})
        self.deliver(dossier_id)
        return self.client_ref, dossier_id

    def submit(self) -> str:
        body = self.filing | {"client_ref": self.client_ref, "procedure_code": "2.000635", "channel": "online",
                              "result_choice": "home", "place": {"commune_code": "19831"},
                              "documents": [{"component": "to_khai"}]}
        return self.post("/submissions", body, self.ground["outlet_token"])["id"]

    def at_centre(self, dossier_id: str, act: str, body: dict[str, Any]) -> None:
        self.post(f"/dossiers/{dossier_id}/{act}", body, self.ground["centre_token"])

    def post(self, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        key = f"{path}:{self.client_ref}"
        answer: dict[str, Any] = {}

        def attempt() -> bool:
            reply = httpx.post(f"{self.house.address}/api/v1{path}", json=body, timeout=10, headers={
                "Authorization": f"Bearer {token}", "Idempotency-Key": key})
            # Not forwarded yet, or a part is away: the machine waits and asks again with the same key.
            assert reply.status_code in {201, 404, 409, 500, 502, 503}, reply.text
            if reply.status_code == 201:
                answer.update(reply.json())
            return reply.status_code == 201

        until(attempt, f"{path} is acknowledged")
        return answer

    def deliver(self, dossier_id: str) -> None:
        number = self.number_of(dossier_id)
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        receiver = {"name": "Người nhận", "relation": "self", "method": "otp"}
        told: dict[str, Any] = {"number": number, "occurred_at": moment}
        events = [told | {"event_id": f"{number}-1", "code": "EMA"},
                  told | {"event_id": f"{number}-2", "code": "EMI", "receiver": receiver}]
        for _twice in range(2):
            until(lambda: self.tell(events), f"the events of {number} are acknowledged")

    def tell(self, events: list[dict[str, Any]]) -> bool:
        body = json.dumps({"events": events}).encode()
        reply = httpx.post(f"{self.house.address}/api/v1/carriers/vnpost/events", content=body, timeout=10, headers={
            HEADER: sign(body, secret=self.secret, at=int(time.time())), "Content-Type": "application/json"})
        return reply.status_code in {200, 202} and all(each["status"] == "accepted" for each in reply.json()["events"])

    def number_of(self, dossier_id: str) -> str:
        found: list[tuple[str]] = []

        def look() -> bool:
            found.extend(rows(self.url, "SELECT p.number FROM delivery_parcel p JOIN delivery_parceldossier d"
                                        " ON d.parcel_id = p.id WHERE d.dossier_id = %s", dossier_id))
            return bool(found)

        until(look, "the result is booked home")
        return found[0][0]


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError, psycopg.OperationalError):
            if holds():
                return
        time.sleep(0.1)
    raise AssertionError(f"Waited in vain until {what}.")


def rows(url: str, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute("SET app.scope = 'all'")
        return connection.execute(sql, parameters).fetchall()


def count(url: str, sql: str) -> int:
    return rows(url, sql)[0][0]

"""The whole house, killed in every part at once, comes back by itself; stopped politely, it leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.runtime import leftovers
from config.runtime.paths import PROJECT
from config.runtime.postgres import PostgreSQL
from config.runtime.valkey import Valkey
from tests.faults.house import furnish

STARTS_WITHIN_SECONDS = 240


class House:
    """`manage.py serve` in a folder and on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.run = folder / "demo"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        foreign = ("WARDPOST_", "DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "CACHE_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        self.environment = kept | {"WARDPOST_RUN_DIR": str(folder), "PORT": str(self.port)}
        self.log = folder / "house.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=PROJECT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while (claims := self.claims()) is None or claims["status"] != "ready":
            assert self.supervisor.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, f"{claims}\n{self.log.read_text()}"
            time.sleep(0.3)

    def claims(self) -> dict[str, object] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as degraded:
            return json.load(degraded)
        except (OSError, ValueError):
            return None

    def processes(self) -> list[psutil.Process]:
        engines = [PostgreSQL(self.run / "pg").pid(), Valkey(self.run / "valkey").pid()]
        return leftovers.marked_processes(self.run) + [psutil.Process(pid) for pid in engines if pid]


@pytest.fixture
def house(tmp_path, schema) -> Iterator[House]:
    house = House(tmp_path)
    furnish(house.environment, schema)
    yield house
    house.supervisor.kill()
    leftovers.end(house.processes())


@pytest.mark.django_db  # whose tables the schema is a dump of
def test_a_house_killed_in_every_part_comes_back_and_a_polite_stop_leaves_nothing(house):
    house.start()
    everything = [psutil.Process(house.supervisor.pid), *house.processes()]
    assert len(everything) >= 7  # the supervisor, web with two workers, worker with two children, beat, two engines

    for process in everything:
        process.kill()
    house.supervisor.wait()
    house.start()

    house.supervisor.send_signal(signal.SIGTERM)
    assert house.supervisor.wait(60) == 128 + signal.SIGTERM
    assert leftovers.still_alive(house.processes(), patience_seconds=5) == []
    assert not PostgreSQL(house.run / "pg").is_running()
    assert not Valkey(house.run / "valkey").is_running()

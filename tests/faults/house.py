"""A whole house of its own, on its own engines, whose parts can be killed one by one."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

PROJECT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN_SECONDS = 150


def _environment(run: Path, port: int) -> dict[str, str]:
    named = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE"}
    inherited = {name: value for name, value in os.environ.items()
                 if name not in named and not name.startswith(("WARDPOST_", "PYTEST_"))}
    return inherited | {"WARDPOST_RUN_DIR": str(run), "WARDPOST_LOCAL_SECRETS": "1", "PORT": str(port),
                        "WARDPOST_WEB_WORKERS": "2", "WARDPOST_WORKER_CHILDREN": "2"}


@dataclass
class House:
    run: Path
    environment: dict[str, str]
    address: str

    def ask(self, module: str, *arguments: str) -> str:
        """Run a module of the tests in the house's environment; returns what it printed."""
        done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=PROJECT, env=self.environment,
                              capture_output=True, text=True, check=False, timeout=180)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def secret(self, carrier: str) -> str:
        kept = json.loads((self.run / "demo" / "secrets.json").read_text())
        return json.loads(kept["WARDPOST_CARRIER_SECRETS"])[carrier].split()[0]

    def database_url(self) -> str:
        return self.ask("tests.faults.where").strip()

    def kill(self, what: str) -> bool:
        """kill -9 the part, if it is there just now; says whether something died."""
        victims = list(VICTIMS[what](self))
        for victim in victims:
            with suppress(psutil.Error):
                victim.send_signal(signal.SIGKILL)
        return bool(victims)

    def processes(self) -> Iterator[tuple[psutil.Process, str]]:
        """Everything that runs for this house, with its command line."""
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("WARDPOST_RUN_DIR") == str(self.run) or str(self.run) in process.cwd():
                    yield process, " ".join(process.cmdline())


def _web_workers(house: House) -> Iterator[psutil.Process]:
    """The processes that answer requests, not the one that watches them."""
    for process in _named("granian")(house):
        with suppress(psutil.Error):
            yield from process.children()


def _named(part: str) -> Callable[[House], Iterator[psutil.Process]]:
    def find(house: House) -> Iterator[psutil.Process]:
        return (process for process, command in house.processes() if part in command)

    return find


def _postmaster(house: House) -> Iterator[psutil.Process]:
    pid_file = house.run / "demo" / "pg" / "data" / "postmaster.pid"
    with suppress(OSError, ValueError, psutil.Error):
        yield psutil.Process(int(pid_file.read_text().splitlines()[0]))


VICTIMS: dict[str, Callable[[House], Iterator[psutil.Process]]] = {
    "web worker": _web_workers,
    "web": _named("granian"),
    "celery": _named("config.celery worker"),
    "beat": _named("config.celery beat"),
    "valkey": _named("valkey-server"),
    "postgresql": _postmaster,
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def furnish(environment: dict[str, str], schema: Path) -> None:
    """Give the house of this environment its tables from a dump, so that it need not migrate."""
    subprocess.run([sys.executable, "-m", "tests.faults.prepared", str(schema)], cwd=PROJECT, env=environment,
                   check=True, timeout=180)


@contextmanager
def open_house(run: Path, schema: Path) -> Iterator[House]:
    """Start a house in `run` on the tables of `schema`, and end all of it, whatever became of it."""
    port = _free_port()
    environment = _environment(run, port)
    furnish(environment, schema)
    log = (run / "supervisor.log").open("w")
    supervisor = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=PROJECT, env=environment, stdout=log,
                                  stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    house = House(run, environment, f"http://127.0.0.1:{port}")
    try:
        _wait_until_ready(house, supervisor)
        yield house
    finally:
        supervisor.terminate()
        with suppress(subprocess.TimeoutExpired):
            supervisor.wait(40)
        subprocess.run([sys.executable, "-m", "config.runtime.stop"], cwd=PROJECT, env=environment, check=False,
                       capture_output=True, timeout=90)


def _wait_until_ready(house: House, supervisor: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert supervisor.poll() is None, (house.run / "supervisor.log").read_text()[-3000:]
        with suppress(httpx.HTTPError):
            if httpx.get(f"{house.address}/healthz", timeout=3).status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError((house.run / "supervisor.log").read_text()[-3000:])

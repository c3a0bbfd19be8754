"""Runs the whole house on one machine: engines, web, worker and beat, kept alive until told to stop."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

import psutil
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from config import health
from config.celery import QUEUES
from config.runtime import environment, leftovers, nights, paths, practice
from config.runtime.children import Child
from config.runtime.errors import EngineError
from config.runtime.progress import say, step
from config.runtime.secrets import CARRIERS

PORTS_TO_TRY: Final = 20
STARTS_WITHIN_SECONDS: Final = 180.0
LOOK_EVERY_SECONDS: Final = 0.5
LISTEN_EVERY_SECONDS: Final = 10.0
# Restarted after this many looks in a row without an answer.
STRIKES: Final = 3
WEB_STARTS_WITHIN_SECONDS: Final = 90.0
"""A busy machine loads the web slowly; stopped while it loads, it would never be there."""
# For a house that only plays: the password of what does not exist, what its portal refuses, how far back it is told.
PLAYED: Final = "chi-de-trinh-dien"
UNKNOWN_TO_THE_PORTAL: Final = "1.004873"
NEWS: Final = timedelta(days=6)


class CannotStartError(Exception):
    """The house cannot start; the text says what to do."""


def free_port(host: str) -> int:
    """Return the port of the web: PORT, or the first free one from 8000.

    Granian shares a port with a forgotten server without a word, so it is tried out first.

    Raises:
        CannotStartError: somebody else uses it.
    """
    wanted = os.environ.get("PORT")
    candidates = [int(wanted)] if wanted else range(8000, 8000 + PORTS_TO_TRY)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise CannotStartError(f"Port {wanted or '8000 and those after it'} is in use. Choose another: PORT=8100 make demo")


def unused_port() -> int:
    """Return a port of this machine that nobody uses now, for what no person has to type."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare_database() -> None:
    """Migrate, grant and load reference data, with the owner's rights.

    Raises:
        CannotStartError: a step failed; its output is on standard error.
    """
    with step("database", "migrations, rights, reference data"):
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare_database"],
            cwd=paths.PROJECT, env=os.environ | {"WARDPOST_PROCESS": "owner"},
            stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False,
        )  # fmt: skip
    if done.returncode:
        raise CannotStartError("The database could not be prepared; the reason stands above.")


@dataclass
class House:
    """The running processes and the address they answer at."""

    run: Path
    host: str
    port: int
    children: list[Child] = field(default_factory=list)
    strikes: dict[str, int] = field(default_factory=dict)
    listen_at: float = 0.0
    carrier_port: int = 0
    """Where the carrier simulator answers; 0: there is none, as in every city's own house."""

    card_port: int = 0
    """Where a card service is played; 0: none is."""

    practice_port: int = 0
    """Where a practice house answers beside this one; 0: there is none."""

    simulators_port: int = 0
    """Where a national portal and message gateways are played; 0: none is."""

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        shown = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::"} else self.host  # noqa: S104 - only compared
        return f"http://{shown}:{self.port}"

    def start(self) -> None:
        """Start web, worker and beat, and wait until the web answers.

        Raises:
            CannotStartError: the web does not answer in time; the message names its log.
        """
        measurements = paths.private_folder(self.run / "metrics")
        for old in measurements.glob("*.db"):
            old.unlink()
        common = {"PORT": str(self.port), "PROMETHEUS_MULTIPROC_DIR": str(measurements)}
        common |= self._carriers() | self._others() | self._cards()
        if self.practice_port:
            common |= {"WARDPOST_PRACTICE_URL": self.practice_address, "WARDPOST_PUBLIC_URL": self.address}
        for name, arguments in self._commands().items():
            child = Child(name, arguments, common | {"WARDPOST_PROCESS": name}, self.run)
            self.children.append(child)
            child.start()
        self._wait_for_web()

    @property
    def practice_address(self) -> str:
        """Where a browser finds practice."""
        return f"{self.address.rpartition(':')[0]}:{self.practice_port}"

    def open_practice(self) -> None:
        """Start the practice house beside this one, as a process with none of our addresses and secrets."""
        if not self.practice_port:
            return
        key = os.environ["WARDPOST_PRACTICE_KEY"]
        base = practice.environment_beside(os.environ, port=self.practice_port, live_address=self.address, key=key)
        child = Child("practice", [sys.executable, "manage.py", "serve"], {}, self.run, base=base)
        self.children.append(child)
        child.start()

    def _commands(self) -> dict[str, list[str]]:
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "config.celery"]
        commands = {
            "web": [
                python, "-m", "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port),
                "--workers", os.environ.get("WARDPOST_WEB_WORKERS", "2"), "--blocking-threads", "2", "--no-ws",
                "--respawn-failed-workers", "--workers-max-rss", "512", "--log-level", "warning",
                "config.wsgi:application",
            ],
            "worker": [
                *celery, "worker", "--concurrency", os.environ.get("WARDPOST_WORKER_CHILDREN", "2"),
                "--queues", ",".join(QUEUES), "--without-gossip", "--without-mingle", "--loglevel", "INFO",
            ],
            "beat": [*celery, "beat", "--scheduler", "config.beat.SingleScheduler", "--pidfile=", "--loglevel", "INFO"],
        }  # fmt: skip
        if self.carrier_port:
            commands["carriers"] = [
                python, "-m", "delivery.simulator", "--port", str(self.carrier_port), "--state",
                str(self.run / "carriers.json"), "--callback", f"{self.address}/api/v1/carriers/{{carrier}}/events",
            ]  # fmt: skip
        if self.simulators_port:
            commands["simulators"] = [
                python, "-m", "intake.simulators", "--port", str(self.simulators_port), "--refuse-procedure",
                UNKNOWN_TO_THE_PORTAL,
            ]  # fmt: skip
        if self.card_port:
            commands["cards"] = [
                python, "-m", "billing.simulator", "--port", str(self.card_port), "--state",
                str(self.run / "cards.json"), "--callback", f"{self.address}/api/v1/cards/events",
            ]  # fmt: skip
        return commands

    def _carriers(self) -> dict[str, str]:
        """Where carriers are told of parcels: at the simulator, if this house has one."""
        if not self.carrier_port:
            return {}
        simulator = f"http://127.0.0.1:{self.carrier_port}"
        addresses = {carrier: f"{simulator}/carriers/{carrier}" for carrier in CARRIERS}
        return {"WARDPOST_CARRIER_URLS": json.dumps(addresses)}

    def connections(self) -> dict[str, object]:
        """The settings that connect a house that only plays to the portal and the gateways that do not exist."""
        if not self.simulators_port:
            return {}
        base = f"http://127.0.0.1:{self.simulators_port}"
        cards = {"WARDPOST_STRIPE_KEY": f"sk_test_{PLAYED}", "WARDPOST_STRIPE_URL":
                 f"http://127.0.0.1:{self.card_port}"} if self.card_port else {}  # fmt: skip
        return cards | {"WARDPOST_NOTICE_URLS": {channel: f"{base}/{channel}" for channel in ("zalo", "sms")},
                "WARDPOST_NOTICE_SECRETS": dict.fromkeys(("zalo", "sms"), PLAYED),
                "WARDPOST_PORTAL_URL": f"{base}/portal", "WARDPOST_PORTAL_USER": "wardpost",
                "WARDPOST_PORTAL_SECRET": PLAYED,
                "WARDPOST_PORTAL_SINCE": timezone.now() - NEWS}  # fmt: skip

    def _others(self) -> dict[str, str]:
        return {name: value.isoformat() if isinstance(value, datetime) else value if isinstance(value, str)
                else json.dumps(value) for name, value in self.connections().items()}  # fmt: skip

    def _cards(self) -> dict[str, str]:
        """What signs the messages of the card service that is played."""
        return {"WARDPOST_STRIPE_WEBHOOK_SECRETS": f"whsec_{PLAYED}"} if self.card_port else {}

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._web_answers():
            for child in self.children:
                child.keep_alive()
            if time.monotonic() > deadline:
                raise CannotStartError(f"The web does not answer; see {self.run / 'logs' / 'web.log'}.")
            time.sleep(0.1)

    def _web_answers(self) -> bool:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - only compared
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}/healthz", timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def look_after(self) -> None:
        """Start again what has died; from time to time also what has gone deaf."""
        self._keep_engines()
        for child in self.children:
            child.keep_alive()
        if practice.is_asked():
            nights.wipe_when_due(self.run, timezone.localdate())
        if time.monotonic() >= self.listen_at:
            self.listen_at = time.monotonic() + LISTEN_EVERY_SECONDS
            self._restart_the_deaf()

    def _keep_engines(self) -> None:
        try:
            if environment.is_local("postgres") and not environment.local_postgres().is_running():
                say("postgresql", "is gone: starting it again")
                environment.local_postgres().start()
            if environment.is_local("valkey") and environment.local_valkey().pid() is None:
                say("valkey", "is gone: starting it again")
                environment.local_valkey().start()
        except (EngineError, OSError, subprocess.SubprocessError) as error:
            say("engines", f"{error}; trying again")

    def _restart_the_deaf(self) -> None:
        valkey = environment.local_valkey()
        if environment.is_local("valkey") and self._is_deaf("valkey", valkey.is_running):
            valkey.start()
        ages = _heartbeat_ages()
        answers: dict[str, Callable[[], bool]] = {
            "web": self._web_answers,
            "worker": lambda: ages.get("worker", 0.0) <= health.HEARTBEAT_MAY_BE_SECONDS,
            "beat": lambda: ages.get("beat", 0.0) <= health.HEARTBEAT_MAY_BE_SECONDS,
        }
        for child in self.children:
            if child.name not in answers:
                continue
            may_start_in = WEB_STARTS_WITHIN_SECONDS if child.name == "web" else health.HEARTBEAT_MAY_BE_SECONDS
            is_settled = child.age_seconds > may_start_in
            if child.process is not None and is_settled and self._is_deaf(child.name, answers[child.name]):
                child.stop(patience_seconds=5)

    def _is_deaf(self, name: str, answers: Callable[[], bool]) -> bool:
        self.strikes[name] = 0 if answers() else self.strikes.get(name, 0) + 1
        if self.strikes[name] < STRIKES:
            return False
        self.strikes[name] = 0
        say(name, "does not answer any more: starting it again")
        return True

    def watch(self) -> None:
        """Look after everything until a signal ends this process."""
        while True:
            self.look_after()
            time.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """Stop the processes: the web first, so that nobody is told something that is not kept."""
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop(patience_seconds=12)
        self.children.clear()


def _heartbeat_ages() -> dict[str, float]:
    """Return the heartbeats' ages; none when PostgreSQL cannot be asked, for which nobody gets restarted."""
    try:
        close_old_connections()
        return health.heartbeat_ages()
    except DatabaseError:
        return {}


@contextmanager
def open_house(*, with_carriers: bool = False) -> Iterator[House]:
    """Run the house inside the block; the engines are already running (manage.py sees to that).

    `with_carriers` adds the simulators of carriers, portal and gateways, for a house that only plays.

    Raises:
        CannotStartError: another run is in this folder, or a part does not start.
    """
    run = paths.run_folder()
    with (run / ".supervisor.lock").open("a+") as lock:
        _claim(lock)
        leftovers.end(leftovers.marked_processes(run))
        host = os.environ.get("WARDPOST_HOST", "127.0.0.1")
        house = House(run, host, free_port(host))
        if with_carriers:
            house.carrier_port = unused_port()
            house.simulators_port = unused_port()
            house.card_port = unused_port()
            house.practice_port = unused_port() if environment.is_local("postgres") else 0
        (run / "supervisor.json").write_text(
            json.dumps({"pid": os.getpid(), "started": psutil.Process().create_time(), "address": house.address})
        )
        try:
            prepare_database()
            if house.practice_port and environment.clone_for_practice():
                say("practice", "has a database of its own")
            with step("processes", "web, worker and beat"):
                house.start()
            yield house
        finally:
            say("stopping", "web, worker and beat")
            house.stop()
            (run / "supervisor.json").unlink(missing_ok=True)


def _claim(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStartError("Wardpost already runs from this folder. Stop it with: make stop") from error

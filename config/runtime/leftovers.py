"""Finds processes of a run by a mark in their environment, so that none of somebody else's is ever ended."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "WARDPOST_SUPERVISED_RUN"


def marked_processes(run: Path) -> list[psutil.Process]:
    """Return the processes, grandchildren included, that a supervisor started for `run`."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(run):
                found.append(process)
    return found


def end(processes: Iterable[psutil.Process], *, patience_seconds: float = 10) -> None:
    """Ask the processes to stop, wait, and kill those that do not."""
    processes = list(processes)
    for process in processes:
        with suppress(psutil.Error):
            process.terminate()
    for process in still_alive(processes, patience_seconds=patience_seconds):
        with suppress(psutil.Error):
            process.kill()
    still_alive(processes, patience_seconds=5)


def still_alive(processes: Iterable[psutil.Process], *, patience_seconds: float) -> list[psutil.Process]:
    """Wait for the processes to end and return those that have not.

    A process that ended counts as gone although nobody has collected it yet: what adopts
    orphans may take seconds for that, or never do it in a container.
    """
    deadline = time.monotonic() + patience_seconds
    alive = [process for process in processes if _lives(process)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [process for process in alive if _lives(process)]
    return alive


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False

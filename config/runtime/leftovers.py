"""Finds processes of a run by a mark in their environment, so that none of somebody else's is ever ended."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "WARDPOST_SUPERVISED_RUN"


def marked_processes(run: Path) -> list[psutil.Process]:
    """Return the processes, grandchildren included, that a supervisor started for `run`."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == str(run):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def end(processes: Iterable[psutil.Process], *, patience_seconds: float = 10) -> None:
    """Ask the processes to stop, wait, and kill those that do not."""
    processes = list(processes)
    for process in processes:
        with suppress(psutil.Error):
            process.terminate()
    _, alive = psutil.wait_procs(processes, timeout=patience_seconds)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


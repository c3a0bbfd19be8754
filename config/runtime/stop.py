"""Stop a run that was started elsewhere: `python -m config.runtime.stop`.

Ends this folder's processes and engines, of the demo, the tests and the bench, and nobody else's.
"""

import json
import os
from pathlib import Path

import psutil

from config.runtime import environment, leftovers, paths
from config.runtime.progress import say


def stop_run() -> bool:
    """Stop what runs in this mode's folder; return whether there was anything."""
    run = paths.run_folder()
    supervisor = running_supervisor(run)
    if supervisor is not None:
        leftovers.end([supervisor], patience_seconds=40)
    orphans = leftovers.marked_processes(run)
    leftovers.end(orphans)
    postgres, valkey = environment.local_postgres(), environment.local_valkey()
    was_running = supervisor is not None or bool(orphans) or postgres.is_running() or valkey.pid() is not None
    valkey.stop()
    postgres.stop()
    return was_running


def running_supervisor(run: Path) -> psutil.Process | None:
    """Return the supervisor that keeps `run`, if it lives; a reused process id is told by its start."""
    try:
        kept = json.loads((run / "supervisor.json").read_text())
        process = psutil.Process(kept["pid"])
        return process if abs(process.create_time() - kept["started"]) < 1 else None
    except (OSError, ValueError, KeyError, psutil.Error):
        return None


def main() -> None:
    """Stop every mode and say what was stopped."""
    for mode in ("demo", "test", "bench"):
        os.environ["WARDPOST_MODE"] = mode
        say(mode, "stopped" if stop_run() else "nothing was running")


if __name__ == "__main__":
    main()

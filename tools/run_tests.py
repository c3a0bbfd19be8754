"""`make test`: the migrations are complete, the translations compile, every test passes.

Arguments go to pytest: `make test ARGS="tests/billing -k tariff"`.
"""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TEST = {"WARDPOST_MODE": "test", "WARDPOST_LOCAL_SECRETS": "1", "WARDPOST_PROCESS": "owner"}


# Two processes pay once the suite takes longer than a minute; files stay whole, because some share a server.
# The slow ones go first (tests/conftest.py puts them there), so that no process ends alone with minutes left.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def chromium() -> str:
    """Return the browser for the journeys; installs Debian's where that is allowed.

    Raises:
        SystemExit: there is none; what to do has been printed.
    """
    found = subprocess.run(["sh", "tools/chromium.sh"], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        raise SystemExit(found.returncode)
    return found.stdout.strip()


def run(*arguments: str) -> int:
    """Run a Python program of the project on the test engines and return its exit code."""
    done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, env=TEST | os.environ, check=False)
    return done.returncode


def main(arguments: list[str]) -> int:
    """Return 0 when everything passed."""
    if run("manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1"):
        print("A model has changed without its migration: run manage.py makemigrations.", file=sys.stderr)
        return 1
    os.environ["WARDPOST_CHROMIUM"] = chromium()
    return run("-m", "pytest", *(arguments or ["tests", *(SIDE_BY_SIDE if (os.cpu_count() or 1) > 1 else [])]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

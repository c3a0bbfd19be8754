"""Every night the practice world is wiped: the supervisor of a practice house sees to it."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Final

from config.runtime import paths
from config.runtime.progress import say

KEPT_IN: Final = "wiped-on"


def is_due(run: Path, today: date) -> bool:
    """Whether the world is older than `today`, a local day. A house that was never wiped begins with today's."""
    kept = run / KEPT_IN
    if not kept.exists():
        kept.write_text(today.isoformat())
    return kept.read_text() < today.isoformat()


def wipe_when_due(run: Path, today: date) -> bool:
    """Wipe once a day, by a process with the owner's rights; tell whether it was done now.

    What fails is tried again the next day and said in the log: practising goes on in the old world meanwhile.
    """
    if not is_due(run, today):
        return False
    (run / KEPT_IN).write_text(today.isoformat())
    done = subprocess.run([sys.executable, "manage.py", "reset_practice"], cwd=paths.PROJECT,
                          env=os.environ | {"WARDPOST_PROCESS": "owner"}, stdin=subprocess.DEVNULL, stdout=sys.stderr,
                          check=False)
    say("practice", "is wiped" if done.returncode == 0 else "could not be wiped; the reason stands above")
    return done.returncode == 0

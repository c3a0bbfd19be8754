"""Asks the inspecting process (`intake.inspection`) and never waits longer than it may."""

import json
import subprocess
import sys
from typing import Any, Final

from django.conf import settings

SECONDS: Final = 30
"""How long a file may take; a process that takes longer is killed, and the file is called unreadable."""


def ask(verb: str, *, seconds: int = SECONDS, **asked: Any) -> dict[str, Any]:
    """The answer to `verb` (see intake.inspection.__main__), or `{"cause": "unreadable"}` when there was none."""
    command = [sys.executable, "-m", "intake.inspection", verb, json.dumps(asked, default=str)]
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(settings.BASE_DIR)}
    try:
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, timeout=seconds,
                              check=False)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"cause": "unreadable"}
    return found

"""Photos of a hand-over: drawn anew in a confined process, sealed, and kept under random names.

Drawing anew drops everything but the picture: position, camera, hidden content. The folder is this app's own.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings

from shared import crypto
from shared.ids import uuid7

LARGEST_BYTES: Final = 4 * 1024 * 1024
SECONDS: Final = 15
_BOUND_TO: Final = "delivery.door-photo:"


def folder() -> Path:
    place = Path(settings.WARDPOST_PROOF_ROOT)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def drawn_anew(content: bytes) -> bytes | None:
    """The picture as a JPEG of at most 1600 pixels a side; None when it is none, is too large, or takes too long."""
    if not 0 < len(content) <= LARGEST_BYTES:
        return None
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(settings.BASE_DIR)}
    try:
        done = subprocess.run([sys.executable, "-m", "delivery.door.draw_photo"], input=content, capture_output=True,
                              cwd=settings.BASE_DIR, env=environment, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(b"\xff\xd8") else None


def keep(picture: bytes) -> tuple[str, str]:
    """Seal a picture; returns its random name and the SHA-256 of what it shows. On disk before its row is written."""
    name = uuid7().hex
    target = folder() / name[-2:] / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    half = target.with_suffix(".half")
    half.write_bytes(crypto.seal_bytes(picture, bound_to=_BOUND_TO + name))
    half.chmod(0o600)
    half.replace(target)
    return name, sha256(picture).hexdigest()


def read(name: str) -> bytes:
    """The picture; raises FileNotFoundError or cryptography's InvalidTag."""
    return crypto.open_bytes((folder() / name[-2:] / name).read_bytes(), bound_to=_BOUND_TO + name)


def remove(name: str) -> None:
    (folder() / name[-2:] / name).unlink(missing_ok=True)


def names_older_than(moment: datetime) -> Iterator[str]:
    """Names of files written before `moment`; one without a row is left over from something that broke off."""
    for path in folder().rglob("*"):
        if path.is_file() and path.stat().st_mtime < moment.timestamp():
            yield path.name

"""Where a run keeps its files: `<project>/.run/<mode>/`, closed to other users."""

import hashlib
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from config.runtime import practice
from config.runtime.errors import EngineError

PROJECT = Path(__file__).resolve().parent.parent.parent

# A Unix socket's address holds 107 bytes; PostgreSQL adds "/.s.PGSQL.5432" and a lock's suffix.
LONGEST_SOCKET_FOLDER = 80
NOBODY = 65534
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")


def mode() -> str:
    """Return "demo", "test" or "bench": each has its own engines, files and secrets."""
    return os.environ.get("WARDPOST_MODE", "demo")


def run_folder() -> Path:
    """Return the folder of this mode's files, made when missing; a practice house has one of its own inside."""
    folder = engines_folder()
    return private_folder(folder / "practice") if practice.is_asked() else folder


def engines_folder() -> Path:
    """Return where this mode's engines live: the live house and the practice house share the programs, no more."""
    root = Path(os.environ.get("WARDPOST_RUN_DIR") or PROJECT / ".run")
    return private_folder(private_folder(root) / mode())


def private_folder(path: Path) -> Path:
    """Make `path` when missing and close it to other users: they may neither list nor write it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o066:
        path.chmod(0o700)
    return path


def socket_folder(folder: Path) -> Path:
    """Return where the engine that lives in `folder` puts its socket.

    The folder itself, unless its path is too long for a socket or holds
    characters (a space, a letter outside ASCII) that need quoting in an
    address. Then a short folder under the system's temporary one, the same
    for every process because its name derives from the path.

    Raises:
        EngineError: that short folder belongs to somebody else.
    """
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"wardpost-{os.getuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), NOBODY}:
        raise EngineError(f"{short} belongs to somebody else: remove it, or set TMPDIR to a folder of your own.")
    short.chmod(0o700)
    return short


def leave_socket_folder(folder: Path) -> None:
    """Remove the short folder that stood in for `folder`, once it is empty."""
    short = socket_folder(folder)
    if short != folder:
        with suppress(OSError):
            short.rmdir()

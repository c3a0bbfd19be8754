"""A migrated database kept in our own test server, so that only the first run after a new migration migrates.

Migrating from nothing takes several seconds of one processor; copying what was migrated takes one. The copy is named
after the digest of all migrations, and goes when they change.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

import psycopg
from django.db import connection
from psycopg import sql

from config.runtime import environment, paths

_PREFIX: Final = "migrated_"


def _name() -> str:
    digest = hashlib.sha256()
    made_by = [paths.PROJECT / "shared" / name for name in ("migrating.py", "scope.py")]
    for file in [*sorted(paths.PROJECT.glob("*/migrations/*.py")), *made_by]:
        digest.update(file.relative_to(paths.PROJECT).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{_PREFIX}{digest.hexdigest()[:16]}"


@contextmanager
def _superuser() -> Iterator[psycopg.Connection]:
    url = environment.local_postgres().url(role="postgres", database="postgres")
    with psycopg.connect(url, autocommit=True) as open_now:
        yield open_now


def begin() -> IO[str] | None:
    """Have the database of this run copied from the kept one. Without one yet: the lock that `keep` gives back."""
    lock = (paths.run_folder() / ".migrated.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    with _superuser() as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name()]).fetchone() is None:
            return lock
    connection.settings_dict.setdefault("TEST", {})["TEMPLATE"] = _name()
    lock.close()
    return None


def keep(lock: IO[str]) -> None:
    """Keep a copy of this run's database, just migrated; copies of older migrations go."""
    database, owner = str(connection.settings_dict["NAME"]), str(connection.settings_dict["USER"])
    connection.close()
    with lock, _superuser() as server:
        kept = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_PREFIX}%"]).fetchall()
        for (old,) in kept:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(_name()), sql.Identifier(database), sql.Identifier(owner)))

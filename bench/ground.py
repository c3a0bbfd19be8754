"""The bench's own house: engines in a folder of their own, an empty database, sample data made by SQL."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import django
import psycopg
from django.core.management import call_command

from bench.web import postgres_pid
from config.runtime import environment, paths
from config.runtime.postgres import programs

_CHANGED: Final = """
    SELECT string_agg(relid::regclass::text, ', ') FROM pg_stat_user_tables WHERE n_mod_since_analyze > 0
"""


class NotOurOwnError(Exception):
    """The bench empties its database, so it works in one of its own only, and alone."""


def prepare_environment() -> None:
    """Name this mode's engines and rights; what a surrounding process filled in for its own mode is forgotten.

    Raises:
        NotOurOwnError: somebody named a database server.
    """
    if os.environ.get("DATABASE_URL") and not environment.is_local("postgres"):
        raise NotOurOwnError("The bench empties its database. Unset DATABASE_URL: it runs on an engine of its own.")
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "WARDPOST_LOCAL"):
        os.environ.pop(name, None)
    os.environ |= {"WARDPOST_MODE": "bench", "WARDPOST_PROCESS": "owner", "WARDPOST_OUTBOX_HINTS": "0",
                   "WARDPOST_LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.fill()


def superuser(database: str = environment.DATABASE) -> psycopg.Connection:
    """A connection that may set aside foreign keys and triggers while sample data is made."""
    url = environment.local_postgres().url(role="postgres", database=database)
    return psycopg.connect(url, autocommit=True)


@contextmanager
def house(schema: Path | None = None) -> Iterator[float]:
    """Engines with a database made anew; yields the seconds that migrations and all places took.

    `schema` is a dump of a migrated database, which saves the migrations.

    Raises:
        NotOurOwnError: another bench is at work in it.
    """
    with (paths.run_folder() / ".bench.lock").open("w") as alone, environment.engines():
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotOurOwnError("Another bench is running here: its figures and yours would both be wrong.") from None
        with superuser("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {environment.DATABASE} WITH (FORCE)")
        environment.provision(environment.local_postgres())
        started = time.perf_counter()
        if schema is None:
            subprocess.run([sys.executable, "manage.py", "prepare_database"], cwd=paths.PROJECT, check=True,
                           stdout=subprocess.DEVNULL)
            django.setup()
        else:
            restore(schema)
            django.setup()
            call_command("grant_app_role")
            call_command("load_reference_data")
        yield time.perf_counter() - started


def restore(schema: Path) -> None:
    """Read a dump of a migrated database into this mode's empty one."""
    url = environment.local_postgres().url(role="postgres", database=environment.DATABASE)
    subprocess.run([programs() / "psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file", schema, url],
                   check=True, stdout=subprocess.DEVNULL)


@contextmanager
def unchecked() -> Iterator[psycopg.Connection]:
    """Make sample rows without a trigger or foreign key check for each; ends with fresh statistics of what changed."""
    with superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET app.scope = 'all'")
        yield connection
        connection.execute("SELECT pg_stat_force_next_flush()")
        changed = connection.execute(_CHANGED).fetchone()
        connection.execute(f"VACUUM ANALYZE {changed[0]}".encode() if changed and changed[0] else b"SELECT")


def settle() -> None:
    """Let what the last runs left behind (dirty pages, dead rows) be done before the next run is measured."""
    with superuser() as connection:
        connection.execute("CHECKPOINT")
    postgres_pid()

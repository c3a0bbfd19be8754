"""Fills the environment variables that settings read, from engines of our own where no server is named.

Naming a server in DATABASE_URL or REDIS_URL leaves that one alone. Nothing is started by
filling in an address: `engines()` does that, for the commands that need them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import psycopg
from psycopg import sql

from config.runtime import paths, practice
from config.runtime.postgres import PostgreSQL
from config.runtime.secrets import local_secrets
from config.runtime.valkey import Valkey

DATABASE = "wardpost"
PRACTICE_DATABASE = "wardpost_practice"
PRACTICE_QUEUE = "?db=4"
OWNER = "wardpost_owner"
APP = "wardpost_app"
# Created in template1, so that a database made for a test has them as well.
EXTENSIONS = ("pg_trgm", "unaccent", "cube", "earthdistance", "btree_gist")


def database() -> str:
    """Return the name of this house's database on a server of ours."""
    return PRACTICE_DATABASE if practice.is_asked() else DATABASE


def local_postgres() -> PostgreSQL:
    """Return the server of this mode, started or not."""
    return PostgreSQL(paths.engines_folder() / "pg", is_for_tests=paths.mode() == "test")


def local_valkey() -> Valkey:
    """Return the server of this mode, started or not."""
    return Valkey(paths.engines_folder() / "valkey")


def fill() -> None:
    """Set what is not set: addresses of local engines, and this machine's own secrets.

    The variable WARDPOST_LOCAL tells later processes which engines are ours ("postgres",
    "valkey"). Secrets are only made up beside a local database or on request
    (WARDPOST_LOCAL_SECRETS=1): two machines that share one must be given the same keys.
    """
    local = set(filter(None, os.environ.get("WARDPOST_LOCAL", "").split(",")))
    if not os.environ.get("DATABASE_URL"):
        local.add("postgres")
        postgres = local_postgres()
        os.environ["DATABASE_URL"] = postgres.url(role=APP, database=database())
        os.environ["MIGRATION_DATABASE_URL"] = postgres.url(role=OWNER, database=database())
    if not os.environ.get("REDIS_URL"):
        local.add("valkey")
        os.environ["REDIS_URL"] = local_valkey().url + (PRACTICE_QUEUE if practice.is_asked() else "")
    os.environ["WARDPOST_LOCAL"] = ",".join(sorted(local))
    if "postgres" in local or os.environ.get("WARDPOST_LOCAL_SECRETS") == "1":
        for name, value in local_secrets(paths.run_folder()).items():
            os.environ.setdefault(name, value)


def is_local(engine: str) -> bool:
    """Tell whether `engine` ("postgres" or "valkey") is one of ours."""
    return engine in os.environ.get("WARDPOST_LOCAL", "").split(",")


def start_engines() -> None:
    """Start the engines that are ours, and see that roles and database exist."""
    if is_local("postgres"):
        postgres = local_postgres()
        postgres.start()
        provision(postgres)
    if is_local("valkey"):
        local_valkey().start()


def stop_engines() -> None:
    """Stop the engines that are ours."""
    if is_local("valkey"):
        local_valkey().stop()
    if is_local("postgres"):
        local_postgres().stop()


@contextmanager
def engines() -> Iterator[None]:
    """Keep our engines running inside the block; the last one to leave stops them.

    Every user holds a shared lock on one file, which the system drops even when a process is killed.
    """
    with (paths.engines_folder() / ".users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        start_engines()
        try:
            yield
        finally:
            if _is_last(users):
                stop_engines()


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def provision(postgres: PostgreSQL) -> None:
    """Create roles, extensions and the database where they are missing.

    The owner may change the schema; the application may only work with rows.
    """
    with (postgres.folder / ".provision.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(postgres.url(role="postgres", database="template1"), autocommit=True) as template:
            _create_roles(template)
            for extension in EXTENSIONS:
                template.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        with psycopg.connect(postgres.url(role="postgres", database="postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database()]).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database()), sql.Identifier(OWNER))
                )


def clone_for_practice() -> bool:
    """Give practice a database of its own as a copy of ours, while nobody works with ours yet; tell whether it was.

    Copying takes a second, migrating from nothing most of a minute. It is copied under another name, marked, and only
    then given its own, so that a copy cut short is never taken for it.
    """
    half_made = f"{PRACTICE_DATABASE}_new"
    postgres = local_postgres()
    with psycopg.connect(postgres.url(role="postgres", database=DATABASE)) as ours:
        if ours.execute("SELECT 1 FROM agents_staffaccount LIMIT 1").fetchone():
            return False
    with psycopg.connect(postgres.url(role="postgres", database="postgres"), autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [PRACTICE_DATABASE]).fetchone():
            return False
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(half_made)))
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(half_made), sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        except psycopg.errors.ObjectInUse:
            return False
        with psycopg.connect(postgres.url(role="postgres", database=half_made)) as copy:
            copy.execute("SET session_replication_role = replica")
            copy.execute("UPDATE agents_housemark SET kind = 'practice'")
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(half_made), sql.Identifier(PRACTICE_DATABASE)))
    return True


def _create_roles(connection: psycopg.Connection) -> None:
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    if APP not in known:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
    if OWNER not in known:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER)))
        # A test puts on the application's rights with SET ROLE to see what they refuse.
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))

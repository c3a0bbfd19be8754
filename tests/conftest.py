"""What every test stands on: the test engines, fast passwords, no outbox hints.

Django is configured here, before pytest-django looks for it, so that `pytest` alone is enough.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WARDPOST_MODE", "test")
os.environ.setdefault("WARDPOST_PROCESS", "owner")
os.environ.setdefault("WARDPOST_LOCAL_SECRETS", "1")
os.environ.setdefault("WARDPOST_OUTBOX_HINTS", "0")
os.environ.setdefault("WARDPOST_LOG_LEVEL", "WARNING")
# Clocks are moved for days within one session; what asks for a fresh proof is tested where it is the subject.
os.environ.setdefault("WARDPOST_PROOF_MINUTES", "0")
# Playwright's synchronous interface runs inside an event loop of its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import hypothesis
import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from whitenoise.base import StaticFile
from whitenoise.middleware import WhiteNoiseMiddleware

from config.runtime import environment
from config.runtime.postgres import programs
from tests import migrated
from tools import compile_messages

# Texts are asserted in both languages, so a catalogue that was edited must not speak with its old voice.
if compile_messages.main():
    raise pytest.UsageError("A translation catalogue is malformed; the reason stands above.")

# A busy machine is slow, not wrong. Hypothesis tries the same examples each time, so that a failure is of what was
# changed; `--hypothesis-profile searching` looks for new ones.
hypothesis.settings.register_profile(
    "searching", hypothesis.settings.get_profile("default"), deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile(
    "patient", hypothesis.settings.get_profile("searching"), derandomize=True, database=None)
hypothesis.settings.load_profile("patient")

# Tests log in often; how hard a password is to guess is Django's own test.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What stays is what migrations leave behind for Django itself.
_EMPTY_ALL = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
            AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$"""


def _empty_the_database(_case: TransactionTestCase) -> None:
    """Clean up after a test that commits, a hundred times faster than by TRUNCATE of some 280 tables.

    As the superuser of our own test server, because rows of the ledger refuse to go for anybody else, and because
    without foreign keys to check the order does not matter.
    """
    url = environment.local_postgres().url(role="postgres", database=str(connection.settings_dict["NAME"]))
    with psycopg.connect(url) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("SET lock_timeout = '30s'")
        superuser.execute(_EMPTY_ALL)


TransactionTestCase._fixture_teardown = _empty_the_database  # type: ignore[attr-defined]  # Django keeps it to itself


_SERVED: dict[str, StaticFile] = {}
_scan = WhiteNoiseMiddleware.add_files_from_finders


def _scan_once(middleware: WhiteNoiseMiddleware) -> None:
    """Look for the static files once: every test client has middleware of its own, which would look again."""
    if not _SERVED:
        _scan(middleware)
        _SERVED.update(middleware.files)
    middleware.files.update(_SERVED)


WhiteNoiseMiddleware.add_files_from_finders = _scan_once


_LONG = ("tests/faults/", "tests/architecture/test_bench.py", "tests/journeys/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first that take minutes: two processes that share the rest end together.

    Raises:
        UsageError: two tests share a name; of those a process that was given the name would run only one.
    """
    doubled = [name for name, times in Counter(item.nodeid for item in items).items() if times > 1]
    if doubled:
        raise pytest.UsageError(f"Tests that share a name: {', '.join(sorted(doubled))}")
    items.sort(key=lambda item: next((place for place, name in enumerate(_LONG) if item.nodeid.startswith(name)),
                                     len(_LONG)))


@pytest.fixture(scope="session")
def engines() -> Iterator[None]:
    """PostgreSQL and Valkey for tests; whichever run ends last stops them."""
    with environment.engines():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(engines: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have the engines running before the test database is made."""


@pytest.fixture(scope="session")
def _first_to_migrate(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> IO[str] | None:
    """What `migrated.keep` needs, when this run is the first since a migration was added; the others wait for it."""
    option = request.config.option
    return None if option.reuse_db and not option.create_db else migrated.begin()


@pytest.fixture(scope="session")
def django_db_setup(  # the plugin's own fixture of this name makes the database between the two
    _first_to_migrate: IO[str] | None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Make the test database, or copy the one that an earlier run migrated."""
    if _first_to_migrate is not None:
        with django_db_blocker.unblock():
            migrated.keep(_first_to_migrate)


@pytest.fixture(scope="session")
def schema(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of this run's own migrated database: a whole house begins with it instead of migrating again."""
    kept, name = tmp_path_factory.mktemp("schema") / "schema.sql", str(connection.settings_dict["NAME"])
    url = environment.local_postgres().url(role="postgres", database=name)
    for what in (["--schema-only"], ["--data-only", "--table=django_migrations"]):
        told = subprocess.run([programs() / "pg_dump", *what, url], check=True, capture_output=True)
        with kept.open("ab") as file:
            file.write(told.stdout)
    return kept


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a head; one for all browser tests, because Playwright's loop is one a thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("WARDPOST_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                  "--disable-background-networking", "--disable-component-update"])
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """A process remembers places, rates and the calendar for a minute; a test begins with its own."""
    yield
    from agents import site_days
    from agents.moves import places as moves
    from agents.programme import admission
    from agents.surges import crowds
    from agents.training import gate
    from billing.queries import rates
    from intake.queries import catalogue
    from shared import places, working_days

    for memory in (places, rates, working_days, site_days, catalogue, gate, admission, crowds, moves):
        memory.forget()


@pytest.fixture
def empty_cache(engines: None) -> Iterator[None]:
    """A cache with nothing in it, before and after."""
    cache.clear()
    yield
    cache.clear()

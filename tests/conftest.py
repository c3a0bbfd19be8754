"""What every test stands on: the test engines, fast passwords, no outbox hints.

Django is configured here, before pytest-django looks for it, so that `pytest` alone is enough.
"""

import os
import shutil
from collections.abc import Iterator

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("WARDPOST_MODE", "test")
os.environ.setdefault("WARDPOST_PROCESS", "owner")
os.environ.setdefault("WARDPOST_LOCAL_SECRETS", "1")
os.environ.setdefault("WARDPOST_OUTBOX_HINTS", "0")
os.environ.setdefault("WARDPOST_LOG_LEVEL", "WARNING")
# Playwright's synchronous interface runs inside an event loop of its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import pgtrigger
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright

from config.runtime import environment
from tools import compile_messages

# Texts are asserted in both languages, so a catalogue that was edited must not speak with its old voice.
if compile_messages.main():
    raise pytest.UsageError("A translation catalogue is malformed; the reason stands above.")

# Tests log in often; how hard a password is to guess is Django's own test.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_empty_the_database = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django keeps it to itself


def _empty_what_is_append_only_too(case: TransactionTestCase) -> None:
    with pgtrigger.ignore():
        _empty_the_database(case)


# A test that commits is cleaned up after by TRUNCATE, which the ledger's tables rightly refuse to everybody else.
TransactionTestCase._fixture_teardown = _empty_what_is_append_only_too  # type: ignore[attr-defined]  # the same


_LONG = ("tests/faults/", "tests/architecture/test_bench.py", "tests/journeys/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first that take minutes: two processes that share the rest end together."""
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
    from agents.training import gate
    from billing.queries import rates
    from intake.queries import catalogue
    from shared import places, working_days

    for memory in (places, rates, working_days, site_days, catalogue, gate):
        memory.forget()


@pytest.fixture
def empty_cache(engines: None) -> Iterator[None]:
    """A cache with nothing in it, before and after."""
    cache.clear()
    yield
    cache.clear()

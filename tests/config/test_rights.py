"""The application's role may add to what is append-only, and nothing more."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from billing.chain.checkpoints import close_day
from billing.models.seals import Checkpoint
from config.management.commands.grant_app_role import append_only_tables
from config.runtime.paths import PROJECT
from tests.billing.sealed import key_of_our_own


@pytest.fixture
def as_the_application(db) -> Iterator[None]:
    call_command("grant_app_role")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [settings.WARDPOST_APP_ROLE])
        yield
        cursor.execute("RESET ROLE")


def may(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            return False
        raise
    return True


@pytest.mark.parametrize("table", append_only_tables())
def test_what_is_append_only_can_be_read_but_not_changed(table, as_the_application):
    assert may(f'SELECT 1 FROM "{table}"')
    assert not may(f'DELETE FROM "{table}"')
    assert not may(f'TRUNCATE "{table}"')
    key = next(model._meta.pk.column for model in apps.get_models() if model._meta.db_table == table)
    assert not may(f'UPDATE "{table}" SET "{key}" = "{key}"')
    assert not may(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')


def test_some_tables_are_append_only():
    assert append_only_tables()


def test_every_other_table_can_be_worked_with(as_the_application):
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.managed} - set(append_only_tables())

    refused = [table for table in tables if not may(f'DELETE FROM "{table}" WHERE EXISTS (SELECT 1 FROM "{table}")')]

    assert refused == []


def test_the_schema_belongs_to_the_owner_alone(as_the_application):
    assert not may("CREATE TABLE smuggled (n int)")
    assert not may("DROP TABLE django_migrations")
    assert not may("DELETE FROM django_migrations")


def test_the_day_of_the_books_is_signed_by_the_application(as_the_application, settings, tmp_path):
    key_of_our_own(settings, tmp_path)

    signed = close_day(at=timezone.now())

    assert signed is not None
    assert Checkpoint.objects.get() == signed


def test_nothing_locks_a_row_of_what_is_append_only():
    """To lock a row takes the right to change it, which the application has not."""
    grows = {model.__name__ for model in apps.get_models() if getattr(model, "append_only", False)}
    code = [file for app in ("agents", "billing", "config", "delivery", "intake", "shared")
            for file in (PROJECT / app).rglob("*.py")]

    locked = {(file.name, name) for file in code
              for name in re.findall(r"(\w+)\.objects(?:\.\w+\([^()]*\))*\.select_for_update\(", file.read_text())}

    assert len(locked) > 50
    assert {(file, name) for file, name in locked if name in grows} == set()

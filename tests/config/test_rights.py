"""The application's role may add to what is append-only, and nothing more."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from config.management.commands.grant_app_role import append_only_tables


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

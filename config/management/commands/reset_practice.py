"""Wipe the practice world: everything but the rules, the mark and the links that were used."""

from typing import Any, Final

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from agents.practice.house import own_kind
from agents.practice.models import HouseKind, HouseMark
from config.runtime.progress import say

KEPT: Final = ("django_migrations", "django_content_type", "auth_permission", "agents_housemark",
               "agents_practiceentry")
"""What Django needs, whose database this is, and the links that must not open anything a second time."""


class Command(BaseCommand):
    """`manage.py reset_practice`, with the owner's rights: every night, and whenever a course begins."""

    help = "Empty the practice database and load the reference data again. Refused anywhere else."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Empty every table in one transaction, then load what the files say.

        Raises:
            CommandError: this is not a practice house, or the database is not marked as one.
        """
        mark = HouseMark.objects.first()
        if own_kind() != HouseKind.PRACTICE or mark is None or mark.kind != HouseKind.PRACTICE:
            raise CommandError("Only a practice house is wiped, and only on a database that is marked as one.")
        emptied = wipe()
        say("practice", f"{emptied} tables emptied")
        call_command("load_reference_data")


def wipe() -> int:
    """Empty all tables but KEPT; returns how many. Rows that nobody may delete go with their table's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)"
                       " ORDER BY tablename", [list(KEPT)])
        tables = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables)))
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
    return len(tables)

"""Give the application the rights it needs, and no others."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

from config.runtime.progress import say


def append_only_tables() -> list[str]:
    """Return the tables of the models that say `append_only = True`: rows are added, never changed."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


class Command(BaseCommand):
    """`manage.py grant_app_role`: runs as the owner after each migration."""

    help = "Grant the application's role its rights on every table; withdraw changing what is append-only."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant and withdraw in one transaction; running it again changes nothing."""
        role = settings.WARDPOST_APP_ROLE
        if role == connection.settings_dict["USER"]:
            say("rights", f"{role} owns the tables itself: only triggers guard what is append-only")
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _statements(role):
                cursor.execute(statement)


def _statements(role: str) -> list[sql.Composed]:
    who = sql.Identifier(role)
    grants = [
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
    ]
    withdrawn = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
    history = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(who)
    return [
        *(sql.SQL(text).format(who) for text in grants),
        *(withdrawn.format(sql.Identifier(table), who) for table in append_only_tables()),
        history,
    ]

"""Bring the database up to date before the house opens."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone
from psycopg import sql
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege

from agents.practice import house
from config.runtime.environment import EXTENSIONS


class Command(BaseCommand):
    """`manage.py prepare_database`, with the owner's rights."""

    help = "Migrate, load reference data and grant the application its rights."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order; each is quick when nothing is to be done."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error
        create_extensions()
        call_command("migrate", interactive=False, verbosity=0)
        try:
            house.settle_mark(at=timezone.now())
        except house.WrongHouse as error:
            raise CommandError(str(error)) from error
        call_command("grant_app_role")
        if "load_reference_data" in get_commands():
            call_command("load_reference_data")


def create_extensions() -> None:
    """Create the extensions the schema needs.

    Raises:
        CommandError: the owner may not, or the server lacks one; the text says what its administrator has to do.
    """
    for name in EXTENSIONS:
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
        except (ProgrammingError, OperationalError) as error:
            if isinstance(error.__cause__, InsufficientPrivilege):
                reason = "Only a superuser may create"
            elif isinstance(error.__cause__, FeatureNotSupported):
                reason = "The server does not have"
            else:
                raise
            wanted = " ".join(f"CREATE EXTENSION IF NOT EXISTS {each};" for each in EXTENSIONS)
            database = connection.settings_dict["NAME"]
            raise CommandError(
                f"{reason} the extension {name}. Ask the server's administrator to run, in {database}: {wanted}"
            ) from error

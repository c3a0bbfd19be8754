"""Bring the database up to date before the house opens."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """`manage.py prepare_database`, with the owner's rights."""

    help = "Migrate, load reference data and grant the application its rights."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order; each is quick when nothing is to be done."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("grant_app_role")
        if "load_reference_data" in get_commands():
            call_command("load_reference_data")

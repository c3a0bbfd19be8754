"""Run the whole house in the foreground: engines, web, worker and beat."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.runtime import supervisor
from config.runtime.progress import say


class Command(BaseCommand):
    """`manage.py serve`: Ctrl-C stops everything."""

    help = "Run web, worker and beat, and the engines where no server is named, until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, print the address, watch."""
        try:
            with supervisor.open_house() as house:
                self.stdout.write(f"\n  Wardpost is open at {house.address}\n  Ctrl-C closes it.\n")
                self.stdout.flush()
                house.watch()
        except supervisor.CannotStartError as reason:
            raise CommandError(str(reason)) from reason
        except KeyboardInterrupt:
            say("stopped", "")

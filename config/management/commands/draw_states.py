"""Draw docs/states.md from the tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.drawing.document import states_document


class Command(BaseCommand):
    help = "Draw docs/states.md from the state tables."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file; the same tables give the same text."""
        target = settings.BASE_DIR / "docs" / "states.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(states_document(), encoding="utf-8")
        self.stdout.write(f"docs/states.md: {len(states_document().splitlines())} lines")

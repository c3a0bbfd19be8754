"""Draw docs/problems.md from the refusals that the code declares."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.problems import problems_document


class Command(BaseCommand):
    help = "Draw docs/problems.md from every kind of refusal in the code."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        text = problems_document()
        (settings.BASE_DIR / "docs" / "problems.md").write_text(text, encoding="utf-8")
        self.stdout.write(f"docs/problems.md: {len(text.splitlines())} lines")

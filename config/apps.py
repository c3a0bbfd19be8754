"""Registers the project's own commands and its Celery application."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The house itself: it has commands and tasks, but no tables."""

    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make Celery and every subscriber known before any task is declared, sent or delivered."""
        # Importing them is the registration; settings are complete by now.
        from config import (  # noqa: F401
            celery,
            evidence,
            exercises,
            placement,
            programme,
            quality,
            sources,
            subscriptions,
            telling,
        )

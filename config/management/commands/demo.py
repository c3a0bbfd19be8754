"""Open the house for a visitor."""

from config.management.commands.serve import Command

__all__ = ["Command"]

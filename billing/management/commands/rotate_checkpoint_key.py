"""Make the key that signs checkpoints, or a new one in its place."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.chain.checkpoints import rotate_key
from shared.actors import job


class Command(BaseCommand):
    """`manage.py rotate_checkpoint_key`: run where the worker's key file lies; prints the new public key."""

    help = "Make a new key for checkpoints, vouched for by the one before it, and print its public part."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fails when the settings name no key file."""
        try:
            ring = rotate_key(by=job("rotate_checkpoint_key"), at=timezone.now())
        except FileNotFoundError as missing:
            raise CommandError(str(missing)) from missing
        self.stdout.write(f"{ring.key_id} {ring.public.hex()}")

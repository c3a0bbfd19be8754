"""Prove that every parcel stands where its events say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delivery.queries.verification import differences


class Command(BaseCommand):
    """`manage.py verify_parcels`: computes every standing again from the events."""

    help = "Compute where every parcel stands from its events, and compare."

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for each in found:
            self.stderr.write(f"{each.number}: kept {each.kept}, events say {each.computed}")
        if found:
            raise CommandError(f"{len(found)} parcels do not stand where their events say.")
        self.stdout.write("Every parcel stands where its events say.")

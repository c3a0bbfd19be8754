"""Load the outlines of communes from a GeoJSON file of the deployer's."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from intake.boards.boundaries import BoundariesRefused, load_boundaries


class Command(BaseCommand):
    """`manage.py load_boundaries FILE --source WORDS`: all rows are checked before the first is written."""

    help = ("Load commune outlines: a GeoJSON FeatureCollection in WGS 84 degrees whose features have the five-digit"
            " commune code as the property `code`. Loading again replaces them.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="where the outlines come from, as people will read it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many outlines were loaded.

        Raises:
            CommandError: the file is refused; each row with what is wrong with it.
        """
        try:
            content = options["file"].read_bytes()
            count = load_boundaries(content=content, source=options["source"], at=timezone.now())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except BoundariesRefused as refused:
            raise CommandError("\n".join(["Nothing was loaded.", *refused.problems])) from refused
        self.stdout.write(f"{count} boundaries")

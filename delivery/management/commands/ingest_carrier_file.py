"""Take in a carrier's daily file of events."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from delivery.carriers.files import HeaderWrongError
from delivery.carriers.known import get_carrier
from delivery.errors import UnknownCarrier
from delivery.operations.files import ingest_open_file


class Command(BaseCommand):
    """`manage.py ingest_carrier_file vnpost events.csv`: lines that cannot be taken are named, the others are."""

    help = "Take in a carrier's file of events (CSV, UTF-8). The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("carrier")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, carrier: str, file: Path, **options: Any) -> None:
        try:
            get_carrier(carrier)
            with file.open("rb") as lines:
                report = ingest_open_file(carrier=carrier, file=lines, at=timezone.now())
        except UnknownCarrier as error:
            raise CommandError(f"No carrier is called {carrier!r}.") from error
        except (OSError, UnicodeDecodeError, HeaderWrongError) as error:
            raise CommandError(str(error)) from error
        for line in report.refused:
            self.stderr.write(f"line {line.line}: {line.reason}")
        self.stdout.write(
            f"{report.lines} lines: {report.applied} applied, {report.known} known before, {report.parked} waiting for"
            f" their parcel, {len(report.refused)} refused")  # fmt: skip
        if report.refused:
            raise CommandError("Some lines were refused; they stand above.", returncode=3)

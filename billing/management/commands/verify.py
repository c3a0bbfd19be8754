"""Prove the books, or name the first row that is wrong."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.queries.checks import trust
from billing.verification.findings import Report
from billing.verification.look import verify


class Command(BaseCommand):
    """`manage.py verify [--days N] [--events] [--witness FILE]`: findings in order of their chains; fails on any."""

    help = "Recompute every line, link and signature by independent code, and name what differs, first things first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whole by default."""
        parser.add_argument("--days", type=int, help="only what was sealed in the last so many days")
        parser.add_argument("--events", action="store_true", help="also compare the books with the published events")
        parser.add_argument("--witness", type=Path, help="a copy of the signed checkpoints that was kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when the books are sound."""
        report = verify(trust=trust(options["witness"]), now=timezone.now(), days=options["days"],
                        with_events=options["events"])
        for finding in report.in_order():
            self.stdout.write(str(finding))
        self.stdout.write(_summary(report))
        if not report.is_sound:
            raise CommandError(f"The books are not sound: {report.found} findings, first: {report.first}")


def _summary(report: Report) -> str:
    return (f"{report.lines} lines ({report.unsealed} not sealed yet), {report.entries} audit entries,"
            f" {report.checkpoints} checkpoints, {report.groups} posting groups, sum {report.sum_vnd} đ")

"""Look through the books once more, from the rows alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.queries.checks import check_ledger


class Command(BaseCommand):
    """`manage.py verify_ledger`: every finding on a line of its own; fails when there is one."""

    help = "Recompute every line, group and closed statement, and name what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when the books are sound."""
        check = check_ledger()
        for finding in check.findings:
            self.stdout.write(f"{finding.kind} {finding.reference} {finding.detail}".rstrip())
        self.stdout.write(f"{check.lines} lines, {check.groups} posting groups, sum {check.sum_vnd} đ")
        if not check.is_sound:
            raise CommandError(f"The books are not sound: {len(check.findings)} findings.")

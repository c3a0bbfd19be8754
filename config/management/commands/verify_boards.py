"""Compare boards with a count of the steps that uses nothing boards keep."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from intake.boards import operations
from intake.boards.truth import first_and_last
from intake.boards.whose import board_provinces


class Command(BaseCommand):
    """`manage.py verify_boards [--province 46] [--moments 5] [--repair | --again]`: names every figure that differs."""

    help = "Compare boards with a slow count of the steps, at now and at moments chosen at random."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--province", help="two digits; every province with a board when left out")
        parser.add_argument("--moments", type=int, default=5, help="how many moments of the past, besides now")
        parser.add_argument("--again", action="store_true", help="make everything again before comparing")
        parser.add_argument("--repair", action="store_true", help="make everything again where something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many figures were compared at how many moments.

        Raises:
            CommandError: something differed; each figure is named.
        """
        now = timezone.now()
        if options["again"]:
            self.stdout.write(f"{operations.rebuild(at=now)} stays")
        provinces = [options["province"]] if options["province"] else [each.code for each in board_provinces()]
        moments = {province: [now, *_past(province, options["moments"])] for province in provinces}
        check = operations.repair if options["repair"] else operations.compare
        found = check(at=now, moments=moments)
        for each in found:
            self.stdout.write(str(each))
        if found and not options["repair"]:
            raise CommandError(f"{len(found)} figures differ; manage.py verify_boards --repair makes them again.")
        asked = sum(len(each) for each in moments.values())
        self.stdout.write(f"{asked} moments of {len(provinces)} provinces: {len(found)} figures differed.")


def _past(province: str, count: int) -> Sequence[datetime]:
    """Moments at random between the first and the last step of a province."""
    ends = first_and_last(province)
    if ends is None:
        return ()
    random, seconds = Random(), int((ends[1] - ends[0]).total_seconds())  # noqa: S311  # chance, not a secret
    return [ends[0] + timedelta(seconds=random.randint(0, seconds)) for _ in range(count)]

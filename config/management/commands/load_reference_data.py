"""Bring the reference data of the files into the database, or only check the files."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from config.reference_data.kinds import KINDS
from config.reference_data.problems import Problem, ReferenceDataRefused
from config.reference_data.storing import Outcome
from config.runtime.progress import say


class Command(BaseCommand):
    """`manage.py load_reference_data [--check]`: all files are checked before the first row is written."""

    help = "Check the files of reference_data/ and load them. Safe to run again: what is already there is not touched."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="check the files, leave the database alone")
        parser.add_argument("--correct", action="store_true",
                            help="allow other figures for a version that is already loaded")
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "reference_data",
                            help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load kind by kind, each in its own transaction.

        Raises:
            CommandError: the files have problems, or contradict what is loaded; each is named with what to do.
        """
        try:
            stores = _read_all(options["folder"], correct=options["correct"])
            if options["check"]:
                say("check", _("the files are in order"))
                return
            for kind, store in stores.items():
                _load(kind, store)
        except ReferenceDataRefused as refused:
            lines = [_("The reference data is refused:"), *(f"  {problem}" for problem in refused.problems)]
            raise CommandError("\n".join(lines)) from refused


def _load(kind: str, store: Callable[[], Outcome]) -> None:
    started = time.monotonic()
    with transaction.atomic():
        outcome = store()
    facts = {
        "rows": outcome.rows, "added": outcome.added, "changed": outcome.changed, "removed": outcome.removed,
        "seconds": f"{time.monotonic() - started:.2f}",
    }
    text = (_("%(rows)d rows, nothing to change (%(seconds)s s)") if outcome.is_unchanged else
            _("%(rows)d rows: %(added)d added, %(changed)d changed, %(removed)d removed (%(seconds)s s)"))
    say(kind, text % facts)


def _read_all(folder: Path, *, correct: bool) -> dict[str, Callable[[], Outcome]]:
    stores: dict[str, Callable[[], Outcome]] = {}
    problems: list[Problem] = []
    for kind, read in KINDS.items():
        try:
            stores[kind] = read(folder, correct=correct)
        except ReferenceDataRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise ReferenceDataRefused(problems)
    return stores

"""Open the house for a visitor: start everything, play the demo's story once, say whom to log in as."""

import json
import logging
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import accounts, play, report
from config.runtime import supervisor
from config.runtime.progress import say


class Command(BaseCommand):
    """`manage.py demo [--check]`."""

    help = "Run the whole house with the demo's two cities; Ctrl-C closes it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="play, print one JSON object, close the house")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        # The story's own log would drown what a visitor has to read; the children keep theirs in files.
        logging.disable(logging.INFO)
        try:
            with supervisor.open_house(with_carriers=True) as house:
                play.play(address=house.address, now=timezone.now(), tell=_tell,
                          connected=house.connections())
                if options["check"]:
                    self._print(report.report(seconds=time.monotonic() - began))
                    return
                house.open_practice()
                self._welcome(house.address, house.practice_address if house.practice_port else "")
                house.watch()
        except supervisor.CannotStartError as reason:
            raise CommandError(str(reason)) from reason
        except KeyboardInterrupt:
            say("stopped", "")

    def _print(self, what: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(what, ensure_ascii=False))
        self.stdout.flush()

    def _welcome(self, address: str, practised_at: str) -> None:
        password = accounts.password()
        width = max(len(log_in.username) for log_in in accounts.LOG_INS)
        lines = [f"\n  Wardpost: {address}", f"  Mật khẩu cho mọi người / password for everybody: {password}\n"]
        for log_in in accounts.LOG_INS:
            lines.append(f"  {log_in.username:<{width}}  {log_in.role.label}: {log_in.try_first}")
            lines.append(f"  {'':<{width}}  {log_in.try_first_en}")
        lines.append(f"\n  Dân tra cứu / citizens: {address}/tra-cuu/     API: {address}/api/v1/docs")
        if practised_at:
            lines.append(f"  Luyện tập / practice (sẵn sàng sau ít phút, vào từ Việc học của tôi / ready in a minute,"
                         f" from My training): {practised_at}\n")
        lines.append("  Ctrl-C đóng tất cả / closes everything.\n")
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _tell(chapter: str, done: int, left: int) -> None:
    """One line that fills up on a terminal, a line every now and then elsewhere."""
    if sys.stderr.isatty():
        end = "\n" if left == 0 else "\r"
        sys.stderr.write(f"  {'demo':<12} {chapter}: {done}/{done + left}   {end}")
        sys.stderr.flush()
    elif left == 0 or done % 500 == 0:
        say("demo", f"{chapter}: {done}/{done + left}")

"""Issue a machine's token from the command line; it is printed once and kept nowhere."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents.management.commands.create_staff import told, workplace
from agents.operations.tokens import issue_token
from agents.rules import SCOPES
from shared.actors import job
from shared.errors import DomainError


class Command(BaseCommand):
    help = "Issue a token: issue_token 'Kiosk of HUE-003' dossiers:write citizens:write --outlet HUE-003"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="which machine it is for")
        parser.add_argument("scopes", nargs="+", choices=sorted(SCOPES), metavar="scope")
        parser.add_argument("--outlet", default="", help="code of the outlet")
        parser.add_argument("--operator", default="", help="code of the operator")
        parser.add_argument("--centre", default="", help="agency code of the centre")
        parser.add_argument("--province", default="", help="two-digit code of the city or province")
        parser.add_argument("--days", type=int, default=90, help="how long it is valid (90)")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            issued = issue_token(name=options["name"], scopes=frozenset(options["scopes"]), place=workplace(options),
                                 expires_at=now + timedelta(days=options["days"]), by=job("command-line"), at=now)
        except DomainError as error:
            raise CommandError(told(error)) from error
        self.stdout.write(issued.clear)

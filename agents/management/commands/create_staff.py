"""Enrol a person from the command line: the only way to appoint an administrator."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents.models.organisations import Centre, Operator, Outlet
from agents.operations.accounts import create_staff_account
from agents.records import Workplace
from shared.actors import job
from shared.errors import DomainError
from shared.roles import Role


class Command(BaseCommand):
    help = "Enrol a person: create_staff an.nguyen 'Nguyễn Văn An' outlet_clerk --outlet HUE-003"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("display_name")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--outlet", default="", help="code of the outlet")
        parser.add_argument("--operator", default="", help="code of the operator")
        parser.add_argument("--centre", default="", help="agency code of the centre")
        parser.add_argument("--province", default="", help="two-digit code of the city or province")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else getpass.getpass("Password: ")
        try:
            account = create_staff_account(
                username=options["username"], display_name=options["display_name"], role=options["role"],
                password=password, place=workplace(options), by=job("command-line"), at=timezone.now())
        except DomainError as error:
            raise CommandError(told(error)) from error
        self.stdout.write(f"{account.username}: {account.get_role_display()}, {account.id}")


def workplace(options: dict[str, Any]) -> Workplace:
    """The place that the options name by code.

    Raises:
        CommandError: there is no such place.
    """
    try:
        return Workplace(
            outlet_id=Outlet.objects.get(code=options["outlet"]).id if options["outlet"] else None,
            operator_id=Operator.objects.get(code=options["operator"]).id if options["operator"] else None,
            centre_id=Centre.objects.get(agency_code=options["centre"]).id if options["centre"] else None,
            province_code=options["province"])
    except (Outlet.DoesNotExist, Operator.DoesNotExist, Centre.DoesNotExist) as error:
        raise CommandError(str(error)) from error


def told(error: DomainError) -> str:
    """A refusal in lines of a terminal."""
    return "\n".join([str(error.detail), *(f"  {each.pointer.strip('/')}: {each.message}" for each in error.errors)])

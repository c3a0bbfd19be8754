"""Who plays: one clerk at every outlet, one officer at every centre, besides the log-ins of accounts.py."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password

from agents.models.organisations import Centre, Outlet
from agents.models.people import StaffAccount
from config.demo.people import Person, people
from shared.actors import Actor
from shared.roles import Role

_PLACES: Final = ("outlet__operator", "outlet__commune", "operator", "centre", "province")


def hire() -> None:
    """Give every outlet a clerk and every centre an officer; nobody can log in as them. Again: nothing changes."""
    names = people("staff", "001")
    locked = make_password(None)
    StaffAccount.objects.bulk_create([*_clerks(names, locked), *_officers(names, locked)], ignore_conflicts=True)


def _clerks(names: Iterator[Person], locked: str) -> list[StaffAccount]:
    return [
        StaffAccount(
            username=f"giaodich.{outlet.code.lower()}",
            display_name=next(names).full_name,
            role=Role.OUTLET_CLERK,
            outlet=outlet,
            password=locked,
        )
        for outlet in Outlet.objects.order_by("code")
    ]


def _officers(names: Iterator[Person], locked: str) -> list[StaffAccount]:
    return [
        StaffAccount(
            username=f"chuyenvien.{centre.agency_code.lower()}",
            display_name=next(names).full_name,
            role=Role.CENTRE_OFFICER,
            centre=centre,
            password=locked,
        )
        for centre in Centre.objects.order_by("agency_code")
    ]


class Cast:
    """The actors by the place they work at."""

    def __init__(self) -> None:
        accounts = list(
            StaffAccount.objects.select_related(*_PLACES).filter(username__regex=r"^(giaodich|chuyenvien)\.")
        )
        self.clerk_of: dict[UUID, Actor] = {a.outlet_id: a.actor for a in accounts if a.outlet_id}
        """By outlet id."""
        self.officer_of: dict[UUID, Actor] = {a.centre_id: a.actor for a in accounts if a.centre_id}
        """By centre id."""
        self.officer_in: dict[str, Actor] = {
            a.centre.commune_id: a.actor for a in accounts if a.centre is not None and a.centre.commune_id
        }
        """By commune code."""

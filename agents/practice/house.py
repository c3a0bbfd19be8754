"""Which house a database belongs to, asked at every new connection: the wrong one is never worked on."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError, connection

from agents.models.people import StaffAccount
from agents.practice.models import HouseKind, HouseMark

_KNOWS_MARKS: Final = "SELECT to_regclass('agents_housemark') IS NOT NULL"
_MARK: Final = "SELECT kind FROM agents_housemark"


class WrongHouse(OperationalError):  # named by what was found
    """This database is the other house's; nothing was read or written."""


def own_kind() -> HouseKind:
    return HouseKind.PRACTICE if settings.WARDPOST_PRACTICE else HouseKind.LIVE


def refuse_the_other(sender: object, connection: Any, **_signal: object) -> None:
    """Django calls it whenever a connection was opened.

    A database without a mark is new: the live house may use it, practice only to prepare it.

    Raises:
        WrongHouse: the mark names the other house, or is missing where practice wants to work.
    """
    raw = connection.connection
    row = raw.execute(_MARK).fetchone() if raw.execute(_KNOWS_MARKS).fetchone()[0] else None
    if fault := fault_of(row[0] if row else "", own_kind(), is_owner=settings.WARDPOST_PROCESS == "owner"):
        connection.close()
        raise WrongHouse(fault)


def fault_of(found: str, own: str, *, is_owner: bool) -> str:
    """Why a process of the house `own` may not work on a database marked `found` ("": not marked); empty: it may."""
    if found and found != own:
        return f"This database is marked as that of the {found} house, and this process is of the {own} house."
    if not found and own == HouseKind.PRACTICE and not is_owner:
        return "This database is not marked as one of practice: run manage.py prepare_database first."
    return ""


def settle_mark(*, at: datetime) -> None:
    """Mark a database that has no mark yet; runs with the owner's rights, after the migrations.

    Raises:
        WrongHouse: practice was pointed at a database in which people work already.
    """
    if HouseMark.objects.exists():
        return
    if own_kind() == HouseKind.PRACTICE and StaffAccount.objects.exists():
        raise WrongHouse("People work with this database, and it is not marked as one of practice. Name an empty one.")
    HouseMark.objects.create(kind=own_kind(), written_at=at)


def verify() -> None:
    """Open a connection and close it, so that a process of the wrong house ends before it serves anybody.

    Raises:
        WrongHouse: see `refuse_the_other`. A database that is away is no reason: it may come back.
    """
    try:
        connection.ensure_connection()
    except WrongHouse:
        raise
    except OperationalError:
        return
    connection.close()

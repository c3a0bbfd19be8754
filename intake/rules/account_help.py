"""Help with an account of the national portal or VNeID as tracked steps, and what became of a referral.

The outlet explains, installs, books and stands by; the citizen types passwords and one-time codes on the citizen's own
phone. No step, field or proof here could hold one.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AccountKind(StrEnum):
    PORTAL = "portal"
    """National public-service portal, logged in to by VNeID."""
    VNEID = "vneid"
    """Electronic identity, level 2: in person at the police."""


class HelpState(StrEnum):
    OPEN = "open"
    EXPLAINED = "explained"
    INSTALLED = "installed"
    BOOKED = "booked"
    ACTIVATED = "activated"
    IN_USE = "in_use"
    GIVEN_UP = "given_up"


class HelpAction(StrEnum):
    EXPLAIN = "explain"
    INSTALL = "install"
    BOOK = "book"
    ACTIVATE = "activate"
    SEE_LOGIN = "see_login"
    GIVE_UP = "give_up"


S, A = HelpState, HelpAction
ACCOUNT_HELP: Final[Mapping[tuple[HelpState, HelpAction], HelpState]] = MappingProxyType({
    (S.OPEN, A.EXPLAIN): S.EXPLAINED,
    (S.EXPLAINED, A.INSTALL): S.INSTALLED,
    (S.INSTALLED, A.BOOK): S.BOOKED,
    (S.INSTALLED, A.ACTIVATE): S.ACTIVATED,
    (S.BOOKED, A.BOOK): S.BOOKED,
    (S.BOOKED, A.ACTIVATE): S.ACTIVATED,
    (S.ACTIVATED, A.SEE_LOGIN): S.IN_USE,
    (S.OPEN, A.GIVE_UP): S.GIVEN_UP,
    (S.EXPLAINED, A.GIVE_UP): S.GIVEN_UP,
    (S.INSTALLED, A.GIVE_UP): S.GIVEN_UP,
    (S.BOOKED, A.GIVE_UP): S.GIVEN_UP,
    (S.ACTIVATED, A.GIVE_UP): S.GIVEN_UP,
})
FINAL_HELP: Final = frozenset({S.IN_USE, S.GIVEN_UP})


class ReferralOutcome(StrEnum):
    """What became of a referral; empty while it is open."""

    CAME = "came"
    DID_NOT_COME = "did_not_come"
    UNKNOWN = "unknown"


def actions_from(state: str) -> tuple[HelpAction, ...]:
    """What may be done next, in the table's order."""
    return tuple(action for (before, action) in ACCOUNT_HELP if before == state)

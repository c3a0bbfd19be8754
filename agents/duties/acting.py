"""Whose rights a request has: a page of a duty that was handed to her is worked on the giver's behalf."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from agents.duties.models import DutyDelegation
from agents.duties.queries import live_for
from agents.duties.rules import REACHES, Duty, duty_of, may_take
from agents.duties.words import DUTIES
from agents.models.people import StaffAccount
from shared.actors import Actor
from shared.errors import Text

_LONGEST_NAME = 120


def acting_for(account: StaffAccount, view_name: str, route: str, today: date) -> Actor | None:
    """She herself with the giver's role, under both names; None: the page is worked with her own rights.

    Asked anew with every request, so that an end holds from the next click on; nothing of it is in her session.
    """
    duty = duty_of(view_name, route)
    if duty is None or not stands_in(account, today) or not may_take(account.role, duty):
        return None
    given = next((each for each in live_for(account, today) if each.runs(today) and duty in each.duties), None)
    return None if given is None else on_behalf(account, given)


def stands_in(account: StaffAccount, today: date) -> bool:
    """Whether it is worth asking for delegations; a surge helper's role stays limited."""
    return account.stands_in_until is not None and today < account.stands_in_until and not account.is_helper


def on_behalf(account: StaffAccount, given: DutyDelegation) -> Actor:
    """Her own id, so that nobody is ever her own second person; the place is hers already."""
    name = f"{account.display_name} (thay {given.giver.display_name})"[:_LONGEST_NAME]
    return replace(account.actor, role=given.giver_role, own_role=account.role, name=name,
                   on_behalf_of=str(given.giver_id), delegation=str(given.id))


@dataclass(frozen=True, slots=True)
class StandsIn:
    """One delegation to her that runs or is to come, for the bar on top of her pages."""

    delegation: DutyDelegation
    runs: bool
    is_here: bool
    """This very page is worked under it."""
    pages: tuple[tuple[str, Text], ...]
    """Name of the address where a duty begins, and its word."""


def standing_of(request: HttpRequest) -> list[StandsIn] | None:
    """What the bar says; None: she stands in for nobody."""
    account, today = request.user, timezone.localdate()
    if not isinstance(account, StaffAccount) or not stands_in(account, today):
        return None
    here = getattr(getattr(request, "actor", None), "delegation", "")
    return [StandsIn(each, each.runs(today), str(each.id) == here, _pages(each))
            for each in live_for(account, today)] or None


def _pages(given: DutyDelegation) -> tuple[tuple[str, Text], ...]:
    return tuple((REACHES[Duty(duty)].begins_at, DUTIES[Duty(duty)]) for duty in given.duties)

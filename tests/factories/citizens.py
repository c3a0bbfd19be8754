"""Invented citizens, registered and agreeing as at a counter."""

from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

from agents.models.people import StaffAccount
from intake.errors import CitizenMaybeKnown
from intake.models.citizens import ActingSession, Citizen
from intake.operations import citizens, sessions
from intake.records import CitizenInput, ClaimInput
from shared.actors import Actor
from tests.factories import network, places
from tests.intake.moments import MONDAY_MORNING

_numbers = count(100_001)
EVERYTHING = ("assist_filing", "deliver_home", "notify", "keep_copies")


def national_id(prefix: str = "046192") -> str:
    """A number that nobody else in this run has: Huế, female, born 1992."""
    return f"{prefix}{next(_numbers):06d}"


def entries(**changes: Any) -> CitizenInput:
    """A woman of Phong Dinh, born in 1992, whose entries are all right."""
    return CitizenInput(**{
        "full_name": "Nguyễn Thị Hạnh", "commune_code": places.PHONG_DINH, "national_id": national_id(),
        "birth": "1992-03-14", "sex": "female", "phone": "0914 275 268", "street": "Thôn Thử Nghiệm"} | changes)


def citizen(by: Actor | None = None, *, claims: tuple[ClaimInput, ...] = (), **changes: Any) -> Citizen:
    """Registered by `by`, or by a clerk of an outlet of her own."""
    places.commune(str(changes.get("commune_code") or places.PHONG_DINH))
    actor = by or network.acting(network.clerk())
    typed = entries(claims=claims, **changes)
    while True:
        try:
            return citizens.register_citizen(typed=typed, by=actor, at=MONDAY_MORNING)
        except CitizenMaybeKnown as refusal:  # invented people look alike
            others = tuple(UUID(each) for each in citizens.ids_of(refusal))
            typed = replace(typed, distinct_from=(*typed.distinct_from, *others))


def session(of: Citizen, clerk: StaffAccount) -> ActingSession:
    """The clerk acts for the citizen, who agreed to everything."""
    return sessions.open_session(citizen_id=of.id, purposes=EVERYTHING, by=network.acting(clerk), at=MONDAY_MORNING)

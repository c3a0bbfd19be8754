"""What goes wrong, which states an incident goes through, and how the clock climbs. Pure: tables and arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.calendar import WorkCalendar


class IncidentKind(StrEnum):
    """The taxonomy: each kind has its own party that puts it right."""

    NETWORK = "network"
    SOFTWARE = "software"
    EQUIPMENT = "equipment"
    PROCEDURE = "procedure"
    PEOPLE = "people"


class Effect(StrEnum):
    """What becomes of the work at the place."""

    STOPPED = "stopped"
    SLOW = "slow"
    WORKAROUND = "workaround"
    """It goes on in another way: on paper, with a receipt by hand."""


class IncidentState(StrEnum):
    REPORTED = "reported"
    TAKEN = "taken"
    WITH_VENDOR = "with_vendor"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"


class IncidentStep(StrEnum):
    TAKE = "take"
    HAND_TO_VENDOR = "hand_to_vendor"
    TAKE_BACK = "take_back"
    SOLVE = "solve"
    CLOSE = "close"
    REOPEN = "reopen"


S, A = IncidentState, IncidentStep
INCIDENT: Final[Mapping[tuple[IncidentState, IncidentStep], IncidentState]] = MappingProxyType({
    (S.REPORTED, A.TAKE): S.TAKEN,
    (S.TAKEN, A.HAND_TO_VENDOR): S.WITH_VENDOR,
    (S.WITH_VENDOR, A.TAKE_BACK): S.TAKEN,
    (S.TAKEN, A.SOLVE): S.SOLVED,
    (S.WITH_VENDOR, A.SOLVE): S.SOLVED,
    (S.SOLVED, A.CLOSE): S.CLOSED,
    (S.SOLVED, A.REOPEN): S.REOPENED,
    (S.CLOSED, A.REOPEN): S.REOPENED,
    (S.REOPENED, A.TAKE): S.TAKEN,
})
FINAL_INCIDENT: Final = frozenset({S.CLOSED})
UNTAKEN: Final = frozenset({S.REPORTED, S.REOPENED})
UNSOLVED: Final = frozenset(S) - {S.SOLVED, S.CLOSED}
OF_THE_PLACE: Final = frozenset({A.CLOSE, A.REOPEN})
"""Steps that whoever has the trouble may take too: she knows whether it is over."""
CLOSED_AFTER: Final = 480
"""Working minutes after which what was solved, and of which nobody said otherwise, is closed."""
REOPENED_WITHIN: Final = timedelta(days=14)
LONGEST_TEXT: Final = 1000
MOST_PLACES: Final = 400


@dataclass(frozen=True, slots=True)
class Target:
    """Working minutes from the report."""

    take: int
    solve: int


TARGETS: Final[Mapping[Effect, Target]] = MappingProxyType({
    Effect.STOPPED: Target(15, 120),
    Effect.SLOW: Target(30, 240),
    Effect.WORKAROUND: Target(60, 480),
})


@dataclass(frozen=True, slots=True)
class Level:
    """One level of escalation: who is to act. `role` holds the work item."""

    number: int
    role: str


LEVELS: Final = (
    Level(0, "operations_officer"),  # on duty
    Level(1, "operations_officer"),  # lead of the room: nobody took it in time
    Level(2, "programme_officer"),  # the city's programme office: still not taken, or not solved in time
    Level(3, "administrator"),  # the city's administrator: twice the time has passed
)
TOP: Final = LEVELS[-1].number


def next_climb(*, level: int, effect: Effect, is_taken: bool, since: datetime,
               calendar: WorkCalendar) -> tuple[int, datetime] | None:
    """The level that comes after `level` and when, by counter hours from `since`; None at the top.

    Not taken in time: level 1; not taken in twice that time, or not solved in time: 2; twice the time to solve: 3.
    """
    target = TARGETS[effect]
    ladder = [(2, target.solve), (3, 2 * target.solve)] if is_taken else [
        (1, target.take), (2, 2 * target.take), (3, 2 * target.solve)]
    following = next(((number, minutes) for number, minutes in ladder if number > level), None)
    if following is None:
        return None
    return following[0], calendar.add_working_minutes(since, following[1])


def next_state(state: IncidentState, step: IncidentStep) -> IncidentState | None:
    """Where a step leads; None: it cannot be taken."""
    return INCIDENT.get((state, step))


def steps_from(state: IncidentState) -> list[IncidentStep]:
    return [step for before, step in INCIDENT if before is state]


# --- contact with a place -------------------------------------------------------------------------------------------

BEAT_EVERY: Final = timedelta(seconds=55)
"""A place writes at most one beat in this time, however many desks it has."""
SILENT_AFTER: Final = timedelta(minutes=5)
INCIDENT_AFTER: Final = timedelta(minutes=15)
"""A place that has been silent so long is an incident without anybody's report: who is cut off cannot report."""
SLOW_MS: Final = 1500
MOST_MS: Final = 120_000


class Contact(StrEnum):
    """How a place stands, worst first."""

    SILENT = "silent"
    SLOW = "slow"
    GOOD = "good"
    CLOSED = "closed"
    """Out of its opening hours: silence is nothing to ask about."""
    NEVER = "never"
    """Nothing was ever heard of it."""


def contact(*, last_at: datetime | None, latency_ms: int | None, is_open: bool, now: datetime) -> Contact:
    if last_at is None:
        return Contact.NEVER
    if now - last_at > SILENT_AFTER:
        return Contact.SILENT if is_open else Contact.CLOSED
    return Contact.SLOW if latency_ms is not None and latency_ms >= SLOW_MS else Contact.GOOD

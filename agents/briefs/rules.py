"""When a brief is due and which states it goes through. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.calendar import WorkCalendar, at_local, local


class Half(StrEnum):
    """The two briefs of a working day."""

    PLAN = "plan"
    REVIEW = "review"


MADE_AT: Final[Mapping[Half, time]] = MappingProxyType({Half.PLAN: time(7, 30), Half.REVIEW: time(16, 30)})
RELEASED_WITHIN: Final = timedelta(minutes=30)
"""From the moment it is made; people meet then."""
MADE_UNTIL: Final = timedelta(hours=4)
"""A brief that could not be made in time is made so long after; later it would tell another story."""
LONGEST_REMARKS: Final = 2000
LONGEST_ACTION: Final = 300


class BriefState(StrEnum):
    DRAFT = "draft"
    RELEASED = "released"


class BriefStep(StrEnum):
    RELEASE = "release"


BRIEF: Final[Mapping[tuple[BriefState, BriefStep], BriefState]] = MappingProxyType({
    (BriefState.DRAFT, BriefStep.RELEASE): BriefState.RELEASED,
})
FINAL_BRIEF: Final = frozenset({BriefState.RELEASED})


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ActionStep(StrEnum):
    FINISH = "finish"
    DROP = "drop"


ACTION: Final[Mapping[tuple[ActionState, ActionStep], ActionState]] = MappingProxyType({
    (ActionState.OPEN, ActionStep.FINISH): ActionState.DONE,
    (ActionState.OPEN, ActionStep.DROP): ActionState.DROPPED,
})
FINAL_ACTION: Final = frozenset({ActionState.DONE, ActionState.DROPPED})


def due_briefs(now: datetime, calendar: WorkCalendar) -> list[tuple[date, Half, datetime]]:
    """The briefs of the local day of `now` that are to be made by now, each with the moment it speaks of."""
    day = local(now).date()
    if not calendar.is_working(day):
        return []
    moments = [(half, at_local(day, clock)) for half, clock in MADE_AT.items()]
    return [(day, half, moment) for half, moment in moments if moment <= now <= moment + MADE_UNTIL]


def looks_back_to(day: date, half: Half, calendar: WorkCalendar) -> datetime:
    """Since when a brief tells: the plan since the review of the working day before, the review since the plan."""
    if half is Half.REVIEW:
        return at_local(day, MADE_AT[Half.PLAN])
    before = day - timedelta(days=1)
    while not calendar.is_working(before):
        before -= timedelta(days=1)
    return at_local(before, MADE_AT[Half.REVIEW])

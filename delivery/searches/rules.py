"""When a parcel is looked for, who owes an answer until when, and how a search ends. Pure.

No parcel is given up in silence: a search ends only with "found" or "lost". Lost is said by the operator, by its
carrier's own event, or, when the operator has not answered in time, by the city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from delivery.errors import SearchOver
from delivery.rules import ParcelState
from shared.calendar import WorkCalendar
from shared.roles import Role


class SearchState(StrEnum):
    SEARCHING = "searching"
    """The operator looks for it and owes an answer."""
    OVERDUE = "overdue"
    """The day for the answer has passed; the city has taken the search over."""
    FOUND = "found"
    LOST = "lost"


class SearchAction(StrEnum):
    ESCALATE = "escalate"
    FIND = "find"
    """The operator says where it is."""
    MOVE_ON = "move_on"
    """Its own events say that it moves, or has arrived."""
    GIVE_UP = "give_up"
    """It is lost: the operator says so, or the city for it."""


S, A = SearchState, SearchAction
TRANSITIONS: Final[Mapping[tuple[SearchState, SearchAction], SearchState]] = MappingProxyType({
    (S.SEARCHING, A.ESCALATE): S.OVERDUE,
    (S.SEARCHING, A.FIND): S.FOUND,
    (S.SEARCHING, A.MOVE_ON): S.FOUND,
    (S.SEARCHING, A.GIVE_UP): S.LOST,
    (S.OVERDUE, A.FIND): S.FOUND,
    (S.OVERDUE, A.MOVE_ON): S.FOUND,
    (S.OVERDUE, A.GIVE_UP): S.LOST,
})
FINAL_SEARCH: Final = frozenset({S.FOUND, S.LOST})


class SearchCause(StrEnum):
    SILENT = "silent"
    """Nothing was heard of it for days."""
    OVERDUE = "overdue"
    """Its promised day passed days ago, whatever its events say."""
    REPORTED = "reported"
    """Somebody misses it."""
    NOT_RECEIVED = "not_received"
    """It is said to have been delivered, and the addressee says that it was not."""
    LOST = "lost"
    """The carrier itself says that it is lost."""


# Working days without an event after which a parcel on its way is looked for, and after the promised day.
SILENT_DAYS: Final = 3
OVERDUE_DAYS: Final = 2
# A complaint is answered within 5 working days inside a province, within 7 between provinces; it may be made for six
# months (Circular 17/2017/TT-BTTTT).
ANSWER_DAYS_INSIDE: Final = 5
ANSWER_DAYS_BETWEEN: Final = 7
REPORTED_WITHIN: Final = timedelta(days=183)
# After the city has taken over.
DECIDE_DAYS: Final = 2

MOVING: Final = (
    ParcelState.ACCEPTED, ParcelState.IN_TRANSIT, ParcelState.ARRIVED, ParcelState.OUT_FOR_DELIVERY, ParcelState.HELD,
    ParcelState.RETURNING)  # fmt: skip
"""States in which something must happen by itself; failed visits and collection have rules of their own."""

MAY_ANSWER: Final = frozenset({Role.OPERATOR_HQ, Role.ADMINISTRATOR})
MAY_REPORT: Final = frozenset({
    Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.CENTRE_OFFICER, Role.CENTRE_MANAGER, Role.OPERATOR_HQ,
    Role.ADMINISTRATOR})  # fmt: skip


def next_state(state: SearchState, action: SearchAction) -> SearchState:
    """Raises SearchOver: a search that has ended stays as it is."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise SearchOver(search_state=state.value, action=action.value) from None


@dataclass(frozen=True, slots=True)
class Watch:
    owner_role: str
    sweep: str


WATCHED: Final[Mapping[SearchState, Watch]] = MappingProxyType({
    S.SEARCHING: Watch(Role.OPERATOR_HQ, "escalate_overdue"),
    S.OVERDUE: Watch(Role.ADMINISTRATOR, "follow_parcels"),
})


def answer_date(calendar: WorkCalendar, zone: str, opened_on: date) -> date:
    """The last day for the operator's answer."""
    return calendar.due_date(opened_on, ANSWER_DAYS_BETWEEN if zone.startswith("inter_") else ANSWER_DAYS_INSIDE)

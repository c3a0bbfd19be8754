"""A dispatch on its way from the packing table into the carrier's hand, and the moment by which it must be ready."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.calendar import WorkCalendar, at_local, local


class DispatchState(StrEnum):
    OPEN = "open"
    """Parcels are scanned into its bags."""
    CLOSED = "closed"
    """Its bags are sealed, its list is fixed."""
    HANDED_OVER = "handed_over"
    """The carrier's collector signed."""
    DROPPED = "dropped"
    """Nothing was ever in it."""


class DispatchAction(StrEnum):
    SCAN = "scan"
    TAKE_OUT = "take_out"
    CLOSE = "close"
    REOPEN = "reopen"
    HAND_OVER = "hand_over"
    DROP = "drop"


S, A = DispatchState, DispatchAction
DISPATCH: Final[Mapping[tuple[DispatchState, DispatchAction], DispatchState]] = MappingProxyType({
    (S.OPEN, A.SCAN): S.OPEN,
    (S.OPEN, A.TAKE_OUT): S.OPEN,
    (S.OPEN, A.CLOSE): S.CLOSED,
    (S.OPEN, A.DROP): S.DROPPED,
    # A late parcel may still come along while the collector is not there.
    (S.CLOSED, A.REOPEN): S.OPEN,
    (S.CLOSED, A.HAND_OVER): S.HANDED_OVER,
})
FINAL_DISPATCH: Final = frozenset({S.HANDED_OVER, S.DROPPED})

COLLECTOR_GRACE: Final = timedelta(minutes=30)
"""So long after the cut-off a closed list may still wait for its collector before somebody asks where she is."""
LATEST_BOOKING: Final = timedelta(minutes=15)
"""What is booked in the last minutes before the cut-off may go with the next collection."""


class IllegalDispatchStep(ValueError):
    """The table has no such step."""


def next_state(state: DispatchState, action: DispatchAction) -> DispatchState:
    """The state that `action` leads to; raises IllegalDispatchStep."""
    try:
        return DISPATCH[state, action]
    except KeyError:
        raise IllegalDispatchStep(f"{state} does not allow {action}") from None


def next_cut_off(cut_off: time, after: datetime, calendar: WorkCalendar) -> datetime:
    """The first cut-off after `after`, on a working day."""
    today = local(after).date()
    if calendar.is_working(today) and after <= at_local(today, cut_off):
        return at_local(today, cut_off)
    return at_local(calendar.next_working(today), cut_off)


def last_cut_off(cut_off: time, before: datetime, calendar: WorkCalendar) -> datetime:
    """The latest cut-off that has passed at `before`."""
    day = local(before).date()
    if calendar.is_working(day) and at_local(day, cut_off) <= before:
        return at_local(day, cut_off)
    return at_local(_working_before(day, calendar), cut_off)


def _working_before(day: date, calendar: WorkCalendar) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day

"""The day a parcel was promised for, the day it is expected now, and whether the post kept its word. Pure.

The promised day is said once, when the trip is booked, and by it the promise is kept or not; an order to another
commune has a promise of its own for who waits. The expected day follows what has happened: it
is worked out from the parcel's standing each time it is asked for, so it can never be older than the last event.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from delivery.rules import FINAL_PARCEL_STATES, ParcelState
from shared.calendar import WorkCalendar, local

S: Final = ParcelState

# Invitations lie two working days apart (Circular 17/2017/TT-BTTTT).
DAYS_TO_NEXT_ATTEMPT: Final = 2
# From the delivery office to the door; the office's day of arrival does not count.
DAYS_FROM_OFFICE: Final = 1


_NEAR: Final = frozenset({S.ARRIVED, S.HELD, S.OUT_FOR_DELIVERY, S.ATTEMPT_FAILED})


class Travelling(Protocol):
    """A parcel, as far as its days depend on it: a row, or a `ParcelInfo`."""

    @property
    def state(self) -> str: ...
    @property
    def state_at(self) -> datetime: ...
    @property
    def booked_at(self) -> datetime: ...
    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def promised_date(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Redirect:
    """An order that sends the parcel to another commune: zone and promise count from then."""

    ordered_at: datetime
    zone: str
    promised_date: date


@dataclass(frozen=True, slots=True)
class _Redirected:
    """A parcel as if it had been booked where it was when the order was given."""

    state: str
    state_at: datetime
    booked_at: datetime
    accepted_at: datetime | None
    delivered_at: datetime | None
    promised_date: date


class Ground(StrEnum):
    """What the expected day rests on."""

    BOOKED = "booked"
    """Nobody has taken it yet: counted from today, as if it were taken today."""
    ACCEPTED = "accepted"
    """The transit time, from the day on which the post took it."""
    OVERDUE = "overdue"
    """Its day has passed: the next day on which the post delivers."""
    NEAR = "near"
    """It lies at the office that delivers it."""
    OUT = "out"
    AGAIN = "again"
    """Nobody was met: the next invitation."""
    AGREED = "agreed"
    """The citizen has chosen the day."""
    WAITS = "waits"
    """It waits for the citizen, so no day is expected."""
    UNKNOWN = "unknown"
    """Lost, going back, or contradictory."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Expectation:
    """`day` is None where no day can be said; `days_late`: by how many working days it misses the promised day."""

    day: date | None
    ground: Ground
    days_late: int = 0

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


def expected(parcel: Travelling, calendar: WorkCalendar, today: date, *, agreed: date | None = None,
             redirect: Redirect | None = None) -> Expectation:
    """When the parcel will probably be delivered, as of `today`; `agreed` is the day the citizen has chosen.

    After a `redirect` the days count from its order, and are late when they miss its promise.
    """
    if redirect is not None:
        parcel = _after(parcel, redirect)
    state = ParcelState(parcel.state)
    if state is S.DELIVERED and parcel.delivered_at is not None:
        return _against(parcel, calendar, local(parcel.delivered_at).date(), Ground.ENDED)
    if state in FINAL_PARCEL_STATES:
        return Expectation(None, Ground.ENDED)
    if state in {S.RETURNING, S.NEEDS_REVIEW}:
        return Expectation(None, Ground.UNKNOWN)
    if state is S.AT_COLLECTION_POINT:
        return Expectation(None, Ground.WAITS)
    soonest = calendar.on_or_after(today)
    if agreed is not None and agreed >= today:
        return _against(parcel, calendar, agreed, Ground.AGREED)
    day, ground = _due(parcel, state, calendar, today)
    return _against(parcel, calendar, max(day, soonest), ground if day >= soonest else Ground.OVERDUE)


def _after(parcel: Travelling, redirect: Redirect) -> Travelling:
    """What lay near the old door when the order came is on its way again."""
    since = redirect.ordered_at
    near = parcel.state in _NEAR and parcel.state_at < since
    accepted = None if parcel.accepted_at is None else max(parcel.accepted_at, since)
    return _Redirected(S.ACCEPTED if near else parcel.state, max(parcel.state_at, since), since, accepted,
                       parcel.delivered_at, redirect.promised_date)


def _due(parcel: Travelling, state: ParcelState, calendar: WorkCalendar, today: date) -> tuple[date, Ground]:
    """The day that the rules give, which may lie before `today`."""
    since = local(parcel.state_at).date()
    match state:
        case S.BOOKED:
            return calendar.due_date(max(today, _booked_on(parcel)), transit_days(parcel, calendar)), Ground.BOOKED
        case S.ARRIVED:
            nearest = calendar.due_date(since, DAYS_FROM_OFFICE)
            return min(nearest, due_date(parcel, calendar)), Ground.NEAR
        case S.OUT_FOR_DELIVERY:
            return calendar.on_or_after(since), Ground.OUT
        case S.ATTEMPT_FAILED:
            return calendar.due_date(since, DAYS_TO_NEXT_ATTEMPT), Ground.AGAIN
        case _:
            return due_date(parcel, calendar), Ground.ACCEPTED


def transit_days(parcel: Travelling, calendar: WorkCalendar) -> int:
    """How many working days the trip may take: as many as were promised when it was booked."""
    return max(calendar.working_days_between(_booked_on(parcel), parcel.promised_date), 0)


def due_date(parcel: Travelling, calendar: WorkCalendar) -> date:
    """J + n, J being the day the post accepted it (Circular 17/2017/TT-BTTTT); before that, the day it was booked."""
    begins = _booked_on(parcel) if parcel.accepted_at is None else local(parcel.accepted_at).date()
    return calendar.due_date(begins, transit_days(parcel, calendar))


def _booked_on(parcel: Travelling) -> date:
    return local(parcel.booked_at).date()


def _against(parcel: Travelling, calendar: WorkCalendar, day: date, ground: Ground) -> Expectation:
    late = calendar.working_days_between(parcel.promised_date, day) if day > parcel.promised_date else 0
    # A day off after the promised one is late as well, though no working day lies between.
    return Expectation(day, ground, max(late, 1) if day > parcel.promised_date else 0)


class Kept(StrEnum):
    """What became of a promise. Each parcel is exactly one of these, on every day."""

    OPEN = "open"
    """Its day has not passed."""
    KEPT = "kept"
    """At its receiver, at the door or at the point of collection by the end of the promised day."""
    LATE = "late"
    """So only after it."""
    WAITING = "waiting"
    """The day has passed, and the parcel is still on its way."""
    LOST = "lost"
    UNCOUNTED = "uncounted"
    """Contradictory until a person has settled it, or called back before anybody was visited."""


BROKEN: Final = frozenset({Kept.LATE, Kept.WAITING, Kept.LOST})


def kept(*, state: str, promised: date, first_offered: date | None, today: date) -> Kept:
    """`first_offered`: the first day on which it was delivered, tried at the door or laid out for collection."""
    if state == S.NEEDS_REVIEW:
        return Kept.UNCOUNTED
    if state == S.LOST:
        return Kept.LOST
    if first_offered is not None:
        return Kept.KEPT if first_offered <= promised else Kept.LATE
    if state in FINAL_PARCEL_STATES:
        return Kept.UNCOUNTED
    return Kept.WAITING if promised < today else Kept.OPEN

"""The arithmetic of a scorecard and the lives of its appeals, launch watches and commendations. Pure.

One formula for all outlets, published with its weights. Only what an outlet can do something about counts against it:
a miss that a fault of our systems could have caused is taken out, and so is one whose appeal waits or was upheld.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from shared.calendar import SAME_DAY_CUTOFF, WorkCalendar, at_local

WHOLE: Final = 10_000
"""A share of one, and full points: both are counted in hundredths of a hundredth."""
FORWARD_BY: Final = time(12, 0)
"""What was taken after 15:00, or on a day off, is forwarded by then on the next working day."""
LAUNCH_WEEKS: Final = 8
VISIT_WITHIN: Final = timedelta(days=14)
"""A new outlet is visited at least so often while it is watched."""


class Measure(StrEnum):
    FORWARD_TIME = "forward_time"
    FIRST_TIME_RIGHT = "first_time_right"
    VISITS = "visits"
    PROMISE_KEPT = "promise_kept"
    SATISFACTION = "satisfaction"
    COMPLAINTS = "complaints"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One measure of a formula. A share of `floor` earns nothing, one of `target` everything; both of WHOLE."""

    measure: Measure
    weight: int
    floor: int
    target: int
    least: int
    """Fewer cases than this are shown and not judged."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a measure found in a month. `met + missed + faulty + spared` is all that was seen."""

    met: int = 0
    missed: int = 0
    faulty: int = 0
    """Missed while one of our systems was down."""
    spared: int = 0
    """Missed, and under an appeal that waits or was upheld."""

    @property
    def judged(self) -> int:
        return self.met + self.missed

    @property
    def seen(self) -> int:
        return self.judged + self.faulty + self.spared

    @property
    def is_all_out(self) -> bool:
        """Something was seen, and all of it taken out."""
        return self.judged == 0 < self.seen


@dataclass(frozen=True, slots=True)
class Part:
    """What one measure adds to a score; `points` of WHOLE, None when there is too little to judge."""

    weighed: Weighed
    counted: Counted
    points: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """`total` of WHOLE; None when the judged measures carry too little of the weight."""

    parts: tuple[Part, ...]
    total: int | None
    judged_weight: int


def points(weighed: Weighed, counted: Counted) -> int | None:
    """Straight from floor to target; None below the smallest sample.

    The sample is what was seen, faults and appeals included: taking a miss out can then never take a score away.
    Where every case of a large enough sample was taken out, nothing counts against the outlet, and it has full points.
    """
    if counted.seen < weighed.least or not counted.seen:
        return None
    if not counted.judged:
        return WHOLE
    share = Fraction(counted.met * WHOLE, counted.judged)
    earned = (share - weighed.floor) / (weighed.target - weighed.floor)
    return _rounded(min(max(earned, Fraction(0)), Fraction(1)) * WHOLE)


def score(formula: Sequence[Weighed], counts: Mapping[Measure, Counted], *, least_weight: int) -> Score:
    """The weighted mean of what can be judged; `least_weight` is the least part of the weight, in per cent."""
    parts = tuple(Part(each, counted, points(each, counted)) for each in formula
                  for counted in (counts.get(each.measure, Counted()),))
    judged = [(part.weighed.weight, part.points) for part in parts if part.points is not None]
    weight = sum(weight for weight, _ in judged)
    if not weight or 100 * weight < least_weight * sum(each.weight for each in formula):
        return Score(parts, None, weight)
    return Score(parts, _rounded(Fraction(sum(weight * earned for weight, earned in judged), weight)), weight)


def _rounded(value: Fraction) -> int:
    """Halves up."""
    return int((2 * value + 1) // 2)


def forward_limit(taken_at: datetime, calendar: WorkCalendar) -> datetime:
    """Until when a paper dossier taken at the local moment `taken_at` must have left the outlet."""
    day = taken_at.date()
    if calendar.is_working(day) and taken_at.time() < SAME_DAY_CUTOFF:
        return at_local(day + timedelta(days=1), time())
    return at_local(calendar.next_working(day), FORWARD_BY)


# --- months ---------------------------------------------------------------------------------------------------------


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(month: date) -> date:
    return month_of(month + timedelta(days=31))


def month_before(month: date) -> date:
    return month_of(month - timedelta(days=1))


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """Half-open."""
    return at_local(month, time()), at_local(month_after(month), time())


def appealable_until(month: date, appeal_days: int) -> date:
    """The last day on which a measure of `month` may be appealed."""
    return month_after(month) + timedelta(days=appeal_days - 1)


# --- lives ----------------------------------------------------------------------------------------------------------


class ScoreState(StrEnum):
    OPEN = "open"
    """Counted anew each night, until the time for appeals is over and each is decided."""
    FROZEN = "frozen"


class ScoreStep(StrEnum):
    FREEZE = "freeze"


SCORE_MOVES: Final[Mapping[tuple[ScoreState, ScoreStep], ScoreState]] = MappingProxyType({
    (ScoreState.OPEN, ScoreStep.FREEZE): ScoreState.FROZEN,
})


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AppealStep(StrEnum):
    UPHOLD = "uphold"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


APPEAL_MOVES: Final[Mapping[tuple[AppealState, AppealStep], AppealState]] = MappingProxyType({
    (AppealState.OPEN, AppealStep.UPHOLD): AppealState.UPHELD,
    (AppealState.OPEN, AppealStep.REFUSE): AppealState.REFUSED,
    (AppealState.OPEN, AppealStep.WITHDRAW): AppealState.WITHDRAWN,
})
SPARES: Final = frozenset({AppealState.OPEN, AppealState.UPHELD})
"""While nobody has decided, what is disputed does not count: silence is never against the outlet."""


class WatchState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


class WatchStep(StrEnum):
    EXTEND = "extend"
    END = "end"


WATCH_MOVES: Final[Mapping[tuple[WatchState, WatchStep], WatchState]] = MappingProxyType({
    (WatchState.RUNNING, WatchStep.EXTEND): WatchState.RUNNING,
    (WatchState.RUNNING, WatchStep.END): WatchState.ENDED,
})


class PraiseState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class PraiseStep(StrEnum):
    CONFIRM = "confirm"
    DECLINE = "decline"


PRAISE_MOVES: Final[Mapping[tuple[PraiseState, PraiseStep], PraiseState]] = MappingProxyType({
    (PraiseState.PROPOSED, PraiseStep.CONFIRM): PraiseState.CONFIRMED,
    (PraiseState.PROPOSED, PraiseStep.DECLINE): PraiseState.DECLINED,
})


class Praise(StrEnum):
    """What an outlet may be commended for; the thresholds stand in the formula."""

    EXCELLENT = "excellent"
    """A month whose every measure could be judged, at or above the mark."""
    STEADY = "steady"
    """Three months in a row at or above the mark."""
    KIND = "kind"
    """Every citizen who answered was satisfied, and enough answered."""


STEADY_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a formula's commendations: points of WHOLE, and how many answers."""

    excellent: int
    steady: int
    kind_answers: int


def earned_praise(months: Sequence[Score], marks: Marks) -> frozenset[Praise]:
    """`months`: the newest first, without gaps. None of it for a month that could not be judged."""
    if not months or months[0].total is None:
        return frozenset()
    newest, found = months[0], set()
    # What was never judged by cases of its own earns points, but no praise.
    if newest.total is not None and newest.total >= marks.excellent and all(
            part.points is not None and part.counted.judged for part in newest.parts):
        found.add(Praise.EXCELLENT)
    last = months[:STEADY_MONTHS]
    if len(last) == STEADY_MONTHS and all(each.total is not None and each.total >= marks.steady for each in last):
        found.add(Praise.STEADY)
    answers = next((part.counted for part in newest.parts if part.weighed.measure is Measure.SATISFACTION), Counted())
    if answers.met >= marks.kind_answers and answers.met == answers.seen:
        found.add(Praise.KIND)
    return frozenset(found)

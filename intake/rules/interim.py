"""The steps inside one handling: who has the dossier now, planned against elapsed, in working minutes.

Internal processes are written in hours, eight a working day (30 days are 240 hours); a same-day item is typically
split 2, 3, 2 and 1 hours. A centre may write its own split for a procedure; otherwise the term is split like that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from intake.rules.wording import Words
from shared.calendar import WorkCalendar

HOUR: Final = 60
SHARES: Final = (
    (2, Words("Tiếp nhận, chuyển hồ sơ", "Receive and pass on")),
    (3, Words("Thẩm định hồ sơ", "Examine")),
    (2, Words("Trình ký, phê duyệt", "Submit for signature")),
    (1, Words("Đóng dấu, trả kết quả", "Seal and hand back")),
)
"""A typical split of a term, assumed where a centre has not written its own."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One named step. `minutes` are working minutes."""

    name: Words
    minutes: int

    def as_data(self) -> dict[str, Any]:
        return {"name_vi": self.name.vi, "name_en": self.name.en, "minutes": self.minutes}


@dataclass(frozen=True, slots=True)
class Turn:
    """A step was begun: which one, when and by whom it is done."""

    number: int
    began_at: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class StepReading:
    """A step as it stands. `state`: "done", "now" or "next"; `spent` is 0 for one that has not begun."""

    number: int
    name: Words
    planned: int
    spent: int
    state: str
    officer: str

    @property
    def is_over(self) -> bool:
        return self.spent > self.planned


def plan_of(steps: Sequence[Mapping[str, Any]]) -> tuple[PlannedStep, ...]:
    """A plan as it is kept (ProcessTemplate.steps)."""
    return tuple(PlannedStep(Words(step["name_vi"], step["name_en"] or step["name_vi"]), int(step["minutes"]))
                 for step in steps)


def typical_plan(term_minutes: int | None) -> tuple[PlannedStep, ...]:
    """The term split 2 : 3 : 2 : 1; the last step takes what rounding leaves."""
    whole = term_minutes or 8 * HOUR
    shares = sum(share for share, _ in SHARES)
    minutes = [whole * share // shares for share, _ in SHARES[:-1]]
    return tuple(PlannedStep(name, planned) for (_, name), planned in zip(
        SHARES, [*minutes, whole - sum(minutes)], strict=True))


@dataclass(frozen=True, slots=True)
class Course:
    """What happened so far: `turns` in their order, `pauses` of the clock, and the end when it is decided."""

    turns: Sequence[Turn]
    pauses: Sequence[tuple[datetime, datetime]] = ()
    ended_at: datetime | None = None


def working_minutes(begin: datetime, end: datetime, pauses: Sequence[tuple[datetime, datetime]],
                    calendar: WorkCalendar) -> int:
    """Working minutes from `begin` to `end` without those in which the clock stood still."""
    if end <= begin:
        return 0
    spent = calendar.working_minutes_between(begin, end)
    for stopped, resumed in pauses:
        first, last = max(begin, stopped), min(end, resumed)
        if first < last:
            spent -= calendar.working_minutes_between(first, last)
    return max(spent, 0)


def readings(plan: Sequence[PlannedStep], course: Course, now: datetime,
             calendar: WorkCalendar) -> tuple[StepReading, ...]:
    """Each planned step with what it took; one that came back counts both times."""
    turns, ended_at = course.turns, course.ended_at
    spent: dict[int, int] = {}
    who: dict[int, str] = {}
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        until = following.began_at if following is not None else (ended_at or now)
        spent[turn.number] = spent.get(turn.number, 0) + working_minutes(turn.began_at, until, course.pauses, calendar)
        who[turn.number] = turn.officer
    current = turns[-1].number if turns and ended_at is None else None
    return tuple(
        StepReading(number, step.name, step.minutes, spent.get(number, 0), _state(number, current, spent),
                    who.get(number, "")) for number, step in enumerate(plan, start=1))


def _state(number: int, current: int | None, spent: Mapping[int, int]) -> str:
    if number == current:
        return "now"
    return "done" if number in spent else "next"

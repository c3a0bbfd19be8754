"""What is filed at Hà Nội's outlets in December 2025 and January 2026: the same cases at every call."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from shared.calendar import WorkCalendar, at_local

FIRST_DAY: Final = date(2025, 12, 8)
LAST_DAY: Final = date(2026, 1, 23)
CASES: Final = 170

_PROCEDURES: Final = {
    "2.000635": 34,
    "1.001193": 20,
    "1.004873": 14,
    "2.002516": 10,
    "1.001612": 16,
    "1.001266": 7,
    "1.001570": 5,
    "1.000656": 8,
    "1.004884": 4,
}
_GROUPS: Final = {
    "": 86,
    "war_invalid": 5,
    "poor_household": 4,
    "martyr_relative": 3,
    "heroic_mother": 2,
}
"""Beneficiary class → weight; empty: none."""
_NEVER_ON_PAPER: Final = frozenset({"1.001193", "1.000656"})
"""Hà Nội asks for no paper here (CV 5744/UBND-NC of 24 October 2025)."""
_SAME_DAY: Final = frozenset({"2.000635", "1.001193", "1.000656"})


@dataclass(frozen=True, slots=True)
class Case:
    """One dossier from a counter. `outcome` of its result's parcel: "delivered", "second_attempt" or "returned"."""

    number: int
    outlet: int
    """Which of the city's outlets, by the order of their codes."""
    submitted_at: datetime
    procedure_code: str
    channel: str
    group: str
    works_elsewhere: bool
    """And has the result sent there: another commune, mostly of another former district."""
    outcome: str
    needs_supplement: bool

    @property
    def is_same_day(self) -> bool:
        return self.procedure_code in _SAME_DAY


def cases(outlets: int, calendar: WorkCalendar) -> list[Case]:
    """All cases, for a city with so many outlets."""
    random = Random("hanoi-2026-01")  # noqa: S311  # a story, not a secret
    days = [day for n in range((LAST_DAY - FIRST_DAY).days + 1) if calendar.is_working(day := FIRST_DAY + timedelta(n))]
    return [_case(random, number, outlets, days) for number in range(CASES)]


def _case(random: Random, number: int, outlets: int, days: list[date]) -> Case:
    group = random.choices(list(_GROUPS), list(_GROUPS.values()))[0]
    moment = at_local(random.choice(days), time(8)) + timedelta(minutes=random.randrange(10, 225))
    procedure_code = random.choices(list(_PROCEDURES), list(_PROCEDURES.values()))[0]
    is_on_paper = random.random() < 0.28 and procedure_code not in _NEVER_ON_PAPER
    afternoon = timedelta(hours=5) if random.random() < 0.4 else timedelta()
    return Case(
        number=number,
        outlet=random.randrange(outlets),
        submitted_at=moment + afternoon,
        procedure_code=procedure_code,
        channel="post" if is_on_paper else "online",
        group=group,
        works_elsewhere=random.random() < 0.35,
        outcome=random.choices(["delivered", "second_attempt", "returned"], [88, 9, 3])[0],
        needs_supplement=random.random() < 0.07,
    )

"""The life of an accreditation, its checklist and the arithmetic of readiness. Pure tables.

No official checklist of agents is published. The items follow what is asked of a postal service point that takes in
dossiers (Circular 17/2017/TT-BTTTT: sign, published list, packaging, trained staff) and of a one-stop counter's
equipment; a city changes them here, and a survey keeps the points that held when it was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.roles import Role

LICENCE_YEARS: Final = 2
RENEWED_BEFORE: Final = timedelta(days=60)
"""So long before its licence ends an outlet is looked at again; from then on it stands on the list of work."""
PASS_PERCENT: Final = 70
FARTHEST_SURVEY_KM: Final = 0.5
"""A survey is made at the place: a phone's position indoors is rarely farther off."""
SURVEY_HOLDS: Final = timedelta(days=90)
"""An older survey approves or renews nothing."""


class State(StrEnum):
    CANDIDATE = "candidate"
    SURVEYED = "surveyed"
    RETURNED = "returned"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Step(StrEnum):
    SURVEY = "survey"
    APPROVE = "approve"
    RETURN = "return"
    PROPOSE_AGAIN = "propose_again"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    EXPIRE = "expire"
    RESUME = "resume"
    RENEW = "renew"
    CLOSE = "close"


MOVES: Final[Mapping[tuple[State, Step], State]] = MappingProxyType({
    (State.CANDIDATE, Step.SURVEY): State.SURVEYED,
    (State.CANDIDATE, Step.CLOSE): State.CLOSED,
    (State.SURVEYED, Step.APPROVE): State.APPROVED,
    (State.SURVEYED, Step.RETURN): State.RETURNED,
    (State.RETURNED, Step.PROPOSE_AGAIN): State.CANDIDATE,
    (State.RETURNED, Step.CLOSE): State.CLOSED,
    (State.APPROVED, Step.ACTIVATE): State.ACTIVE,
    (State.APPROVED, Step.CLOSE): State.CLOSED,
    (State.ACTIVE, Step.SURVEY): State.ACTIVE,
    (State.ACTIVE, Step.RENEW): State.ACTIVE,
    (State.ACTIVE, Step.SUSPEND): State.SUSPENDED,
    (State.ACTIVE, Step.EXPIRE): State.SUSPENDED,
    (State.ACTIVE, Step.CLOSE): State.CLOSED,
    (State.SUSPENDED, Step.SURVEY): State.SUSPENDED,
    (State.SUSPENDED, Step.RESUME): State.ACTIVE,
    (State.SUSPENDED, Step.RENEW): State.ACTIVE,
    (State.SUSPENDED, Step.CLOSE): State.CLOSED,
})
FINAL: Final = frozenset({State.CLOSED})
LICENSED: Final = frozenset({State.ACTIVE, State.SUSPENDED})

TAKEN_BY: Final[Mapping[Step, frozenset[Role]]] = MappingProxyType({
    Step.SURVEY: frozenset({Role.PROGRAMME_OFFICER}),
    Step.APPROVE: frozenset({Role.PROGRAMME_OFFICER}),
    Step.RETURN: frozenset({Role.PROGRAMME_OFFICER}),
    Step.PROPOSE_AGAIN: frozenset({Role.OPERATOR_HQ}),
    Step.ACTIVATE: frozenset({Role.OPERATOR_HQ}),
    Step.SUSPEND: frozenset({Role.PROGRAMME_OFFICER}),
    Step.EXPIRE: frozenset(),
    Step.RESUME: frozenset({Role.PROGRAMME_OFFICER}),
    Step.RENEW: frozenset({Role.PROGRAMME_OFFICER}),
    Step.CLOSE: frozenset({Role.PROGRAMME_OFFICER, Role.OPERATOR_HQ}),
})
"""The operator proposes, opens and withdraws; the city looks, decides and ends. A licence expires by itself."""
DECISIONS: Final = frozenset({Step.APPROVE, Step.RETURN, Step.RENEW})
"""Taken by another officer than the one who made the survey: four eyes."""
WITH_REASON: Final = frozenset({Step.RETURN, Step.SUSPEND, Step.RESUME, Step.CLOSE, Step.PROPOSE_AGAIN})


@dataclass(frozen=True, slots=True)
class Watched:
    """Who answers for what stays in a state, and after how long somebody is told."""

    role: Role
    within: timedelta


WATCHED: Final[Mapping[State, Watched]] = MappingProxyType({
    State.CANDIDATE: Watched(Role.PROGRAMME_OFFICER, timedelta(days=14)),
    State.SURVEYED: Watched(Role.PROGRAMME_OFFICER, timedelta(days=7)),
    State.RETURNED: Watched(Role.OPERATOR_HQ, timedelta(days=30)),
    State.APPROVED: Watched(Role.OPERATOR_HQ, timedelta(days=30)),
    State.SUSPENDED: Watched(Role.PROGRAMME_OFFICER, timedelta(days=30)),
})


class Group(StrEnum):
    PLACE = "place"
    EQUIPMENT = "equipment"
    CONNECTION = "connection"
    STAFF = "staff"
    PROCEDURES = "procedures"
    LOCATION = "location"


class Mark(StrEnum):
    MET = "met"
    PARTLY = "partly"
    MISSING = "missing"
    NOT_APPLICABLE = "n/a"


class Equipment(StrEnum):
    WORKS = "works"
    FAULTY = "faulty"
    AWAY = "away"
    """Broken for good, lent or stolen."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is looked at. `points` are what it is worth when met; half of them when partly met."""

    code: str
    group: Group
    points: int
    is_required: bool = False
    wants_photo: bool = False


def _of(group: Group, *items: tuple[str, int] | tuple[str, int, str]) -> list[Item]:
    return [Item(code, group, points, "r" in "".join(how), "p" in "".join(how)) for code, points, *how in items]


CHECKLIST: Final[Sequence[Item]] = (
    *_of(Group.PLACE, ("sign", 4, "rp"), ("area", 2), ("seats", 2), ("step_free", 4), ("priority_seat", 2),
         ("privacy", 4, "r"), ("price_list", 4, "rp"), ("hotline_poster", 2, "r"), ("camera", 2),
         ("fire_safety", 4, "r")),
    *_of(Group.EQUIPMENT, ("computer", 4, "r"), ("scanner", 4, "r"), ("printer", 4, "r"), ("code_reader", 2),
         ("phone", 2, "r"), ("ups", 2), ("numbering", 2), ("satisfaction", 2), ("cabinet", 4, "rp"), ("scales", 2),
         ("sealed_bags", 2)),
    *_of(Group.CONNECTION, ("two_links", 4), ("latency", 4, "r"), ("fallback", 2), ("accounts", 2, "r"),
         ("tokens", 2)),
    *_of(Group.STAFF, ("two_clerks", 4, "r"), ("certificates", 4, "r"), ("pledge", 4, "r"), ("badges", 2, "r"),
         ("roster", 2, "r")),
    *_of(Group.PROCEDURES, ("task_list", 2, "r"), ("instructions", 2, "r"), ("incident_contact", 2, "r"),
         ("paper_kit", 4, "r")),
    *_of(Group.LOCATION, ("population", 2), ("elderly", 2), ("few_online", 2), ("far_from_centre", 2), ("terrain", 2),
         ("transport", 2)),
)
PIECES: Final = tuple(item.code for item in CHECKLIST if item.group is Group.EQUIPMENT)
"""What is noted over time, not only when somebody surveys."""
ITEMS: Final[Mapping[str, Item]] = MappingProxyType({item.code: item for item in CHECKLIST})


@dataclass(frozen=True, slots=True)
class GroupScore:
    group: Group
    halves: int
    """Twice the points earned: a partly met item earns half of its points."""
    most: int

    @property
    def points(self) -> float:
        return self.halves / 2


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a survey adds up to, with its arithmetic and what stands in the way of an approval."""

    groups: tuple[GroupScore, ...]
    unmet: tuple[str, ...]
    """Required items that are not fully met."""
    unmarked: tuple[str, ...]
    without_photo: tuple[str, ...]

    @property
    def halves(self) -> int:
        return sum(each.halves for each in self.groups)

    @property
    def points(self) -> float:
        return self.halves / 2

    @property
    def most(self) -> int:
        return sum(each.most for each in self.groups)

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 69.9 does not pass for 70."""
        return 0 if not self.most else self.halves * 100 // (2 * self.most)

    @property
    def is_complete(self) -> bool:
        return not self.unmarked and not self.without_photo

    @property
    def passes(self) -> bool:
        return self.is_complete and not self.unmet and self.percent >= PASS_PERCENT


def readiness(marks: Mapping[str, str], photographed: frozenset[str] = frozenset()) -> Readiness:
    """Add up a survey: item code → mark. An optional item that does not apply counts neither for nor against."""
    groups = tuple(_score(group, marks) for group in Group)
    unmet = tuple(item.code for item in CHECKLIST if item.is_required and marks.get(item.code, "") != Mark.MET)
    unmarked = tuple(item.code for item in CHECKLIST if marks.get(item.code, "") == "")
    bare = tuple(item.code for item in CHECKLIST if item.wants_photo and item.code not in photographed)
    return Readiness(groups, unmet, unmarked, bare)


def _score(group: Group, marks: Mapping[str, str]) -> GroupScore:
    counted = [item for item in CHECKLIST
               if item.group == group and (item.is_required or marks.get(item.code) != Mark.NOT_APPLICABLE)]
    worth = {Mark.MET.value: 2, Mark.PARTLY.value: 1}
    return GroupScore(group, sum(item.points * worth.get(marks.get(item.code, ""), 0) for item in counted),
                      sum(item.points for item in counted))


def licensed_until(first: date) -> date:
    """The first day on which a licence of `first` no longer holds."""
    year = first.year + LICENCE_YEARS
    return date(year, 3, 1) if (first.month, first.day) == (2, 29) else first.replace(year=year)


def steps_from(state: State, role: str) -> list[Step]:
    """What a role may do now."""
    return [step for step in Step if (state, step) in MOVES and role in TAKEN_BY[step]]

"""Which procedure groups somebody may take on a day, for a whole roster at once; as agents/training/gate.py decides."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agents.models.organisations import Task
from agents.models.people import StaffAccount
from agents.programme.admission import may_do
from agents.records import OutletInfo
from agents.roster.rules import Stretch, gaps
from agents.training.gate import holds_from
from agents.training.queries import courses_on, newest_ends
from agents.training.rules import needed_for
from shared.procedure_groups import PROCEDURE_GROUPS, named


@dataclass(frozen=True, slots=True)
class Skills:
    """`taught`: groups with a course. `ends`: (account, group) → first day without a certificate."""

    taught: frozenset[str]
    ends: Mapping[tuple[UUID, str], date]

    def takes(self, person: StaffAccount, group: str, day: date, gate: date | None) -> bool:
        """Whether the person's reach has the group, and her certificates do where the city's gate holds by `day`."""
        if person.procedure_groups and group not in person.procedure_groups:
            return False
        if gate is None or day < gate:
            return True
        return all(self.ends.get((person.id, each), date.min) > day for each in needed_for(group, self.taught))


@dataclass(frozen=True, slots=True)
class GroupGap:
    """People are there, and none of them may take these groups."""

    stretch: Stretch
    groups: tuple[str, ...]
    is_all: bool

    @property
    def names(self) -> str:
        return named(self.groups)


@dataclass(frozen=True, slots=True)
class Offer:
    """The procedure groups that an outlet takes dossiers of on a day, and since when its city asks certificates."""

    groups: tuple[str, ...]
    gate: date | None


def skills_of(account_ids: Iterable[UUID], day: date) -> Skills:
    """Two questions to the database, for however many people."""
    return Skills(frozenset(courses_on(day).values_list("group", flat=True)), newest_ends(account_ids))


def offer_of(outlet: OutletInfo, day: date) -> Offer:
    """As a dossier would find it: what the agreement, the programme and its running phase let the outlet take."""
    takes = (Task.FILE_ONLINE, Task.FORWARD_PAPER)
    groups = tuple(group for group in PROCEDURE_GROUPS if any(may_do(outlet, task, group, day) for task in takes))
    return Offer(groups, holds_from(outlet.province_code))


def group_gaps(day: date, manned: Sequence[Stretch], there: Collection[tuple[StaffAccount, Stretch]], offer: Offer,
               skills: Skills) -> list[GroupGap]:
    """The stretches of `manned` in which nobody of those `there` may take some of the offered groups, in order."""
    found: dict[Stretch, list[str]] = {}
    for group in offer.groups:
        able = [stretch for person, stretch in there if skills.takes(person, group, day, offer.gate)]
        for gap in gaps(manned, able):
            found.setdefault(gap, []).append(group)
    return [GroupGap(stretch, tuple(groups), len(groups) == len(offer.groups))
            for stretch, groups in sorted(found.items())]

"""What is read of accreditations: lists of work, one with its history, and the public register."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from agents.accreditation.errors import AccreditationNotFound
from agents.accreditation.models import Accreditation, OutletReport, Survey
from agents.accreditation.rules import CHECKLIST, LICENSED, Group, Item, Readiness, State, readiness
from agents.accreditation.wording import GROUPS, ITEMS, MARKS
from agents.models.organisations import Outlet, OutletStatus
from agents.moves.places import Removal, coming_move
from agents.queries import outlets
from shared import scope
from shared.actors import Actor
from shared.errors import Text
from shared.text import fold

REGISTER_ORDER: Final = ("commune__name", "code")


def accreditations(by: Actor) -> QuerySet[Any]:
    return Accreditation.objects.seen_by(by).select_related("operator", "commune")


def counts(by: Actor) -> Mapping[str, int]:
    """How many stand in each state."""
    rows = Accreditation.objects.seen_by(by).values_list("state").annotate(count=Count("id"))
    return dict(rows.order_by())


def find(accreditation_id: UUID, by: Actor) -> Accreditation:
    """Raises AccreditationNotFound."""
    found: Accreditation | None = accreditations(by).select_related("outlet").filter(id=accreditation_id).first()
    if found is None:
        raise AccreditationNotFound
    return found


def reports(by: Actor) -> QuerySet[OutletReport]:
    seen = Accreditation.objects.seen_by(by)
    return OutletReport.objects.filter(accreditation__in=seen).select_related("accreditation")


@dataclass(frozen=True, slots=True)
class Looked:
    """One item as a survey found it."""

    item: Item
    label: Text
    mark: str
    mark_label: Text
    note: str
    photos: Sequence[UUID]
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A survey with its groups and what it adds up to."""

    survey: Survey | None
    groups: Sequence[tuple[Text, Sequence[Looked]]]
    result: Readiness
    sums: Sequence[tuple[Text, float, int]]
    """Group, points, most."""
    unmet: Sequence[Text]


def look(survey: Survey | None) -> Look:
    """Everything of a survey in three queries; an empty list of items when there is none."""
    marks = {row.item: row for row in survey.marks.all()} if survey else {}
    photos: dict[str, list[UUID]] = {}
    for item, photo_id in (survey.photos.order_by("taken_at").values_list("item", "id") if survey else ()):
        photos.setdefault(item, []).append(photo_id)
    result = readiness({code: row.mark for code, row in marks.items()}, frozenset(photos))
    words: Mapping[str, Text] = {str(mark): label for mark, label in MARKS.items()}

    def looked(item: Item) -> Looked:
        row = marks.get(item.code)
        if row is None:
            return Looked(item, ITEMS[item.code], "", "", "", photos.get(item.code, []))
        return Looked(item, ITEMS[item.code], row.mark, words[row.mark], row.note, photos.get(item.code, []),
                      row.marked_by_name, row.marked_at)

    groups = [(GROUPS[group], [looked(item) for item in CHECKLIST if item.group == group]) for group in Group]
    sums = [(GROUPS[each.group], each.points, each.most) for each in result.groups]
    return Look(survey, groups, result, sums, [ITEMS[code] for code in result.unmet])


def last_survey(accreditation: Accreditation) -> Survey | None:
    """The last finished one."""
    done = Survey.objects.filter(accreditation=accreditation).exclude(finished_at=None)
    return done.order_by("-finished_at").first()


@dataclass(frozen=True, slots=True)
class Registered:
    """An outlet as the register shows it to anybody."""

    outlet: Outlet
    licence_number: str
    licensed_from: date | None
    licensed_until: date | None
    is_genuine: bool
    """Active, and its licence of the day holds."""
    move: Removal | None = None
    """Decided, and to come."""


def register(text: str = "", *, province_code: str = "") -> QuerySet[Outlet]:
    """Outlets under a licence, those that were suspended too; `text` is a part of code, name, commune or address.

    Read it within `scope.everything()`: the register is public, the table is not.
    """
    rows = outlets().filter(accreditation__state__in=sorted(LICENSED)).select_related("accreditation")
    if province_code:
        rows = rows.filter(commune__province_id=province_code)
    if text:
        rows = rows.filter(Q(code__iexact=text) | Q(name__icontains=text) | Q(address__icontains=text)
                           | Q(commune__search_key__contains=fold(text)))
    return rows


def registered(rows: Iterable[Outlet], on: date) -> list[Registered]:
    return [_registered(row, on) for row in rows]


def _registered(outlet: Outlet, on: date) -> Registered:
    paper: Accreditation = outlet.accreditation
    until = paper.licensed_until
    holds = (paper.state == State.ACTIVE and outlet.status == OutletStatus.ACTIVE and until is not None and on < until)
    return Registered(outlet, paper.licence_number or "", paper.licensed_from, until, holds,
                      coming_move(outlet.id, on))


def find_registered(code: str, on: date) -> Registered:
    """One outlet by its code, with its opening hours; a closed one stays findable.

    Raises:
        AccreditationNotFound: no outlet was ever licensed under this code.
    """
    with scope.everything():
        rows = outlets().filter(code=code, accreditation__isnull=False).select_related("accreditation")
        found = rows.prefetch_related("opening_hours").first()
        if found is None:
            raise AccreditationNotFound
        return _registered(found, on)

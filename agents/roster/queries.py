"""A week of one outlet: who works when, who is away, what nobody covers and what nobody there may take."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from agents.models.organisations import OpeningHours, Outlet
from agents.models.people import StaffAccount
from agents.opening import Span, spans_of
from agents.queries import outlet_info
from agents.roster.models import RosterAbsence, RosterShift, RosterSwap
from agents.roster.rules import Stretch, SwapState, gaps
from agents.roster.skills import GroupGap, Skills, group_gaps, offer_of, skills_of
from agents.scope import outlets_seen_by
from agents.site_days import site_calendar
from shared.actors import Actor
from shared.calendar import local
from shared.roles import OUTLET_ROLES


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an outlet. `gaps`: nobody is there; `unskilled`: nobody who is there may take some groups."""

    date: date
    opening: tuple[Stretch, ...]
    gaps: tuple[Stretch, ...]
    unskilled: tuple[GroupGap, ...] = ()

    @property
    def is_short(self) -> bool:
        return bool(self.gaps or self.unskilled)

    @property
    def first_lack(self) -> Stretch:
        """The earliest; of a day that is short."""
        return min([*self.gaps, *(each.stretch for each in self.unskilled)])


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day."""

    date: date
    shifts: tuple[RosterShift, ...]
    is_away: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One person's week, day by day."""

    account: StaffAccount
    days: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    absences: tuple[RosterAbsence, ...]

    @property
    def shifts(self) -> list[RosterShift]:
        """All that count: of people with access who are not away."""
        return [shift for row in self.rows for cell in row.days if not cell.is_away for shift in cell.shifts]


def people_of(outlet_id: UUID) -> list[StaffAccount]:
    """Who works at an outlet now, by name."""
    found = StaffAccount.objects.filter(outlet_id=outlet_id, role__in=OUTLET_ROLES, is_active=True)
    return list(found.order_by("display_name", "id"))


def week_of(outlet: Outlet, monday: date) -> Week:
    """Seven days from `monday` on; `outlet` as `agents.queries.outlets` loads it.

    Who has left, is away or has no access on a day covers nothing.
    """
    days = [monday + timedelta(days=number) for number in range(7)]
    people = people_of(outlet.id)
    known = {person.id: person for person in people}
    shifts = [each for each in RosterShift.objects.filter(outlet=outlet, date__range=(days[0], days[-1])).order_by(
        "begins") if each.account_id in known and known[each.account_id].has_access(each.date)]
    absences = absences_of([outlet.id], days[0], days[-1])
    rows = tuple(Row(person, tuple(_cell(person, day, shifts, absences) for day in days)) for person in people)
    there = [(known[each.account_id], each) for each in shifts if not is_away(absences, each.account_id, each.date)]
    spans, skills = hours_of([outlet.id]).get(outlet.id, ()), skills_of(known, days[0])
    told = tuple(day_of(outlet, day, spans, there, skills) for day in days)
    return Week(told, rows, tuple(each for each in absences if each.account_id in known))


def _cell(person: StaffAccount, day: date, shifts: Iterable[RosterShift], absences: Iterable[RosterAbsence]) -> Cell:
    hers = tuple(each for each in shifts if each.account_id == person.id and each.date == day)
    return Cell(day, hers, is_away(absences, person.id, day))


def day_of(outlet: Outlet, day: date, spans: Sequence[Span], there: Iterable[tuple[StaffAccount, RosterShift]],
           skills: Skills) -> Day:
    """A day with its opening hours, as holidays and the outlet's own days leave them, and what is lacking."""
    opening = opening_on(outlet.id, day, spans)
    present = [(person, shift.stretch) for person, shift in there if shift.date == day]
    nobody = gaps(opening, [stretch for _, stretch in present])
    unskilled = group_gaps(day, gaps(opening, nobody), present, offer_of(outlet_info(outlet), day), skills)
    return Day(day, opening, tuple(nobody), tuple(unskilled))


def opening_on(outlet_id: UUID, day: date, spans: Sequence[Span]) -> tuple[Stretch, ...]:
    return tuple(Stretch(span.opens, span.closes) for span in spans_of(day, spans, site_calendar(outlet_id)))


def hours_of(outlet_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Span]]:
    """The weekly opening hours of outlets."""
    found: dict[UUID, list[Span]] = {}
    for row in OpeningHours.objects.filter(outlet__in=outlet_ids):
        found.setdefault(row.outlet_id, []).append(Span(row.weekday, row.opens, row.closes))
    return found


def absences_of(outlet_ids: Collection[UUID], first: date, last: date) -> list[RosterAbsence]:
    """Those that touch the days from `first` to `last`, by their beginning, each with its person."""
    found = RosterAbsence.objects.filter(outlet__in=outlet_ids, from_date__lte=last, until_date__gt=first)
    return list(found.select_related("account").order_by("from_date", "id"))


def is_away(absences: Iterable[RosterAbsence], account_id: UUID, day: date) -> bool:
    return any(each.account_id == account_id and each.from_date <= day < each.until_date for each in absences)


def swaps_seen_by(actor: Actor) -> QuerySet[RosterSwap]:
    """Those of the outlets within sight, each with its shift and both people."""
    return RosterSwap.objects.filter(outlet__in=outlets_seen_by(actor).values("id")).select_related(
        "shift", "asked_by", "asked_of")


def open_swaps(actor: Actor, outlet_id: UUID) -> list[RosterSwap]:
    return list(swaps_seen_by(actor).filter(outlet_id=outlet_id, state=SwapState.ASKED).order_by(
        "shift__date", "shift__begins", "id"))


def shifts_to_give(account_id: UUID, outlet_id: UUID, now: datetime) -> list[RosterShift]:
    """One's own shifts that have not begun and that one has asked nobody to take."""
    moment = local(now)
    hers = RosterShift.objects.filter(account_id=account_id, outlet_id=outlet_id, date__gte=moment.date()).exclude(
        swaps__state=SwapState.ASKED).order_by("date", "begins")
    return [each for each in hers[:60] if (each.date, each.begins) > (moment.date(), moment.time())]

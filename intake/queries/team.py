"""A centre's people: what each has in hand, who is away, who stands in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import FETCH_RAISE, Count, F, Q, QuerySet

from agents import public as agents
from intake.models.desk import Absence
from intake.models.dossiers import Dossier
from intake.rules import clock
from intake.rules.states import PAUSED, RUNNING
from shared.actors import Actor
from shared.calendar import local
from shared.roles import Role
from shared.working_days import work_calendar

DAYS: Final = 14
OPEN: Final = sorted(RUNNING | PAUSED)


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer has in hand. `near` and `late` are among `running`."""

    id: UUID | None
    name: str
    is_manager: bool
    running: int
    near: int
    late: int
    paused: int
    away: Absence | None
    """The absence in force today."""

    @property
    def share_late(self) -> int:
        """Per hundred running; 0 without any."""
        return self.late * 100 // self.running if self.running else 0


@dataclass(frozen=True, slots=True)
class CalendarDay:
    day: date
    is_working: bool
    state: str
    """Empty, "away" (uncovered) or "covered"."""
    cover: str


@dataclass(frozen=True, slots=True)
class CalendarRow:
    id: UUID
    name: str
    days: tuple[CalendarDay, ...]


def team_load(actor: Actor, *, now: datetime) -> list[Load]:
    """Everybody of the actor's centre, the most loaded first, and what nobody has; three statements."""
    if actor.centre_id is None:
        return []
    near_until = clock.nearing_from(now, work_calendar())
    running = Q(handling__in=RUNNING)
    # The officer's own index: her dossiers wherever they were received.
    here = Q(receiving_centre_id=actor.centre_id) | Q(authority_centre_id=actor.centre_id)
    rows: Any = Dossier.objects.filter(here, handling__in=OPEN).order_by().values("officer_id").annotate(
        running=Count("id", filter=running), late=Count("id", filter=running & Q(due_at__lt=now)),
        near=Count("id", filter=running & Q(due_at__gte=now, due_at__lte=near_until)),
        paused=Count("id", filter=Q(handling__in=PAUSED)))
    by_officer: dict[UUID | None, dict[str, int]] = {row["officer_id"]: row for row in rows}
    absent = {absence.officer_id: absence for absence in absences(actor, local(now).date(), local(now).date())}
    staff = agents.staff_of_centre(actor.centre_id)
    loads = [_load(person.id, person.name, person.role == Role.CENTRE_MANAGER, by_officer, absent) for person in staff]
    loads.sort(key=lambda load: (-load.late, -load.near, -load.running, load.name))
    nobody = _load(None, "", False, by_officer, absent)
    return [*loads, nobody] if nobody.running or nobody.paused else loads


def _load(officer_id: UUID | None, name: str, is_manager: bool, by_officer: dict[UUID | None, dict[str, int]],  # noqa: FBT001
          absent: dict[UUID, Absence]) -> Load:
    row = by_officer.get(officer_id, {})
    away = absent.get(officer_id) if officer_id is not None else None
    return Load(officer_id, name, is_manager, row.get("running", 0), row.get("near", 0), row.get("late", 0),
                row.get("paused", 0), away)


def absences(actor: Actor, first: date, last: date) -> QuerySet[Absence]:
    """Absences of the actor's centre that touch these days, with both names."""
    if actor.centre_id is None:
        return Absence.objects.none()
    planned = Absence.objects.filter(centre_id=actor.centre_id, cancelled_at=None, from_day__lte=last,
                                     until_day__gte=first)
    return planned.annotate(officer_name=F("officer__display_name"), cover_name=F("covered_by__display_name")).order_by(
        "from_day", "id").fetch_mode(FETCH_RAISE)


def calendar(actor: Actor, first: date) -> list[CalendarRow]:
    """Two weeks of everybody, from `first` on; two statements."""
    if actor.centre_id is None:
        return []
    work, days = work_calendar(), [first + timedelta(days=n) for n in range(DAYS)]
    planned: dict[UUID, list[Absence]] = {}
    for absence in absences(actor, days[0], days[-1]):
        planned.setdefault(absence.officer_id, []).append(absence)
    return [CalendarRow(person.id, person.name, tuple(
        _day(day, work.is_working(day), planned.get(person.id, [])) for day in days))
        for person in agents.staff_of_centre(actor.centre_id)]


def _day(day: date, is_working: bool, planned: list[Absence]) -> CalendarDay:  # noqa: FBT001
    absence = next((each for each in planned if each.from_day <= day <= each.until_day), None)
    if absence is None:
        return CalendarDay(day, is_working, "", "")
    cover = str(getattr(absence, "cover_name", "") or "")
    return CalendarDay(day, is_working, "covered" if cover else "away", cover)

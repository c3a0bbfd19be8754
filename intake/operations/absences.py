"""An officer is away: who stands in for her, or whose work it is to find somebody."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.errors import AbsenceNotFound, AbsenceRefused, OnlyTheManager
from intake.models.desk import Absence
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.calendar import at_local, local
from shared.errors import ErrorCollector
from shared.roles import Role
from shared.transactions import operation

UNCOVERED: Final = "absence-uncovered"
LONGEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class AbsenceInput:
    """`until_day` is the last day away; without `covered_by` the manager places the dossiers."""

    officer_id: UUID
    from_day: date
    until_day: date
    covered_by: UUID | None = None
    note: str = ""


@operation
def plan_absence(absence: AbsenceInput, *, by: Actor, at: datetime) -> Absence:
    """Say that an officer will be away. Her manager says so, or she herself.

    Raises:
        OnlyTheManager: it is about somebody else.
        AbsenceRefused: the days or the people cannot be, or she is away then already.
    """
    if by.centre_id is None or (str(absence.officer_id) != by.id and not _manages(by)):
        raise OnlyTheManager
    _check(absence, by, at)
    try:
        with transaction.atomic():
            made = Absence.objects.create(
                centre_id=by.centre_id, officer_id=absence.officer_id, covered_by_id=absence.covered_by,
                from_day=absence.from_day, until_day=absence.until_day, note=absence.note, planned_by=by.id,
                planned_at=at)
    except IntegrityError as error:
        wrong = ErrorCollector()
        wrong.add("/from_day", "away-already", _("She is away on some of these days already."))
        raise AbsenceRefused(errors=tuple(wrong.errors)) from error
    if absence.covered_by is None:
        _ask_manager(made, at)
    audit.record(actor=by, action="absence.plan", object_type="absence", object_id=made.id, at=at,
                 after={"officer": str(absence.officer_id), "covered_by": str(absence.covered_by or ""),
                        "from": absence.from_day.isoformat(), "until": absence.until_day.isoformat()})
    return made


@operation
def name_cover(*, absence_id: UUID, covered_by: UUID, by: Actor, at: datetime) -> Absence:
    """Say who stands in; the manager's work item is settled with it.

    Raises:
        AbsenceNotFound: none of this centre, or cancelled.
        OnlyTheManager, AbsenceRefused: as for `plan_absence`.
    """
    absence = _locked(absence_id, by)
    before = absence.covered_by_id
    _check(AbsenceInput(absence.officer_id, absence.from_day, absence.until_day, covered_by), by, at, is_new=False)
    absence.covered_by_id = covered_by
    absence.save(update_fields=["covered_by"])
    work.close_item(kind=UNCOVERED, reference=str(absence.id), by=by.id, at=at, outcome="covered")
    audit.record(actor=by, action="absence.cover", object_type="absence", object_id=absence.id, at=at,
                 before={"covered_by": str(before or "")}, after={"covered_by": str(covered_by)})
    return absence


@operation
def cancel_absence(*, absence_id: UUID, by: Actor, at: datetime) -> Absence:
    """She is not away after all, or is back; who stood in does so no longer. Doing it again changes nothing.

    Raises:
        AbsenceNotFound, OnlyTheManager: as above.
    """
    absence = _locked(absence_id, by)
    absence.cancelled_at = at
    absence.save(update_fields=["cancelled_at"])
    work.close_item(kind=UNCOVERED, reference=str(absence.id), by=by.id, at=at, outcome="cancelled")
    audit.record(actor=by, action="absence.cancel", object_type="absence", object_id=absence.id, at=at)
    return absence


def _locked(absence_id: UUID, by: Actor) -> Absence:
    if by.centre_id is None:
        raise AbsenceNotFound
    planned = Absence.objects.select_for_update().filter(centre_id=by.centre_id, cancelled_at=None, id=absence_id)
    absence = planned.first()
    if absence is None:
        raise AbsenceNotFound
    if str(absence.officer_id) != by.id and not _manages(by):
        raise OnlyTheManager
    return absence


def _manages(by: Actor) -> bool:
    return by.role == Role.CENTRE_MANAGER or by.kind == ActorKind.MACHINE


def _check(absence: AbsenceInput, by: Actor, at: datetime, *, is_new: bool = True) -> None:
    wrong = ErrorCollector()
    staff = {person.id for person in agents.staff_of_centre(by.centre_id)} if by.centre_id is not None else set()
    if absence.officer_id not in staff:
        wrong.add("/officer_id", "unknown-officer", _("Nobody of this centre; choose a colleague from the list."))
    if absence.covered_by is not None and absence.covered_by not in staff:
        wrong.add("/covered_by", "unknown-officer", _("Nobody of this centre; choose a colleague from the list."))
    if absence.covered_by == absence.officer_id:
        wrong.add("/covered_by", "same-officer", _("Somebody else has to stand in for her."))
    elif absence.covered_by is not None and _is_away(absence):
        wrong.add("/covered_by", "away", _("She is away on some of these days herself."))
    if absence.until_day < absence.from_day:
        wrong.add("/until_day", "period", _("The last day comes after the first."))
    elif (absence.until_day - absence.from_day).days > LONGEST_DAYS:
        wrong.add("/until_day", "too-long", _("Longer than a year: give the account's role to somebody else."))
    if is_new and absence.until_day < local(at).date():
        wrong.add("/until_day", "in-the-past", _("This day is past already."))
    wrong.raise_if_any(AbsenceRefused)


def _is_away(absence: AbsenceInput) -> bool:
    """Whether who should stand in is away in that time herself."""
    hers = Absence.objects.filter(officer_id=absence.covered_by, cancelled_at=None)
    return hers.filter(from_day__lte=absence.until_day, until_day__gte=absence.from_day).exists()


def _ask_manager(absence: Absence, at: datetime) -> None:
    """Nobody stands in: the manager finds somebody before the first day begins."""
    due_at = max(at_local(absence.from_day, time(8)), at)
    work.open_item(kind=UNCOVERED, reference=str(absence.id), owner_role=Role.CENTRE_MANAGER,
                   owner_place=agents.get_centre(absence.centre_id).agency_code, at=at, due_at=due_at,
                   detail={"officer": str(absence.officer_id), "from": absence.from_day.isoformat()})

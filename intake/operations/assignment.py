"""Whose a dossier is at its centre: claimed, assigned, passed on, released. Nobody's work is lost on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from agents import public as agents
from intake.covering import absences_on, covered_officer
from intake.errors import DecisionRefused, NotYourDossier, OnlyTheManager
from intake.models.dossiers import Dossier, DossierStep
from intake.operations import desk
from intake.rules.states import PAUSED, RUNNING
from shared import audit
from shared.actors import Actor, ActorKind, job
from shared.calendar import local
from shared.errors import FieldError
from shared.formatting import full_day
from shared.models.oversight import WorkItem
from shared.problems import told
from shared.roles import Role
from shared.transactions import operation
from shared.working_days import work_calendar

OPEN: Final = RUNNING | PAUSED
WITHOUT_OFFICER: Final = "without-officer"
RETURNER: Final = job("return-dossiers")


@operation
def claim(*, dossier_id: UUID, by: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Take the dossier over; claiming one's own again changes nothing.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        DecisionRefused: a machine cannot take it over.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    officer_id = desk.officer_id(by)
    if officer_id is None:
        raise _refused("not-a-person", _("Only a person can take it over."))
    if dossier.officer_id != officer_id:
        _give(dossier, officer_id, by.name, "assign", by=by, at=at)
    return dossier


@operation
def assign(*, dossier_id: UUID, officer_id: UUID, by: Actor, at: datetime, note: str = "",
           version: int | None = None) -> Dossier:
    """Give the dossier to an officer of the centre: the manager's act, or the centre's own system's.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        OnlyTheManager: an officer hands her own on instead.
        DecisionRefused: nobody of the centre has this id, or she is away and nobody stands in for her.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    _must_place(by)
    officer = _colleague(officer_id, by, at)
    if dossier.officer_id != officer_id:
        _give(dossier, officer_id, officer.name, "assign", by=by, at=at, note=note)
    return dossier


@operation
def pass_on(*, dossier_id: UUID, officer_id: UUID, note: str, by: Actor, at: datetime,
            version: int | None = None) -> Dossier:
    """Hand the dossier to a colleague with a word on where it stands.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        NotYourDossier: it is another's, and `by` neither stands in for her nor manages the centre.
        DecisionRefused: no note, an unknown colleague, or herself.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    _must_hold(dossier, by, at)
    if not note.strip():
        raise DecisionRefused(errors=(FieldError("/note", "missing", _("Say where it stands.")),))
    officer = _colleague(officer_id, by, at)
    if dossier.officer_id == officer_id:
        raise _refused("same-officer", _("She is its officer already."))
    _give(dossier, officer_id, officer.name, "pass_on", by=by, at=at, note=note)
    return dossier


@operation
def release(*, dossier_id: UUID, by: Actor, at: datetime, note: str = "", version: int | None = None) -> Dossier:
    """Put the dossier back into the team's queue; the manager answers for it until somebody takes it.

    Raises:
        DossierNotFound, DossierChanged, NotYourCentre: as for every act of a centre.
        NotYourDossier: it is another's, and `by` neither stands in for her nor manages the centre.
    """
    dossier = desk.locked(dossier_id, by=by, version=version)
    desk.must_be_centre(dossier, by)
    _must_hold(dossier, by, at)
    before, dossier_officer = dossier.officer_id, covered_officer(dossier.officer_id, by=by, at=at)
    dossier.officer_id = None
    desk.note_step(dossier, "release", by=by, at=at, note=note[:500], data={"before": str(before)}, also=("officer",),
                   covered=dossier_officer)
    _tell_manager([dossier], at)
    return dossier


# --- many at once ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dossier as it stood in the list that it was ticked in."""

    dossier_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Placed:
    """`changed`: those that somebody else touched in the meantime; they are left as they are."""

    done: tuple[UUID, ...]
    changed: tuple[UUID, ...]


@operation
def assign_many(*, chosen: Sequence[Chosen], officer_id: UUID, by: Actor, at: datetime, note: str = "") -> Placed:
    """Give several open dossiers to one officer, in one statement each; one that has changed stops no other.

    Raises:
        OnlyTheManager, DecisionRefused: as for `assign`; also when none is chosen.
    """
    _must_place(by)
    if not chosen:
        raise DecisionRefused(errors=(FieldError("/dossiers", "missing", _("Tick the dossiers first.")),))
    officer = _colleague(officer_id, by, at)
    versions = {each.dossier_id: each.version for each in chosen}
    scope = Dossier.objects.seen_by(by).filter(id__in=versions, handling__in=OPEN)
    rows = list(scope.select_for_update(of=("self",)).order_by("id"))
    same = [dossier for dossier in rows if dossier.version == versions[dossier.id]]
    _move_many(Dossier.objects.filter(id__in=[dossier.id for dossier in same]), same, officer_id, officer.name,
               "assign", by=by, at=at, note=note)
    done = {dossier.id for dossier in same}
    return Placed(tuple(done), tuple(each.dossier_id for each in chosen if each.dossier_id not in done))


@operation
def return_dossiers_of(*, officer_id: UUID, at: datetime, by: Actor = RETURNER) -> int:
    """An officer has left: what was hers is the team's again, and its manager's to place. Safe to tell twice.

    Returns how many returned.
    """
    hers = Dossier.objects.filter(officer_id=officer_id, handling__in=OPEN)
    rows = list(hers.select_for_update(of=("self",)).order_by("id"))
    _move_many(hers, rows, None, "", "release", by=by, at=at, note="")
    _tell_manager(rows, at)
    return len(rows)


def _move_many(scope: QuerySet[Dossier], rows: Sequence[Dossier], officer_id: UUID | None, name: str, action: str, *,
               by: Actor, at: datetime, note: str) -> None:
    before = {dossier.id: str(dossier.officer_id or "") for dossier in rows}
    scope.update(officer_id=officer_id, version=F("version") + 1)
    data = {"officer": str(officer_id or ""), "to_name": name}
    DossierStep.objects.bulk_create([
        DossierStep(dossier=dossier, machine="handling", action=action, from_state=str(dossier.handling),
                    to_state=str(dossier.handling), at=at, actor_kind=by.kind, actor_id=by.id, actor_name=by.name,
                    note=note[:500], data=data | {"before": before[dossier.id]}) for dossier in rows])
    if rows:
        audit.record_all([audit.Entry(by, f"dossier.{action}", "dossier", dossier.id, at,
                                      {"officer": before[dossier.id]}, {"officer": data["officer"]}, note)
                          for dossier in rows])
    if officer_id is not None:
        _settle([str(dossier.id) for dossier in rows], by, at)


# --- the rules of the house -----------------------------------------------------------------------------------------


def _give(dossier: Dossier, officer_id: UUID, name: str, action: str, *, by: Actor, at: datetime,
          note: str = "") -> None:
    before, covered = dossier.officer_id, covered_officer(dossier.officer_id, by=by, at=at)
    dossier.officer_id = officer_id
    desk.note_step(dossier, action, by=by, at=at, note=note[:500], also=("officer",), covered=covered,
                   data={"officer": str(officer_id), "to_name": name, "before": str(before or "")})
    _settle([str(dossier.id)], by, at)


def _must_place(by: Actor) -> None:
    is_system = by.kind == ActorKind.MACHINE and by.centre_id is not None
    if by.role != Role.CENTRE_MANAGER and not is_system:
        raise OnlyTheManager


def _must_hold(dossier: Dossier, by: Actor, at: datetime) -> None:
    """It is hers, she stands in for its officer, or she manages the centre (a centre's system acts for all)."""
    if by.role == Role.CENTRE_MANAGER or by.kind == ActorKind.MACHINE or str(dossier.officer_id) == by.id:
        return
    if covered_officer(dossier.officer_id, by=by, at=at) is None:
        raise NotYourDossier


def _colleague(officer_id: UUID, by: Actor, at: datetime) -> agents.ColleagueInfo:
    staff = agents.staff_of_centre(by.centre_id) if by.centre_id is not None else []
    officer = next((each for each in staff if each.id == officer_id), None)
    if officer is None:
        raise _refused("unknown-officer", _("Nobody of this centre; choose a colleague from the list."))
    away = absences_on(local(at).date()).filter(officer_id=officer_id, covered_by=None).first()
    if away is not None:
        raise _refused("away", told(_("{name} is away until {day} and nobody stands in for her."), name=officer.name,
                                    day=full_day(away.until_day)))
    return officer


def _refused(code: str, words: object) -> DecisionRefused:
    return DecisionRefused(errors=(FieldError("/officer_id", code, words),))  # type: ignore[arg-type]


def _tell_manager(dossiers: Iterable[Dossier], at: datetime) -> None:
    """Each is the manager's until an officer has it; the same item that the sweep would open."""
    centres = {dossier.authority_centre_id or dossier.receiving_centre_id for dossier in dossiers}
    codes: dict[UUID | None, str] = {each: agents.get_centre(each).agency_code for each in centres if each is not None}
    due_at = work_calendar().add_working_minutes(at, 60)
    WorkItem.objects.bulk_create([
        WorkItem(kind=WITHOUT_OFFICER, reference=str(dossier.id), owner_role=Role.CENTRE_MANAGER,
                 owner_place=codes.get(dossier.authority_centre_id or dossier.receiving_centre_id, ""), opened_at=at,
                 due_at=due_at, detail={"agent_ref": dossier.agent_ref, "province": dossier.province_code})
        for dossier in dossiers], ignore_conflicts=True)


def _settle(references: Sequence[str], by: Actor, at: datetime) -> None:
    WorkItem.objects.filter(kind=WITHOUT_OFFICER, reference__in=references, closed_at=None).update(
        closed_at=at, closed_by=by.id[:80], outcome="assigned")



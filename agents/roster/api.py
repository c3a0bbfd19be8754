"""Rosters through the API."""

from datetime import date, time
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.errors import OutletNotFound
from agents.roster import absences, operations
from agents.roster.models import RosterShift
from agents.roster.queries import Week, open_swaps, week_of
from agents.roster.rules import monday_of
from agents.scope import outlets_seen_by
from shared.api import Asked, In, Out, WardpostRequest, idempotent
from shared.roles import Role

router = Router(tags=["people"])
READS = allow(roles={Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR},
              scopes={"network:read"})
MAKES = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ})
WORKS = allow(roles={Role.OUTLET_CLERK, Role.OUTLET_MANAGER})
SAYS_AWAY = allow(roles={Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ})
_REACH_DAYS: Final = 400


class RosterStretchOut(Out):
    begins: time
    ends: time


class RosterShiftOut(Out):
    id: UUID
    account_id: UUID
    date: date
    begins: time
    ends: time


class RosterGroupGapOut(Out):
    stretch: RosterStretchOut
    groups: list[str]


class RosterDayOut(Out):
    date: date
    opening: list[RosterStretchOut]
    gaps: list[RosterStretchOut] = Field(description="Opening hours that nobody covers.")
    unskilled: list[RosterGroupGapOut] = Field(
        description="Hours in which nobody who is there may take dossiers of these procedure groups.")


class RosterAbsenceOut(Out):
    id: UUID
    account_id: UUID
    from_date: date
    until_date: date = Field(description="The first day back.")


class RosterSwapOut(Out):
    id: UUID
    shift_id: UUID
    asked_by_id: UUID
    asked_of_id: UUID
    state: str


class RosterOut(Out):
    days: list[RosterDayOut]
    shifts: list[RosterShiftOut] = Field(description="Also of people who are away; those cover nothing.")
    absences: list[RosterAbsenceOut]
    swaps: list[RosterSwapOut] = Field(description="Questions that nobody has answered yet.")


class RosterAsked(Asked):
    day: date | None = Field(default=None, description="A day of the week asked for; left out: this week.")


def _roster(week: Week) -> dict[str, Any]:
    shifts = [shift for row in week.rows for cell in row.days for shift in cell.shifts]
    return {"days": list(week.days), "shifts": shifts, "absences": list(week.absences)}


@router.get("/outlets/{uuid:outlet_id}/roster", response=RosterOut, auth=READS, summary="An outlet's week")
def roster(request: WardpostRequest, outlet_id: UUID, asked: Query[RosterAsked]) -> Any:
    """Who works when, and which opening hours nobody covers."""
    outlet, today = outlets_seen_by(request.actor).filter(id=outlet_id).first(), timezone.localdate()
    if outlet is None:
        raise OutletNotFound
    day = asked.day if asked.day is not None and abs((asked.day - today).days) <= _REACH_DAYS else today
    return _roster(week_of(outlet, monday_of(day))) | {"swaps": open_swaps(request.actor, outlet.id)}


class RosterShiftsIn(In):
    account_id: UUID
    days: Annotated[list[date], Field(max_length=31)]
    begins: time
    ends: time


class RosterShiftsOut(Out):
    items: list[RosterShiftOut]


def _items(shifts: list[RosterShift]) -> dict[str, Any]:
    return {"items": shifts}


@router.post("/outlets/{uuid:outlet_id}/roster-shifts", response={201: RosterShiftsOut}, auth=MAKES,
             summary="Put a person into the roster")
def add_shifts(request: WardpostRequest, outlet_id: UUID, body: RosterShiftsIn) -> HttpResponse:
    """The same hours on several days."""
    return idempotent(request, status=201, schema=RosterShiftsOut, present=_items, call=lambda: operations.add_shifts(
        outlet_id=outlet_id, account_id=body.account_id, days=body.days, begins=body.begins.replace(tzinfo=None),
        ends=body.ends.replace(tzinfo=None), by=request.actor, at=timezone.now()))


@router.delete("/roster-shifts/{uuid:shift_id}", response=RosterShiftOut, auth=MAKES,
               summary="Take a shift out of the roster")
def remove_shift(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """The plan forgets it; the audit does not."""
    return idempotent(request, status=200, schema=RosterShiftOut, call=lambda: operations.remove_shift(
        shift_id=shift_id, by=request.actor, at=timezone.now()))


class RosterAbsenceIn(In):
    account_id: UUID
    from_date: date
    until_date: date = Field(description="The first day back.")


@router.post("/roster-absences", response={201: RosterAbsenceOut}, auth=SAYS_AWAY, summary="Say that somebody is away")
def set_absence(request: WardpostRequest, body: RosterAbsenceIn) -> HttpResponse:
    """Of oneself, or of one's people: their shifts stay in the plan and cover nothing."""
    return idempotent(request, status=201, schema=RosterAbsenceOut, call=lambda: absences.set_absence(
        by=request.actor, at=timezone.now(), **body.model_dump()))


@router.delete("/roster-absences/{uuid:absence_id}", response=RosterAbsenceOut, auth=SAYS_AWAY,
               summary="End an absence")
def end_absence(request: WardpostRequest, absence_id: UUID) -> HttpResponse:
    """One that has begun ends today; one that has not is taken out."""
    return idempotent(request, status=200, schema=RosterAbsenceOut, call=lambda: absences.end_absence(
        absence_id=absence_id, by=request.actor, at=timezone.now()))


class RosterSwapIn(In):
    colleague_id: UUID


@router.post("/roster-shifts/{uuid:shift_id}/swaps", response={201: RosterSwapOut}, auth=WORKS,
             summary="Ask a colleague to take one's shift")
def ask_swap(request: WardpostRequest, shift_id: UUID, body: RosterSwapIn) -> HttpResponse:
    """The shift stays one's own until she says yes."""
    return idempotent(request, status=201, schema=RosterSwapOut, call=lambda: absences.ask_swap(
        shift_id=shift_id, colleague_id=body.colleague_id, by=request.actor, at=timezone.now()))


class RosterAnswerIn(In):
    takes: bool = Field(description="False: who was asked declines, or who asked takes the question back.")


@router.post("/roster-swaps/{uuid:swap_id}/answers", response={201: RosterSwapOut}, auth=WORKS,
             summary="Answer a colleague who asks for a swap")
def answer_swap(request: WardpostRequest, swap_id: UUID, body: RosterAnswerIn) -> HttpResponse:
    """With a yes the shift is hers who was asked."""
    settle = absences.take_shift if body.takes else absences.answer_no
    return idempotent(request, status=201, schema=RosterSwapOut, call=lambda: settle(
        swap_id=swap_id, by=request.actor, at=timezone.now()))

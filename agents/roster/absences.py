"""Being away, and asking a colleague to take a shift."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.models.people import StaffAccount
from agents.roster.errors import (
    AbsenceNotFound,
    InvalidAbsence,
    NotYourRoster,
    ShiftNotFound,
    SwapNotFound,
    SwapNotPossible,
    SwapOver,
)
from agents.roster.models import RosterAbsence, RosterShift, RosterSwap
from agents.roster.operations import MAKERS, check_person
from agents.roster.queries import swaps_seen_by
from agents.roster.rules import LONGEST_ABSENCE, PLANNED_AHEAD, SwapState, SwapStep
from agents.scope import outlets_seen_by
from shared.actors import Actor
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import OUTLET_ROLES
from shared.transactions import operation


@operation
def set_absence(*, account_id: UUID, from_date: date, until_date: date, by: Actor, at: datetime) -> RosterAbsence:
    """Say that somebody is away from a local day until another, the first one back. Her shifts stay and cover nothing.

    Everybody says so of herself; a manager and headquarters of their people.

    Raises:
        AbsenceNotFound: nobody like this works within sight.
        NotYourRoster: a colleague's absence is not hers to enter.
        InvalidAbsence: the days need correcting.
    """
    person = StaffAccount.objects.select_for_update(of=("self",)).filter(
        id=account_id, role__in=OUTLET_ROLES, is_active=True, outlet__in=outlets_seen_by(by).values("id")).first()
    if person is None or person.outlet_id is None:
        raise AbsenceNotFound
    _must_be_hers(person.id, by)
    _check_days(person, from_date, until_date, at)
    absence = RosterAbsence.objects.create(outlet_id=person.outlet_id, account=person, from_date=from_date,
                                           until_date=until_date, set_at=at, set_by_name=by.name[:120])
    record(actor=by, action="roster.absence", object_type="staff_account", object_id=person.id, at=at,
           after={"from": from_date.isoformat(), "until": until_date.isoformat()})
    return absence


def _must_be_hers(account_id: UUID, by: Actor) -> None:
    if by.role not in MAKERS and by.id != str(account_id):
        raise NotYourRoster


def _check_days(person: StaffAccount, from_date: date, until_date: date, at: datetime) -> None:
    today, wrong = local(at).date(), ErrorCollector()
    if not today <= from_date <= today + PLANNED_AHEAD:
        wrong.add("/from_date", "out-of-range", _("Name a first day from today on, at most three months away."))
    if not timedelta() < until_date - from_date <= LONGEST_ABSENCE:
        wrong.add("/until_date", "out-of-range", _("The last day lies after the first one, at most three months."))
    elif RosterAbsence.objects.filter(account=person, from_date__lt=until_date, until_date__gt=from_date).exists():
        wrong.add("/from_date", "overlaps", _("For some of these days an absence stands there already."))
    wrong.raise_if_any(InvalidAbsence)


@operation
def end_absence(*, absence_id: UUID, by: Actor, at: datetime) -> RosterAbsence:
    """Take an absence out; one that has begun ends today, as its days are past. Raises AbsenceNotFound, NotYourRoster.

    Returns the absence as it stood.
    """
    absence = RosterAbsence.objects.select_for_update(of=("self",)).filter(
        id=absence_id, outlet__in=outlets_seen_by(by).values("id"), until_date__gt=local(at).date()).first()
    if absence is None:
        raise AbsenceNotFound
    _must_be_hers(absence.account_id, by)
    today = local(at).date()
    if absence.from_date < today:
        RosterAbsence.objects.filter(id=absence.id).update(until_date=today)
    else:
        RosterAbsence.objects.filter(id=absence.id).delete()
    record(actor=by, action="roster.end_absence", object_type="staff_account", object_id=absence.account_id, at=at,
           before={"from": absence.from_date.isoformat(), "until": absence.until_date.isoformat()})
    return absence


@operation
def ask_swap(*, shift_id: UUID, colleague_id: UUID, by: Actor, at: datetime) -> RosterSwap:
    """Ask a colleague of the same outlet to take a shift of one's own.

    Raises:
        ShiftNotFound: not one's own shift.
        SwapOver: it has begun, or somebody is asked already.
        SwapNotPossible: the colleague is away, has a shift then or works elsewhere.
    """
    shift = RosterShift.objects.select_for_update(of=("self",)).filter(
        id=shift_id, account_id=UUID(by.id), outlet__in=outlets_seen_by(by).values("id")).first()
    if shift is None:
        raise ShiftNotFound
    if _has_begun(shift, at) or shift.swaps.filter(state=SwapState.ASKED).exists():
        raise SwapOver
    colleague = _who_can(colleague_id, shift)
    swap = RosterSwap.objects.create(outlet_id=shift.outlet_id, shift=shift, asked_by_id=shift.account_id,
                                     asked_of=colleague, asked_at=at)
    record(actor=by, action="roster.ask_swap", object_type="roster_shift", object_id=shift.id, at=at,
           after={"colleague": str(colleague.id)})
    return swap


@operation
def take_shift(*, swap_id: UUID, by: Actor, at: datetime) -> RosterSwap:
    """Say yes: the shift is hers who was asked.

    Raises:
        SwapNotFound: nobody asked her this.
        SwapOver, SwapNotPossible: as `ask_swap`.
    """
    swap = _asked(swap_id, by)
    shift = RosterShift.objects.select_for_update().get(id=swap.shift_id)
    if _has_begun(shift, at) or shift.account_id != swap.asked_by_id:
        raise SwapOver
    _settle(swap, SwapStep.TAKE, at)
    _who_can(swap.asked_of_id, shift)
    RosterShift.objects.filter(id=shift.id).update(account_id=swap.asked_of_id, set_at=at, set_by_name=by.name[:120])
    record(actor=by, action="roster.take_shift", object_type="roster_shift", object_id=shift.id, at=at,
           before={"account": str(swap.asked_by_id)}, after={"account": str(swap.asked_of_id)})
    return swap


@operation
def answer_no(*, swap_id: UUID, by: Actor, at: datetime) -> RosterSwap:
    """Who was asked declines; who asked takes the question back. Raises SwapNotFound, SwapOver."""
    swap = _asked(swap_id, by, also_asker=True)
    step = SwapStep.DECLINE if by.id == str(swap.asked_of_id) else SwapStep.WITHDRAW
    _settle(swap, step, at)
    record(actor=by, action=f"roster.swap_{step}", object_type="roster_shift", object_id=swap.shift_id, at=at)
    return swap


def _asked(swap_id: UUID, by: Actor, *, also_asker: bool = False) -> RosterSwap:
    swap = swaps_seen_by(by).select_for_update(of=("self",)).filter(id=swap_id).first()
    hers = set() if swap is None else {str(swap.asked_of_id)} | ({str(swap.asked_by_id)} if also_asker else set())
    if swap is None or by.id not in hers:
        raise SwapNotFound
    return swap


def _settle(swap: RosterSwap, step: SwapStep, at: datetime) -> None:
    swap.move(step)
    swap.ended_at = at
    swap.save(update_fields=["state", "ended_at"])


def _who_can(colleague_id: UUID, shift: RosterShift) -> StaffAccount:
    """The colleague, locked. Raises SwapNotPossible."""
    wrong, colleague = ErrorCollector(), StaffAccount.objects.select_for_update().filter(
        id=colleague_id, outlet_id=shift.outlet_id, role__in=OUTLET_ROLES, is_active=True).exclude(
        id=shift.account_id).first()
    if colleague is None:
        wrong.add("/colleague_id", "not-here", _("Nobody of this outlet is meant by this."))
    else:
        found = ErrorCollector()
        check_person(colleague, [shift.date], shift.stretch, found)
        if found.errors:
            wrong.add("/colleague_id", "cannot", _("She is away then, has a shift then or helps no longer."))
    wrong.raise_if_any(SwapNotPossible)
    assert colleague is not None  # noqa: S101  # refused above
    return colleague


def _has_begun(shift: RosterShift, at: datetime) -> bool:
    moment = local(at)
    return (shift.date, shift.begins) <= (moment.date(), moment.time())



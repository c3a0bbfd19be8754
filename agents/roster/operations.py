"""Making an outlet's roster."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.errors import OutletNotFound
from agents.models.organisations import Outlet
from agents.models.people import StaffAccount
from agents.roster.errors import InvalidShift, NotYourRoster, ShiftNotFound
from agents.roster.models import RosterShift
from agents.roster.queries import absences_of, hours_of, is_away, opening_on, people_of
from agents.roster.rules import PLANNED_AHEAD, Stretch, overlap
from agents.scope import outlets_seen_by
from shared.actors import Actor
from shared.audit import record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.roles import OUTLET_ROLES, Role
from shared.transactions import operation

MAKERS: Final = frozenset({Role.OUTLET_MANAGER, Role.OPERATOR_HQ})


@operation
def add_shifts(*, outlet_id: UUID, account_id: UUID, days: Iterable[date], begins: time, ends: time, by: Actor,
               at: datetime) -> list[RosterShift]:
    """Put a person into the roster for the same hours of several days.

    Raises:
        OutletNotFound, NotYourRoster: not hers to plan.
        InvalidShift: hours, days or person need correcting; nothing is put in then.
    """
    outlet = planned_outlet(outlet_id, by)
    wanted, stretch, wrong = sorted(set(days)), Stretch(begins, ends), ErrorCollector()
    person = StaffAccount.objects.select_for_update().filter(
        id=account_id, outlet=outlet, role__in=OUTLET_ROLES, is_active=True).first()
    if person is None:
        wrong.add("/account_id", "not-here", _("Nobody of this outlet is meant by this."))
    _check_hours(wanted, stretch, at, wrong)
    if person is not None:
        check_person(person, wanted, stretch, wrong)
    wrong.raise_if_any(InvalidShift)
    made = RosterShift.objects.bulk_create([RosterShift(
        outlet=outlet, account_id=account_id, date=day, begins=begins, ends=ends, set_at=at,
        set_by_name=by.name[:120]) for day in wanted])
    record(actor=by, action="roster.add", object_type="outlet", object_id=outlet.id, at=at,
           after={"account": str(account_id), "days": [day.isoformat() for day in wanted], "hours": str(stretch)})
    return made


def _check_hours(days: list[date], stretch: Stretch, at: datetime, wrong: ErrorCollector) -> None:
    if not days:
        wrong.add("/days", "required", _("Choose at least one day."))
    elif days[0] < local(at).date() or days[-1] > local(at).date() + PLANNED_AHEAD:
        wrong.add("/days", "out-of-range", _("A roster is made from today on, for three months at most."))
    if stretch.ends <= stretch.begins:
        wrong.add("/ends", "not-later", _("A shift ends later than it begins."))


def check_person(person: StaffAccount, days: list[date], stretch: Stretch, wrong: ErrorCollector) -> None:
    """Whether a person, locked by the caller, can be at the counter then."""
    if any(not person.has_access(day) for day in days):
        wrong.add("/days", "no-access", _("On one of these days the person helps out no longer."))
    taken = RosterShift.objects.filter(account=person, date__in=days)
    if any(overlap(stretch, each.stretch) for each in taken):
        wrong.add("/begins", "overlaps", _("On one of these days the person has a shift at this time already."))
    if days and person.outlet_id is not None:
        away = absences_of([person.outlet_id], days[0], days[-1])
        if any(is_away(away, person.id, day) for day in days):
            wrong.add("/days", "away", _("On one of these days the person is away."))


@operation
def remove_shift(*, shift_id: UUID, by: Actor, at: datetime) -> RosterShift:
    """Take a shift out of the roster. Raises ShiftNotFound, NotYourRoster."""
    shift = RosterShift.objects.select_for_update(of=("self",)).filter(
        id=shift_id, outlet__in=outlets_seen_by(by).values("id")).first()
    if shift is None:
        raise ShiftNotFound
    planned_outlet(shift.outlet_id, by)
    RosterShift.objects.filter(id=shift.id).delete()
    record(actor=by, action="roster.remove", object_type="outlet", object_id=shift.outlet_id, at=at,
           before={"account": str(shift.account_id), "day": shift.date.isoformat(), "hours": str(shift.stretch)})
    return shift


@operation
def copy_week(*, outlet_id: UUID, monday: date, by: Actor, at: datetime) -> int:
    """Put the shifts of the week before into the week of `monday`; returns how many.

    Left out: days that are past, closed or too far ahead, people who have left or are away, and what would overlap
    what stands there already.

    Raises:
        OutletNotFound, NotYourRoster: not hers to plan.
    """
    outlet = planned_outlet(outlet_id, by)
    week, people = timedelta(days=7), {person.id: person for person in people_of(outlet.id)}
    former = RosterShift.objects.filter(outlet=outlet, date__range=(monday - week, monday - timedelta(days=1)))
    there = list(RosterShift.objects.filter(account__in=people, date__range=(monday, monday + timedelta(days=6))))
    away = absences_of([outlet.id], monday, monday + timedelta(days=6))
    spans, today = hours_of([outlet.id]).get(outlet.id, ()), local(at).date()
    new: list[RosterShift] = []
    for each in former.order_by("date", "begins"):
        day, person = each.date + week, people.get(each.account_id)
        is_taken = any(overlap(each.stretch, other.stretch) for other in (*there, *new)
                       if other.account_id == each.account_id and other.date == day)
        if person is None or is_taken or not person.has_access(day) or is_away(away, person.id, day):
            continue
        if today <= day <= today + PLANNED_AHEAD and opening_on(outlet.id, day, spans):
            new.append(RosterShift(outlet=outlet, account=person, date=day, begins=each.begins, ends=each.ends,
                                   set_at=at, set_by_name=by.name[:120]))
    RosterShift.objects.bulk_create(new)
    record(actor=by, action="roster.copy_week", object_type="outlet", object_id=outlet.id, at=at,
           after={"monday": monday.isoformat(), "shifts": len(new)})
    return len(new)


def planned_outlet(outlet_id: UUID, by: Actor) -> Outlet:
    """Locked, so that two who plan follow one another. Raises OutletNotFound, NotYourRoster."""
    outlet = outlets_seen_by(by).select_for_update(of=("self",)).filter(id=outlet_id).first()
    if outlet is None:
        raise OutletNotFound
    if by.role not in MAKERS:
        raise NotYourRoster
    return outlet

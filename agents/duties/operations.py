"""Handing duties to a colleague, and taking them back."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents.duties.ending import count_anew
from agents.duties.errors import (
    DutyDelegationNotFound,
    DutyDelegationOver,
    InvalidDutyDelegation,
    NothingToDelegate,
)
from agents.duties.models import DutyDelegation
from agents.duties.queries import delegations_seen_by, may_receive
from agents.duties.rules import AHEAD, LONGEST, Duty, duties_of
from agents.models.people import StaffAccount
from agents.rules import may_grant
from agents.scope import accounts_seen_by
from shared.actors import Actor, ActorKind
from shared.audit import DELEGATION, record
from shared.calendar import local
from shared.errors import ErrorCollector
from shared.text import clean
from shared.transactions import operation


@operation
def give(*, giver_id: UUID, receiver_id: UUID, duties: Iterable[str], from_date: date, until_date: date, reason: str,
         by: Actor, at: datetime) -> DutyDelegation:
    """Hand duties to a colleague of the giver's place, from a local day until another, the first without.

    The giver does it herself, or who answers for her: somebody who has fallen ill hands on nothing.

    Raises:
        NothingToDelegate: not hers to hand on, or the role has none; what somebody stands in for is not hers.
        InvalidDutyDelegation: duties, colleague, days or reason need correcting.
    """
    giver = _giver(giver_id, by, local(at).date())
    today, wrong = local(at).date(), ErrorCollector()
    wanted = _known(duties, giver.role, wrong)
    _check_days(giver, from_date, until_date, today, wrong)
    # So that two hand-overs to her, or one and her leaving, do not pass each other.
    StaffAccount.objects.select_for_update().filter(id=receiver_id).first()
    _check_receiver(giver, receiver_id, wanted, (from_date, until_date), wrong)
    if not clean(reason):
        wrong.add("/reason", "required", _("Give a reason: both of you and the audit will read it."))
    receiver = next((each for each in may_receive(giver, wanted, today) if each.pk == receiver_id), None)
    if receiver is None and wanted:
        wrong.add("/receiver_id", "not-possible",
                  _("Choose a colleague of the same place whose role may take these duties."))
    wrong.raise_if_any(InvalidDutyDelegation)
    given = DutyDelegation.objects.create(
        outlet_id=giver.outlet_id, operator_id=giver.actor.operator_id, centre_id=giver.centre_id,
        province_code=giver.actor.province_code, giver=giver, giver_role=giver.role, receiver_id=receiver_id,
        duties=[str(duty) for duty in wanted], from_date=from_date, until_date=until_date, reason=clean(reason)[:300],
        given_at=at, given_by_name=by.name[:120])
    count_anew(receiver_id, at)
    record(actor=by, action="duties.give", object_type=DELEGATION, object_id=given.id, at=at, reason=given.reason,
           after={"giver": str(giver.pk), "receiver": str(receiver_id), "duties": given.duties,
                  "from": from_date.isoformat(), "until": until_date.isoformat()})
    return given


def _giver(giver_id: UUID, by: Actor, today: date) -> StaffAccount:
    """Whose duties they are, locked, so that two hand-overs of the same days do not pass each other."""
    found = accounts_seen_by(by).select_for_update(of=("self",)).filter(id=giver_id).first()
    if found is None or by.kind is not ActorKind.PERSON or by.on_behalf_of or not may_hand_on(by, found):
        raise NothingToDelegate
    if not found.has_access(today):
        raise NothingToDelegate
    return found


def may_hand_on(by: Actor, giver: StaffAccount) -> bool:
    """Her own duties, or those of whom one answers for; a role without duties has none to hand on."""
    return bool(duties_of(giver.role)) and (by.id == str(giver.pk) or may_grant(by.role, giver.role))


def _known(duties: Iterable[str], role: str, wrong: ErrorCollector) -> list[Duty]:
    mine, wanted = duties_of(role), set(duties)
    if not wanted or wanted - set(mine):
        wrong.add("/duties", "not-yours", _("Choose duties that are the giver's own and may be handed on."))
        return []
    return [duty for duty in mine if duty in wanted]


def _check_days(giver: StaffAccount, from_date: date, until_date: date, today: date, wrong: ErrorCollector) -> None:
    if not today <= from_date <= today + AHEAD:
        wrong.add("/from_date", "out-of-range", _("Name a first day from today on, at most three months away."))
        return
    if not from_date < until_date <= from_date + LONGEST:
        wrong.add("/until_date", "out-of-range", _("The last day is the first one or later, at most three months on."))
    elif giver.works_until is not None and until_date > giver.works_until:
        wrong.add("/until_date", "beyond-giver", _("The giver's own access ends before that day."))
    if DutyDelegation.objects.filter(giver=giver, ended_at=None, from_date__lt=until_date,
                                     until_date__gt=from_date).exists():
        wrong.add("/from_date", "overlaps",
                  _("For some of these days duties have been handed on already. End that first."))


def _check_receiver(giver: StaffAccount, receiver_id: UUID, wanted: Iterable[Duty], days: tuple[date, date],
                    wrong: ErrorCollector) -> None:
    """She stands in for one person at a time in one duty: else the other of the two would be her own second person."""
    if DutyDelegation.objects.exclude(giver=giver).filter(
            receiver_id=receiver_id, ended_at=None, from_date__lt=days[1], until_date__gt=days[0],
            duties__overlap=[str(duty) for duty in wanted]).exists():
        wrong.add("/receiver_id", "stands-in-already",
                  _("She stands in for somebody else in one of these duties on some of these days."))


@operation
def end(*, delegation_id: UUID, by: Actor, at: datetime) -> DutyDelegation:
    """Take duties back, with the very next click: the giver, the receiver, or who answers for the giver.

    Raises:
        DutyDelegationNotFound: not within sight, or not hers to end.
        DutyDelegationOver: it has ended.
    """
    given = delegations_seen_by(by).select_for_update(of=("self",)).filter(id=delegation_id).first()
    if given is None or not may_end(given, by):
        raise DutyDelegationNotFound
    if given.is_over(local(at).date()):
        raise DutyDelegationOver
    given.ended_at, given.ended_by_name = at, by.name[:120]
    given.save(update_fields=["ended_at", "ended_by_name"])
    count_anew(given.receiver_id, at)
    record(actor=by, action="duties.end", object_type=DELEGATION, object_id=given.id, at=at)
    return given


def may_end(given: DutyDelegation, by: Actor) -> bool:
    if by.kind is not ActorKind.PERSON or by.on_behalf_of:
        return False
    return by.id in {str(given.giver_id), str(given.receiver_id)} or may_grant(by.role, given.giver_role)

"""Asking for, allowing, using and ending support access. Each step is audited; each look leaves a row."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing.queries.books import Books
from billing.support.errors import (
    SecondPersonNeeded,
    SupportAccessClosed,
    SupportAccessIncomplete,
    SupportAccessNotFound,
    SupportAccessStateForbids,
    SupportAccessWaiting,
)
from billing.support.models import SupportAccess, SupportLook
from billing.support.rules import ANSWERED_WITHIN, MOST_MINUTES, SHORTEST_REASON, STEPS, AccessState, AccessStep
from shared import audit, work
from shared.actors import Actor, job
from shared.errors import FieldError
from shared.roles import Role
from shared.transactions import operation

ASKED: Final = "support-access-asked"
"""Work item of the finance approver: somebody wants to look into an outlet's books."""
CLOCK: Final[Actor] = job("end_support_accesses")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessAsked:
    outlet_id: UUID | None
    ticket: str
    reason: str
    minutes: int


@operation
def ask_access(asked: AccessAsked, *, by: Actor, at: datetime) -> SupportAccess:
    """Ask to read one outlet's books. The finance approver of its city answers.

    Raises:
        SupportAccessIncomplete: no outlet of the asker's city, ticket or reason, or not 1 to 60 minutes.
        SupportAccessWaiting: the asker has one for this outlet that is asked for or open.
    """
    outlet = _checked(asked, by)
    if SupportAccess.objects.filter(asked_by=by.id, outlet_id=outlet.id, state__in=["asked", "open"]).exists():
        raise SupportAccessWaiting
    made = SupportAccess.objects.create(
        outlet_id=outlet.id, province_code=outlet.province_code, operator_code=outlet.operator.code,
        ticket=asked.ticket, reason=asked.reason, minutes=asked.minutes, asked_by=by.id, asked_by_name=by.name,
        asked_at=at)
    work.open_item(kind=ASKED, reference=str(made.id), owner_role=Role.FINANCE_APPROVER,
                   owner_place=outlet.province_code, at=at, due_at=at + ANSWERED_WITHIN,
                   detail={"ticket": asked.ticket, "outlet": outlet.code})
    audit.record(actor=by, action="ask_support_access", object_type="support_access", object_id=made.id, at=at,
                 after={"outlet": str(outlet.id), "minutes": asked.minutes, "ticket": asked.ticket},
                 reason=asked.reason)
    return made


def _checked(asked: AccessAsked, by: Actor) -> agents.OutletInfo:
    wrong, outlet = [], None
    try:
        outlet = agents.get_outlet(asked.outlet_id) if asked.outlet_id else None
    except agents.OutletNotFound:
        outlet = None
    if outlet is None or not by.province_code or outlet.province_code != by.province_code:
        wrong.append(FieldError("/outlet_id", "unknown", _("Choose an outlet of your city.")))
    if not 3 <= len(asked.ticket) <= 60:
        wrong.append(FieldError("/ticket", "missing", _("Name the question or incident it is for.")))
    if not SHORTEST_REASON <= len(asked.reason) <= 500:
        wrong.append(FieldError("/reason", "too-short", _("Say why in a sentence: the outlet reads it.")))
    if not 1 <= asked.minutes <= MOST_MINUTES:
        wrong.append(FieldError("/minutes", "out-of-range", _("1 to 60 minutes.")))
    if wrong or outlet is None:
        raise SupportAccessIncomplete(errors=tuple(wrong))
    return outlet


@operation
def decide_access(access_id: UUID, *, allow: bool, by: Actor, at: datetime) -> SupportAccess:
    """Allow or refuse; the time runs from here.

    Raises:
        SupportAccessNotFound, SupportAccessStateForbids.
        SecondPersonNeeded: the asker herself, or one who does not answer for the city's money.
    """
    row = _held(access_id, by)
    if by.role != Role.FINANCE_APPROVER or by.id == row.asked_by:
        raise SecondPersonNeeded
    # The sweep comes minutes later: what it will lapse is over for everybody.
    if row.state == AccessState.ASKED and at >= row.asked_at + ANSWERED_WITHIN:
        raise SupportAccessStateForbids
    _step(row, AccessStep.ALLOW if allow else AccessStep.REFUSE)
    row.decided_by, row.decided_by_name, row.decided_at = by.id, by.name, at
    row.ends_at = at + timedelta(minutes=row.minutes) if allow else None
    row.save()
    work.close_item(kind=ASKED, reference=str(row.id), by=by.id, at=at, outcome=row.state)
    audit.record(actor=by, action="decide_support_access", object_type="support_access", object_id=row.id, at=at,
                 after={"state": row.state})
    return row


@operation
def end_access(access_id: UUID, *, by: Actor, at: datetime) -> SupportAccess:
    """Whoever sees it may end it: the asker, the city, the outlet's manager, its operator.

    Raises:
        SupportAccessNotFound, SupportAccessStateForbids.
    """
    row = _held(access_id, by)
    _step(row, AccessStep.END)
    row.ended_at, row.ended_by_name = at, by.name or by.id
    row.save()
    audit.record(actor=by, action="end_support_access", object_type="support_access", object_id=row.id, at=at)
    return row


@operation
def look(access_id: UUID, *, period: date, line_id: UUID | None = None, by: Actor, at: datetime) -> Books:
    """The books that the access opens at this moment, for the asker alone; the look is kept before anything is shown.

    Raises:
        SupportAccessNotFound.
        SupportAccessClosed: it is somebody else's, not allowed, ended, or its time is up.
    """
    row = _held(access_id, by)
    if row.state != AccessState.OPEN or row.asked_by != by.id or row.ends_at is None or row.ends_at <= at:
        raise SupportAccessClosed
    SupportLook.objects.create(access=row, at=at, period=period, line_id=line_id)
    audit.record(actor=by, action="look_under_support_access", object_type="support_access", object_id=row.id, at=at,
                 after={"period": f"{period:%Y-%m}", "line": "" if line_id is None else str(line_id)})
    return Books(operator_code=row.operator_code, outlet_id=row.outlet_id)


@operation
def end_overdue(*, at: datetime) -> int:
    """End what has run its time, and lapse what nobody answered; returns how many."""
    rows = list(SupportAccess.objects.select_for_update().filter(state=AccessState.OPEN, ends_at__lte=at))
    late = list(SupportAccess.objects.select_for_update().filter(state=AccessState.ASKED,
                                                                 asked_at__lte=at - ANSWERED_WITHIN))
    for row in rows:
        _step(row, AccessStep.END)
        row.ended_at, row.ended_by_name = row.ends_at, ""
    for row in late:
        _step(row, AccessStep.LAPSE)
        row.ended_at = at
        work.close_item(kind=ASKED, reference=str(row.id), by=CLOCK.id, at=at, outcome=AccessState.LAPSED)
    for row in (*rows, *late):
        row.save()
        audit.record(actor=CLOCK, action="end_support_access", object_type="support_access", object_id=row.id, at=at,
                     after={"state": row.state})
    return len(rows) + len(late)


def _held(access_id: UUID, by: Actor) -> SupportAccess:
    row = SupportAccess.objects.seen_by(by).select_for_update().filter(id=access_id).first()
    if row is None:
        raise SupportAccessNotFound
    found: SupportAccess = row
    return found


def _step(row: SupportAccess, step: AccessStep) -> None:
    following = STEPS.get((AccessState(row.state), step))
    if following is None:
        raise SupportAccessStateForbids
    row.state = following

"""What every operation on a dispute does: lock it, write what happened into it, say who has it next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agents import public as agents
from billing.disputes import rules
from billing.disputes.models import Dispute, DisputeEntry
from billing.disputes.rules import LONGEST_TEXT, DisputeAction, DisputeState, Side
from billing.errors import DisputeNotFound, DisputeRefused
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.errors import FieldError, NotFound
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role
from shared.text import clean_lines
from shared.working_days import work_calendar

DAYS: Final[Mapping[DisputeState, int]] = {
    DisputeState.RAISED: rules.TAKE_WORKING_DAYS, DisputeState.ASKED: rules.REPLY_WORKING_DAYS,
    DisputeState.PROPOSED: rules.CONFIRM_WORKING_DAYS, DisputeState.DECIDED: rules.APPEAL_WORKING_DAYS,
    DisputeState.APPEALED: rules.TAKE_WORKING_DAYS,
}
"""Working days that a state may last; a review lasts until the day of the decision."""
KIND: Final = "dispute-"
LATE: Final = "dispute-late"
LATE_ROLES: Final = (Role.FINANCE_APPROVER, Role.AUDITOR)
"""Who hears of a dispute that is past its day."""


def locked(dispute_id: UUID, by: Actor) -> Dispute:
    """The dispute, held until the transaction ends.

    Raises:
        DisputeNotFound: none that `by` may see.
    """
    try:
        found = Dispute.objects.seen_by(by).select_for_update(of=("self",)).filter(id=dispute_id).first()
    except NotFound:
        found = None
    if found is None:
        raise DisputeNotFound
    return found


def side_of(by: Actor) -> Side:
    """On whose behalf somebody speaks. Raises DisputeNotFound for who has no part in money."""
    if by.kind is ActorKind.JOB:
        return Side.SYSTEM
    if by.role in OUTLET_ROLES or (not by.role and by.outlet_id):
        return Side.OUTLET
    if by.role == Role.OPERATOR_HQ or (not by.role and by.operator_id):
        return Side.OPERATOR
    if by.role in FINANCE_ROLES:
        return Side.CITY
    raise DisputeNotFound


def text_of(text: str, *, pointer: str = "/text", required: bool = False) -> str:
    """Raises DisputeRefused: empty where something must be said, or too long."""
    said = clean_lines(text)
    if required and not said:
        raise refused(pointer, "required", _("Say it in a sentence: both sides read it."))
    if len(said) > LONGEST_TEXT:
        raise refused(pointer, "too-long", _("At most 2,000 characters."))
    return said


def refused(pointer: str, code: str, message: Any) -> DisputeRefused:
    return DisputeRefused(message, errors=(FieldError(pointer, code, message),))


def step(dispute: Dispute, action: DisputeAction, *, by: Actor, at: datetime, text: str = "",
         facts: Mapping[str, Any] | None = None) -> DisputeEntry:
    """Move the dispute by the table, give it its next owner and day, and write down who did it. The caller saves."""
    before = dispute.state
    dispute.move(action)
    dispute.state_at = at
    dispute.reminded_at = dispute.escalated_at = None
    calendar = work_calendar()
    days = DAYS.get(DisputeState(dispute.state))
    dispute.due_at = dispute.decide_by if days is None else rules.due(at, days, calendar)
    if not dispute.is_open:
        dispute.closed_at = at
        dispute.lines.update(is_open=False)
    hand_on(dispute, before=before, at=at)
    audit.record(actor=by, action=f"dispute_{action}", object_type="dispute", object_id=dispute.id, at=at,
                 before={"state": before}, after={"state": dispute.state, **(facts or {})})
    return note(dispute, str(action), by=by, at=at, text=text, facts=facts)


def note(dispute: Dispute, kind: str, *, by: Actor, at: datetime, text: str = "",
         facts: Mapping[str, Any] | None = None) -> DisputeEntry:
    """Add one thing to what both sides read."""
    return DisputeEntry.objects.create(dispute=dispute, kind=kind, side=side_of(by), author=by.id,
                                       author_name=by.name, text=text, facts=dict(facts or {}), said_at=at)


def hand_on(dispute: Dispute, *, before: str, at: datetime) -> None:
    """The work item of the state before is settled; whoever has it now gets one."""
    work.close_item(kind=KIND + before, reference=dispute.number, by="disputes", at=at, outcome=dispute.state)
    for role in LATE_ROLES:
        work.close_item(kind=LATE, reference=f"{dispute.number}:{role}", by="disputes", at=at, outcome=dispute.state)
    owner = rules.OWNERS.get(DisputeState(dispute.state))
    if owner is None:
        return
    role, place = Role(owner[0]), dispute.province_code
    if role == Role.OUTLET_MANAGER:
        role, place = whose(dispute)
    work.open_item(kind=KIND + dispute.state, reference=dispute.number, owner_role=role, owner_place=place, at=at,
                   due_at=dispute.due_at, detail={"dispute": str(dispute.id)})


def whose(dispute: Dispute) -> tuple[Role, str]:
    """Role and place of who raised it: the outlet's manager or the operator's headquarters."""
    if dispute.side == Side.OUTLET and dispute.outlet_id is not None:
        return Role.OUTLET_MANAGER, agents.get_outlet(dispute.outlet_id).code
    return Role.OPERATOR_HQ, dispute.operator_code



"""Disputes whose time has come: reminded, told upwards, gone on with, or ended by the clock. Safe at any time."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from billing.disputes import rules
from billing.disputes.models import Dispute
from billing.disputes.rules import DisputeAction, DisputeState
from billing.disputes.steps import LATE, LATE_ROLES, note, step
from billing.events import DisputeClosed
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import local
from shared.outbox.publishing import publish
from shared.transactions import operation
from shared.working_days import work_calendar

log = structlog.get_logger()

WATCH: Final = job("watch_disputes")


def watch_disputes(*, at: datetime) -> int:
    """Look at every open dispute; returns for how many something was done."""
    waiting = Dispute.objects.open().order_by("due_at", "id").values_list("id", flat=True)
    done = sum(watch_dispute(dispute_id=dispute_id, at=at) for dispute_id in list(waiting))
    if done:
        log.info("disputes_watched", moved=done)
    return done


@operation
def watch_dispute(*, dispute_id: UUID, at: datetime) -> bool:
    """Do for one dispute what its clock asks for; says whether there was anything."""
    dispute = Dispute.objects.select_for_update().get(id=dispute_id)
    for is_due, act in _CLOCK:
        if is_due(dispute, at):
            act(dispute, WATCH, at)
            dispute.save()
            return True
    return False


def _is_unanswered(dispute: Dispute, at: datetime) -> bool:
    return dispute.state == DisputeState.ASKED and dispute.due_at <= at


def _go_on(dispute: Dispute, by: Actor, at: datetime) -> None:
    step(dispute, DisputeAction.GO_ON, by=by, at=at)


def _is_over(dispute: Dispute, at: datetime) -> bool:
    return dispute.state == DisputeState.DECIDED and dispute.due_at <= at


def _lapse(dispute: Dispute, by: Actor, at: datetime) -> None:
    """Nobody has answered: the decision stands, and nobody is said to have agreed."""
    dispute.answer = "none"
    step(dispute, DisputeAction.LAPSE, by=by, at=at)
    publish(DisputeClosed(dispute.id, dispute.number, dispute.outcome, dispute.answer, closed_at=at))


def _is_late(dispute: Dispute, at: datetime) -> bool:
    is_answered_by_us = dispute.state != DisputeState.DECIDED
    return is_answered_by_us and dispute.escalated_at is None and min(dispute.due_at, dispute.decide_by) <= at


def _escalate(dispute: Dispute, by: Actor, at: datetime) -> None:
    """Whoever has it is late: the approver gets it on her desk, and the auditor with her."""
    dispute.escalated_at = at
    for role in LATE_ROLES:
        work.open_item(kind=LATE, reference=f"{dispute.number}:{role}", owner_role=role,
                       owner_place=dispute.province_code, at=at, due_at=dispute.decide_by,
                       detail={"dispute": str(dispute.id), "state": dispute.state})
    audit.record(actor=by, action="dispute_escalate", object_type="dispute", object_id=dispute.id, at=at,
                 after={"state": dispute.state})
    note(dispute, "escalated", by=by, at=at, facts={"state": dispute.state})


def _is_near(dispute: Dispute, at: datetime) -> bool:
    if not dispute.is_open or dispute.reminded_at is not None or dispute.escalated_at is not None:
        return False
    # A term as short as the reminder's would be reminded of the moment it begins.
    day = rules.reminder_day(dispute.due_at, work_calendar())
    return local(at).date() >= day > local(dispute.state_at).date()


def _remind(dispute: Dispute, by: Actor, at: datetime) -> None:
    dispute.reminded_at = at
    note(dispute, "reminded", by=by, at=at, facts={"state": dispute.state, "due_at": dispute.due_at.isoformat()})


_CLOCK: Final[tuple[tuple[Callable[[Dispute, datetime], bool], Callable[[Dispute, Actor, datetime], None]], ...]] = (
    (_is_unanswered, _go_on), (_is_over, _lapse), (_is_late, _escalate), (_is_near, _remind))

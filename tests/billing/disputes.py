"""An outlet with lines, and the people of a dispute: who raises it, who reviews it, who confirms."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from billing import public
from billing.disputes import raising, reviewing
from billing.disputes.raising import Objection
from billing.disputes.rules import Cause, Outcome, Reason
from billing.models.ledger import Charge
from shared.roles import Role
from tests.billing.events import NOW, act
from tests.billing.people import operator, person
from tests.factories import network, places

RAISED = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
"""A Tuesday, 09:00."""
TAKEN = datetime(2026, 1, 21, 2, 0, tzinfo=UTC)
DECIDED = datetime(2026, 1, 22, 2, 0, tzinfo=UTC)


_serial = count(1000)


def outlet(**fields):
    places.province(places.HANOI)
    return network.outlet(places.HOAN_KIEM, operator=operator("VNPOST"), **fields)


def line_of(place, *, task="accepted_online", at=NOW, **changes):
    """One line of the outlet's work, 12,000 đ by the demonstration norm."""
    done = replace(act(task=task, **changes), outlet_id=place.id, dossier_code=f"H26.15.08-260115-{next(_serial):04d}")
    public.record_act(done, at=at)
    return Charge.objects.get(source_id=done.source_id)


def manager(place):
    return person(Role.OUTLET_MANAGER, outlet=place)


def reviewer():
    return person(Role.FINANCE_REVIEWER)


def approver():
    return person(Role.FINANCE_APPROVER)


def disputed(place, *lines, reason=Reason.NOT_OURS, text="", at=RAISED, by=None, **more):
    by = by or manager(place).actor
    return raising.raise_dispute(
        Objection(lines=[line.id for line in lines], reason=reason, text=text, **more), by=by, at=at)[0]


def taken(dispute, by, at=TAKEN):
    return reviewing.take(dispute_id=dispute.id, by=by.actor, at=at)


def decided(dispute, by, second, *, outcome=Outcome.UPHELD, amount=None, cause=Cause.SYSTEM, at=DECIDED):
    """Taken, proposed and confirmed, the same on every line."""
    taken(dispute, by)
    proposed(dispute, by, outcome=outcome, amount=amount, cause=cause, at=at)
    return reviewing.confirm(dispute_id=dispute.id, by=second.actor, at=at)


def proposed(dispute, by, *, outcome=Outcome.UPHELD, amount=None, cause=Cause.SYSTEM, at=DECIDED, text="Đã đối chiếu."):
    decisions = {line.id: reviewing.LineDecision(outcome, amount) for line in dispute.lines.all()}
    return reviewing.propose(
        dispute_id=dispute.id, decisions=decisions, cause=cause, text=text,
        cause_evidence="" if cause is Cause.UNKNOWN else "Bản ghi ngày 19/01", by=by.actor, at=at)

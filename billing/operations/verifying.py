"""Looks through the books: asked for, done by a worker, kept with what they found."""

import time
from datetime import datetime, timedelta
from typing import Final

from billing.models.seals import Verification, VerificationState
from billing.queries.checks import check_ledger
from billing.verification.findings import MOST_KEPT, Report
from shared import audit, work
from shared.actors import Actor
from shared.roles import Role
from shared.transactions import operation

UNSOUND: Final = "ledger-unsound"
"""Work item of the auditor: the verifier found something."""
LATE: Final = timedelta(hours=1)


@operation
def ask_verification(*, by: Actor, at: datetime, days: int | None = None) -> Verification:
    """A worker will look within a minute; whoever asks meanwhile gets the look that is asked for already."""
    waiting = Verification.objects.filter(state=VerificationState.ASKED, days=days).first()
    if waiting is not None:
        return waiting
    asked = Verification.objects.create(days=days, asked_at=at, asked_by=by.name or by.id)
    audit.record(actor=by, action="ask_verification", object_type="verification", object_id=asked.id, at=at,
                 after={"days": days})
    return asked


def verify_asked(*, at: datetime) -> int:
    """Do the looks that were asked for; returns how many."""
    waiting = list(Verification.objects.filter(state=VerificationState.ASKED).order_by("asked_at"))
    for asked in waiting:
        _look(asked, at=at)
    return len(waiting)


def verify_now(*, by: Actor, at: datetime, days: int | None = None) -> Verification:
    """Look at once, and keep what was found."""
    return _look(ask_verification(by=by, at=at, days=days), at=at)


def _look(asked: Verification, *, at: datetime) -> Verification:
    started = time.monotonic()
    report = check_ledger(days=asked.days)
    return _keep(asked, report, seconds=time.monotonic() - started, at=at)


@operation
def _keep(asked: Verification, report: Report, *, seconds: float, at: datetime) -> Verification:
    row = Verification.objects.select_for_update().get(id=asked.id)
    if row.state != VerificationState.ASKED:
        return row
    row.state = VerificationState.SOUND if report.is_sound else VerificationState.UNSOUND
    row.finished_at, row.seconds = at + timedelta(seconds=seconds), round(seconds, 1)
    row.lines, row.entries, row.checkpoints, row.unsealed = (
        report.lines, report.entries, report.checkpoints, report.unsealed)
    row.found = report.found
    row.findings = [[each.kind, each.sequence, each.reference, each.detail] for each in report.in_order()[:MOST_KEPT]]
    row.save()
    if not report.is_sound:
        work.open_item(kind=UNSOUND, reference="ledger", owner_role=Role.AUDITOR, owner_place="", at=at,
                       due_at=at + timedelta(days=1), detail=dict(report.counts))
    return row

"""Claims, statements, call-backs and files that wait too long: done again, or put on somebody's desk. Safe at any time.

Nothing depends on one message: what a worker should have read, compared or made is asked for again; what waits for a
person opens a work item of hers, which closes by itself when she has moved it on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db.models import F, QuerySet

from billing.events import ClaimConfirmed, ClaimReceived, ExportAsked
from billing.models.claims import CallBack, Claim
from billing.models.statements import Statement, StatementExport, StatementState
from billing.rules.claims import WATCHED_CLAIM, ClaimState
from billing.rules.periods import month_after
from billing.rules.settling import WATCHED_SETTLING, Settling
from shared import work
from shared.actors import Actor, job
from shared.calendar import CLOSING, at_local
from shared.models.oversight import WorkItem
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.transactions import operation

log = structlog.get_logger()

WATCH: Final[Actor] = job("watch_settlements")
CLAIM_LATE: Final = "claim-late"
STATEMENT_LATE: Final = "statement-late"
CALLS_LATE: Final = "claim-call-backs-late"
EXPORT_LATE: Final = "export-not-made"
ASKED_AGAIN_AFTER: Final = timedelta(minutes=15)
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""A file that a worker has not made by then is said to have failed, and the administrator is told."""


@dataclass(frozen=True, slots=True)
class _Wait:
    kind: str
    reference: str
    role: str
    place: str
    due_at: datetime
    detail: dict[str, object]


def watch_settlements(*, at: datetime) -> int:
    """Look at everything that is on its way; returns how many things wait longer than they should."""
    waits = [*_claims(at), *_statements(at), *_calls(at)]
    _tell(waits, at=at)
    again = _ask_again(at=at) + _give_up(at=at)
    if waits or again:
        log.info("settlements_watched", late=len(waits), asked_again=again)
    return len(waits)


def _claims(at: datetime) -> Iterable[_Wait]:
    for state, patience in WATCHED_CLAIM.items():
        for claim in Claim.objects.filter(state=state, state_at__lte=at - patience.most).order_by("state_at")[:500]:
            place = claim.operator_code if patience.owner_role == Role.OPERATOR_HQ else claim.province_id
            yield _Wait(CLAIM_LATE, f"{claim.id}:{state}", patience.owner_role, place, claim.state_at + patience.most,
                        {"claim": str(claim.id), "operator_code": claim.operator_code,
                         "period": f"{claim.period:%Y-%m}", "state": str(state)})


def _statements(at: datetime) -> Iterable[_Wait]:
    for state, patience in WATCHED_SETTLING.items():
        for row in _waiting(state, at - patience.most):
            yield _Wait(STATEMENT_LATE, f"{row.id}:{row.round}:{state}", patience.owner_role, row.province_id,
                        _since(row) + patience.most,
                        {"statement": str(row.id), "operator_code": row.operator_code,
                         "period": f"{row.period:%Y-%m}", "state": str(state)})


def _waiting(state: Settling, before: datetime) -> Iterable[Statement]:
    rows = Statement.objects.filter(state=state).order_by("period", "id")
    if state != Settling.OPEN:
        return rows.filter(state_at__lte=before)[:500]
    return [row for row in rows.filter(period__lt=before.date())[:500] if _since(row) <= before]


def _since(row: Statement) -> datetime:
    """When it came into its state: an open month waits from its end."""
    return row.state_at or at_local(month_after(row.period), CLOSING)


def _calls(at: datetime) -> Iterable[_Wait]:
    """Call-backs past their day hold the whole month up: the reviewer hears which centre has not asked."""
    late = (CallBack.objects.filter(outcome="", due_at__lt=at).values("claim_id", "centre_id", "province_code")
            .annotate(since=F("due_at")).order_by("claim_id", "centre_id", "due_at").distinct("claim_id", "centre_id"))
    for row in late[:500]:
        yield _Wait(CALLS_LATE, f"{row['claim_id']}:{row['centre_id']}", Role.FINANCE_REVIEWER, row["province_code"],
                    row["since"] + timedelta(days=1),
                    {"claim": str(row["claim_id"]), "centre": str(row["centre_id"])})


@operation
def _tell(waits: list[_Wait], *, at: datetime) -> None:
    """Open an item for each that waits, and close those of what moved on."""
    for wait in waits:
        work.open_item(kind=wait.kind, reference=wait.reference, owner_role=wait.role, owner_place=wait.place, at=at,
                       due_at=wait.due_at, detail=wait.detail)
    still = {(wait.kind, wait.reference) for wait in waits}
    opened = WorkItem.objects.filter(kind__in=[CLAIM_LATE, STATEMENT_LATE, CALLS_LATE], closed_at=None)
    for kind, reference in list(opened.values_list("kind", "reference")):
        if (kind, reference) not in still:
            work.close_item(kind=kind, reference=reference, by=WATCH.id, at=at, outcome="moved on")


# --- what a worker should have done ---------------------------------------------------------------------------------


@operation
def _ask_again(*, at: datetime) -> int:
    """Publish anew what a lost message would have done; whoever did it already does nothing."""
    before = at - ASKED_AGAIN_AFTER
    received = list(Claim.objects.filter(state=ClaimState.RECEIVED, state_at__lte=before)[:100])
    ready = [claim for claim in Claim.objects.filter(state=ClaimState.CONFIRMED, state_at__lte=before)[:100]
             if Statement.objects.filter(province_id=claim.province_id, operator_code=claim.operator_code,
                                         period=claim.period, state=StatementState.PREPARED,
                                         state_at__lte=before).exists()]
    files = list(_unmade(before)[:100])
    for claim in received:
        publish(ClaimReceived(claim.id))
    for claim in ready:
        publish(ClaimConfirmed(claim.id, claim.province_id, claim.operator_code, claim.period))
    for export in files:
        publish(ExportAsked(export.id))
    return len(received) + len(ready) + len(files)


@operation
def _give_up(*, at: datetime) -> int:
    lost = list(_unmade(at - GIVEN_UP_AFTER).select_for_update(of=("self",)).select_related("statement")[:100])
    for export in lost:
        export.failure = "gave-up"
        export.save(update_fields=["failure"])
        work.open_item(kind=EXPORT_LATE, reference=str(export.id), owner_role=Role.ADMINISTRATOR, owner_place="",
                       at=at, due_at=at + timedelta(days=1), detail={"export": str(export.id)})
    return len(lost)


def _unmade(before: datetime) -> QuerySet[StatementExport]:
    return StatementExport.objects.filter(ready_at=None, failure="", asked_at__lte=before).order_by("asked_at")

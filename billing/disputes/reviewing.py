"""A person who had no part in the lines finds out, a second one confirms, and what it comes to is entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.disputes import rules
from billing.disputes.models import Dispute, DisputeLine
from billing.disputes.outcomes import enter_outcomes
from billing.disputes.rules import Cause, DisputeAction, DisputeState, Outcome, Reason
from billing.disputes.steps import locked, refused, step, text_of
from billing.errors import CauseNotFound, NotIndependent
from billing.events import DisputeClosed
from billing.models.claims import ClaimDecision
from billing.models.statements import Statement, StatementSignature
from shared.actors import Actor, ActorKind
from shared.models.oversight import AuditEntry
from shared.money import ZERO, Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.transactions import operation

_DECIDING: Final = ("propose", "confirm", "settle")
LONGEST_EVIDENCE: Final = 600


@dataclass(frozen=True, slots=True)
class LineDecision:
    """`amount`: what the city owes for the line; None: as it stands, or as it was wanted."""

    outcome: Outcome
    amount: Money | None = None


def part_in(dispute: Dispute, by: Actor) -> str:
    """Why `by` is not independent, as a code; empty when she is. Who made or signed the month, gave a verdict on a
    claim's line for it, or changed the line, or decided before on this dispute, does not decide on it.
    """
    if by.kind is not ActorKind.PERSON:
        return "no-person"
    earlier = dispute.entries.filter(author=by.id, kind__in=_DECIDING)
    if dispute.round > 1 and earlier.exists():
        return "decided-before"
    if _signed(dispute, by):
        return "signed-the-month"
    pairs = dispute.lines.exclude(charge=None).values_list("charge_id", "charge__reverses_id")
    lines = [each for pair in pairs for each in pair if each]
    if ClaimDecision.objects.filter(decided_by=by.id, line__charge_id__in=lines).exists():
        return "judged-the-claim"
    changed = AuditEntry.objects.filter(actor_id=by.id, object_type="charge",
                                        object_id__in=[str(each) for each in lines])
    return "changed-the-line" if changed.exists() else ""


def _signed(dispute: Dispute, by: Actor) -> bool:
    """A step of the month, signed or tried. Who only took the month as a file has read it and done nothing to it."""
    months = Statement.objects.filter(province_id=dispute.province_code, operator_code=dispute.operator_code,
                                      period=dispute.period)
    if StatementSignature.objects.filter(signer_id=by.id, statement__in=months).exists():
        return True
    acts = AuditEntry.objects.filter(actor_id=by.id, object_type="statement",
                                     object_id__in=[str(each) for each in months.values_list("id", flat=True)])
    return acts.exclude(action="statement.export").exists()


@operation
def take(*, dispute_id: UUID, by: Actor, at: datetime) -> Dispute:
    """Become its reviewer.

    Raises:
        DisputeNotFound, DisputeStateForbids.
        NotIndependent: `by` has had a part in what is disputed.
    """
    dispute = locked(dispute_id, by)
    if why := part_in(dispute, by):
        raise NotIndependent(reason=why)
    step(dispute, DisputeAction.TAKE, by=by, at=at)
    dispute.reviewer, dispute.reviewer_name = by.id, by.name
    dispute.save()
    return dispute


@operation
def step_aside(*, dispute_id: UUID, text: str, by: Actor, at: datetime) -> Dispute:
    """Give it back: somebody else should decide, and why is said."""
    dispute = _reviewed(dispute_id, by)
    step(dispute, DisputeAction.STEP_ASIDE, by=by, at=at, text=text_of(text, required=True))
    dispute.reviewer = dispute.reviewer_name = ""
    dispute.save()
    return dispute


@operation
def ask(*, dispute_id: UUID, text: str, by: Actor, at: datetime) -> Dispute:
    """Ask who raised it; the dispute waits a few working days for the answer, and no longer."""
    dispute = _reviewed(dispute_id, by)
    step(dispute, DisputeAction.ASK, by=by, at=at, text=text_of(text, required=True))
    dispute.save()
    return dispute


@operation
def propose(*, dispute_id: UUID, decisions: Mapping[UUID, LineDecision], cause: Cause, cause_evidence: str, text: str,
            by: Actor, at: datetime) -> Dispute:
    """Say what is decided on each line, why, and what the cause was. It holds once a second person confirms it.

    Raises:
        DisputeNotFound, DisputeStateForbids, NotIndependent, DisputeRefused.
        CauseNotFound: a deduction would stand while nobody knows its cause.
    """
    dispute = _reviewed(dispute_id, by)
    if why := part_in(dispute, by):
        raise NotIndependent(reason=why)
    reason = text_of(text, required=True)
    evidence = _evidence(cause, cause_evidence)
    lines = list(dispute.lines.select_related("charge").order_by("id"))
    if decisions.keys() - {line.id for line in lines}:
        raise refused("/lines", "unknown-line", _("One of these lines is not in this dispute."))
    for line in lines:
        _decide(line, decisions.get(line.id), dispute, cause)
    DisputeLine.objects.bulk_update(lines, ["outcome", "decided_vnd"])
    dispute.cause, dispute.cause_evidence = cause, evidence
    dispute.outcome = rules.overall([line.outcome for line in lines])
    step(dispute, DisputeAction.PROPOSE, by=by, at=at, text=reason,
         facts={"outcome": dispute.outcome, "cause": str(cause), "role": by.role,
                "lines": {str(line.id): [line.outcome, line.decided_vnd] for line in lines}})
    dispute.save()
    return dispute


def _evidence(cause: Cause, text: str) -> str:
    said = text_of(text, pointer="/cause_evidence")
    if cause is not Cause.UNKNOWN and not said:
        raise refused("/cause_evidence", "required", _("Name the records that show this cause."))
    return said[:LONGEST_EVIDENCE]


def _decide(line: DisputeLine, decision: LineDecision | None, dispute: Dispute, cause: Cause) -> None:
    pointer = f"/lines/{line.id}"
    if decision is None:
        raise refused(pointer, "required", _("Decide on every line."))
    line.outcome = decision.outcome
    if decision.outcome is Outcome.REFUSED:
        if line.settled.amount < 0 and cause is Cause.UNKNOWN:
            raise CauseNotFound
        line.decided_vnd = line.settled.amount
        return
    amount = decision.amount
    if amount is None and decision.outcome is Outcome.UPHELD:
        amount = _as_wanted(line, Reason(dispute.reason))
    if amount is None:
        raise refused(pointer, "amount-required", _("Give the amount that is right."))
    line.decided_vnd = amount.amount


def _as_wanted(line: DisputeLine, reason: Reason) -> Money | None:
    """What a full yes comes to where nobody writes it: a deduction, a doubled line or another's work goes away."""
    if line.wanted is not None:
        return line.wanted
    return ZERO if reason in {Reason.TAKEN_BACK, Reason.TWICE, Reason.NOT_OURS} else None


@operation
def send_back(*, dispute_id: UUID, text: str, by: Actor, at: datetime) -> Dispute:
    """The second person is not convinced, and says of what."""
    dispute = _confirmable(dispute_id, by)
    step(dispute, DisputeAction.SEND_BACK, by=by, at=at, text=text_of(text, required=True))
    dispute.save()
    return dispute


@operation
def confirm(*, dispute_id: UUID, by: Actor, at: datetime) -> Dispute:
    """The decision holds: differences are entered in the books, and what was wrongly taken is made good.

    It may be appealed against, unless everything was upheld or this was the appeal.

    Raises:
        DisputeNotFound, DisputeStateForbids.
        NotIndependent: `by` proposed it, or may not confirm.
    """
    dispute = _confirmable(dispute_id, by)
    is_last = dispute.outcome == Outcome.UPHELD or dispute.round >= rules.ROUNDS
    step(dispute, DisputeAction.SETTLE if is_last else DisputeAction.CONFIRM, by=by, at=at,
         facts={"outcome": dispute.outcome})
    dispute.confirmer, dispute.confirmer_name, dispute.decided_at = by.id, by.name, at
    enter_outcomes(dispute, by=by, at=at)
    dispute.save()
    if is_last:
        publish(DisputeClosed(dispute.id, dispute.number, dispute.outcome, dispute.answer, closed_at=at))
    return dispute


def _reviewed(dispute_id: UUID, by: Actor) -> Dispute:
    dispute = locked(dispute_id, by)
    if dispute.state == DisputeState.IN_REVIEW and dispute.reviewer != by.id:
        raise NotIndependent(reason="not-the-reviewer")
    return dispute


def may_confirm(dispute: Dispute, by: Actor) -> bool:
    """Another person than the reviewer; an approver, unless the reviewer is one."""
    if by.kind is not ActorKind.PERSON or by.id in {dispute.reviewer, dispute.raised_by}:
        return False
    return by.role == Role.FINANCE_APPROVER or (
        by.role == Role.FINANCE_REVIEWER and _reviewer_is_approver(dispute))


def _reviewer_is_approver(dispute: Dispute) -> bool:
    took = dispute.entries.filter(kind="propose", author=dispute.reviewer).order_by("-said_at").first()
    return took is not None and took.facts.get("role") == Role.FINANCE_APPROVER


def _confirmable(dispute_id: UUID, by: Actor) -> Dispute:
    dispute = locked(dispute_id, by)
    if dispute.state == DisputeState.PROPOSED and not may_confirm(dispute, by):
        raise NotIndependent(reason="second-person")
    return dispute

"""What who raised a dispute says to its decision, and what an outlet or operator says to a whole month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError

from billing.disputes import rules
from billing.disputes.models import Dispute, StatementAnswer
from billing.disputes.raising import Objection, write_disputes
from billing.disputes.rules import DisputeAction, Reason, Side
from billing.disputes.steps import locked, side_of, step, text_of
from billing.errors import DisputeNotFound, LineDisputedAlready, MonthChangedMeanwhile
from billing.events import DisputeClosed
from billing.models.ledger import Charge
from billing.operations.lines import violated
from billing.queries.books import books_of
from billing.queries.digests import LineDigest
from shared import audit
from shared.actors import Actor
from shared.money import ZERO, Money
from shared.outbox.publishing import publish
from shared.transactions import operation
from shared.working_days import work_calendar


@operation
def accept(*, dispute_id: UUID, by: Actor, at: datetime) -> Dispute:
    """Whoever raised it agrees with the decision: it is closed. Raises DisputeNotFound, DisputeStateForbids."""
    dispute = _own(dispute_id, by)
    dispute.answer = "accepted"
    step(dispute, DisputeAction.ACCEPT, by=by, at=at)
    dispute.save()
    publish(DisputeClosed(dispute.id, dispute.number, dispute.outcome, dispute.answer, closed_at=at))
    return dispute


@operation
def appeal(*, dispute_id: UUID, text: str, by: Actor, at: datetime) -> Dispute:
    """Ask for another decision, by other people; the lines stay on hold. Once.

    Raises:
        DisputeNotFound, DisputeStateForbids.
        DisputeRefused: nothing is said of why.
    """
    dispute = _own(dispute_id, by)
    dispute.answer, dispute.round = "appealed", dispute.round + 1
    dispute.decide_by = rules.due(at, rules.DECIDE_WORKING_DAYS, work_calendar())
    step(dispute, DisputeAction.APPEAL, by=by, at=at, text=text_of(text, required=True))
    dispute.reviewer = dispute.reviewer_name = dispute.confirmer = dispute.confirmer_name = ""
    dispute.save()
    return dispute


def _own(dispute_id: UUID, by: Actor) -> Dispute:
    dispute = locked(dispute_id, by)
    if side_of(by) != dispute.side:
        raise DisputeNotFound
    return dispute


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """A month as its reader sees it: its lines and the digest over them, as in a statement."""

    lines: int
    digest: str
    city_owes: Money


def month_seen(*, by: Actor, province_code: str, operator_code: str, period: date,
               except_for: Sequence[UUID] = ()) -> MonthSeen:
    """The digest covers all lines, the sum those not in `except_for`."""
    rows = (Charge.objects.filter(books_of(by).lines, province_code=province_code, operator_code=operator_code,
                                  period=period)
            .annotate(digest=LineDigest()).order_by("occurred_at", "id")
            .values_list("id", "digest", "city_subsidy", "compensation"))
    whole, lines, owed, left_out = sha256(), 0, ZERO, set(except_for)
    for line_id, digest, subsidy, compensation in rows.iterator(chunk_size=5000):
        whole.update(bytes.fromhex(digest))
        lines += 1
        if line_id not in left_out:
            owed += subsidy + compensation
    return MonthSeen(lines, whole.hexdigest(), owed)


def answer_month(*, province_code: str, operator_code: str, period: date, excepted: Sequence[UUID], reason: Reason,
                 text: str, digest: str, by: Actor, at: datetime) -> tuple[StatementAnswer, list[Dispute]]:
    """Accept a month as it was seen, except for some lines, which are disputed in the same breath.

    Raises:
        MonthChangedMeanwhile: the lines are not those of `digest` any more.
        LineNotFound, LineDisputedAlready, DisputeRefused: of the excepted ones.
    """
    try:
        return _answer_month(province_code=province_code, operator_code=operator_code, period=period,
                             excepted=excepted, reason=reason, text=text, digest=digest, by=by, at=at)
    except IntegrityError as error:
        if violated(error) == "dispute_line_open_once":
            raise LineDisputedAlready from error
        raise


@operation
def _answer_month(*, province_code: str, operator_code: str, period: date, excepted: Sequence[UUID], reason: Reason,
                  text: str, digest: str, by: Actor, at: datetime) -> tuple[StatementAnswer, list[Dispute]]:
    if side_of(by) not in {Side.OUTLET, Side.OPERATOR}:
        raise DisputeNotFound
    seen = month_seen(by=by, province_code=province_code, operator_code=operator_code, period=period,
                      except_for=excepted)
    if seen.digest != digest:
        raise MonthChangedMeanwhile
    disputes = write_disputes(Objection(lines=excepted, reason=reason, text=text), by=by, at=at) if excepted else []
    answer = StatementAnswer.objects.create(
        province_code=province_code, operator_code=operator_code, outlet_id=books_of(by).outlet_id, period=period,
        lines=seen.lines, excepted=len(set(excepted)), city_owes=seen.city_owes, digest=digest, answered_by=by.id,
        answered_by_name=by.name or by.id, answered_at=at)
    audit.record(actor=by, action="answer_month", object_type="statement_answer", object_id=answer.id, at=at,
                 after={"lines": seen.lines, "excepted": len(set(excepted)), "digest": digest})
    return answer, disputes

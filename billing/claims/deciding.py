"""A reviewer's verdict on lines of a claim, with her reason beside it. Never more than our books say is owed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.errors import ClaimLineNotFound, ClaimStateWrong, DecisionRefused
from billing.models.claims import Claim, ClaimDecision, ClaimLine
from billing.models.statements import Statement, StatementState
from billing.queries.books import books_of
from billing.rules.claims import ClaimState, Verdict
from shared import audit
from shared.actors import Actor
from shared.errors import ErrorCollector
from shared.formatting import money
from shared.money import ZERO, Money
from shared.problems import told
from shared.text import clean
from shared.transactions import operation

MOST_AT_ONCE: Final = 500
DECIDED: Final = frozenset({Verdict.ADMITTED, Verdict.REDUCED, Verdict.REJECTED})


@operation
def decide_lines(*, claim_id: UUID, line_ids: Sequence[int], verdict: str, words: str, by: Actor, at: datetime,
                 admitted_vnd: int | None = None) -> int:
    """Admit or reject lines; returns how many. Without an amount a line is admitted as far as claim and books agree.

    Raises:
        ClaimLineNotFound: a line is none of this claim, or the claim none of the city of `by`.
        ClaimStateWrong: the month was reviewed already.
        DecisionRefused: what is wrong stands in its errors.
    """
    claim = _open_claim(claim_id, by)
    lines = list(ClaimLine.objects.select_for_update().filter(claim=claim, id__in=line_ids).order_by("id"))
    if not lines or len(lines) != len(set(line_ids)):
        raise ClaimLineNotFound
    _check(lines, verdict, words, admitted_vnd)
    for line in lines:
        _decide(line, Verdict(verdict), clean(words)[:300], admitted_vnd, by=by, at=at)
    audit.record(actor=by, action="claim.decide", object_type="claim", object_id=claim.id, at=at,
                 after={"verdict": verdict, "lines": [line.id for line in lines][:50], "count": len(lines)},
                 reason=clean(words))
    return len(lines)


def _open_claim(claim_id: UUID, by: Actor) -> Claim:
    books = books_of(by)
    claim = Claim.objects.filter(books.statements, id=claim_id, state=ClaimState.MATCHED).first()
    if claim is None or not books.belong_to_city:
        raise ClaimLineNotFound
    month = Statement.objects.select_for_update().get(
        province_id=claim.province_id, operator_code=claim.operator_code, period=claim.period)
    if month.state != StatementState.PREPARED:
        raise ClaimStateWrong(_("The month is reviewed: its lines stand until it is sent back."))
    return claim


def _check(lines: Sequence[ClaimLine], verdict: str, words: str, admitted_vnd: int | None) -> None:
    wrong = ErrorCollector()
    if verdict not in DECIDED:
        wrong.add("/verdict", "not-a-choice", _("Admit or reject."))
    if len(clean(words)) < 5:
        wrong.add("/words", "required", _("Say why, in a few words: the operator reads it."))
    if len(lines) > MOST_AT_ONCE:
        wrong.add("/line_ids", "too-many", told(_("At most {most} lines at once."), most=MOST_AT_ONCE))
    if admitted_vnd is not None:
        most = min(_most(line) for line in lines)
        if not 0 < admitted_vnd <= most:
            wrong.add("/admitted_vnd", "out-of-range",
                      told(_("Between 1 đ and {most}: no more than is claimed and our books say."), most=money(most)))
    elif verdict in {Verdict.ADMITTED, Verdict.REDUCED} and not all(_most(line) for line in lines):
        wrong.add("/verdict", "nothing-in-books", _("Our books owe nothing for this: enter it there first."))
    wrong.raise_if_any(DecisionRefused)


def _most(line: ClaimLine) -> int:
    return min(line.claimed.amount, line.owed.amount)


def _decide(line: ClaimLine, verdict: Verdict, words: str, admitted_vnd: int | None, *, by: Actor,
            at: datetime) -> None:
    admitted = ZERO if verdict is Verdict.REJECTED else Money(_most(line) if admitted_vnd is None else admitted_vnd)
    if verdict is not Verdict.REJECTED:
        verdict = Verdict.ADMITTED if admitted == line.claimed else Verdict.REDUCED
    ClaimDecision.objects.create(
        line=line, verdict_before=line.verdict, reason_before=line.reason_code, verdict=verdict, admitted=admitted,
        words=words, decided_by=by.id, decided_by_name=by.name, decided_at=at)
    line.verdict, line.admitted, line.decided_at = verdict, admitted, at
    line.save(update_fields=["verdict", "admitted", "decided_at"])

"""Citizens are asked whether what is charged for them really came, before the city's money moves."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.claims.matching import CALL_BACKS
from billing.errors import CallBackAnswered, CallBackNotFound, ClaimStateWrong, DecisionRefused
from billing.models.claims import CallBack, Claim, ClaimLine
from billing.models.statements import Statement, StatementState
from shared import audit, scope, work
from shared.actors import Actor
from shared.errors import FieldError
from shared.money import ZERO
from shared.text import clean
from shared.transactions import operation

ANSWERS: Final = ("received", "denied", "unreachable")
MOST_TRIES: Final = 3
"""Not reached so often: she counts as unreachable, and the call is over."""


def calls_of(actor: Actor) -> QuerySet[CallBack]:
    """The calls that the actor's centre makes."""
    if actor.centre_id is None:
        return CallBack.objects.none()
    return CallBack.objects.filter(centre_id=actor.centre_id)


@operation
def answer_call(*, call_id: UUID, outcome: str, note: str = "", by: Actor, at: datetime) -> CallBack:
    """Keep what the citizen said. Not reached for the third time ends the call; "no" makes the line one to look at.

    Raises:
        CallBackNotFound: none of the centre of `by`.
        CallBackAnswered: she was asked already.
        DecisionRefused: no such answer, or a "no" without a word on it.
    """
    call = calls_of(by).select_for_update().filter(id=call_id).first()
    if call is None:
        raise CallBackNotFound
    if call.outcome:
        raise CallBackAnswered
    _check(outcome, note)
    with scope.everything():  # a centre sees its calls, not the claims that they are about
        _keep_statement_open(call)
    call.tries += 1
    call.note, call.asked_by, call.asked_by_name, call.asked_at = clean(note)[:300], by.id, by.name, at
    if outcome != "unreachable" or call.tries >= MOST_TRIES:
        call.outcome = outcome
    call.save()
    if outcome == "denied":
        with scope.everything():
            _doubt(call)
    _close_when_done(call, by=by, at=at)
    audit.record(actor=by, action="claim.call_back", object_type="call_back", object_id=call.id, at=at,
                 after={"outcome": outcome, "tries": call.tries})
    return call


def _check(outcome: str, note: str) -> None:
    if outcome not in ANSWERS:
        raise DecisionRefused(errors=(FieldError("/outcome", "not-a-choice", _("Choose what the citizen said.")),))
    if outcome == "denied" and not note.strip():
        raise DecisionRefused(errors=(
            FieldError("/note", "required", _("Write down what she said: the operator will be asked about it.")),))


def _keep_statement_open(call: CallBack) -> None:
    claim = Claim.objects.get(id=call.claim_id)
    month = Statement.objects.select_for_update().filter(
        province_id=claim.province_id, operator_code=claim.operator_code, period=claim.period).first()
    if month is not None and month.state != StatementState.PREPARED:
        raise ClaimStateWrong(_("The month was reviewed meanwhile."))


def _doubt(call: CallBack) -> None:
    """Nobody is accused: the line waits for a person, and until then nothing of it is paid."""
    ClaimLine.objects.filter(id=call.line_id, decided_at=None).update(
        verdict="look", reason_code="citizen-denies", admitted=ZERO)


def _close_when_done(call: CallBack, *, by: Actor, at: datetime) -> None:
    if not CallBack.objects.filter(claim_id=call.claim_id, centre_id=call.centre_id, outcome="").exists():
        work.close_item(kind=CALL_BACKS, reference=f"{call.claim_id}:{call.centre_id}", by=by.id, at=at,
                        outcome="all asked")

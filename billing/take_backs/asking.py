"""Asking to take a line back; approving, refusing, withdrawing it; letting lapse what nobody answers. All audited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from billing.disputes.rules import due
from billing.errors import AlreadyReversed, LineNotFound, StillCharged
from billing.known_errors.models import AffectedLine
from billing.models.ledger import Charge
from billing.operations.corrections import reversed_twice, write_again, write_reversal
from billing.operations.lines import told_twice, violated
from billing.operations.standing_hold import hold_standing, hold_taking_back
from billing.queries.books import books_of
from billing.take_backs.errors import (
    ChargingChangesNothing,
    FiguresChanged,
    TakeBackIncomplete,
    TakeBackNotAsked,
    TakeBackNotFound,
    TakeBackNotYours,
    TakeBackSecondPerson,
    TakeBackStateForbids,
    TakeBackTooLate,
    TakeBackWaiting,
)
from billing.take_backs.hindrances import foreseen, refuse_if_hindered
from billing.take_backs.models import TakeBack
from billing.take_backs.rules import (
    ANSWERED_WITHIN_WORKING_DAYS,
    LONGEST_REASON,
    SHORTEST_REASON,
    STEPS,
    TakeBackState,
    TakeBackStep,
)
from shared import audit, work
from shared.actors import Actor, ActorKind, job
from shared.errors import FieldError
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

ASKED: Final = "take-back-asked"
"""Work item of the finance approver: a line is to be taken back."""
CLOCK: Final[Actor] = job("lapse_take_backs")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackAsked:
    line_id: UUID
    reason: str
    charge_anew: bool
    """Whether the event is to be charged again by the rules that hold for its day."""


def ask(asked: TakeBackAsked, *, by: Actor, at: datetime) -> TakeBack:
    """Ask for a line to be taken back. A finance approver of the city answers within three working days.

    Raises:
        TakeBackNotAsked: by somebody who does not review the city's money.
        LineNotFound: no such line in the books of `by`.
        TakeBackIncomplete: no reason in a sentence.
        ReversalNotReversible, AlreadyReversed, LineNotTakenBackHere, LineOnHold, LineCorrected, TakeBackWaiting.
        ChargingChangesNothing: it is to be charged anew, and the rules give what stands there.
    """
    try:
        return _ask(asked, by=by, at=at)
    except IntegrityError as error:
        if violated(error) == "take_back_open_once":
            raise TakeBackWaiting from error
        raise


@operation
def _ask(asked: TakeBackAsked, *, by: Actor, at: datetime) -> TakeBack:
    if by.kind is not ActorKind.PERSON or by.role != Role.FINANCE_REVIEWER:
        raise TakeBackNotAsked
    charge = Charge.objects.filter(books_of(by).lines, id=asked.line_id).first()
    if charge is None:
        raise LineNotFound
    reason = _said(asked.reason, "/reason", _("Say why in a sentence: the outlet reads it beside the line."))
    refuse_if_hindered(charge)
    made = TakeBack.objects.create(
        charge=charge, province_code=charge.province_code, operator_code=charge.operator_code,
        outlet_id=charge.outlet_id, charges_anew=asked.charge_anew, reason=reason, amount=charge.city_owes,
        foreseen=foreseen(charge) if asked.charge_anew else {}, asked_by=by.id, asked_by_name=by.name, asked_at=at,
        due_at=due(at, ANSWERED_WITHIN_WORKING_DAYS, work_calendar()))
    work.open_item(kind=ASKED, reference=str(made.id), owner_role=Role.FINANCE_APPROVER,
                   owner_place=made.province_code, at=at, due_at=made.due_at,
                   detail={"line": str(charge.id), "dossier": charge.dossier_code})
    # On the line: who asks for it has had a part in it, and reviews no dispute of it.
    audit.record(actor=by, action="ask_take_back", object_type="charge", object_id=charge.id, at=at, reason=reason,
                 after={"take_back": str(made.id), "charges_anew": made.charges_anew})
    return made


def _said(text: str, pointer: str, message: Any) -> str:
    said = clean(text)
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise TakeBackIncomplete(errors=(FieldError(pointer, "too-short", message),))
    return said


def decide(take_back_id: UUID, *, approve: bool, answer: str = "", by: Actor, at: datetime) -> TakeBack:
    """Approve it, and the line is taken back in the same breath; or refuse it and say why.

    Raises:
        TakeBackNotFound, TakeBackStateForbids.
        TakeBackTooLate: its time is over, whether or not it was lapsed yet.
        TakeBackSecondPerson: who asked, or somebody who does not answer for the city's money.
        TakeBackIncomplete: it is refused without a reason.
        AlreadyReversed, LineOnHold, LineCorrected: something came in between.
        FiguresChanged: the rules give something else by now than both people saw.
    """
    try:
        return _decide(take_back_id, approve=approve, answer=answer, by=by, at=at)
    except IntegrityError as error:
        if reversed_twice(error):
            raise AlreadyReversed from error
        if told_twice(error):
            raise StillCharged from error
        raise


@operation
def _decide(take_back_id: UUID, *, approve: bool, answer: str, by: Actor, at: datetime) -> TakeBack:
    row = _held(take_back_id, by)
    if by.kind is not ActorKind.PERSON or by.role != Role.FINANCE_APPROVER or by.id == row.asked_by:
        raise TakeBackSecondPerson
    # The sweep comes minutes later: what it will lapse is over for everybody.
    if at >= row.due_at and row.state == TakeBackState.ASKED:
        raise TakeBackTooLate
    _step(row, TakeBackStep.APPROVE if approve else TakeBackStep.REFUSE)
    if approve:
        _take_back(row, by=by, at=at)
    else:
        row.answer = _said(answer, "/answer", _("Say why in a sentence: who asked reads it."))
    row.decided_by, row.decided_by_name = by.id, by.name
    _end(row, by=by, at=at, action="decide_take_back")
    return row


def _take_back(row: TakeBack, *, by: Actor, at: datetime) -> None:
    hold_taking_back(row.province_code)
    hold_standing(row.province_code)
    refuse_if_hindered(row.charge, asked=row)
    if row.charges_anew and _foreseen_now(row.charge) != row.foreseen:
        raise FiguresChanged
    row.mirror = write_reversal(charge_id=row.charge_id, reason=row.reason, by=by, at=at)
    if row.charges_anew:
        row.again = write_again(charge_id=row.charge_id, by=by, at=at)
    # What a known error kept back for this is settled.
    AffectedLine.objects.filter(charge=row.charge, is_open=True).update(is_open=False)


def _foreseen_now(charge: Charge) -> dict[str, Any] | None:
    try:
        return foreseen(charge)
    except ChargingChangesNothing:
        return None


@operation
def withdraw(take_back_id: UUID, *, by: Actor, at: datetime) -> TakeBack:
    """Who asked takes the request back.

    Raises:
        TakeBackNotFound, TakeBackStateForbids.
        TakeBackNotYours: somebody else asked.
    """
    row = _held(take_back_id, by)
    if by.id != row.asked_by:
        raise TakeBackNotYours
    _step(row, TakeBackStep.WITHDRAW)
    _end(row, by=by, at=at, action="withdraw_take_back")
    return row


@operation
def lapse_overdue(*, at: datetime) -> int:
    """Lapse what nobody has answered in time; returns how many."""
    rows = list(TakeBack.objects.waiting().select_for_update(of=("self",)).filter(due_at__lte=at).order_by("id"))
    for row in rows:
        _step(row, TakeBackStep.LAPSE)
        _end(row, by=CLOCK, at=at, action="lapse_take_back")
    return len(rows)


def _held(take_back_id: UUID, by: Actor) -> TakeBack:
    found: TakeBack | None = TakeBack.objects.seen_by(by).select_for_update(of=("self",)).select_related(
        "charge").filter(id=take_back_id).first()
    if found is None:
        raise TakeBackNotFound
    return found


def _step(row: TakeBack, step: TakeBackStep) -> None:
    following = STEPS.get((TakeBackState(row.state), step))
    if following is None:
        raise TakeBackStateForbids
    row.state = following


def _end(row: TakeBack, *, by: Actor, at: datetime, action: str) -> None:
    row.ended_at = at
    row.save()
    work.close_item(kind=ASKED, reference=str(row.id), by=by.id, at=at, outcome=row.state)
    audit.record(actor=by, action=action, object_type="take_back", object_id=row.id, at=at, reason=row.answer,
                 after={"state": row.state})

"""prepared → reviewed → approved → released → reconciled: one step at a time, each signed by another person.

Who signs names the digest of the figures that she saw. When the figures are others by now (a line was disputed, a
verdict changed) nothing is signed: she looks again. What was reviewed is what is approved and released, to the đồng;
figures that changed after the review go back to the reviewer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from billing.errors import (
    FiguresChanged,
    NotYetSettled,
    PaymentRefused,
    SamePerson,
    StatementNotFound,
    StepNotPossible,
)
from billing.events import StatementStepTaken
from billing.models.claims import Claim
from billing.models.statements import Statement, StatementPayment, StatementSignature
from billing.payouts.planning import close_payouts, plan_payouts
from billing.queries.books import books_of
from billing.rules.claims import FINAL_CLAIM
from billing.rules.settling import DUTIES, SETTLING, Settling, Step, clashing_step
from billing.settling.figures import Figures, figures_of, matched_claim, paid_by_of
from billing.settling.step_words import state_said, step_said
from billing.settling.withheld import note_release
from shared import audit, work
from shared.actors import Actor, ActorKind
from shared.calendar import local
from shared.errors import ErrorCollector, Forbidden
from shared.outbox.publishing import publish
from shared.problems import told
from shared.roles import Role
from shared.transactions import operation

PAYMENT_DIFFERS = "payment-differs"
"""Work item of finance: the Treasury paid another amount than was released."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid for a released statement, as the paper of whoever paid says."""

    reference: str
    amount_vnd: int
    paid_on: date


@operation
def sign(*, statement_id: UUID, step: Step, seen_digest: str, note: str = "", by: Actor, at: datetime) -> Statement:
    """Take REVIEW, AGREE, APPROVE or RELEASE. Taken before by the same person with the same digest: nothing happens.

    Raises:
        StatementNotFound: none that `by` may open.
        StepNotPossible: the statement is at another step.
        SamePerson: `by` signed a step that another person must have signed.
        FiguresChanged: `seen_digest` is not that of the figures now, or they changed after the review.
        NotYetSettled: lines to look at, call-backs or a claim are open; or a reason is needed and missing.
    """
    statement = _locked(statement_id, by)
    signed = signatures(statement)
    if _is_repeated(signed.get(step), seen_digest, by):
        return statement
    figures = _ready(statement, step, seen_digest, signed, by)
    _check_step(statement, step, figures, signed, note)
    if step is Step.RELEASE:
        note_release(statement, paid_by_of(statement, matched_claim(statement)), shortfall=figures.shortfall, at=at)
        plan_payouts(statement, figures.payable, by=by, at=at)
    _sign(statement, step, figures, note, by=by, at=at)
    return statement


@operation
def send_back(*, statement_id: UUID, reason: str, by: Actor, at: datetime) -> Statement:
    """Back to the reviewer, with a reason; the preparation stands, everybody else signs again.

    Raises:
        StatementNotFound, StepNotPossible: as above.
        NotYetSettled: no reason is given.
    """
    statement = _locked(statement_id, by)
    if (Settling(statement.state), Step.SEND_BACK) not in SETTLING:
        raise StepNotPossible(_at(statement))
    if not reason.strip():
        raise NotYetSettled(_("Say why it goes back: the reviewer reads it."))
    figures, prepared = figures_of(statement), signatures(statement).get(Step.PREPARE)
    _write(statement, Step.SEND_BACK, figures, reason, by=by, at=at)
    statement.round += 1
    _move(statement, Step.SEND_BACK, at)
    if prepared is not None:
        kept = ("statement_id", "step", "signer_id", "signer_name", "role", "digest", "figures", "note", "signed_at")
        StatementSignature.objects.create(round=statement.round, **{name: getattr(prepared, name) for name in kept})
    _tell(statement, Step.SEND_BACK, figures, by=by, at=at, reason=reason)
    return statement


@operation
def reconcile(*, statement_id: UUID, seen_digest: str, reference: str, amount_vnd: int, paid_on: date, by: Actor,
              at: datetime) -> Statement:
    """Compare the Treasury's payment with what was released. Another amount is a question with an owner: the statement
    stays released until it is settled.

    Raises:
        StatementNotFound, StepNotPossible, SamePerson, FiguresChanged: as for `sign`.
        PaymentRefused: what is wrong stands in its errors.
        PayoutsOnTheirWay: the city pays by orders of its own, and not all of them are confirmed.
    """
    statement = _locked(statement_id, by)
    signed = signatures(statement)
    _ready(statement, Step.RECONCILE, seen_digest, signed, by)
    record_payment(statement, signed[Step.RELEASE], Payment(reference.strip(), amount_vnd, paid_on), by=by, at=at)
    return statement


def record_payment(statement: Statement, released: StatementSignature, payment: Payment, *, by: Actor,
                   at: datetime) -> None:
    """Compare the payment with what was released, in the caller's transaction: equal, the statement is reconciled.

    Raises:
        PaymentRefused: what is wrong stands in its errors.
        PayoutsOnTheirWay: the city pays by orders of its own, and not all of them are confirmed.
    """
    _check_payment(payment, released, at)
    payable = int(released.figures["payable"])
    if payment.amount_vnd != payable:
        _ask_about_payment(statement, payment.reference, payable, payment.amount_vnd, by=by, at=at)
        return
    close_payouts(statement, by=by, at=at)
    StatementPayment.objects.create(statement=statement, reference=payment.reference, amount=payment.amount_vnd,
                                    paid_on=payment.paid_on, recorded_by=by.name or by.id, recorded_at=at)
    work.close_item(kind=PAYMENT_DIFFERS, reference=str(statement.id), by=by.id, at=at, outcome="paid in full")
    _sign(statement, Step.RECONCILE, Figures(**released.figures), payment.reference, by=by, at=at)


def signatures(statement: Statement) -> dict[Step, StatementSignature]:
    """Those of the present round, by step."""
    rows = StatementSignature.objects.filter(statement=statement, round=statement.round).exclude(step=Step.SEND_BACK)
    return {Step(row.step): row for row in rows}


def sign_preparation(statement: Statement, *, by: Actor, at: datetime) -> None:
    """The preparer's signature, written in the transaction of the preparation."""
    _write(statement, Step.PREPARE, figures_of(statement), "", by=by, at=at)


# --- guards ---------------------------------------------------------------------------------------------------------


def _locked(statement_id: UUID, by: Actor) -> Statement:
    found = Statement.objects.select_for_update().filter(books_of(by).statements, id=statement_id).first()
    if found is None:
        raise StatementNotFound
    return found


def _is_repeated(there: StatementSignature | None, seen_digest: str, by: Actor) -> bool:
    return there is not None and (there.signer_id, there.digest) == (by.id, seen_digest)


def _ready(statement: Statement, step: Step, seen_digest: str, signed: dict[Step, StatementSignature],
           by: Actor) -> Figures:
    """The figures now, when `by` may take `step` on them."""
    duty = DUTIES[step]
    if by.kind is not ActorKind.PERSON or by.role != duty.role:
        raise Forbidden(_("A person of another role signs this step."))
    if (Settling(statement.state), step) not in SETTLING or step in signed:
        raise StepNotPossible(_at(statement))
    clash = clashing_step(step, by.id, {each: row.signer_id for each, row in signed.items()})
    if clash is not None:
        raise SamePerson(told(_("You signed “{step}” of this statement; somebody else must sign this."),
                              step=step_said(clash)))
    figures = figures_of(statement)
    if figures.digest != seen_digest:
        raise FiguresChanged(_("Look at the figures again: something was decided or disputed meanwhile."),
                             digest=figures.digest)
    reviewed = signed.get(Step.REVIEW)
    if reviewed is not None and reviewed.digest != figures.digest:
        raise FiguresChanged(_("They changed after the review. Send the statement back to the reviewer."),
                             digest=figures.digest)
    return figures


def _check_step(statement: Statement, step: Step, figures: Figures, signed: dict[Step, StatementSignature],
                note: str) -> None:
    match step:
        case Step.REVIEW:
            _check_review(statement, figures, note)
        case Step.APPROVE if Step.AGREE not in signed and not note.strip():
            raise NotYetSettled(_("The operator has not signed the minutes. Wait, or write why you go on without."))


def _check_review(statement: Statement, figures: Figures, note: str) -> None:
    waiting = Claim.objects.filter(province_id=statement.province_id, operator_code=statement.operator_code,
                                   period=statement.period).exclude(state__in=FINAL_CLAIM)
    if waiting.exists():
        raise NotYetSettled(_("A claim of this month is still on its way."))
    if figures.to_look:
        raise NotYetSettled(told(_("{lines} lines of the claim still wait for a decision."), lines=figures.to_look))
    if figures.calls_open:
        raise NotYetSettled(told(_("{calls} citizens have not been asked yet."), calls=figures.calls_open))
    if not figures.claim_sha256 and not note.strip():
        raise NotYetSettled(_("The operator has sent no claim. Write why the month is settled by our books alone."))


def _check_payment(payment: Payment, released: StatementSignature, at: datetime) -> None:
    wrong = ErrorCollector()
    if not 3 <= len(payment.reference) <= 60:
        wrong.add("/reference", "wrong-form", _("Give the number of the Treasury's payment order."))
    elif StatementPayment.objects.filter(reference=payment.reference).exists():
        wrong.add("/reference", "used-before", _("This payment order belongs to another statement."))
    if payment.amount_vnd < 0:
        wrong.add("/amount_vnd", "too-small", _("An amount is not below zero."))
    if not local(released.signed_at).date() <= payment.paid_on <= local(at).date():
        wrong.add("/paid_on", "impossible-day", _("The day lies between the release and today."))
    wrong.raise_if_any(PaymentRefused)


# --- writing --------------------------------------------------------------------------------------------------------


def _sign(statement: Statement, step: Step, figures: Figures, note: str, *, by: Actor, at: datetime) -> None:
    try:
        _write(statement, step, figures, note, by=by, at=at)
    except IntegrityError as error:
        raise SamePerson from error
    _move(statement, step, at)
    _tell(statement, step, figures, by=by, at=at, reason=note)


def _write(statement: Statement, step: Step, figures: Figures, note: str, *, by: Actor, at: datetime) -> None:
    StatementSignature.objects.create(
        statement=statement, round=statement.round, step=step, signer_id=by.id, signer_name=by.name, role=by.role,
        digest=figures.digest, figures=figures.as_data(), note=note.strip()[:300], signed_at=at)


def _move(statement: Statement, step: Step, at: datetime) -> None:
    after = SETTLING[Settling(statement.state), step]
    if after != statement.state:
        statement.state, statement.state_at = after, at
    statement.save(update_fields=["state", "state_at", "round"])


def _tell(statement: Statement, step: Step, figures: Figures, *, by: Actor, at: datetime, reason: str) -> None:
    audit.record(actor=by, action=f"statement.{step}", object_type="statement", object_id=statement.id, at=at,
                 after={"state": statement.state, "digest": figures.digest, "payable": figures.payable},
                 reason=reason)
    publish(StatementStepTaken(
        statement.id, statement.province_id, statement.operator_code, statement.period, step, statement.state,
        figures.payable, figures.digest, taken_at=at))


def _ask_about_payment(statement: Statement, reference: str, payable: int, paid: int, *, by: Actor,
                       at: datetime) -> None:
    work.open_item(kind=PAYMENT_DIFFERS, reference=str(statement.id), owner_role=Role.FINANCE_REVIEWER,
                   owner_place=statement.province_id, at=at, due_at=at,
                   detail={"reference": reference, "released_vnd": payable, "paid_vnd": paid})
    audit.record(actor=by, action="statement.payment_differs", object_type="statement", object_id=statement.id, at=at,
                 after={"reference": reference, "released": payable, "paid": paid})


def _at(statement: Statement) -> str:
    return state_said(statement.state)


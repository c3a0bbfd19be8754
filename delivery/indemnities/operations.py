"""What is owed for late and lost parcels: proposed by rule, answered by the operator, decided by the city, paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing import public as billing
from delivery.errors import (
    IndemnityIncomplete,
    IndemnityNotFound,
    IndemnityUnpriced,
    MayNotAnswerIndemnity,
    NothingToReissue,
    ParcelNotFound,
)
from delivery.events import IndemnityOwed
from delivery.indemnities.models import Indemnity
from delivery.indemnities.queries import came_too_late, indemnities_seen_by, quote_of, terms_in_force
from delivery.indemnities.rules import (
    DECIDE_DAYS,
    GROUNDS,
    IndemnityAction,
    IndemnityKind,
    IndemnityState,
    Owed,
    Terms,
    for_delay,
    for_loss,
    for_reissue,
    next_state,
)
from delivery.models.parcels import Parcel
from delivery.queries.parcels import seen_by
from delivery.rules import ParcelState
from shared import audit, work
from shared.actors import Actor, job
from shared.calendar import CLOSING, at_local, local
from shared.errors import FieldError
from shared.money import ZERO, Money
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation
from shared.working_days import work_calendar

US: Final = job("delivery.indemnities")
TO_ANSWER, TO_DECIDE, TO_PAY, UNPAID = (
    "indemnity-answer", "indemnity-decision", "indemnity-payment", "indemnity-unpaid")  # fmt: skip
MAY_ANSWER: Final = frozenset({Role.OPERATOR_HQ})
MAY_DECIDE: Final = frozenset({Role.FINANCE_REVIEWER})
MAY_CLAIM: Final = frozenset({
    Role.OUTLET_MANAGER, Role.CENTRE_OFFICER, Role.CENTRE_MANAGER, Role.FINANCE_REVIEWER})  # fmt: skip


# --- proposed by rule -----------------------------------------------------------------------------------------------


@operation
def consider_delay(*, parcel_id: UUID, at: datetime) -> Indemnity | None:
    """Propose the refund of a late parcel's postage; None when it was not late or cost nothing. Again: the same."""
    parcel = Parcel.objects.get(id=parcel_id)
    if parcel.state != ParcelState.DELIVERED or not came_too_late(parcel):
        return None
    return _by_rule(parcel, IndemnityKind.LATE, parcel.delivered_at or at, at)


@operation
def consider_loss(*, parcel_id: UUID, at: datetime) -> Indemnity | None:
    """Propose what the law gives for a lost parcel; None when it is not lost. Again: the same."""
    parcel = Parcel.objects.get(id=parcel_id)
    return _by_rule(parcel, IndemnityKind.LOSS, parcel.state_at, at) if parcel.state == ParcelState.LOST else None


def _by_rule(parcel: Parcel, kind: IndemnityKind, happened_at: datetime, at: datetime) -> Indemnity | None:
    known = Indemnity.objects.filter(parcel=parcel, kind=kind).first()
    terms, quote = terms_in_force(local(happened_at).date()), quote_of(parcel)
    if known is not None or terms is None or quote is None:
        return known
    owed = for_loss(quote, terms) if kind is IndemnityKind.LOSS else for_delay(quote, terms)
    return _propose(parcel, kind, owed, terms, happened_at=happened_at, by=US, at=at) if owed.amount else None


@operation
def claim_reissue(*, parcel_id: UUID, amount: Money, what: str, by: Actor, at: datetime) -> Indemnity:
    """Claim what it costs to issue the papers of a lost parcel again; `what` names them and what shows the cost.

    Raises:
        ParcelNotFound: none that `by` may know of.
        IndemnityIncomplete: no amount, or nothing is named.
        NothingToReissue: the parcel is not lost.
        IndemnityUnpriced: no terms are in force.
    """
    parcel = seen_by(by).filter(id=parcel_id).first()
    if parcel is None:
        raise ParcelNotFound
    if amount <= ZERO:
        raise _missing("amount", _("Say what it costs, in whole đồng."))
    if not clean(what):
        raise _missing("what", _("Name the papers and what shows the cost."))
    if parcel.state != ParcelState.LOST:
        raise NothingToReissue
    terms = terms_in_force(local(parcel.state_at).date())
    if terms is None:
        raise IndemnityUnpriced
    owed = for_reissue(amount, terms)
    return _propose(parcel, IndemnityKind.REISSUE, owed, terms, happened_at=parcel.state_at, by=by, at=at,
                    what=clean(what)[:300])


def _propose(parcel: Parcel, kind: IndemnityKind, owed: Owed, terms: Terms, *, happened_at: datetime, by: Actor,
             at: datetime, what: str = "") -> Indemnity:
    parts = {"national_reduction": owed.national_reduction.amount, "city_subsidy": owed.city_subsidy.amount,
             "citizen_share": owed.citizen_share.amount, "subsidy_rule": owed.subsidy_rule}
    indemnity = Indemnity.objects.create(
        parcel=parcel, kind=kind, operator_code=parcel.operator_code, province_code=parcel.province_code,
        outlet_id=parcel.outlet_id, centre_id=parcel.centre_id, amount=owed.amount,
        parts=parts if kind is IndemnityKind.LATE else {}, steps=[billing.step_as_data(step) for step in owed.steps],
        terms_code=terms.code, happened_at=happened_at, what=what, opened_at=at,
        answer_by=work_calendar().due_date(local(at).date(), terms.answer_working_days))
    _record(indemnity, "propose", by, at)
    _ask(indemnity, TO_ANSWER, (Role.OPERATOR_HQ, parcel.operator_code), indemnity.answer_by, at)
    return indemnity


# --- answered, decided, paid ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """The operator's answer: it owes it, or why not."""

    is_accepted: bool
    ground: str = ""
    words: str = ""


@operation
def answer(*, indemnity_id: UUID, reply: Reply, by: Actor, at: datetime) -> Indemnity:
    """Say whether it is owed, for the operator.

    Raises:
        IndemnityNotFound: none that `by` may know of.
        MayNotAnswerIndemnity: another role.
        IndemnitySettled: it has been answered, or the day for it has passed.
        IndemnityIncomplete: an objection without its ground or reason.
    """
    indemnity = _locked(indemnity_id, by, MAY_ANSWER)
    _move(indemnity, IndemnityAction.ACCEPT if reply.is_accepted else IndemnityAction.OBJECT)
    if not reply.is_accepted:
        _check_objection(reply)
        indemnity.ground = reply.ground
    indemnity.answer_words = clean(reply.words)[:500]
    work.close_item(kind=TO_ANSWER, reference=str(indemnity.id), by=by.id, at=at, outcome=indemnity.state)
    if reply.is_accepted:
        _owe(indemnity, at)
    else:
        _give_to_the_city(indemnity, at)
    _save(indemnity, "answer", by, at)
    return indemnity


@operation
def decide(*, indemnity_id: UUID, is_owed: bool, words: str, by: Actor, at: datetime) -> Indemnity:
    """Decide for the city, over an objection or a silence.

    Raises:
        IndemnityNotFound: none that `by` may know of.
        MayNotAnswerIndemnity: another role.
        IndemnitySettled: it is not for the city to decide now.
        IndemnityIncomplete: no reason is given.
    """
    indemnity = _locked(indemnity_id, by, MAY_DECIDE)
    _move(indemnity, IndemnityAction.UPHOLD if is_owed else IndemnityAction.WAIVE)
    if not clean(words):
        raise _missing("words", _("Say why, for the operator and whoever asks later."))
    indemnity.decision_words = clean(words)[:500]
    work.close_item(kind=TO_DECIDE, reference=str(indemnity.id), by=by.id, at=at, outcome=indemnity.state)
    if is_owed:
        _owe(indemnity, at)
    _save(indemnity, "decide", by, at)
    return indemnity


@operation
def record_payment(*, indemnity_id: UUID, paid_on: date, reference: str, by: Actor, at: datetime) -> Indemnity:
    """Say that it was paid, and under which reference.

    Raises:
        IndemnityNotFound: none that `by` may know of.
        MayNotAnswerIndemnity: another role.
        IndemnitySettled: nothing is owed now.
        IndemnityIncomplete: no reference, or a day before it was owed or after today.
    """
    indemnity = _locked(indemnity_id, by, MAY_ANSWER)
    _move(indemnity, IndemnityAction.PAY)
    if not clean(reference):
        raise _missing("reference", _("Give the reference of the payment."))
    if indemnity.owed_at is None or not local(indemnity.owed_at).date() <= paid_on <= local(at).date():
        raise _missing("paid_on", _("It was paid on a day between the decision and today."))
    indemnity.paid_on, indemnity.paid_reference = paid_on, clean(reference)[:80]
    for kind in (TO_PAY, UNPAID):
        work.close_item(kind=kind, reference=str(indemnity.id), by=by.id, at=at, outcome="paid")
    _save(indemnity, "pay", by, at)
    return indemnity


# --- by time --------------------------------------------------------------------------------------------------------


def watch_indemnities(*, at: datetime) -> int:
    """What was not answered is the city's, what was not paid is told to it; returns how many there were."""
    today = local(at).date()
    unanswered = Indemnity.objects.filter(state=IndemnityState.PROPOSED, answer_by__lt=today)
    unpaid = Indemnity.objects.filter(state=IndemnityState.OWED, pay_by__lt=today, is_reminded=False)
    return sum(lapse_unanswered(each, at) for each in _ids(unanswered)) + sum(
        ask_for_payment(each, at) for each in _ids(unpaid))


def _ids(rows: Iterable[Indemnity]) -> list[UUID]:
    return [row.id for row in rows]


@operation
def lapse_unanswered(indemnity_id: UUID, at: datetime) -> bool:
    indemnity = _lock(indemnity_id)
    if indemnity.state != IndemnityState.PROPOSED:
        return False
    _move(indemnity, IndemnityAction.LAPSE)
    work.close_item(kind=TO_ANSWER, reference=str(indemnity.id), by=US.id, at=at, outcome="no answer in time")
    _give_to_the_city(indemnity, at)
    _save(indemnity, "lapse", US, at)
    return True


@operation
def ask_for_payment(indemnity_id: UUID, at: datetime) -> bool:
    indemnity = _lock(indemnity_id)
    if indemnity.state != IndemnityState.OWED or indemnity.is_reminded:
        return False
    indemnity.is_reminded = True
    due = work_calendar().due_date(local(at).date(), DECIDE_DAYS)
    _ask(indemnity, UNPAID, (Role.FINANCE_REVIEWER, indemnity.province_code), due, at)
    _save(indemnity, "remind", US, at)
    return True


# --- what all of them need ------------------------------------------------------------------------------------------


def _owe(indemnity: Indemnity, at: datetime) -> None:
    terms = terms_in_force(local(indemnity.happened_at).date())
    if terms is None:
        raise IndemnityUnpriced
    indemnity.owed_at, indemnity.pay_by = at, local(at).date() + timedelta(days=terms.pay_days)
    _ask(indemnity, TO_PAY, (Role.OPERATOR_HQ, indemnity.operator_code), indemnity.pay_by, at)
    publish(IndemnityOwed(indemnity.parcel_id, indemnity.id, at))


def _give_to_the_city(indemnity: Indemnity, at: datetime) -> None:
    indemnity.answer_by = work_calendar().due_date(local(at).date(), DECIDE_DAYS)
    _ask(indemnity, TO_DECIDE, (Role.FINANCE_REVIEWER, indemnity.province_code), indemnity.answer_by, at)


def _ask(indemnity: Indemnity, kind: str, owner: tuple[str, str], due: date, at: datetime) -> None:
    work.open_item(kind=kind, reference=str(indemnity.id), owner_role=owner[0], owner_place=owner[1], at=at,
                   due_at=at_local(due, CLOSING), detail={"amount": indemnity.amount.amount, "kind": indemnity.kind})


def _move(indemnity: Indemnity, action: IndemnityAction) -> None:
    indemnity.state = next_state(IndemnityState(indemnity.state), action)


def _check_objection(reply: Reply) -> None:
    if reply.ground not in GROUNDS:
        raise _missing("ground", _("Choose why it is not owed."))
    if not clean(reply.words):
        raise _missing("words", _("Say what shows it, for whoever decides."))


def _missing(field: str, message: object) -> IndemnityIncomplete:
    return IndemnityIncomplete(errors=(FieldError(f"/{field}", "required", str(message)),))


def _locked(indemnity_id: UUID, by: Actor, roles: frozenset[Role]) -> Indemnity:
    if not indemnities_seen_by(by).filter(id=indemnity_id).exists():
        raise IndemnityNotFound
    if by.role not in roles:
        raise MayNotAnswerIndemnity
    return _lock(indemnity_id)


def _lock(indemnity_id: UUID) -> Indemnity:
    return Indemnity.objects.select_related("parcel").select_for_update(of=("self",)).get(id=indemnity_id)


def _save(indemnity: Indemnity, action: str, by: Actor, at: datetime) -> None:
    indemnity.save()
    _record(indemnity, action, by, at)


def _record(indemnity: Indemnity, action: str, by: Actor, at: datetime) -> None:
    audit.record(actor=by, action=f"indemnity.{action}", object_type="indemnity", object_id=indemnity.id, at=at,
                 after={"state": indemnity.state, "amount": indemnity.amount.amount, "terms": indemnity.terms_code})

"""A card dispute is answered: a person decides, and the card service is told once, asked first what it knows."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from billing.cards import gateway
from billing.cards.dispute_rules import CARD_DISPUTES, DisputeAction, DisputeState
from billing.cards.errors import (
    CardDisputeNotFound,
    CardOutcomeUnknown,
    CardServiceRefused,
    DisputeAnswered,
    DisputeAnswerRefused,
)
from billing.cards.events import CardDisputeDecided
from billing.cards.models import CardDispute
from billing.cards.movements import look_at_money
from billing.cards.settling import DISPUTED, SETTLE_WITHIN
from shared import audit, work
from shared.actors import Actor, ActorKind, job
from shared.outbox.publishing import publish
from shared.roles import Role
from shared.text import clean
from shared.transactions import operation

ANSWERER: Final = job("card_disputes")
SHORTEST_ANSWER: Final = 20
LONGEST_ANSWER: Final = 2000


@operation
def answer_dispute(*, dispute_id: UUID, is_contested: bool, words: str, by: Actor, at: datetime) -> CardDispute:
    """Contest it with words that go to the cardholder's bank, or accept it and bear the loss. Once.

    Raises:
        CardDisputeNotFound: unknown, or another operator's.
        DisputeAnswered: it waits for no answer of ours.
        DisputeAnswerRefused: a machine, too few words, or the bank's day has passed.
    """
    dispute: CardDispute | None = CardDispute.objects.seen_by(by).select_for_update(of=("self",)).filter(
        id=dispute_id).first()
    if dispute is None:
        raise CardDisputeNotFound
    if by.kind is not ActorKind.PERSON or by.role != Role.OPERATOR_HQ:
        raise DisputeAnswerRefused(_("A person of the operator's headquarters answers."))
    if dispute.state != DisputeState.OPEN:
        raise DisputeAnswered
    if dispute.answer_by is not None and at >= dispute.answer_by:
        raise DisputeAnswerRefused(_("The bank's day has passed; it decides without us."))
    told = clean(words)
    if len(told) < SHORTEST_ANSWER:
        raise DisputeAnswerRefused(_("Say in a few sentences why, without naming the citizen."))
    dispute.is_contested, dispute.words = is_contested, told[:LONGEST_ANSWER]
    dispute.answered_at, dispute.answered_by, dispute.answered_by_name = at, by.id, by.name[:120]
    dispute.refusal = ""
    _move(dispute, DisputeAction.ANSWER, by=by, at=at)
    work.close_item(kind=DISPUTED, reference=str(dispute.id), by=by.name, at=at,
                    outcome="contested" if is_contested else "accepted")
    publish(CardDisputeDecided(dispute.id))
    return dispute


def send_answer(*, dispute_id: UUID, at: datetime) -> str:
    """Tell the service our answer, unless it has it; returns the dispute's state. Told again, it is told once.

    Raises:
        CardOutcomeUnknown: not known; call again.
    """
    dispute = _begin(dispute_id=dispute_id, at=at)
    if dispute.state != DisputeState.ANSWERED:
        return str(dispute.state)
    try:
        # What is not known is looked up first: an answer goes to the bank once.
        known = gateway.get_dispute(dispute.dispute_ref)
        if not known.is_answered and known.status.endswith("needs_response"):
            _tell(dispute)
    except CardServiceRefused as refusal:
        return _refused(dispute_id=dispute_id, why=refusal.reason, at=at)
    except CardOutcomeUnknown as unknown:
        if unknown.is_repeated:
            _next_attempt(dispute_id=dispute_id)
        raise
    look_at_money(payment_id=dispute.payment_id, at=at)
    return str(CardDispute.objects.values_list("state", flat=True).get(id=dispute_id))


# --- the parts ------------------------------------------------------------------------------------------------------


def _tell(dispute: CardDispute) -> None:
    if dispute.is_contested:
        gateway.contest_dispute(dispute.dispute_ref, words=dispute.words, attempt=dispute.attempt)
    else:
        gateway.accept_dispute(dispute.dispute_ref, attempt=dispute.attempt)


@operation
def _begin(*, dispute_id: UUID, at: datetime) -> CardDispute:
    dispute = _locked(dispute_id)
    dispute.tried_at = dispute.tried_at or at
    dispute.looked_at = at
    dispute.save(update_fields=["tried_at", "looked_at"])
    return dispute


@operation
def _refused(*, dispute_id: UUID, why: str, at: datetime) -> str:
    """The service does not take the answer: somebody answers again, in the same time."""
    dispute = _locked(dispute_id)
    if dispute.state == DisputeState.ANSWERED:
        dispute.refusal = why[:60]
        dispute.attempt += 1
        _move(dispute, DisputeAction.ASK, by=ANSWERER, at=at)
        place = dispute.payment.collection.operator_code
        work.open_item(kind=DISPUTED, reference=str(dispute.id), owner_role=Role.OPERATOR_HQ, owner_place=place, at=at,
                       due_at=dispute.answer_by or at + SETTLE_WITHIN,
                       detail={"reference": dispute.payment.collection.reference, "refusal": dispute.refusal,
                               "amount_vnd": dispute.amount.amount, "reason": dispute.reason})
    return str(dispute.state)


@operation
def _next_attempt(*, dispute_id: UUID) -> None:
    dispute = _locked(dispute_id)
    dispute.attempt += 1
    dispute.save(update_fields=["attempt"])


def _move(dispute: CardDispute, action: DisputeAction, *, by: Actor, at: datetime) -> None:
    before = DisputeState(dispute.state)
    dispute.state = CARD_DISPUTES[before, action]
    dispute.save()
    audit.record(actor=by, action=f"card_dispute.{action}", object_type="card_dispute", object_id=dispute.id, at=at,
                 before={"state": before.value}, after={"state": dispute.state, "contested": dispute.is_contested},
                 reason=dispute.words[:300])


def _locked(dispute_id: UUID) -> CardDispute:
    found: CardDispute = CardDispute.objects.select_for_update(of=("self",)).select_related(
        "payment__collection").get(id=dispute_id)
    return found

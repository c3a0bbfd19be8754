"""The city's steps in a dispute: a person who had no part in it finds out, a second one confirms. People only."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from billing.api.disputes import DisputeOut, SaidIn
from billing.disputes import reviewing
from billing.disputes.reviewing import LineDecision
from billing.disputes.rules import MOST_LINES, Cause, Outcome
from shared.api import In, Paragraphs, WardpostRequest, idempotent
from shared.money import Money
from shared.roles import FINANCE_ROLES

router = Router(tags=["disputes"])
REVIEW = allow(roles=FINANCE_ROLES, scopes=set())
_Signed = Annotated[int, Field(ge=-99_999_999_999, le=99_999_999_999, description="Whole đồng.")]


class LineDecisionIn(In):
    id: Annotated[UUID, Field(description="Of the disputed line, as GET /disputes/{id} names it.")]
    outcome: Outcome
    amount_vnd: Annotated[_Signed | None, Field(
        description="What the city owes for the line; left out: as it stands, or as it was wanted.")] = None


class DisputeProposalIn(In):
    """Every line of the dispute has its decision."""

    lines: Annotated[list[LineDecisionIn], Field(min_length=1, max_length=MOST_LINES)]
    cause: Cause
    cause_evidence: Annotated[str, Field(max_length=600, description="The records that show the cause.")] = ""
    text: Paragraphs


@router.post("/disputes/{uuid:dispute_id}/reviews", response=DisputeOut, auth=REVIEW, summary="Become its reviewer")
def take(request: WardpostRequest, dispute_id: UUID) -> HttpResponse:
    """Refused to whoever has had a part in what is disputed."""
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: reviewing.take(
        dispute_id=dispute_id, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/returns", response=DisputeOut, auth=REVIEW, summary="Give it back")
def step_aside(request: WardpostRequest, dispute_id: UUID, body: SaidIn) -> HttpResponse:
    """Somebody else should decide."""
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: reviewing.step_aside(
        dispute_id=dispute_id, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/questions", response=DisputeOut, auth=REVIEW, summary="Ask who raised it")
def ask(request: WardpostRequest, dispute_id: UUID, body: SaidIn) -> HttpResponse:
    """The review goes on when the answer is there or its days are over."""
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: reviewing.ask(
        dispute_id=dispute_id, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/proposals", response=DisputeOut, auth=REVIEW, summary="Propose a decision")
def propose(request: WardpostRequest, dispute_id: UUID, body: DisputeProposalIn) -> HttpResponse:
    """It holds once a second person confirms it."""
    decisions = {line.id: LineDecision(line.outcome, None if line.amount_vnd is None else Money(line.amount_vnd))
                 for line in body.lines}
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: reviewing.propose(
        dispute_id=dispute_id, decisions=decisions, cause=body.cause, cause_evidence=body.cause_evidence,
        text=body.text, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/refusals", response=DisputeOut, auth=REVIEW, summary="Send a proposal back")
def send_back(request: WardpostRequest, dispute_id: UUID, body: SaidIn) -> HttpResponse:
    """The second person is not convinced, and says of what."""
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: reviewing.send_back(
        dispute_id=dispute_id, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/confirmations", response=DisputeOut, auth=REVIEW,
             summary="Confirm, as the second person")
def confirm(request: WardpostRequest, dispute_id: UUID) -> HttpResponse:
    """Differences enter the books, and what was wrongly taken is made good."""
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: reviewing.confirm(
        dispute_id=dispute_id, by=request.actor, at=timezone.now()))

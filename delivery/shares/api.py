"""Shares of carriers for programs."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from delivery.shares import operations
from delivery.shares.models import ShareProposal
from delivery.shares.rules import ProposalState
from delivery.shares.views import LATEST, READERS
from shared.api import WardpostRequest, idempotent
from shared.roles import Role
from shared.schemas import In, Out

router = Router()
READ: Final = allow(roles=set(READERS))
DECIDE: Final = allow(roles={Role.ADMINISTRATOR})


class ProposalOut(Out):
    id: UUID
    province_code: str
    before: dict[str, int]
    shares: Annotated[dict[str, int], Field(description="Operator to per cent of the results; sums to 100.")]
    state: ProposalState
    proposed_at: datetime
    decided_at: datetime | None
    words: str


class ShareDecisionIn(In):
    is_confirmed: bool
    words: Annotated[str, Field(min_length=1, max_length=300)]


@router.get("/share-proposals", response=list[ProposalOut], auth=READ, summary="Proposals to shift carriers' shares",
            operation_id="share_proposals")  # fmt: skip
def list_proposals(request: WardpostRequest) -> list[ShareProposal]:
    """The latest first."""
    return list(operations.proposals_seen_by(request.actor).order_by("-proposed_at")[:LATEST])


@router.post("/share-proposals/{uuid:proposal_id}/decisions", response={201: ProposalOut}, auth=DECIDE,
             summary="Confirm or decline a shift of shares", operation_id="decide_share_proposal")  # fmt: skip
def decide(request: WardpostRequest, proposal_id: UUID, body: ShareDecisionIn) -> HttpResponse:
    """Confirmed, bookings of results follow it from then on."""
    return idempotent(
        request, status=201, schema=ProposalOut,
        call=lambda: operations.decide(proposal_id=proposal_id, is_confirmed=body.is_confirmed, words=body.words,
                                       by=request.actor, at=timezone.now()))

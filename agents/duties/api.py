"""Delegated duties through the API. For people in a session: no machine stands in for anybody."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow, with_fresh_proof
from agents.duties import operations
from agents.duties.queries import delegations_seen_by
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["people"])
PERSONS: Final = allow(roles=EVERY_ROLE)
GIVES: Final = allow(roles={Role.OUTLET_MANAGER, Role.CENTRE_MANAGER, Role.OPERATOR_HQ, Role.ADMINISTRATOR})


class DutyDelegationOut(Out):
    id: UUID
    giver_id: UUID
    receiver_id: UUID
    duties: list[str]
    from_date: date
    until_date: date = Field(description="The first day without.")
    reason: str
    given_at: datetime
    given_by_name: str
    ended_at: datetime | None


@router.get("/duty-delegations", response=Page[DutyDelegationOut], auth=PERSONS, summary="Delegated duties")
def duty_delegations(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """Given and received by oneself and by those one answers for, newest first."""
    rows, following = page_of(delegations_seen_by(request.actor), asked=asked, order=("-given_at", "-id"))
    return {"items": rows, "next": following}


class DutyDelegationIn(In):
    giver_id: UUID | None = Field(None, description="Whose duties; nobody named: one's own.")
    receiver_id: UUID
    duties: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=20)]
    from_date: date
    until_date: date = Field(description="The first day without.")
    reason: Annotated[str, Field(max_length=300)]


@router.post("/duty-delegations", response={201: DutyDelegationOut}, auth=with_fresh_proof(GIVES),
             summary="Hand duties to a colleague")
def give_duties(request: WardpostRequest, body: DutyDelegationIn) -> HttpResponse:
    """From a day until another; what is done under it bears both names."""
    asked = body.model_dump() | {"giver_id": body.giver_id or UUID(request.actor.id)}
    return idempotent(request, status=201, schema=DutyDelegationOut, call=lambda: operations.give(
        by=request.actor, at=timezone.now(), **asked))


@router.post("/duty-delegations/{uuid:delegation_id}/endings", response={201: DutyDelegationOut}, auth=PERSONS,
             summary="End a delegation of duties")
def end_duties(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """With the very next request."""
    return idempotent(request, status=201, schema=DutyDelegationOut, call=lambda: operations.end(
        delegation_id=delegation_id, by=request.actor, at=timezone.now()))

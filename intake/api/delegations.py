"""The register of delegated signatures."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from intake.operations import delegations
from intake.queries.delegations import delegations_seen_by
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import CENTRE_ROLES, Role

router = Router(tags=["signing"])
Words = Annotated[str, Field(max_length=300)]


class SigningDelegationIn(In):
    delegate_id: UUID
    procedure_codes: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=60)]
    valid_from: date
    valid_to: date
    legal_basis: Words


class SigningDelegationOut(Out):
    id: UUID
    delegator_name: str
    delegate_name: str
    procedure_codes: list[str]
    valid_from: date
    valid_to: date
    legal_basis: str
    revoked_at: datetime | None


class SigningDelegationsOut(Out):
    items: list[SigningDelegationOut]


class DelegationReasonIn(In):
    reason: Words


@router.get("/signing-delegations", response=SigningDelegationsOut, summary="Who signs for whom",
            auth=allow(roles={*CENTRE_ROLES, Role.AUDITOR, Role.ADMINISTRATOR}))
def read_delegations(request: WardpostRequest) -> Any:
    """Of your centre, or of your city; what has ended too."""
    return {"items": list(delegations_seen_by(request.actor).order_by("-granted_at")[:200])}


@router.post("/signing-delegations", response={201: SigningDelegationOut}, auth=allow(roles={Role.CENTRE_MANAGER}),
             summary="Let an officer sign")
def grant(request: WardpostRequest, body: SigningDelegationIn) -> HttpResponse:
    """For some procedures and a term; it cannot be passed on."""
    return idempotent(request, status=201, schema=SigningDelegationOut, call=lambda: delegations.grant(
        by=request.actor, at=timezone.now(), delegate_id=body.delegate_id, legal_basis=body.legal_basis,
        procedure_codes=tuple(body.procedure_codes), valid_from=body.valid_from, valid_to=body.valid_to))


@router.post("/signing-delegations/{uuid:delegation_id}/revocations", response={201: SigningDelegationOut},
             auth=allow(roles={Role.CENTRE_MANAGER, Role.ADMINISTRATOR}), summary="End a delegation at once")
def revoke(request: WardpostRequest, delegation_id: UUID, body: DelegationReasonIn) -> HttpResponse:
    """What was signed stays signed."""
    return idempotent(request, status=201, schema=SigningDelegationOut, call=lambda: delegations.revoke(
        delegation_id=delegation_id, reason=body.reason, by=request.actor, at=timezone.now()))

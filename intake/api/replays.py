"""The route of a dossier worked out again, and who answers for one that is not clear."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from intake.api.schemas import RouteOut, route_out
from intake.errors import DossierNotFound
from intake.operations.authority import take_on
from intake.queries.replays import replayed
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import PROGRAMME_ROLES, Role

router = Router(tags=["routing"])
DOSSIERS = allow(roles=EVERY_ROLE - PROGRAMME_ROLES - {Role.OPERATOR_HQ, Role.ADMINISTRATOR}, scopes={"dossiers:read"})


class ReplayOut(Out):
    """The route as it was kept, and the same worked out again today with what was known then."""

    kept: RouteOut
    again: RouteOut | None = Field(description="Null: filed at a centre's own counter, or before routes were kept.")
    is_same: bool


class OwnerIn(In):
    owner_id: UUID | None = Field(None, description="A centre manager of the province; yourself when left out.")


class OwnedOut(Out):
    id: UUID
    owner_id: UUID | None


@router.get("/dossiers/{uuid:dossier_id}/route", response=ReplayOut, auth=DOSSIERS,
            summary="Why a dossier went where it went")
def read_replay(request: WardpostRequest, dossier_id: UUID) -> Any:
    """The kept route beside the same worked out again under the rules and precedents of its day."""
    found = replayed(dossier_id, request.actor)
    if found is None:
        raise DossierNotFound
    return {"kept": route_out(found.kept), "is_same": found.is_same,
            "again": None if found.again is None else route_out(found.again)}


@router.post("/authority-questions/{uuid:question_id}/owners", response={201: OwnedOut},
             auth=allow(roles={Role.CENTRE_MANAGER, Role.ADMINISTRATOR}), summary="Name who answers a question")
def own(request: WardpostRequest, question_id: UUID, body: OwnerIn) -> HttpResponse:
    """Take a waiting question on, or give it to a colleague."""
    return idempotent(request, status=201, schema=OwnedOut, call=lambda: take_on(
        question_id=question_id, owner_id=body.owner_id, by=request.actor, at=timezone.now()))

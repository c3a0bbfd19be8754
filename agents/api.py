"""The network through the API: who am I, an outlet, machine tokens."""

from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.accreditation.write_api import router as accreditation_router
from agents.announcements.api import router as announcement_router
from agents.auth import EVERY_ROLE, allow, with_fresh_proof
from agents.briefs.api import router as briefs_router
from agents.duties.api import router as duties_router
from agents.errors import OutletNotFound
from agents.handbook.api import router as handbook_router
from agents.models.organisations import Outlet
from agents.models.people import ApiToken
from agents.moves.api import router as move_router
from agents.operations import tokens as operations
from agents.people.api import router as people_router
from agents.people.factors_api import router as factors_router
from agents.placement.api import router as placement_router
from agents.practice.api import router as practice_router
from agents.programme.api import router as programme_router
from agents.programme.operators_api import router as operators_router
from agents.quality.api import router as quality_router
from agents.records import Workplace
from agents.room.api import router as room_router
from agents.roster.api import router as roster_router
from agents.scope import outlets_seen_by, tokens_seen_by
from agents.site_api import router as site_router
from agents.training.api import router as training_router
from agents.visits.api import router as visits_router
from shared.actors import ActorKind
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["network"])
router.add_router("", site_router)
router.add_router("", move_router)
router.add_router("", training_router)
router.add_router("", practice_router)
router.add_router("", placement_router)
router.add_router("", accreditation_router)
router.add_router("", programme_router)
router.add_router("", operators_router)
router.add_router("", quality_router)
router.add_router("", room_router)
router.add_router("", briefs_router)
router.add_router("", announcement_router)
router.add_router("", handbook_router)
router.add_router("", people_router)
router.add_router("", factors_router)
router.add_router("", visits_router)
router.add_router("", roster_router)
router.add_router("", duties_router)


class MeOut(Out):
    kind: ActorKind
    id: str
    name: str
    role: str = Field(description="Empty for a machine.")
    outlet_id: UUID | None
    operator_id: UUID | None
    centre_id: UUID | None
    province_code: str


@router.get("/me", response=MeOut, auth=allow(roles=EVERY_ROLE, scopes={"network:read"}), summary="Who am I?")
def me(request: WardpostRequest) -> Any:
    """Tell who the session or token is, and which place bounds what it sees."""
    return request.actor


class OperatorOut(Out):
    code: str
    name: str
    operator_class: str


class SpanOut(Out):
    weekday: int = Field(description="0 Monday … 6 Sunday.")
    opens: time
    closes: time


class OutletOut(Out):
    id: UUID
    code: str
    name: str
    operator: OperatorOut
    commune_code: str
    commune_name: str
    address: str
    phone: str
    latitude: float
    longitude: float
    status: str
    phase: str
    tasks: list[str]
    agreement_from: str
    agreement_until: str | None
    opening_hours: list[SpanOut]


@router.get("/outlets/{uuid:outlet_id}", response=OutletOut, summary="One outlet",
            auth=allow(roles=EVERY_ROLE, scopes={"network:read"}))
def outlet(request: WardpostRequest, outlet_id: UUID) -> Any:
    """Show an outlet within sight: one's own, one's operator's, or of one's city."""
    found = outlets_seen_by(request.actor).prefetch_related("opening_hours").filter(id=outlet_id).first()
    if found is None:
        raise OutletNotFound
    return _outlet(found)


def _outlet(outlet: Outlet) -> dict[str, object]:
    spans = sorted(outlet.opening_hours.all(), key=lambda span: (span.weekday, span.opens))
    until = outlet.agreement_until
    return {name: getattr(outlet, name) for name in (
        "id", "code", "name", "operator", "address", "phone", "latitude", "longitude", "status", "phase", "tasks")} | {
        "commune_code": outlet.commune_id, "commune_name": outlet.commune.full_name,
        "agreement_from": outlet.agreement_from.isoformat(), "agreement_until": until.isoformat() if until else None,
        "opening_hours": [SpanOut.model_validate(span) for span in spans]}


class WorkplaceIn(In):
    """Exactly one of these."""

    outlet_id: UUID | None = None
    operator_id: UUID | None = None
    centre_id: UUID | None = None
    province_code: Annotated[str, Field(max_length=2)] = ""


class TokenIn(In):
    name: Annotated[str, Field(min_length=3, max_length=80, description="Which machine this is for.")]
    scopes: Annotated[list[str], Field(min_length=1, max_length=20)]
    place: WorkplaceIn
    expires_at: datetime


class TokenOut(Out):
    id: UUID
    name: str
    scopes: list[str]
    outlet_id: UUID | None
    operator_id: UUID | None
    centre_id: UUID | None
    province_code: str | None = Field(validation_alias="province_id")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class IssuedTokenOut(TokenOut):
    token: str = Field(default="", description="Shown in the first answer only; a repeat leaves it empty.")


ADMINISTRATOR = allow(roles={Role.ADMINISTRATOR})


@router.get("/tokens", response=Page[TokenOut], auth=ADMINISTRATOR, summary="Issued tokens")
def tokens(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """List the tokens of one's city, newest first; the tokens themselves are known to nobody."""
    rows, following = page_of(tokens_seen_by(request.actor), asked=asked, order=("-created_at", "-id"))
    return {"items": [TokenOut.model_validate(row) for row in rows], "next": following}


@router.post("/tokens", response={201: IssuedTokenOut}, auth=with_fresh_proof(ADMINISTRATOR), summary="Issue a token")
def issue_token(request: WardpostRequest, body: TokenIn) -> HttpResponse:
    """Give a machine a key. What is kept under the Idempotency-Key is the answer without the key."""
    shown_once: list[str] = []

    def call() -> operations.IssuedToken:
        issued = operations.issue_token(
            name=body.name, scopes=frozenset(body.scopes), place=Workplace(**body.place.model_dump()),
            expires_at=body.expires_at, by=request.actor, at=timezone.now())
        shown_once.append(issued.clear)
        return issued

    def present(issued: operations.IssuedToken) -> ApiToken:
        return issued.token

    answer = idempotent(request, status=201, schema=IssuedTokenOut, call=call, present=present)
    if shown_once:
        answer.content = orjson.dumps(orjson.loads(answer.content) | {"token": shown_once[0]})
    answer["Cache-Control"] = "no-store"
    return answer


@router.delete("/tokens/{uuid:token_id}", response=TokenOut, auth=ADMINISTRATOR, summary="Revoke a token")
def revoke_token(request: WardpostRequest, token_id: UUID) -> HttpResponse:
    """End a token with its next request; again changes nothing."""
    return idempotent(request, status=200, schema=TokenOut, call=lambda: operations.revoke_token(
        token_id=token_id, by=request.actor, at=timezone.now()))

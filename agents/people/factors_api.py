"""One's own second factors, proofs and lost phones through the API. For people in a session only."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from agents.auth import EVERY_ROLE, allow, with_fresh_proof
from agents.people import proving, resets, second_factor
from agents.people.rules import ResetStep
from agents.rules import GRANTS
from shared.api import In, Out, WardpostRequest, idempotent
from shared.roles import Role
from shared.schemas import Verbatim

router = Router(tags=["second factors"])
MINE = allow(roles=EVERY_ROLE)
VOUCHES = allow(roles={Role(role) for role in GRANTS})


class SecondFactorOut(Out):
    id: int
    kind: str = Field(description="“totp”: an authenticator app; “webauthn”: a passkey.")
    name: str
    added_at: datetime
    last_used_at: datetime | None


class SecondFactorsOut(Out):
    items: list[SecondFactorOut]
    recovery_codes_left: int
    is_required: bool = Field(description="Whether the role does nothing else before there is one.")


class ProofIn(In):
    code: Annotated[str, Field(max_length=20)] = Field(default="", description="Of the app, or a recovery code.")
    password: Verbatim = Field(default="", max_length=128, description="Of who has no second factor.")


class FactorProofOut(Out):
    proved_until: datetime


@router.get("/me/second-factors", response=SecondFactorsOut, auth=MINE, summary="One's own second factors")
def second_factors(request: WardpostRequest) -> Any:
    """What signing in asks for besides the password. Apps and passkeys are added on the page: a device answers it."""
    mine = UUID(request.actor.id)
    found = second_factor.factors_of(mine)
    items = [{"id": each.id, "kind": each.type, "added_at": each.created_at, "last_used_at": each.last_used_at,
              "name": each.wrap().name if each.type == "webauthn" else ""} for each in found]
    return {"items": items, "recovery_codes_left": second_factor.codes_left(mine) if found else 0,
            "is_required": second_factor.is_required(request.actor.role, timezone.localdate())}


@router.post("/me/proofs", response={201: FactorProofOut}, auth=MINE, summary="Prove again that it is you")
def prove(request: WardpostRequest, body: ProofIn) -> Any:
    """A code of the app or a recovery code; the password of who has no second factor. Tried codes are counted, so a
    repeat is a try of its own, whatever its Idempotency-Key.
    """
    now = timezone.now()
    proving.confirm(account_id=UUID(request.actor.id), code=body.code, password=body.password, at=now)
    proving.remember(request.session, now)
    return Status(201, {"proved_until": now + proving.lasts()})


@router.delete("/me/second-factors/{factor_id}", response=SecondFactorsOut, auth=with_fresh_proof(MINE),
               summary="Take one of one's own second factors off")
def remove(request: WardpostRequest, factor_id: int) -> HttpResponse:
    """With the last one the recovery codes go; a role that asks for one keeps its last."""
    return idempotent(request, status=200, schema=SecondFactorsOut, present=lambda _gone: second_factors(request),
                      call=lambda: second_factor.remove(account_id=UUID(request.actor.id), factor_id=factor_id,
                                                        by=request.actor, at=timezone.now()))


# --- a lost phone or key ---------------------------------------------------------------------------------------------


class FactorResetIn(In):
    reason: Annotated[str, Field(max_length=300)]


class FactorResetOut(Out):
    id: UUID
    account_id: UUID
    state: str
    reason: str
    asked_by_name: str
    asked_at: datetime
    expires_at: datetime
    ended_by_name: str
    ended_at: datetime | None


@router.get("/second-factor-resets", response=list[FactorResetOut], auth=VOUCHES,
            summary="Requests that wait for a second person")
def open_resets(request: WardpostRequest) -> Any:
    """Those about people one answers for, the oldest first."""
    return resets.open_resets(request.actor, timezone.now())


@router.post("/staff/{uuid:account_id}/second-factor-resets", response={201: FactorResetOut}, auth=VOUCHES,
             summary="Ask that somebody's second factors are taken off")
def ask_reset(request: WardpostRequest, account_id: UUID, body: FactorResetIn) -> HttpResponse:
    """A request that is open already is gone on with."""
    return idempotent(request, status=201, schema=FactorResetOut, call=lambda: resets.ask_reset(
        account_id=account_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/second-factor-resets/{uuid:reset_id}/confirmations", response={201: FactorResetOut},
             auth=with_fresh_proof(VOUCHES), summary="Take somebody's second factors off")
def confirm_reset(request: WardpostRequest, reset_id: UUID) -> HttpResponse:
    """The second person's word; all sessions of the account end."""
    return _settled(request, reset_id, ResetStep.CONFIRM)


@router.post("/second-factor-resets/{uuid:reset_id}/refusals", response={201: FactorResetOut}, auth=VOUCHES,
             summary="Turn such a request down")
def refuse_reset(request: WardpostRequest, reset_id: UUID) -> HttpResponse:
    """Nothing is taken off; who asked may ask again."""
    return _settled(request, reset_id, ResetStep.TURN_DOWN)


def _settled(request: WardpostRequest, reset_id: UUID, step: ResetStep) -> HttpResponse:
    return idempotent(request, status=201, schema=FactorResetOut, call=lambda: resets.settle_reset(
        reset_id=reset_id, step=step, by=request.actor, at=timezone.now()))

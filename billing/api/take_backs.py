"""Taking a line back over the API: the same two people, the same refusals."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.proof import with_fresh_proof
from billing.take_backs import asking
from billing.take_backs.asking import TakeBackAsked
from billing.take_backs.errors import TakeBackNotFound
from billing.take_backs.models import TakeBack
from billing.take_backs.rules import LONGEST_REASON, TakeBackState
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["take-backs"])
READ = allow(roles=OUTLET_ROLES | FINANCE_ROLES | {Role.OPERATOR_HQ, Role.AUDITOR}, scopes={"billing:read"})
ASK = allow(roles={Role.FINANCE_REVIEWER})
DECIDE = allow(roles={Role.FINANCE_APPROVER})


class TakeBackIn(In):
    reason: Annotated[str, Field(max_length=LONGEST_REASON, description="A sentence; it stays beside the line.")]
    charge_anew: Annotated[bool, Field(description="Charge the event again by the rules that hold for its day.")]


class TakeBackDecisionIn(In):
    approve: bool
    answer: Annotated[str, Field(max_length=LONGEST_REASON, description="Why it is refused.")] = ""


class ForeseenOut(Out):
    """The line that the event would be charged by anew, whole đồng."""

    rule: str
    reason_code: str
    gross: int
    national_reduction: int
    city_subsidy: int
    citizen_share: int
    compensation: int


class TakeBackOut(Out):
    id: UUID
    line_id: UUID
    province_code: str
    operator_code: str
    outlet_id: UUID | None
    state: TakeBackState
    reason: str
    charges_anew: bool
    amount_vnd: int
    foreseen: ForeseenOut | None
    asked_by_name: str
    asked_at: datetime
    due_at: datetime
    decided_by_name: str
    answer: str
    ended_at: datetime | None
    reversal_line_id: UUID | None
    new_line_id: UUID | None

    @classmethod
    def of(cls, row: TakeBack) -> "TakeBackOut":
        return cls(
            id=row.id, line_id=row.charge_id, province_code=row.province_code, operator_code=row.operator_code,
            outlet_id=row.outlet_id, state=TakeBackState(row.state), reason=row.reason, charges_anew=row.charges_anew,
            amount_vnd=row.amount.amount, foreseen=ForeseenOut(**row.foreseen) if row.foreseen else None,
            asked_by_name=row.asked_by_name, asked_at=row.asked_at, due_at=row.due_at,
            decided_by_name=row.decided_by_name, answer=row.answer, ended_at=row.ended_at,
            reversal_line_id=row.mirror_id, new_line_id=row.again_id)


class TakeBacksAsked(PageAsked):
    state: TakeBackState | None = None


@router.post("/lines/{uuid:line_id}/take-backs", response={201: TakeBackOut}, auth=ASK,
             summary="Ask to take a line back")
def ask(request: WardpostRequest, line_id: UUID, body: TakeBackIn) -> HttpResponse:
    """A finance approver answers within three working days."""
    asked = TakeBackAsked(line_id=line_id, reason=body.reason, charge_anew=body.charge_anew)
    return idempotent(request, status=201, schema=TakeBackOut, present=TakeBackOut.of,
                      call=lambda: asking.ask(asked, by=request.actor, at=timezone.now()))


@router.get("/take-backs", response=Page[TakeBackOut], auth=READ, summary="Requests to take lines back, newest first")
def list_take_backs(request: WardpostRequest, wanted: Query[TakeBacksAsked]) -> dict[str, object]:
    """A city's own; an operator's and an outlet's are those of their lines."""
    rows = TakeBack.objects.seen_by(request.actor)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    found, following = page_of(rows, asked=wanted, order=("-asked_at", "-id"))
    return {"items": [TakeBackOut.of(row) for row in found], "next": following}


@router.get("/take-backs/{uuid:take_back_id}", response=TakeBackOut, auth=READ, summary="One request")
def get_take_back(request: WardpostRequest, take_back_id: UUID) -> TakeBackOut:
    row = TakeBack.objects.seen_by(request.actor).filter(id=take_back_id).first()
    if row is None:
        raise TakeBackNotFound
    return TakeBackOut.of(row)


@router.post("/take-backs/{uuid:take_back_id}/decisions", response=TakeBackOut, auth=with_fresh_proof(DECIDE),
             summary="Approve or refuse")
def decide(request: WardpostRequest, take_back_id: UUID, body: TakeBackDecisionIn) -> HttpResponse:
    """Approved, the line is taken back, and charged anew if that was asked."""
    return idempotent(request, status=200, schema=TakeBackOut, present=TakeBackOut.of, call=lambda: asking.decide(
        take_back_id, approve=body.approve, answer=body.answer, by=request.actor, at=timezone.now()))


@router.post("/take-backs/{uuid:take_back_id}/withdrawals", response=TakeBackOut, auth=ASK, summary="Withdraw it")
def withdraw(request: WardpostRequest, take_back_id: UUID) -> HttpResponse:
    """Only who asked."""
    return idempotent(request, status=200, schema=TakeBackOut, present=TakeBackOut.of,
                      call=lambda: asking.withdraw(take_back_id, by=request.actor, at=timezone.now()))

"""What the city pays, over the API: payouts, batches, payees' accounts, lines of the paying account."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, Field

from agents.auth import allow
from agents.proof import with_fresh_proof
from billing.api.payments import BankLinesOut
from billing.api.schemas import Vnd
from billing.payments.records import BankEntry
from billing.payouts import accounts, batches, confirming, queries, reversals
from billing.payouts.accounts import PayeeEntry
from billing.payouts.models import PayeeAccount, Payout, PayoutBatch, PayoutReversal
from billing.payouts.rules.states import Method
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.money import Money
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["payouts"])
READ = allow(roles=FINANCE_ROLES | {Role.AUDITOR, Role.OPERATOR_HQ, Role.OUTLET_MANAGER}, scopes={"billing:read"})
CITY = allow(roles=FINANCE_ROLES | {Role.AUDITOR})
ACCOUNTS = allow(roles=FINANCE_ROLES | {Role.AUDITOR, Role.OPERATOR_HQ})
REVIEWER = allow(roles={Role.FINANCE_REVIEWER})
APPROVER = allow(roles={Role.FINANCE_APPROVER})
FINANCE = allow(roles=FINANCE_ROLES)
OPERATOR = allow(roles={Role.OPERATOR_HQ})
_Dong = Annotated[int, Field(strict=True, ge=-999_999_999_999, le=999_999_999_999)]
_Reason = Annotated[str, Field(min_length=5, max_length=300)]


class PayoutOut(Out):
    id: UUID
    statement_id: UUID
    period: Annotated[str, Field(description="YYYY-MM-DD, the first of the month.")]
    payee_name: str
    outlet_id: UUID | None
    operator_code: str
    province_code: str
    postage_vnd: Annotated[Vnd, Field(validation_alias="postage")]
    work_vnd: Annotated[Vnd, Field(validation_alias="work")]
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    state: str
    due_at: datetime
    state_at: datetime


class PayoutReversalOut(Out):
    id: UUID
    order_id: UUID
    amount_vnd: int
    occurred_at: datetime
    postage_vnd: Annotated[int, Field(description="Of what it was taken back, once a person has said so.")]
    work_vnd: int
    named_at: datetime | None
    named_by_name: str
    why: str

    @classmethod
    def of(cls, row: PayoutReversal) -> "PayoutReversalOut":
        return cls(id=row.id, order_id=row.order_id, amount_vnd=row.amount.amount, occurred_at=row.occurred_at,
                   postage_vnd=row.postage.amount, work_vnd=row.work.amount, named_at=row.named_at,
                   named_by_name=row.named_by_name, why=row.why)


class PayoutPartsIn(In):
    postage_vnd: Annotated[int, Field(ge=0, le=10**12)]
    work_vnd: Annotated[int, Field(ge=0, le=10**12)]
    why: _Reason


class BatchOut(Out):
    id: UUID
    number: str
    method: str
    state: str
    orders: Annotated[int, Field(validation_alias="orders_count")]
    total_vnd: Annotated[Vnd, Field(validation_alias="total")]
    digest: Annotated[str, Field(description="SHA-256 over the orders; the approval names it.")]
    file_sha256: str
    made_at: datetime
    made_by_name: str
    approved_at: datetime | None
    approved_by_name: str
    handed_over_at: datetime | None
    ended_at: datetime | None


class OrderOut(Out):
    id: UUID
    payout_id: UUID
    reference: str
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    state: str
    replaces_id: UUID | None
    sent_at: datetime | None
    ended_at: datetime | None
    why: str


class BatchDetailOut(Out):
    batch: BatchOut
    is_whole: Annotated[bool, Field(description="The orders still are those of the digest.")]
    orders: list[OrderOut]


class BatchIn(In):
    payouts: Annotated[list[UUID], Field(min_length=1, max_length=1000)]
    method: Method = Method.BANK


class PayoutApprovalIn(In):
    digest: Annotated[str, Field(min_length=64, max_length=64, description="Of the batch, as it was seen.")]


class PayoutHandOverIn(In):
    bank_reference: Annotated[str, Field(max_length=60)] = ""


class PayoutReasonIn(In):
    reason: _Reason


class PayeeAccountIn(In):
    province_code: Annotated[str, Field(pattern=r"^\d{2}$")]
    outlet_id: Annotated[UUID | None, Field(description="Without one the operator's own.")] = None
    method: Method = Method.BANK
    bank_bin: Annotated[str, Field(max_length=6)] = ""
    number: Annotated[str, Field(min_length=4, max_length=80)]
    holder_name: Annotated[str, Field(min_length=3, max_length=120)]


class PayeeAccountOut(Out):
    """Never the number: its last digits."""

    id: UUID
    payee_name: str
    outlet_id: UUID | None
    operator_code: str
    province_code: str
    method: str
    bank_name: str
    last_digits: str
    holder_name: str
    state: str
    entered_at: datetime
    decided_at: datetime | None
    usable_from: datetime | None
    reason: str


class PayingLineIn(In):
    booked_at: AwareDatetime
    amount_vnd: Annotated[_Dong, Field(description="Negative: it left the account.")]
    purpose: Annotated[str, Field(max_length=300)]
    bank_ref: Annotated[str, Field(max_length=80)] = ""


class PayingLinesIn(In):
    lines: Annotated[list[PayingLineIn], Field(min_length=1, max_length=1000)]


@router.get("/payouts", response=Page[PayoutOut], auth=READ, summary="Payouts the caller sees, newest first")
def list_payouts(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """An outlet its own, an operator those of its outlets and itself, the city all of them."""
    rows, following = page_of(Payout.objects.seen_by(request.actor), asked=asked, order=("-due_at", "-id"))
    return {"items": [_payout(row) for row in rows], "next": following}


@router.get("/payouts/{uuid:payout_id}", response=PayoutOut, auth=READ, summary="One payout")
def get_payout(request: WardpostRequest, payout_id: UUID) -> dict[str, object]:
    return _payout(queries.find_payout(payout_id, request.actor))


@router.post("/payouts/{uuid:payout_id}/reissues", response=PayoutOut, auth=REVIEWER,
             summary="Try a returned payout again")
def reissue(request: WardpostRequest, payout_id: UUID, body: PayoutReasonIn) -> HttpResponse:
    return idempotent(request, status=200, schema=PayoutOut, present=_payout, call=lambda: confirming.reissue_payout(
        payout_id=payout_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.get("/payout-reversals", response=Page[PayoutReversalOut], auth=READ,
            summary="What the card service took back of payouts, newest first")
def list_reversals(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(PayoutReversal.objects.seen_by(request.actor), asked=asked, order=("-occurred_at", "-id"))
    return {"items": [PayoutReversalOut.of(row) for row in rows], "next": following}


@router.post("/payout-reversals/{uuid:reversal_id}/parts", response=PayoutReversalOut, auth=REVIEWER,
             summary="Say of what a part of a payout was taken back")
def name_reversal(request: WardpostRequest, reversal_id: UUID, body: PayoutPartsIn) -> HttpResponse:
    """Postage and work together are what was taken back. Nothing is split by itself."""
    return idempotent(request, status=200, schema=PayoutReversalOut, present=PayoutReversalOut.of, call=lambda: (
        reversals.name_parts(reversal_id=reversal_id, postage=Money(body.postage_vnd), of_work=Money(body.work_vnd),
                             why=body.why, by=request.actor, at=timezone.now())))


@router.get("/payout-batches", response=Page[BatchOut], auth=CITY, summary="Batches of the city, newest first")
def list_batches(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(PayoutBatch.objects.seen_by(request.actor), asked=asked, order=("-made_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/payout-batches", response={201: BatchOut}, auth=REVIEWER, summary="Make orders for payouts")
def make_batch(request: WardpostRequest, body: BatchIn) -> HttpResponse:
    """Payouts that cannot be paid by this way now are left out."""
    return idempotent(request, status=201, schema=BatchOut, call=lambda: batches.make_batch(
        payout_ids=body.payouts, method=body.method, by=request.actor, at=timezone.now()))


@router.get("/payout-batches/{uuid:batch_id}", response=BatchDetailOut, auth=CITY, summary="A batch and its orders")
def get_batch(request: WardpostRequest, batch_id: UUID) -> dict[str, object]:
    found = queries.find_batch(batch_id, request.actor)
    return {"batch": found.batch, "is_whole": found.is_whole, "orders": list(found.orders)}


@router.post("/payout-batches/{uuid:batch_id}/approvals", response=BatchOut, auth=with_fresh_proof(APPROVER),
             summary="Approve a batch")
def approve_batch(request: WardpostRequest, batch_id: UUID, body: PayoutApprovalIn) -> HttpResponse:
    """By somebody else than who made it."""
    return idempotent(request, status=200, schema=BatchOut, call=lambda: batches.approve_batch(
        batch_id=batch_id, seen_digest=body.digest, by=request.actor, at=timezone.now()))


@router.post("/payout-batches/{uuid:batch_id}/hand-overs", response=BatchOut, auth=with_fresh_proof(FINANCE),
             summary="Hand it over")
def hand_over_batch(request: WardpostRequest, batch_id: UUID, body: PayoutHandOverIn) -> HttpResponse:
    """The bank has the file; or the card service is asked, order by order."""
    return idempotent(request, status=200, schema=BatchOut, call=lambda: batches.hand_over_batch(
        batch_id=batch_id, bank_reference=body.bank_reference, by=request.actor, at=timezone.now()))


@router.post("/payout-batches/{uuid:batch_id}/drops", response=BatchOut, auth=FINANCE, summary="Drop a batch")
def drop_batch(request: WardpostRequest, batch_id: UUID, body: PayoutReasonIn) -> HttpResponse:
    """One that was not handed over; its payouts wait again."""
    return idempotent(request, status=200, schema=BatchOut, call=lambda: batches.drop_batch(
        batch_id=batch_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/paying-account/lines", response={201: BankLinesOut}, auth=REVIEWER,
             summary="Tell lines of the city's paying account")
def tell_paying_lines(request: WardpostRequest, body: PayingLinesIn) -> HttpResponse:
    """Each confirms an order, tells that its money came back, or waits for a person. Told again, it is the same."""
    entries = [BankEntry(line.booked_at, Money(line.amount_vnd), line.purpose, line.bank_ref) for line in body.lines]
    return idempotent(request, status=201, schema=BankLinesOut, call=lambda: confirming.take_paying_lines(
        entries=entries, by=request.actor, at=timezone.now()))


@router.get("/payee-accounts", response=Page[PayeeAccountOut], auth=ACCOUNTS, summary="Payees' accounts, newest first")
def list_accounts(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(PayeeAccount.objects.seen_by(request.actor), asked=asked, order=("-entered_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/payee-accounts", response={201: PayeeAccountOut}, auth=OPERATOR, summary="Enter an account")
def enter_account(request: WardpostRequest, body: PayeeAccountIn) -> HttpResponse:
    """The city approves it; nothing is paid into it for 48 hours from then on."""
    entry = PayeeEntry(body.province_code, body.method, body.number, body.holder_name, body.bank_bin, body.outlet_id)
    return idempotent(request, status=201, schema=PayeeAccountOut, call=lambda: accounts.enter_payee_account(
        entry, by=request.actor, at=timezone.now()))


@router.post("/payee-accounts/{uuid:account_id}/approvals", response=PayeeAccountOut, auth=with_fresh_proof(APPROVER),
             summary="Approve an account")
def approve_account(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    return idempotent(request, status=200, schema=PayeeAccountOut, call=lambda: accounts.approve_payee_account(
        account_id=account_id, by=request.actor, at=timezone.now()))


@router.post("/payee-accounts/{uuid:account_id}/refusals", response=PayeeAccountOut, auth=APPROVER,
             summary="Refuse an account")
def refuse_account(request: WardpostRequest, account_id: UUID, body: PayoutReasonIn) -> HttpResponse:
    return idempotent(request, status=200, schema=PayeeAccountOut, call=lambda: accounts.refuse_payee_account(
        account_id=account_id, reason=body.reason, by=request.actor, at=timezone.now()))


def _payout(row: Any) -> dict[str, object]:
    kept = ("id", "statement_id", "payee_name", "outlet_id", "operator_code", "province_code", "postage", "work",
            "amount", "state", "due_at", "state_at")
    return {**{name: getattr(row, name) for name in kept}, "period": row.period.isoformat()}

"""Operators of a programme through the API: evidence, agreements, delegated tasks."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.programme import agreements, delegating, operators, queries
from agents.programme.api import READ_OWN, WRITE, Code, Name, ProgrammeStepIn, Reason, Words
from agents.programme.errors import ProgrammeNotFound
from agents.programme.models import ProgrammeOperator
from agents.programme.operators import newest_checks
from agents.programme.rules import OperatorStep
from shared.api import In, Out, WardpostRequest, idempotent

router = Router(tags=["programme"])


class OperatorIn(In):
    """An operator that the house knows needs its code only."""

    code: Annotated[str, Field(max_length=12)]
    name: Name = ""
    operator_class: Code = "other_post"
    carrier_code: Annotated[str, Field(max_length=12)] = ""
    hotline: Annotated[str, Field(max_length=20)] = ""


class EvidenceIn(In):
    outcome: Code = Field(description="met or not_met")
    evidence: Annotated[str, Field(max_length=500)]
    evidence_on: date


class ContactIn(In):
    what: Words
    name: Words
    phone: Code = ""
    email: Words = ""


class PriceIn(In):
    what: Words
    amount: Annotated[int, Field(ge=0, le=100_000_000, description="đồng; 0 is free")]


class AgreementIn(In):
    number: Annotated[str, Field(max_length=60)]
    valid_from: date
    valid_until: date | None = Field(None, description="Half-open; null: until further notice.")
    notice_days: Annotated[int, Field(ge=0, le=730)]
    contacts: Annotated[list[ContactIn], Field(max_length=10)]
    prices: Annotated[list[PriceIn], Field(max_length=20)] = []


class OperatorDelegationIn(In):
    task: Code
    group: Code = Field("", description="Empty: every procedure group.")
    valid_from: date
    valid_until: date | None = None
    legal_basis: Words


class OperatorEndIn(In):
    ends_on: date
    reason: Reason


class RegisterEntryOut(Out):
    id: UUID
    code: str
    name: str
    operator_class: str
    province_code: str
    state: str
    changed_at: datetime
    reason: str


class ListedOut(RegisterEntryOut):
    agreement: str
    in_force: bool
    ends_soon: bool
    evidence_met: int
    outlets: int


class EntriesOut(Out):
    items: list[ListedOut]


class AgreementOut(Out):
    id: UUID
    number: str
    valid_from: date
    valid_until: date | None
    notice_days: int
    contacts: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    notice_at: datetime | None
    notice_reason: str


class OperatorDelegationOut(Out):
    id: UUID
    task: str
    group: str
    valid_from: date
    valid_until: date | None
    legal_basis: str


class CheckOut(Out):
    item: str
    outcome: str
    evidence: str
    evidence_on: date
    at: datetime
    by_name: str


class WholeEntryOut(RegisterEntryOut):
    agreements: list[AgreementOut]
    delegations: list[OperatorDelegationOut]
    checks: list[CheckOut]


def _entry(found: ProgrammeOperator) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("id", "province_code", "state", "changed_at", "reason")} | {
        "code": found.operator.code, "name": found.operator.name, "operator_class": found.operator.operator_class}


@router.get("/operators", response=EntriesOut, auth=READ_OWN, summary="Operators of the programme")
def entries(request: WardpostRequest) -> Any:
    """List the operators of one's city; an operator's headquarters see its own part in each city."""
    return {"items": [_entry(row.entry) | {
        "agreement": row.agreement.number if row.agreement else "", "in_force": row.in_force,
        "ends_soon": row.ends_soon, "evidence_met": row.met, "outlets": row.outlets,
    } for row in queries.operators(request.actor, timezone.localdate())]}


@router.post("/operators", response={201: RegisterEntryOut}, auth=WRITE, summary="Make an operator a candidate")
def enter(request: WardpostRequest, body: OperatorIn) -> HttpResponse:
    """It takes part once its evidence and agreement are there and a second officer approves."""
    return idempotent(request, status=201, schema=RegisterEntryOut, present=_entry,
                      call=lambda: operators.enter_operator(operator=operators.NewOperator(**body.model_dump()),
                                                            by=request.actor, at=timezone.now()))


@router.get("/operators/{uuid:entry_id}", response=WholeEntryOut, auth=READ_OWN, summary="One operator's part")
def entry(request: WardpostRequest, entry_id: UUID) -> Any:
    """Show agreements, delegated tasks and the newest evidence."""
    found = queries.find_entry(entry_id, request.actor)
    return _entry(found) | {
        "agreements": list(found.agreements.order_by("valid_from")), "delegations": list(queries.delegations(found)),
        "checks": list(newest_checks(found).values())}


@router.put("/operators/{uuid:entry_id}/checks/{item}", response=CheckOut, auth=WRITE, summary="Record evidence")
def record_evidence(request: WardpostRequest, entry_id: UUID, item: str, body: EvidenceIn) -> HttpResponse:
    """The newest evidence of an item counts; the earlier stays."""
    found = operators.Evidence(item, body.outcome, body.evidence, body.evidence_on)
    return idempotent(request, status=200, schema=CheckOut, call=lambda: operators.record_evidence(
        entry_id=entry_id, found=found, by=request.actor, at=timezone.now()))


@router.post("/operators/{uuid:entry_id}/steps", response=RegisterEntryOut, auth=WRITE,
             summary="Hand in, return, approve, suspend, resume or end")
def take_step(request: WardpostRequest, entry_id: UUID, body: ProgrammeStepIn) -> HttpResponse:
    """Who recorded the evidence or handed it in does not approve."""
    if body.step not in set(OperatorStep):
        raise ProgrammeNotFound
    return idempotent(request, status=200, schema=RegisterEntryOut, present=_entry,
                      call=lambda: operators.take_operator_step(
        entry_id=entry_id, step=OperatorStep(body.step), reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/operators/{uuid:entry_id}/agreements", response={201: AgreementOut}, auth=WRITE,
             summary="Keep a signed agreement")
def keep_agreement(request: WardpostRequest, entry_id: UUID, body: AgreementIn) -> HttpResponse:
    """A renewal begins where the former one ends."""
    asked = agreements.Agreement(
        body.number, body.valid_from, body.valid_until, body.notice_days,
        [agreements.Contact(**each.model_dump()) for each in body.contacts],
        [agreements.Price(each.what, each.amount) for each in body.prices])
    return idempotent(request, status=201, schema=AgreementOut, call=lambda: agreements.keep_agreement(
        entry_id=entry_id, agreement=asked, by=request.actor, at=timezone.now()))


@router.post("/agreements/{uuid:agreement_id}/notices", response=AgreementOut, auth=WRITE, summary="Give notice")
def give_notice(request: WardpostRequest, agreement_id: UUID, body: OperatorEndIn) -> HttpResponse:
    """From that day on the operator's outlets take nothing new."""
    return idempotent(request, status=200, schema=AgreementOut, call=lambda: agreements.give_notice(
        agreement_id=agreement_id, ends_on=body.ends_on, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/operators/{uuid:entry_id}/delegations", response={201: OperatorDelegationOut}, auth=WRITE,
             summary="Delegate a task")
def delegate(request: WardpostRequest, entry_id: UUID, body: OperatorDelegationIn) -> HttpResponse:
    """For one procedure group, or for every one."""
    return idempotent(request, status=201, schema=OperatorDelegationOut, call=lambda: delegating.delegate(
        entry_id=entry_id, delegation=delegating.Delegation(**body.model_dump()), by=request.actor,
        at=timezone.now()))


@router.post("/delegations/{uuid:delegation_id}/endings", response=OperatorDelegationOut, auth=WRITE,
             summary="End a delegation")
def end_delegation(request: WardpostRequest, delegation_id: UUID, body: OperatorEndIn) -> HttpResponse:
    """From today or a later day on."""
    return idempotent(request, status=200, schema=OperatorDelegationOut, call=lambda: delegating.end_delegation(
        delegation_id=delegation_id, ends_on=body.ends_on, reason=body.reason, by=request.actor, at=timezone.now()))

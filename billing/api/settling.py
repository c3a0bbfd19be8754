"""A statement's way to the city's money over the API, and the files of it that a worker makes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.proof import with_fresh_proof
from billing.errors import ExportNotFound, StatementNotFound, StepNotPossible
from billing.exports import making
from billing.models.statements import Statement, StatementExport, StatementSignature
from billing.papers.minutes import minutes_pdf
from billing.queries.books import ROLES, books_of
from billing.rules.settling import DUTIES, Step, next_step
from billing.settling import workflow
from billing.settling.figures import figures_of, matched_claim
from billing.settling.step_words import state_said
from shared.api import Dong, In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.openapi import refusing
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["settlement"])
READ = allow(roles=ROLES, scopes={"billing:read"})
SIGN = allow(roles=FINANCE_ROLES | {Role.OPERATOR_HQ})
"""A signature is a person's, in a session: no token signs."""
BACK = allow(roles=FINANCE_ROLES)
PAY = allow(roles={Role.FINANCE_REVIEWER})
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Of the figures that were seen.")]
_FILE = {"responses": {200: {"description": "The file.", "content": {
    each: {"schema": {"type": "string", "format": "binary"}} for each in making.TYPES.values()}}}}


class StatementSignatureOut(Out):
    round: int
    step: str
    signer_name: str
    role: str
    digest: str
    figures: dict[str, Any]
    note: str
    signed_at: datetime


class SettlementOut(Out):
    """`figures` are those of this moment, or of the release; `digest` is theirs and what a signature names."""

    statement_id: UUID
    state: str
    round: int
    next_step: str
    next_role: str
    figures: dict[str, Any]
    digest: str
    payable_vnd: int
    to_look: Annotated[int, Field(description="Lines of the claim that wait for a person's verdict.")]
    calls_open: int
    claim_id: UUID | None
    signatures: list[StatementSignatureOut]


class SignIn(In):
    step: Literal["review", "agree", "approve", "release"]
    digest: Digest
    note: Annotated[str, Field(max_length=300)] = ""


class BackIn(In):
    reason: Annotated[str, Field(max_length=300)]


class TreasuryPaymentIn(In):
    digest: Digest
    reference: Annotated[str, Field(max_length=60, description="Of the Treasury's payment order.")]
    amount_vnd: Dong
    paid_on: date


class ExportIn(In):
    subject: Annotated[Literal["lines", "claim"], Field(description="Our books, or the claim with its verdicts.")]
    format: Literal["csv", "xlsx", "pdf"]
    view: Annotated[str, Field(max_length=40, description="A view or a reason; empty: everything.")] = ""


class ExportOut(Out):
    """Ready when `ready_at` is set; `failure` says why there is no file."""

    id: UUID
    statement_id: UUID
    subject: str
    format: str
    view: str
    asked_by_name: str
    asked_at: datetime
    ready_at: datetime | None
    failure: str
    rows: int
    size_bytes: int
    sha256: str


class ExportsAsked(PageAsked):
    statement_id: UUID | None = None


@router.get("/statements/{uuid:statement_id}/settlement", response=SettlementOut, auth=READ,
            summary="Figures, signatures and the next step")
def get_settlement(request: WardpostRequest, statement_id: UUID) -> dict[str, object]:
    return _settlement(_statement(request, statement_id))


@router.post("/statements/{uuid:statement_id}/signatures", response=SettlementOut, auth=with_fresh_proof(SIGN),
             summary="Sign a step")
def sign(request: WardpostRequest, statement_id: UUID, body: SignIn) -> HttpResponse:
    """Under the figures of `digest`. The same person signing the same again changes nothing."""
    return idempotent(request, status=200, schema=SettlementOut, present=_settlement, call=lambda: workflow.sign(
        statement_id=statement_id, step=Step(body.step), seen_digest=body.digest, note=body.note, by=request.actor,
        at=timezone.now()))


@router.post("/statements/{uuid:statement_id}/returns", response=SettlementOut, auth=BACK,
             summary="Back to the reviewer, with a reason")
def send_back(request: WardpostRequest, statement_id: UUID, body: BackIn) -> HttpResponse:
    return idempotent(request, status=200, schema=SettlementOut, present=_settlement, call=lambda: workflow.send_back(
        statement_id=statement_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.post("/statements/{uuid:statement_id}/payments", response=SettlementOut, auth=PAY,
             summary="What the Treasury paid")
def reconcile(request: WardpostRequest, statement_id: UUID, body: TreasuryPaymentIn) -> HttpResponse:
    """Equal to the release the statement is reconciled; otherwise it is a question with an owner."""
    return idempotent(request, status=200, schema=SettlementOut, present=_settlement, call=lambda: workflow.reconcile(
        statement_id=statement_id, seen_digest=body.digest, reference=body.reference, amount_vnd=body.amount_vnd,
        paid_on=body.paid_on, by=request.actor, at=timezone.now()))


@router.get("/statements/{uuid:statement_id}/minutes", auth=READ, summary="The joint minutes as a PDF",
            response={200: bytes}, openapi_extra={"responses": refusing(409) | {
                200: {"description": "The minutes.", "content": {
                    "application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}})
def minutes(request: WardpostRequest, statement_id: UUID) -> HttpResponse:
    statement = _statement(request, statement_id)
    if statement.prepared_at is None:
        raise StepNotPossible(state_said(statement.state))
    return HttpResponse(minutes_pdf(statement), content_type="application/pdf")


# --- files ----------------------------------------------------------------------------------------------------------


@router.post("/statements/{uuid:statement_id}/exports", response={201: ExportOut}, auth=READ, summary="Ask for a file")
def ask(request: WardpostRequest, statement_id: UUID, body: ExportIn) -> HttpResponse:
    """However long it is, a worker makes it; look for `ready_at`."""
    return idempotent(request, status=201, schema=ExportOut, call=lambda: making.ask_export(
        statement_id=statement_id, subject=body.subject, format=body.format, view=body.view, by=request.actor,
        at=timezone.now()))


@router.get("/exports", response=Page[ExportOut], auth=READ, summary="Files that were asked for, newest first")
def list_exports(request: WardpostRequest, asked: Query[ExportsAsked]) -> dict[str, object]:
    rows = making.exports_of(books_of(request.actor))
    if asked.statement_id is not None:
        rows = rows.filter(statement_id=asked.statement_id)
    found, following = page_of(rows, asked=asked, order=("-asked_at", "-id"))
    return {"items": found, "next": following}


@router.get("/exports/{uuid:export_id}", response=ExportOut, auth=READ, summary="One file's state")
def get_export(request: WardpostRequest, export_id: UUID) -> StatementExport:
    return _export(request, export_id)


@router.get("/exports/{uuid:export_id}/file", auth=READ, summary="Fetch a file", response={200: bytes},
            openapi_extra=_FILE)
def get_file(request: WardpostRequest, export_id: UUID) -> HttpResponse:
    """Each fetching is written down. 404 before it is ready, and after a month."""
    found = making.file_of(export=_export(request, export_id), by=request.actor, at=timezone.now())
    if found is None:
        raise ExportNotFound
    return HttpResponse(found.content, content_type=found.content_type,
                        headers={"Content-Disposition": f'attachment; filename="{found.name}"'})


def _statement(request: WardpostRequest, statement_id: UUID) -> Statement:
    found = Statement.objects.filter(books_of(request.actor).statements, id=statement_id).first()
    if found is None:
        raise StatementNotFound
    return found


def _export(request: WardpostRequest, export_id: UUID) -> StatementExport:
    rows = making.exports_of(books_of(request.actor)).select_related("statement")
    found = rows.filter(id=export_id).first()
    if found is None:
        raise ExportNotFound
    return found


def _settlement(statement: Statement) -> dict[str, object]:
    figures, step, claim = figures_of(statement), next_step(statement.state), matched_claim(statement)
    signed = StatementSignature.objects.filter(statement=statement).order_by("signed_at", "id")
    return {"statement_id": statement.id, "state": statement.state, "round": statement.round,
            "next_step": step or "", "next_role": DUTIES[step].role if step else "", "figures": figures.as_data(),
            "digest": figures.digest, "payable_vnd": figures.payable, "to_look": figures.to_look,
            "calls_open": figures.calls_open, "claim_id": None if claim is None else claim.id,
            "signatures": list(signed)}

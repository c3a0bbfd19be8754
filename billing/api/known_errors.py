"""The register of our own errors: read by everybody whose money it may touch, settled by two people of finance."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.proof import with_fresh_proof
from billing.api.disputes import READ
from billing.api.schemas import Vnd
from billing.disputes.rules import Cause, Reason
from billing.known_errors import registering
from billing.known_errors.models import KnownError
from billing.known_errors.putting_right import put_right
from billing.known_errors.queries import opened_error, register_of
from billing.known_errors.rules import Question
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.roles import FINANCE_ROLES, Role

router = Router(tags=["disputes"])
SETTLE = allow(roles=FINANCE_ROLES, scopes=set())
SECOND = allow(roles={Role.FINANCE_APPROVER}, scopes=set())
Line = Annotated[str, Field(max_length=200)]


class KnownErrorOut(Out):
    id: UUID
    number: str
    title_vi: str
    title_en: str
    state: str
    cause: str
    question: dict[str, Any]
    found_at: datetime
    release: str
    conclusion: str
    closed_at: datetime | None


class AffectedOut(Out):
    charge_id: UUID
    outlet_id: UUID | None
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    right_vnd: Annotated[Vnd, Field(validation_alias="right", description="What its event and the rules make it.")]
    is_open: Annotated[bool, Field(description="On hold.")]
    entry_id: UUID | None


class LetterOut(Out):
    id: UUID
    number: str
    outlet_id: UUID | None
    principal_vnd: Annotated[Vnd, Field(validation_alias="principal")]
    interest_vnd: Annotated[Vnd, Field(validation_alias="interest")]


class KnownErrorDetailOut(Out):
    """As far as the caller may see: an outlet gets its own lines. At most 60 of each list."""

    error: KnownErrorOut
    lines: int
    held: int
    outlets: int
    affected: list[AffectedOut]
    letters: list[LetterOut]


class LettersOut(Out):
    items: list[LetterOut]


class LookBackOut(Out):
    lines: int
    new_lines: int
    outlets: int
    looked_at: datetime


class ErrorQuestionIn(In):
    """Which lines it touches; what is left out asks nothing. Days are local, half-open."""

    kind: Annotated[str, Field(max_length=40)] = ""
    rule: Annotated[str, Field(max_length=130)] = ""
    reason_code: Annotated[str, Field(max_length=40)] = ""
    operator_code: Annotated[str, Field(max_length=12)] = ""
    posted_from: date | None = None
    posted_to: date | None = None
    differs: bool = False
    doubled: bool = False
    disputed: Reason | None = None


class KnownErrorIn(In):
    title_vi: Annotated[Line, Field(min_length=1)]
    title_en: Line = ""
    description: Paragraphs = ""
    question: ErrorQuestionIn


class ErrorWordsIn(In):
    text: Paragraphs


class CauseIn(In):
    cause: Cause = Cause.UNKNOWN
    text: Paragraphs = ""


class FixIn(ErrorWordsIn):
    release: Annotated[str, Field(max_length=60, description="The version in which the fault is gone.")] = ""


@router.get("/known-errors", response=Page[KnownErrorOut], auth=READ, summary="The register of our own errors")
def list_known_errors(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Newest first."""
    seen = KnownError.objects.filter(id__in=register_of(request.actor).order_by().values("id"))
    rows, following = page_of(seen, asked=asked, order=("-found_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/known-errors", response={201: KnownErrorOut}, auth=SETTLE, summary="Write an error down")
def register(request: WardpostRequest, body: KnownErrorIn) -> HttpResponse:
    """Its question is put to the ledger at once: what it touches is on hold, and the outlets are told."""
    asked = body.question.model_dump()
    question = Question(**{**asked, "disputed": asked["disputed"] or ""})
    return idempotent(request, status=201, schema=KnownErrorOut, call=lambda: registering.register(
        title_vi=body.title_vi, title_en=body.title_en, description=body.description, question=question,
        by=request.actor, at=timezone.now()))


@router.get("/known-errors/{uuid:error_id}", response=KnownErrorDetailOut, auth=READ, summary="One error")
def get_known_error(request: WardpostRequest, error_id: UUID) -> dict[str, object]:
    """With its lines and letters."""
    found = opened_error(request.actor, error_id)
    return {"error": found.error, "lines": found.lines, "held": found.held, "outlets": found.outlets,
            "affected": list(found.affected), "letters": list(found.letters)}


@router.post("/known-errors/{uuid:error_id}/confirmations", response=KnownErrorOut, auth=SETTLE,
             summary="It is an error of ours")
def confirm(request: WardpostRequest, error_id: UUID, body: CauseIn) -> HttpResponse:
    """Its cause is named, or stays unknown."""
    return idempotent(request, status=200, schema=KnownErrorOut, call=lambda: registering.confirm(
        error_id=error_id, cause=body.cause, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/known-errors/{uuid:error_id}/dismissals", response=KnownErrorOut, auth=SETTLE, summary="It is none")
def rule_out(request: WardpostRequest, error_id: UUID, body: ErrorWordsIn) -> HttpResponse:
    """And why; its lines are on hold no longer."""
    return idempotent(request, status=200, schema=KnownErrorOut, call=lambda: registering.rule_out(
        error_id=error_id, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/known-errors/{uuid:error_id}/fixes", response=KnownErrorOut, auth=SETTLE, summary="The fault is gone")
def fix(request: WardpostRequest, error_id: UUID, body: FixIn) -> HttpResponse:
    """What it has done is put right next, by another person."""
    return idempotent(request, status=200, schema=KnownErrorOut, call=lambda: registering.fix(
        error_id=error_id, release=body.release, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/known-errors/{uuid:error_id}/look-backs", response={201: LookBackOut}, auth=SETTLE,
             summary="Look over all outlets again")
def look_back(request: WardpostRequest, error_id: UUID) -> HttpResponse:
    """Lines that came since are put on hold, and their outlets told."""
    return idempotent(request, status=201, schema=LookBackOut, call=lambda: registering.look_back(
        error_id=error_id, by=request.actor, at=timezone.now()))


@router.post("/known-errors/{uuid:error_id}/redresses", response={201: LettersOut},
             auth=with_fresh_proof(SECOND), summary="Put the lines right")
def redress(request: WardpostRequest, error_id: UUID) -> HttpResponse:
    """What was too little is given back with interest, and each outlet gets a letter."""
    return idempotent(request, status=201, schema=LettersOut, present=lambda made: {"items": made},
                      call=lambda: put_right(error_id=error_id, by=request.actor, at=timezone.now()))


@router.post("/known-errors/{uuid:error_id}/closures", response=KnownErrorOut, auth=SECOND, summary="Close it")
def close(request: WardpostRequest, error_id: UUID, body: ErrorWordsIn) -> HttpResponse:
    """Everything is put right, or stands with a reason: the holds end."""
    return idempotent(request, status=200, schema=KnownErrorOut, call=lambda: registering.close(
        error_id=error_id, text=body.text, by=request.actor, at=timezone.now()))

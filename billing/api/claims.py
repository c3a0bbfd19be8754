"""Claims over the API: sent, read, confirmed, compared, decided; and the citizens who are asked about them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import BeforeValidator, Field

from agents.auth import allow
from billing.api.schemas import MonthText, Vnd
from billing.claims import calling_back, deciding, importing
from billing.claims.faults import WORDS
from billing.claims.reading_lines import (
    VIEWS,
    claims_of,
    find_claim_line,
    page_of_claim,
    sums_by_reason,
    unclaimed_page,
)
from billing.claims.wording import reason_words
from billing.errors import ClaimLineNotFound, ClaimNotFound
from billing.models.claims import Claim
from billing.queries.books import ROLES, books_of
from billing.rules.claims import REASONS
from billing.rules.periods import parse_month
from shared.api import Dong, In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import CENTRE_ROLES, Role
from shared.validation import InvalidRequest

router = Router(tags=["claims"])
READ = allow(roles=ROLES, scopes={"billing:read"})
CLAIM = allow(roles={Role.OPERATOR_HQ}, scopes={"billing:write"})
DECIDE = allow(roles={Role.FINANCE_REVIEWER}, scopes={"billing:write"})
ASK = allow(roles=CENTRE_ROLES)
Month = Annotated[str, BeforeValidator(lambda day: f"{day:%Y-%m}" if isinstance(day, date) else day)]


class ClaimIn(In):
    province_code: Annotated[str, Field(pattern=r"^\d{2}$", description="Whose month it is.")]
    period: MonthText


class ClaimOut(Out):
    """`state`: received (a worker reads it), read, faulty, confirmed, matched or discarded."""

    id: UUID
    province_code: Annotated[str, Field(validation_alias="province_id")]
    operator_code: str
    period: Month
    state: str
    file_name: str
    format: str
    size_bytes: int
    sha256: str
    rows: int
    faults: Annotated[int, Field(description="With one of them nothing of the file is taken.")]
    claimed_vnd: Annotated[Vnd, Field(validation_alias="claimed")]
    unclaimed_lines: int
    unclaimed_vnd: Annotated[Vnd, Field(validation_alias="unclaimed")]
    sent_by_name: str
    sent_at: datetime
    confirmed_by: str
    discard_reason: str


class ClaimReasonOut(Out):
    reason_code: Annotated[str, Field(description="Empty: nothing unusual.")]
    reason: str
    lines: int
    to_look: int
    claimed_vnd: Annotated[Vnd, Field(validation_alias="claimed")]
    admitted_vnd: Annotated[Vnd, Field(validation_alias="admitted")]


class ClaimDetailOut(ClaimOut):
    reading: Annotated[dict[str, Any], Field(
        description="How the file was understood: encoding with its score, header, columns, the first rows.")]
    reasons: list[ClaimReasonOut]


class FaultOut(Out):
    row: Annotated[int, Field(description="As the operator's program numbers it; 0: the whole file.")]
    column: str
    code: str
    shown: str
    words: str


class ClaimLinesAsked(PageAsked):
    view: Annotated[str, Field(max_length=24, description="look, exceptions, sampled, clean, all; a reason.")] = "all"
    find: Annotated[str, Field(max_length=40, description="A parcel's number or a dossier's code.")] = ""


class ClaimLineOut(Out):
    id: int
    row: int
    item: str
    parcel_number: str
    dossier_code: str
    direction: str
    claimed_vnd: Annotated[Vnd, Field(validation_alias="claimed")]
    owed_vnd: Annotated[Vnd, Field(validation_alias="owed", description="What our books say.")]
    admitted_vnd: Annotated[Vnd, Field(validation_alias="admitted")]
    verdict: str
    reason_code: str
    charge_id: Annotated[UUID | None, Field(description="The line of our books.")]
    risk: int
    is_sampled: bool


class ClaimDecisionOut(Out):
    verdict_before: str
    verdict: str
    admitted_vnd: Annotated[Vnd, Field(validation_alias="admitted")]
    words: str
    decided_by_name: str
    decided_at: datetime


class ClaimLineDetailOut(ClaimLineOut):
    facts: Annotated[dict[str, Any], Field(description="What the file, the carrier and the centre say beside that.")]
    decisions: list[ClaimDecisionOut]
    call_back: Annotated[str | None, Field(description="What the citizen said; empty: not asked yet; null: not drawn.")]


class UnclaimedOut(Out):
    id: UUID
    kind: str
    dossier_code: str
    parcel_number: str
    occurred_at: datetime
    owes_vnd: Annotated[int, Field(validation_alias="owes")]


class ClaimDecisionIn(In):
    line_ids: Annotated[list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(min_length=1, max_length=500)]
    verdict: Literal["admitted", "rejected"]
    words: Annotated[str, Field(max_length=300, description="Why; the operator reads it.")]
    admitted_vnd: Annotated[Dong | None, Field(description="Left out: as far as claim and books agree.")] = None


class DecidedOut(Out):
    decided: int


class DiscardIn(In):
    reason: Annotated[str, Field(max_length=300)] = ""


class CallBackOut(Out):
    """A citizen whom this centre asks whether what is charged for her came."""

    id: UUID
    dossier_code: str
    parcel_number: str
    delivered_at: datetime
    relation: str
    due_at: datetime
    tries: int
    outcome: str


class CallBackAnswerIn(In):
    outcome: Literal["received", "denied", "unreachable"]
    note: Annotated[str, Field(max_length=300, description="Needed with `denied`.")] = ""


@router.get("/claims", response=Page[ClaimOut], auth=READ, summary="Claims of the caller's books, newest month first")
def list_claims(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(claims_of(books_of(request.actor)), asked=asked, order=("-period", "-sent_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/claims", response={201: ClaimOut}, auth=CLAIM, summary="Send a month's claim file")
def send_claim(request: WardpostRequest, form: Form[ClaimIn], file: File[UploadedFile]) -> HttpResponse:
    """CSV in any Vietnamese encoding, or XLSX; at most 20 MB, 500,000 rows. The same file again is the same claim."""
    period = parse_month(form.period)
    assert period is not None  # noqa: S101  # the schema's pattern
    return idempotent(request, status=201, schema=ClaimOut, call=lambda: importing.receive_claim(
        province_code=form.province_code, period=period, file_name=file.name or "", content=file.read(),
        by=request.actor, at=timezone.now()))


@router.get("/claims/{uuid:claim_id}", response=ClaimDetailOut, auth=READ, summary="How a file was read, and sums")
def get_claim(request: WardpostRequest, claim_id: UUID) -> dict[str, object]:
    claim = _claim(request, claim_id)
    told = ClaimOut.model_validate(claim, from_attributes=True)
    names = {str(field.validation_alias or name): getattr(told, name) for name, field in ClaimOut.model_fields.items()}
    reasons = [{"reason_code": each.reason_code, "reason": reason_words(each.reason_code), "lines": each.lines,
                "to_look": each.to_look, "claimed": each.claimed, "admitted": each.admitted}
               for each in sums_by_reason(claim)]
    return {**names, "reading": claim.reading, "reasons": reasons}


@router.get("/claims/{uuid:claim_id}/faults", response=Page[FaultOut], auth=READ, summary="Cells that cannot be read")
def list_faults(request: WardpostRequest, claim_id: UUID, asked: Query[PageAsked]) -> dict[str, object]:
    """In the file's order; the first thousand are kept."""
    found, following = page_of(_claim(request, claim_id).fault_rows.all(), asked=asked, order=("row", "id"))
    return {"items": [{"row": each.row, "column": each.column, "code": each.code, "shown": each.shown,
                       "words": str(WORDS.get(each.code, each.code))} for each in found], "next": following}


@router.post("/claims/{uuid:claim_id}/confirmations", response=ClaimOut, auth=CLAIM, summary="This is what we claim")
def confirm(request: WardpostRequest, claim_id: UUID) -> HttpResponse:
    return idempotent(request, status=200, schema=ClaimOut, call=lambda: importing.confirm_claim(
        claim_id=claim_id, by=request.actor, at=timezone.now()))


@router.post("/claims/{uuid:claim_id}/discards", response=ClaimOut, auth=CLAIM, summary="Make way for another file")
def discard(request: WardpostRequest, claim_id: UUID, body: DiscardIn) -> HttpResponse:
    return idempotent(request, status=200, schema=ClaimOut, call=lambda: importing.discard_claim(
        claim_id=claim_id, reason=body.reason, by=request.actor, at=timezone.now()))


@router.get("/claims/{uuid:claim_id}/lines", response=Page[ClaimLineOut], auth=READ, summary="Lines with verdicts")
def list_lines(request: WardpostRequest, claim_id: UUID, asked: Query[ClaimLinesAsked]) -> dict[str, object]:
    """In the file's order."""
    if asked.view not in VIEWS and asked.view not in REASONS:
        raise InvalidRequest
    lines, following = page_of_claim(_claim(request, claim_id), view=asked.view, find=asked.find.upper(),
                                     cursor=asked.cursor, limit=asked.limit)
    return {"items": lines, "next": following}


@router.get("/claims/{uuid:claim_id}/lines/{line_id}", response=ClaimLineDetailOut, auth=READ,
            summary="One line with what everybody says of it")
def get_line(request: WardpostRequest, claim_id: UUID, line_id: int) -> dict[str, object]:
    found = find_claim_line(books_of(request.actor), claim_id, line_id) if 0 < line_id < 2**63 else None
    if found is None:
        raise ClaimLineNotFound
    told = ClaimLineOut.model_validate(found.line, from_attributes=True)
    names = {str(field.validation_alias or name): getattr(told, name)
             for name, field in ClaimLineOut.model_fields.items()}
    return {**names, "facts": found.line.facts, "decisions": list(found.decisions),
            "call_back": None if found.call is None else found.call.outcome}


@router.get("/claims/{uuid:claim_id}/unclaimed-lines", response=Page[UnclaimedOut], auth=READ,
            summary="Lines of our books that nobody claimed")
def list_unclaimed(request: WardpostRequest, claim_id: UUID, asked: Query[PageAsked]) -> dict[str, object]:
    """Oldest first."""
    found, following = unclaimed_page(_claim(request, claim_id), cursor=asked.cursor, limit=asked.limit)
    return {"items": [{"id": each.id, "kind": each.kind, "dossier_code": each.dossier_code,
                       "parcel_number": each.parcel_number, "occurred_at": each.occurred_at,
                       "owes": each.city_owes.amount} for each in found], "next": following}


@router.post("/claims/{uuid:claim_id}/decisions", response=DecidedOut, auth=DECIDE, summary="Admit or reject lines")
def decide(request: WardpostRequest, claim_id: UUID, body: ClaimDecisionIn) -> HttpResponse:
    """Never more than is claimed and our books say; until the month is reviewed."""
    return idempotent(request, status=200, schema=DecidedOut, present=lambda count: {"decided": count},
                      call=lambda: deciding.decide_lines(
                          claim_id=claim_id, line_ids=body.line_ids, verdict=body.verdict, words=body.words,
                          admitted_vnd=body.admitted_vnd, by=request.actor, at=timezone.now()))


@router.get("/call-backs", response=Page[CallBackOut], auth=ASK, summary="Citizens whom this centre asks")
def list_calls(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    """Those not asked yet, the earliest due first."""
    calls = calling_back.calls_of(request.actor).filter(outcome="")
    rows, following = page_of(calls, asked=asked, order=("due_at", "id"))
    return {"items": rows, "next": following}


@router.post("/call-backs/{uuid:call_id}/answers", response=CallBackOut, auth=ASK, summary="What the citizen said")
def answer(request: WardpostRequest, call_id: UUID, body: CallBackAnswerIn) -> HttpResponse:
    return idempotent(request, status=200, schema=CallBackOut, call=lambda: calling_back.answer_call(
        call_id=call_id, outcome=body.outcome, note=body.note, by=request.actor, at=timezone.now()))


def _claim(request: WardpostRequest, claim_id: UUID) -> Claim:
    found = claims_of(books_of(request.actor)).filter(id=claim_id).first()
    if found is None:
        raise ClaimNotFound
    return found

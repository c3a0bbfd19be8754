"""Disputes over the API, the same for both sides; the city's own steps are in `reviews`."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from agents.auth import allow
from billing.api.schemas import Vnd
from billing.disputes import answering, queries, raising
from billing.disputes.files import evidence_of
from billing.disputes.models import Dispute, DisputeEntry
from billing.disputes.raising import Objection
from billing.disputes.rules import LARGEST_FILE, Reason
from shared.api import Dong, In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.money import Money
from shared.openapi import refusing
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role
from shared.schemas import Asked

router = Router(tags=["disputes"])
_RAISERS = OUTLET_ROLES | {Role.OPERATOR_HQ}
READ = allow(roles=_RAISERS | FINANCE_ROLES | {Role.AUDITOR}, scopes={"billing:read"})
RAISE = allow(roles=_RAISERS, scopes={"billing:write"})
SAY = allow(roles=_RAISERS | FINANCE_ROLES, scopes={"billing:write"})


class DisputeIn(In):
    """Lines of one's own, or codes of dossiers for which a line is missing."""

    lines: Annotated[list[UUID], Field(max_length=500)] = []
    missing: Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=20)] = []
    reason: Annotated[Reason, Field(description="Why; `unclear` when nothing better fits.")] = Reason.UNCLEAR
    text: Paragraphs = ""
    wanted_vnd: Annotated[Dong | None, Field(description="What a single disputed line should be.")] = None


class SaidIn(In):
    text: Paragraphs


class DisputeOut(Out):
    id: UUID
    number: str
    province_code: str
    operator_code: str
    outlet_id: UUID | None
    reason: str
    side: str
    state: str
    raised_at: datetime
    due_at: datetime
    decide_by: datetime
    round: int
    cause: str
    outcome: str
    answer: str
    closed_at: datetime | None


class DisputesOut(Out):
    items: list[DisputeOut]


class DisputeLineOut(Out):
    id: UUID
    charge_id: UUID | None
    dossier_code: str
    amount_vnd: Annotated[Vnd, Field(validation_alias="amount")]
    wanted_vnd: int | None
    decided_vnd: int | None
    is_held: bool
    outcome: str
    entry_id: UUID | None


class DisputeEntryOut(Out):
    kind: str
    side: str
    author_name: str
    text: str
    said_at: datetime


class DisputeFileOut(Out):
    """A file of evidence; what it is before anybody has looked at it is `waiting`."""

    id: UUID
    name: str
    content_type: str
    size_bytes: int
    sha256: Annotated[str, Field(description="Of the file as it was given.")]
    state: str


class EntryWithFilesOut(DisputeEntryOut):
    files: list[DisputeFileOut]


class GivenIn(In):
    text: Paragraphs = ""


class ContentAsked(Asked):
    original: Annotated[bool, Field(description="As it was given, byte by byte, to compare with its digest.")] = False


class DisputeDetailOut(Out):
    dispute: DisputeOut
    lines: list[DisputeLineOut]
    entries: list[DisputeEntryOut]
    files: list[DisputeFileOut]


_FILE = {"responses": refusing(409) | {200: {"description": "The file.", "content": {
    each: {"schema": {"type": "string", "format": "binary"}}
    for each in ("application/pdf", "image/jpeg", "image/png")}}}}


@router.get("/disputes", response=Page[DisputeOut], auth=READ, summary="Disputes the caller sees, newest first")
def list_disputes(request: WardpostRequest, asked: Query[PageAsked]) -> dict[str, object]:
    rows, following = page_of(Dispute.objects.seen_by(request.actor), asked=asked, order=("-raised_at", "-id"))
    return {"items": rows, "next": following}


@router.post("/disputes", response={201: DisputesOut}, auth=RAISE, summary="Dispute lines: number, clock, hold")
def raise_dispute(request: WardpostRequest, body: DisputeIn) -> HttpResponse:
    """One dispute for each outlet and month among the lines. What is taken away is on hold from now on."""
    wanted = {body.lines[0]: Money(body.wanted_vnd)} if body.wanted_vnd is not None and len(body.lines) == 1 else {}
    objection = Objection(lines=body.lines, missing=body.missing, reason=body.reason, text=body.text, wanted=wanted)
    return idempotent(request, status=201, schema=DisputesOut, present=lambda made: {"items": made},
                      call=lambda: raising.raise_dispute(objection, by=request.actor, at=timezone.now()))


@router.get("/disputes/{uuid:dispute_id}", response=DisputeDetailOut, auth=READ, summary="Everything in a dispute")
def get_dispute(request: WardpostRequest, dispute_id: UUID) -> dict[str, object]:
    """Both sides get the same."""
    found = queries.opened(request.actor, dispute_id)
    return {"dispute": found.dispute, "lines": list(found.lines), "entries": list(found.entries),
            "files": list(found.files)}


@router.post("/disputes/{uuid:dispute_id}/messages", response={201: DisputeEntryOut}, auth=SAY, summary="Say more")
def say_more(request: WardpostRequest, dispute_id: UUID, body: SaidIn) -> HttpResponse:
    return idempotent(request, status=201, schema=DisputeEntryOut, call=lambda: raising.say(
        dispute_id=dispute_id, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/files", response={201: EntryWithFilesOut}, auth=SAY,
             summary="Put a file forward as evidence")
def give_file(request: WardpostRequest, dispute_id: UUID, form: Form[GivenIn],
              file: File[UploadedFile]) -> HttpResponse:
    """A PDF, JPEG or PNG of up to 8 MB, by its content. Nobody opens it before it was looked at."""
    evidence = evidence_of(file.name or "", file.read(LARGEST_FILE + 1))
    return idempotent(request, status=201, schema=EntryWithFilesOut, present=_with_files, call=lambda: raising.say(
        dispute_id=dispute_id, text=form.text, files=[evidence], by=request.actor, at=timezone.now()))


def _with_files(entry: DisputeEntry) -> dict[str, object]:
    told = DisputeEntryOut.model_validate(entry, from_attributes=True)
    return {**told.model_dump(), "files": list(entry.files.prefetch_related("checks").order_by("id"))}


@router.get("/dispute-files/{uuid:file_id}/content", auth=READ, summary="Open a file of evidence",
            response={200: bytes}, openapi_extra=_FILE)
def get_file(request: WardpostRequest, file_id: UUID, asked: Query[ContentAsked]) -> HttpResponse:
    """Rebuilt by us, or as it was given. 409 while it is being checked, and for what may not be opened."""
    read = queries.original_of if asked.original else queries.file_of
    found, kind, content = read(request.actor, file_id)
    return HttpResponse(content, content_type=kind, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store"})


@router.post("/disputes/{uuid:dispute_id}/acceptances", response=DisputeOut, auth=RAISE, summary="Agree")
def accept_decision(request: WardpostRequest, dispute_id: UUID) -> HttpResponse:
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: answering.accept(
        dispute_id=dispute_id, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/appeals", response=DisputeOut, auth=RAISE, summary="Appeal, once")
def appeal_decision(request: WardpostRequest, dispute_id: UUID, body: SaidIn) -> HttpResponse:
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: answering.appeal(
        dispute_id=dispute_id, text=body.text, by=request.actor, at=timezone.now()))


@router.post("/disputes/{uuid:dispute_id}/withdrawals", response=DisputeOut, auth=RAISE, summary="Take it back")
def withdraw_dispute(request: WardpostRequest, dispute_id: UUID) -> HttpResponse:
    return idempotent(request, status=200, schema=DisputeOut, call=lambda: raising.withdraw(
        dispute_id=dispute_id, by=request.actor, at=timezone.now()))

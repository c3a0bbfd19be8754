"""A centre's people and files: load, absences, results that wait, hand-over lists, the log book, papers as PDF."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import allow
from intake import blobs
from intake.api.centre import CENTRE
from intake.errors import LogBookNotFound
from intake.models.desk import Absence
from intake.models.papers import LogBook, LogBookFormat, PaperKind
from intake.operations import absences, log_books, results_counter
from intake.operations.absences import AbsenceInput
from intake.operations.papers import issue_paper
from intake.papers.notices import apology_pdf, return_pdf, stop_pdf
from intake.papers.render import render_pdf
from intake.papers.result_list import result_list_pdf
from intake.queries import team as team_queries
from intake.queries.log_book import books_of
from intake.queries.results_waiting import waiting_results
from shared.api import In, Out, WardpostRequest, idempotent
from shared.openapi import refusing
from shared.roles import CENTRE_ROLES

router = Router(tags=["centre"])

READS = allow(roles=CENTRE_ROLES, scopes={"centre:read"})
AHEAD = timedelta(days=365)
PDF: dict[str, Any] = {"responses": refusing(409) | {
    200: {"description": "The paper.", "content": {"application/pdf": {}}}}}
"""409: the paper's step has not been taken."""


class LoadOut(Out):
    officer_id: UUID | None
    """Null: what nobody has, the manager's to place."""
    name: str
    running: int
    near: int
    late: int
    paused: int
    is_away: bool


class TeamOut(Out):
    items: list[LoadOut]


@router.get("/centre/team", response=TeamOut, auth=READS)
def read_team(request: WardpostRequest) -> dict[str, Any]:
    """What each officer has in hand, the most pressed first."""
    loads = team_queries.team_load(request.actor, now=timezone.now())
    return {"items": [{
        "officer_id": load.id, "name": load.name, "running": load.running, "near": load.near, "late": load.late,
        "paused": load.paused, "is_away": load.away is not None} for load in loads]}


class AbsenceIn(In):
    officer_id: UUID
    from_day: date
    until_day: date
    covered_by: UUID | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class AbsenceOut(Out):
    id: UUID
    officer_id: UUID
    covered_by_id: UUID | None
    from_day: date
    until_day: date
    note: str
    cancelled_at: datetime | None


class AbsencesOut(Out):
    items: list[AbsenceOut]


@router.get("/centre/absences", response=AbsencesOut, auth=READS)
def read_absences(request: WardpostRequest) -> dict[str, Any]:
    """Absences from today on."""
    today = timezone.localdate()
    return {"items": list(team_queries.absences(request.actor, today, today + AHEAD))}


@router.post("/centre/absences", response={201: AbsenceOut}, auth=CENTRE)
def plan_absence(request: WardpostRequest, body: AbsenceIn) -> HttpResponse:
    """Say that an officer will be away and who stands in; without anybody it is the manager's work item."""
    return idempotent(request, status=201, schema=AbsenceOut, call=lambda: absences.plan_absence(
        AbsenceInput(**body.model_dump()), by=request.actor, at=timezone.now()))


class CoverIn(In):
    covered_by: UUID


@router.post("/centre/absences/{uuid:absence_id}/covers", response={201: AbsenceOut}, auth=CENTRE)
def name_cover(request: WardpostRequest, absence_id: UUID, body: CoverIn) -> HttpResponse:
    """Say who stands in."""
    def call() -> Absence:
        return absences.name_cover(absence_id=absence_id, covered_by=body.covered_by, by=request.actor,
                                   at=timezone.now())

    return idempotent(request, status=201, schema=AbsenceOut, call=call)


@router.post("/centre/absences/{uuid:absence_id}/cancellations", response={201: AbsenceOut}, auth=CENTRE)
def cancel_absence(request: WardpostRequest, absence_id: UUID) -> HttpResponse:
    """She is not away after all."""
    return idempotent(request, status=201, schema=AbsenceOut, call=lambda: absences.cancel_absence(
        absence_id=absence_id, by=request.actor, at=timezone.now()))


# --- results --------------------------------------------------------------------------------------------------------


class WaitingOut(Out):
    id: UUID
    reference: str
    decision_number: str
    resolved_at: datetime
    age: int
    """Working days since the decision."""
    came_back: bool
    reminded: int


class WaitingResultsOut(Out):
    to_fetch: list[WaitingOut]
    to_send: list[WaitingOut]


@router.get("/centre/results", response=WaitingResultsOut, auth=READS)
def read_results(request: WardpostRequest) -> dict[str, Any]:
    """Results that lie at the centre: to be fetched, and about to travel; oldest first, 200 of each at most."""
    now = timezone.now()
    return {"to_fetch": waiting_results(request.actor, now=now, to_fetch=True),
            "to_send": waiting_results(request.actor, now=now, to_fetch=False)}


class ResultListIn(In):
    dossier_ids: Annotated[list[UUID], Field(max_length=500)]
    receiver: Annotated[str, Field(max_length=160)]


class ResultListOut(Out):
    id: UUID
    year: int
    number: int
    receiver: str
    made_at: datetime


@router.post("/result-lists", response={201: ResultListOut}, auth=CENTRE)
def make_result_list(request: WardpostRequest, body: ResultListIn) -> HttpResponse:
    """Number a list of results that are handed on together (Phiếu bàn giao kết quả)."""
    return idempotent(request, status=201, schema=ResultListOut, call=lambda: results_counter.make_result_list(
        dossier_ids=body.dossier_ids, receiver=body.receiver, by=request.actor, at=timezone.now()))


# --- papers ---------------------------------------------------------------------------------------------------------


def _pdf(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf")


@router.get("/result-lists/{uuid:list_id}/paper", auth=READS, response={200: bytes}, openapi_extra=PDF)
def result_list_paper(request: WardpostRequest, list_id: UUID) -> HttpResponse:
    """The list as PDF."""
    return _pdf(result_list_pdf(list_id, actor=request.actor))


@router.get("/dossiers/{uuid:dossier_id}/control-slip", auth=READS, response={200: bytes}, openapi_extra=PDF)
def control_slip(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Form 06, from the trace until now."""
    paper = issue_paper(dossier_id=dossier_id, kind=PaperKind.CONTROL, by=request.actor, at=timezone.now())
    return _pdf(render_pdf("control", paper.data, dated=paper.dated))


@router.get("/dossiers/{uuid:dossier_id}/apology", auth=READS, response={200: bytes}, openapi_extra=PDF)
def apology(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Form 04, once it is sent."""
    return _pdf(apology_pdf(dossier_id, actor=request.actor))


@router.get("/stop-notices/{uuid:notice_id}/paper", auth=READS, response={200: bytes}, openapi_extra=PDF)
def stop_notice(request: WardpostRequest, notice_id: UUID) -> HttpResponse:
    """Form 05."""
    return _pdf(stop_pdf(notice_id, actor=request.actor))


@router.get("/result-hand-overs/{uuid:hand_over_id}/paper", auth=READS, response={200: bytes}, openapi_extra=PDF)
def return_receipt(request: WardpostRequest, hand_over_id: UUID) -> HttpResponse:
    """The return receipt."""
    return _pdf(return_pdf(hand_over_id, actor=request.actor))


# --- the log book ---------------------------------------------------------------------------------------------------


class LogBookIn(In):
    from_day: date
    until_day: date
    format: LogBookFormat = LogBookFormat.CSV


class LogBookOut(Out):
    id: UUID
    from_day: date
    until_day: date
    format: str
    asked_at: datetime
    ready_at: datetime | None
    rows: int | None
    sha256: str


@router.post("/log-books", response={201: LogBookOut}, auth=CENTRE)
def ask_log_book(request: WardpostRequest, body: LogBookIn) -> HttpResponse:
    """Ask for the log book (form 07) of a period; a worker makes the file."""
    def call() -> LogBook:
        return log_books.ask_log_book(from_day=body.from_day, until_day=body.until_day, format=body.format,
                                      by=request.actor, at=timezone.now())

    return idempotent(request, status=201, schema=LogBookOut, call=call)


@router.get("/log-books/{uuid:log_book_id}", response=LogBookOut, auth=READS)
def read_log_book(request: WardpostRequest, log_book_id: UUID) -> LogBook:
    """Whether it is ready."""
    book = books_of(request.actor).filter(id=log_book_id).first()
    if book is None:
        raise LogBookNotFound
    return book


@router.get("/log-books/{uuid:log_book_id}/content", auth=READS, response={200: bytes})
def log_book_content(request: WardpostRequest, log_book_id: UUID) -> HttpResponse:
    """The file."""
    book = books_of(request.actor).filter(id=log_book_id, ready_at__isnull=False).first()
    if book is None:
        raise LogBookNotFound
    return HttpResponse(blobs.read(book.storage_name), content_type="application/octet-stream", headers={
        "Content-Disposition": f'attachment; filename="so-theo-doi-{book.from_day:%Y%m%d}.{book.format}"'})

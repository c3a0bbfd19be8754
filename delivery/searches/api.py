"""Searches for programs: those of one's own place, nothing else exists."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from delivery.errors import SearchNotFound
from delivery.rules.readers import PARCEL_READERS
from delivery.searches import operations
from delivery.searches.models import SearchCase
from delivery.searches.queries import loaded, searches_seen_by, steps_of
from delivery.searches.rules import MAY_ANSWER, MAY_REPORT, SearchCause, SearchState
from shared.actors import Actor
from shared.api import WardpostRequest, idempotent
from shared.pagination import Page, PageAsked, page_of
from shared.schemas import In, Out

router = Router()

READ: Final = allow(roles=PARCEL_READERS, scopes={"parcels:read"})
REPORT: Final = allow(roles=MAY_REPORT)
ANSWER: Final = allow(roles=MAY_ANSWER)


class SearchOut(Out):
    id: UUID
    parcel_id: UUID
    parcel_number: str
    operator_code: str
    province_code: str
    cause: SearchCause
    state: SearchState
    opened_at: datetime
    answer_by: Annotated[date, Field(description="The last day for whoever owns the search now.")]
    ended_at: datetime | None


class SearchStepOut(Out):
    at: datetime
    action: str
    by_name: str
    words: str
    office: str


class SearchesAsked(PageAsked):
    state: SearchState | None = None
    is_running: bool = False


class SearchWordsIn(In):
    words: Annotated[str, Field(min_length=1, max_length=500)]


class SearchAnswerIn(In):
    """How the search ended."""

    outcome: Annotated[str, Field(max_length=10, description="found or lost")]
    words: Annotated[str, Field(min_length=1, max_length=500)]
    office: Annotated[str, Field(max_length=120, description="Where it was found.")] = ""


@router.get("/searches", response=Page[SearchOut], auth=READ, summary="Searches for parcels, newest first",
            operation_id="searches")  # fmt: skip
def list_searches(request: WardpostRequest, filters: Query[SearchesAsked]) -> dict[str, object]:
    """What is looked for, and how earlier searches ended."""
    rows = loaded(searches_seen_by(request.actor))
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.is_running:
        rows = rows.running()
    found, following = page_of(rows, asked=filters, order=("-opened_at", "-id"))
    return {"items": [_out(search) for search in found], "next": following}


@router.get("/searches/{uuid:search_id}", response=SearchOut, auth=READ, summary="A search", operation_id="search")
def get_search(request: WardpostRequest, search_id: UUID) -> SearchOut:
    return _out(_seen(request.actor, search_id))


@router.get("/searches/{uuid:search_id}/steps", response=list[SearchStepOut], auth=READ,
            summary="What was done in a search", operation_id="search_steps")  # fmt: skip
def list_steps(request: WardpostRequest, search_id: UUID) -> list[object]:
    """Latest first."""
    return list(steps_of(_seen(request.actor, search_id)))


@router.post("/parcels/{uuid:parcel_id}/searches", response={201: SearchOut}, auth=REPORT,
             summary="Have a parcel looked for", operation_id="report_missing")  # fmt: skip
def report_missing(request: WardpostRequest, parcel_id: UUID, body: SearchWordsIn) -> HttpResponse:
    """Somebody misses it. The operator answers within 5 working days inside a province, 7 between provinces."""
    return idempotent(
        request, status=201, schema=SearchOut, present=_out_of,
        call=lambda: operations.report_missing(
            parcel_id=parcel_id, words=body.words, by=request.actor, at=timezone.now()))


@router.post("/searches/{uuid:search_id}/notes", response={201: SearchOut}, auth=REPORT,
             summary="Write down what was done in a search", operation_id="note_in_search")  # fmt: skip
def note(request: WardpostRequest, search_id: UUID, body: SearchWordsIn) -> HttpResponse:
    """Read by everybody who follows the search."""
    return idempotent(
        request, status=201, schema=SearchOut, present=_out_of,
        call=lambda: operations.note(search_id=search_id, words=body.words, by=request.actor, at=timezone.now()))


@router.post("/searches/{uuid:search_id}/answers", response={201: SearchOut}, auth=ANSWER,
             summary="End a search", operation_id="answer_search")  # fmt: skip
def answer(request: WardpostRequest, search_id: UUID, body: SearchAnswerIn) -> HttpResponse:
    """Found, and where; or lost, which settles what the carrier's events left open."""
    said = operations.Answer(body.outcome, body.words, body.office)
    return idempotent(
        request, status=201, schema=SearchOut, present=_out_of,
        call=lambda: operations.answer(search_id=search_id, said=said, by=request.actor, at=timezone.now()))


def _seen(actor: Actor, search_id: UUID) -> SearchCase:
    search = loaded(searches_seen_by(actor)).filter(id=search_id).first()
    if search is None:
        raise SearchNotFound
    return search


def _out_of(search: SearchCase) -> SearchOut:
    return _out(SearchCase.objects.select_related("parcel").get(id=search.id))


def _out(search: SearchCase) -> SearchOut:
    return SearchOut(
        id=search.id, parcel_id=search.parcel_id, parcel_number=search.parcel.number,
        operator_code=search.operator_code, province_code=search.province_code, cause=SearchCause(search.cause),
        state=SearchState(search.state), opened_at=search.opened_at, answer_by=search.answer_by,
        ended_at=search.ended_at)

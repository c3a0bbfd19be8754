"""The handbook over the API."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from agents.auth import EVERY_ROLE, allow
from agents.handbook import operations, queries, questions, sources
from agents.handbook.errors import EntryNotFound
from agents.handbook.models import HandbookVersion
from agents.handbook.rules import EDITORS, PROPOSERS, REVIEW_AFTER, Draft
from shared.api import In, Out, Paragraphs, WardpostRequest, idempotent
from shared.calendar import local

router = Router(tags=["handbook"])
READ = allow(roles=EVERY_ROLE, scopes={"network:read"})
EVERYBODY = allow(roles=EVERY_ROLE)
type Question = Annotated[str, Field(max_length=300)]


class HandbookAnswerOut(Out):
    id: UUID
    number: int = Field(description="Which version of the entry.")
    question: str
    answer: str
    legal_source: str
    procedure_code: str
    valid_from: date
    valid_until: date | None = Field(description="The first day on which it holds no more.")
    review_on: date
    review_because: str = Field(description="What changed, when its source did.")
    standing: str = Field(description="valid, stale (to be looked at again) or expired.")


class AnswersOut(Out):
    items: list[HandbookAnswerOut]


class HandbookFindIn(In):
    """Words go in the body: what people search for stays out of addresses and logs."""

    text: Annotated[str, Field(max_length=200)] = ""
    procedure_code: Annotated[str, Field(max_length=20)] = ""
    field_key: Annotated[str, Field(max_length=40)] = ""
    on: date | None = None


class AskIn(In):
    text: Annotated[str, Field(min_length=8, max_length=1000)]
    procedure_code: Annotated[str, Field(max_length=20)] = ""
    field_key: Annotated[str, Field(max_length=40)] = ""


class HandbookQuestionOut(Out):
    id: UUID
    text: str
    asked_at: datetime
    due_at: datetime
    answer: str
    legal_source: str
    answered_at: datetime | None
    answered_by_name: str
    entry_id: UUID | None


class HandbookQuestionsOut(Out):
    items: list[HandbookQuestionOut]


class HandbookReplyIn(In):
    answer: Paragraphs
    legal_source: Annotated[str, Field(max_length=300)] = ""
    entry_id: UUID | None = None
    makes_entry: bool = False
    heading: Question = ""


class HandbookDraftIn(In):
    question_vi: Question
    answer_vi: Paragraphs
    legal_source: Annotated[str, Field(min_length=1, max_length=300)]
    valid_from: date
    review_on: date | None = Field(default=None, description="None: half a year later.")
    question_en: Question = ""
    answer_en: Paragraphs = ""
    valid_until: date | None = None
    procedure_code: Annotated[str, Field(max_length=20)] = ""
    field_key: Annotated[str, Field(max_length=40)] = ""
    entry_id: UUID | None = Field(default=None, description="A new version of this entry; none: a new entry.")


class HandbookVersionOut(Out):
    id: UUID
    entry_id: UUID
    number: int
    question_vi: str
    legal_source: str
    valid_from: date
    valid_until: date | None
    proposed_by_name: str
    is_approved: bool | None
    note: str


class SourceChangeIn(In):
    source: Annotated[str, Field(min_length=1, max_length=100)] = Field(description='E.g. "118/2025/NĐ-CP".')
    because: Annotated[str, Field(min_length=1, max_length=200)]


class FlaggedOut(Out):
    flagged: int = Field(description="How many answers are now to be looked at again.")


class HandbookDecisionIn(In):
    is_approved: bool
    note: Annotated[str, Field(max_length=300)] = ""


@router.post("/handbook/find", response=AnswersOut, auth=READ, summary="Search the handbook")
def find(request: WardpostRequest, body: HandbookFindIn) -> Any:
    """Find entries by words without accents, by procedure, by place in the software; changes nothing."""
    day = body.on or local(timezone.now()).date()
    found = queries.search(body.text, request.actor, day, procedure=body.procedure_code, field=body.field_key)
    return {"items": [HandbookAnswerOut.model_validate(each) for each in found]}


@router.get("/handbook/{uuid:entry_id}", response=HandbookAnswerOut, auth=READ, summary="One entry")
def entry(request: WardpostRequest, entry_id: UUID) -> Any:
    """Show what an entry says today."""
    page = queries.entry_page(entry_id, request.actor, local(timezone.now()).date())
    if page is None or page.current is None or page.entry.withdrawn_at is not None:
        raise EntryNotFound
    return page.current


@router.get("/handbook/questions", response=HandbookQuestionsOut, auth=EVERYBODY, summary="Questions")
def asked(request: WardpostRequest) -> Any:
    """List one's own questions, or for those who answer their city's: open ones first."""
    rows = [row for is_open in (True, False) for row in queries.questions(request.actor, is_open=is_open)]
    return {"items": [HandbookQuestionOut.model_validate(row) for row in rows]}


@router.post("/handbook/questions", response={201: HandbookQuestionOut}, auth=EVERYBODY, summary="Ask")
def ask(request: WardpostRequest, body: AskIn) -> HttpResponse:
    """Ask the operations room what the handbook does not say."""
    return idempotent(request, status=201, schema=HandbookQuestionOut, call=lambda: questions.ask(
        by=request.actor, at=timezone.now(), **body.model_dump()))


@router.post("/handbook/questions/{uuid:question_id}/answers", response=HandbookQuestionOut, auth=allow(roles=EDITORS),
             summary="Answer")
def answer(request: WardpostRequest, question_id: UUID, body: HandbookReplyIn) -> HttpResponse:
    """Answer a question and, if wished, propose the answer as an entry."""
    return idempotent(request, status=200, schema=HandbookQuestionOut, call=lambda: questions.answer(
        question_id=question_id, reply=questions.Reply(**body.model_dump()), by=request.actor, at=timezone.now()))


@router.post("/handbook/versions", response={201: HandbookVersionOut}, auth=allow(roles=PROPOSERS), summary="Propose")
def propose(request: WardpostRequest, body: HandbookDraftIn) -> HttpResponse:
    """Propose an entry or a new version of one."""
    given = body.model_dump(exclude={"entry_id", "review_on"})

    def call() -> HandbookVersion:
        try:
            review = body.review_on or body.valid_from + REVIEW_AFTER
        except OverflowError:
            review = date.max
        return operations.propose(draft=Draft(review_on=review, **given), entry_id=body.entry_id, by=request.actor,
                                  at=timezone.now())

    return idempotent(request, status=201, schema=HandbookVersionOut, call=call)


@router.post("/handbook/versions/{uuid:version_id}/decisions", response=HandbookVersionOut, auth=allow(roles=EDITORS),
             summary="Approve or return")
def decide(request: WardpostRequest, version_id: UUID, body: HandbookDecisionIn) -> HttpResponse:
    """Approve or return what somebody else proposed."""
    return idempotent(request, status=200, schema=HandbookVersionOut, call=lambda: operations.decide(
        version_id=version_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.post("/handbook/changed-sources", response=FlaggedOut, auth=allow(roles=EDITORS),
             summary="A legal source has changed")
def source_changed(request: WardpostRequest, body: SourceChangeIn) -> HttpResponse:
    """Flag every answer that rests on a document; each becomes work."""
    return idempotent(request, status=200, schema=FlaggedOut, call=lambda: sources.source_changed(
        by=request.actor, at=timezone.now(), **body.model_dump()), present=lambda flagged: {"flagged": flagged})

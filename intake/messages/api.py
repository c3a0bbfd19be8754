"""Questions and answers over the API, the same for both sides."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.messages import operations, queries
from intake.messages.models import Inquiry, PromotedAnswer
from intake.messages.operations import Sent, side_of
from intake.messages.rules import EXPEDITE_REASONS, InquiryKind
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

router = Router(tags=["questions"])

BOTH = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"centre:write", "dossiers:write"})
BOTH_READ = allow(roles=OUTLET_ROLES | CENTRE_ROLES, scopes={"centre:read", "dossiers:read"})
CENTRE = allow(roles=CENTRE_ROLES, scopes={"centre:write"})
MANAGER = allow(roles={Role.CENTRE_MANAGER})
READERS = allow(roles=OUTLET_ROLES | CENTRE_ROLES | {Role.AUDITOR, Role.ADMINISTRATOR},
                scopes={"centre:read", "dossiers:read"})


class DossierQuestionIn(In):
    text: Paragraphs
    kind: Literal["question", "expedite"] = "question"
    reason: Annotated[str, Field(max_length=20, description=f"Of an expedite request: {', '.join(EXPEDITE_REASONS)}.")
                      ] = ""
    document_ids: Annotated[list[UUID], Field(max_length=10)] = []


class QuestionReplyIn(In):
    text: Paragraphs
    document_ids: Annotated[list[UUID], Field(max_length=10)] = []


class InquiryOut(Out):
    id: UUID
    dossier_id: UUID
    kind: str
    reason: str
    from_side: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    masked_numbers: int = Field(default=0, description="How many ID numbers were covered in what was just sent.")


class MessageOut(Out):
    side: str
    author: str
    place: str
    text: str
    sent_at: datetime
    read_at: datetime | None


class ThreadOut(Out):
    id: UUID
    kind: str
    is_mine: bool
    is_open: bool
    is_closed: bool
    due_at: datetime
    said: list[MessageOut]


class ThreadsOut(Out):
    items: list[ThreadOut]


class CountsOut(Out):
    to_answer: int
    late: int
    unread: int


def _sent(sent: Sent) -> dict[str, Any]:
    return _inquiry(sent.inquiry) | {"masked_numbers": sent.masked}


def _inquiry(inquiry: Inquiry) -> dict[str, Any]:
    names = ("id", "dossier_id", "kind", "reason", "from_side", "asked_at", "due_at", "answered_at", "closed_at")
    return {name: getattr(inquiry, name) for name in names}


@router.post("/dossiers/{uuid:dossier_id}/questions", response={201: InquiryOut}, auth=BOTH)
def ask_other_side(request: WardpostRequest, dossier_id: UUID, body: DossierQuestionIn) -> HttpResponse:
    """Ask the other side, or ask the centre to hurry; the answer clock starts."""
    return idempotent(request, status=201, schema=InquiryOut, present=_sent, call=lambda: operations.ask(
        dossier_id=dossier_id, text=body.text, kind=InquiryKind(body.kind), reason=body.reason,
        documents=body.document_ids, by=request.actor, at=timezone.now()))


@router.get("/dossiers/{uuid:dossier_id}/questions", response=ThreadsOut, auth=BOTH_READ)
def questions_of(request: WardpostRequest, dossier_id: UUID) -> ThreadsOut:
    """Everything said on the dossier, newest question first."""
    found = queries.threads(dossier_id, actor=request.actor, side=side_of(request.actor), now=timezone.now())
    return ThreadsOut(items=[ThreadOut.model_validate(thread) for thread in found])


@router.post("/questions/{uuid:inquiry_id}/replies", response={201: InquiryOut}, auth=BOTH)
def reply_to_question(request: WardpostRequest, inquiry_id: UUID, body: QuestionReplyIn) -> HttpResponse:
    """Answer, or say more to what one asked oneself."""
    return idempotent(request, status=201, schema=InquiryOut, present=_sent, call=lambda: operations.reply(
        inquiry_id=inquiry_id, text=body.text, documents=body.document_ids, by=request.actor, at=timezone.now()))


@router.post("/questions/{uuid:inquiry_id}/closings", response={201: InquiryOut}, auth=BOTH)
def close_question(request: WardpostRequest, inquiry_id: UUID) -> HttpResponse:
    """Whoever asked needs nothing more."""
    return idempotent(request, status=201, schema=InquiryOut, present=_inquiry, call=lambda: operations.close(
        inquiry_id=inquiry_id, by=request.actor, at=timezone.now()))


@router.get("/questions/waiting", response=CountsOut, auth=BOTH_READ)
def questions_waiting(request: WardpostRequest) -> CountsOut:
    """How much waits for an answer of the caller's place."""
    return CountsOut.model_validate(
        queries.counts(request.actor, side=side_of(request.actor), now=timezone.now()))


class PromotionIn(In):
    question: Annotated[str, Field(max_length=500)]
    answer: Paragraphs
    legal_source: Annotated[str, Field(max_length=300)]


class PromotedOut(Out):
    id: UUID
    procedure_code: str
    question: str
    answer: str
    legal_source: str
    promoted_at: datetime


@router.post("/questions/{uuid:inquiry_id}/promotions", response={201: PromotedOut}, auth=CENTRE)
def promote_answer(request: WardpostRequest, inquiry_id: UUID, body: PromotionIn) -> HttpResponse:
    """Keep an answer for the handbook, in general words and with its law."""
    return idempotent(request, status=201, schema=PromotedOut, call=lambda: operations.promote(
        inquiry_id=inquiry_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.get("/promoted-answers", response=Page[PromotedOut], auth=READERS)
def promoted_answers(request: WardpostRequest, asked: Query[PageAsked]) -> Page[PromotedOut]:
    """Answers kept for the handbook in the caller's province, newest first."""
    rows, cursor = page_of(PromotedAnswer.objects.filter(province_code=request.actor.province_code), asked=asked,
                           order=("-promoted_at", "-id"))
    return Page(items=[PromotedOut.model_validate(row) for row in rows], next=cursor)


class ClockIn(In):
    question_minutes: Annotated[int, Field(ge=1, le=10_000)]
    expedite_minutes: Annotated[int, Field(ge=1, le=10_000)]


class AnswerClockOut(Out):
    centre_id: UUID
    question_minutes: int
    expedite_minutes: int


@router.put("/answer-clock", response=AnswerClockOut, auth=MANAGER)
def set_answer_clock(request: WardpostRequest, body: ClockIn) -> HttpResponse:
    """Say how many working minutes the own centre takes for an answer."""
    return idempotent(request, status=200, schema=AnswerClockOut, call=lambda: operations.set_answer_clock(
        by=request.actor, at=timezone.now(), **body.model_dump()))

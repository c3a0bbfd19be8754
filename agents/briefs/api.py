"""Briefs and their actions over the API."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, Field

from agents.auth import allow
from agents.briefs import operations, queries
from agents.briefs.models import Brief, BriefAction
from agents.briefs.paper import brief_pdf
from agents.briefs.rules import ActionStep
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["briefs"])

READERS = allow(roles={Role.OPERATIONS_OFFICER, Role.PROGRAMME_OFFICER, Role.CENTRE_MANAGER, Role.AUDITOR,
                       Role.ADMINISTRATOR}, scopes={"room:read"})
WRITER = allow(roles={Role.OPERATIONS_OFFICER})


class BriefOut(Out):
    id: UUID
    day: date
    half: str = Field(description="`plan` in the morning, `review` in the afternoon.")
    state: str
    since: datetime
    as_of: datetime
    remarks: str
    released_at: datetime | None
    released_by_name: str


class FigureOut(Out):
    label: str
    value: int


class RowOut(Out):
    name: str
    said: str
    is_late: bool


class SectionOut(Out):
    code: str
    title: str
    figures: list[FigureOut]
    rows: list[RowOut]
    more: int


class ActionOut(Out):
    id: UUID
    text: str
    owner_name: str
    due_at: datetime
    state: str
    carried: int
    outcome: str


class WholeBriefOut(BriefOut):
    sections: list[SectionOut]
    actions: list[ActionOut]


@router.get("/briefs", response=Page[BriefOut], auth=READERS)
def list_briefs(request: WardpostRequest, asked: Query[PageAsked]) -> Any:
    """Briefs of the city, the newest first; drafts for the operations room alone."""
    rows, following = page_of(Brief.objects.seen_by(request.actor), asked=asked, order=("-as_of", "-id"))
    return {"items": [BriefOut.model_validate(row) for row in rows], "next": following}


@router.get("/briefs/{uuid:brief_id}", response=WholeBriefOut, auth=READERS)
def one_brief(request: WardpostRequest, brief_id: UUID) -> Any:
    """One brief with its sections in the language asked for."""
    found = queries.find_brief(brief_id, request.actor)
    return BriefOut.model_validate(found).model_dump() | {
        "sections": queries.told(found), "actions": queries.shown_actions(found)}


@router.get("/briefs/{uuid:brief_id}/paper", auth=READERS)
def paper_of_brief(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """The brief as PDF, in Vietnamese."""
    return HttpResponse(brief_pdf(queries.find_brief(brief_id, request.actor)), content_type="application/pdf")


class RemarksIn(In):
    remarks: Paragraphs


@router.put("/briefs/{uuid:brief_id}/remarks", response=BriefOut, auth=WRITER)
def write_brief_remarks(request: WardpostRequest, brief_id: UUID, body: RemarksIn) -> HttpResponse:
    """What figures do not say."""
    return idempotent(request, status=200, schema=BriefOut, call=lambda: operations.write_remarks(
        brief_id, text=body.remarks, by=request.actor, at=timezone.now()))


@router.post("/briefs/{uuid:brief_id}/refreshments", response={201: BriefOut}, auth=WRITER)
def refresh_brief(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """Draw up the figures of a draft as of now."""
    return idempotent(request, status=201, schema=BriefOut, call=lambda: operations.refresh_brief(
        brief_id, by=request.actor, at=timezone.now()))


@router.post("/briefs/{uuid:brief_id}/releases", response={201: BriefOut}, auth=WRITER)
def release_brief(request: WardpostRequest, brief_id: UUID) -> HttpResponse:
    """Let everybody read it."""
    return idempotent(request, status=201, schema=BriefOut, call=lambda: operations.release_brief(
        brief_id, by=request.actor, at=timezone.now()))


class ActionIn(In):
    text: Annotated[str, Field(min_length=3, max_length=300)]
    owner_name: Annotated[str, Field(min_length=2, max_length=120)]
    due_at: AwareDatetime


def _action(action: BriefAction) -> dict[str, Any]:
    return {name: getattr(action, name) for name in ActionOut.model_fields}


@router.post("/briefs/{uuid:brief_id}/actions", response={201: ActionOut}, auth=WRITER)
def agree_brief_action(request: WardpostRequest, brief_id: UUID, body: ActionIn) -> HttpResponse:
    """Agree that something is done, by whom, until when."""
    return idempotent(request, status=201, schema=ActionOut, present=_action, call=lambda: operations.agree_action(
        brief_id, by=request.actor, at=timezone.now(), **body.model_dump()))


class ActionStepIn(In):
    step: ActionStep
    outcome: Annotated[str, Field(max_length=300)] = ""


@router.post("/brief-actions/{uuid:action_id}/steps", response={201: ActionOut}, auth=WRITER)
def end_brief_action(request: WardpostRequest, action_id: UUID, body: ActionStepIn) -> HttpResponse:
    """Done, or dropped with a reason."""
    return idempotent(request, status=201, schema=ActionOut, present=_action, call=lambda: operations.end_action(
        action_id, body.step, outcome=body.outcome, by=request.actor, at=timezone.now()))

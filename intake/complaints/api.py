"""Complaints over the API: said by whoever holds code and digits, read and answered by those they concern."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from agents.auth import allow
from delivery.errors import TrackingNotFound
from delivery.public import open_tracking
from delivery.views.tracking import at_even_pace
from intake.complaints import operations
from intake.complaints.models import Complaint
from intake.complaints.rules import ComplaintState
from shared import scope
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.callers import client_address
from shared.roles import Role

router = Router(tags=["complaints"])
READS: Final = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR,
                            Role.ADMINISTRATOR})
LONGEST_CODE: Final = 40

type Text = Annotated[Paragraphs, Field(min_length=1, max_length=1000)]


class ComplaintIn(In):
    phone_tail: Annotated[str, Field(min_length=3, max_length=3, pattern=r"^[0-9]{3}$")]
    subject: Literal["attitude", "waiting", "instructions", "refused", "papers", "hours", "other"]
    text: Text


class SaidOut(Out):
    said_at: datetime
    due_at: datetime = Field(description="By then it is answered.")


@router.post("/tracking/{code}/complaints", response={201: SaidOut}, auth=None, summary="Complain about an outlet",
             operation_id="complain")
def complain(request: HttpRequest, code: str, body: ComplaintIn) -> Status[SaidOut]:
    """About the outlet that took the dossier; code and digits as for following it."""
    if len(code) > LONGEST_CODE:
        raise TrackingNotFound
    now = timezone.now()
    opened = at_even_pace(
        lambda: open_tracking(code=code, tail=body.phone_tail, address=client_address(request), at=now))
    if opened.dossier_id is None:
        raise TrackingNotFound
    with scope.everything():
        made = operations.complain(dossier_id=opened.dossier_id, subject=body.subject, text=body.text, at=now)
    return Status(201, SaidOut(said_at=made.said_at, due_at=made.due_at))


class ComplaintOut(Out):
    id: UUID
    dossier_id: UUID
    outlet_id: UUID
    subject: str
    text: str
    state: ComplaintState
    said_at: datetime
    due_at: datetime
    explanation: str
    explained_at: datetime | None
    answer: str
    decided_at: datetime | None


class ComplaintsAsked(PageAsked):
    state: ComplaintState | None = None


@router.get("/complaints", response=Page[ComplaintOut], auth=READS, summary="Complaints about outlets")
def complaints(request: WardpostRequest, asked: Query[ComplaintsAsked]) -> Any:
    """Those about the outlets one answers for, newest first."""
    rows = Complaint.objects.seen_by(request.actor)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    found, following = page_of(rows, asked=asked, order=("-said_at", "-id"))
    return {"items": [ComplaintOut.model_validate(each) for each in found], "next": following}


class ExplanationIn(In):
    text: Text


@router.post("/complaints/{uuid:complaint_id}/explanations", response={201: ComplaintOut},
             auth=allow(roles={Role.OUTLET_MANAGER}), summary="Say the outlet's side")
def explain(request: WardpostRequest, complaint_id: UUID, body: ExplanationIn) -> HttpResponse:
    """Until it is decided."""
    return idempotent(request, status=201, schema=ComplaintOut, call=lambda: operations.explain(
        complaint_id=complaint_id, text=body.text, by=request.actor, at=timezone.now()))


class FindingIn(In):
    is_founded: bool
    answer: Text


@router.post("/complaints/{uuid:complaint_id}/findings", response={201: ComplaintOut},
             auth=allow(roles={Role.PROGRAMME_OFFICER}), summary="Find a complaint right or not")
def decide(request: WardpostRequest, complaint_id: UUID, body: FindingIn) -> HttpResponse:
    """The citizen reads the answer on her page; only what is found right counts in a score."""
    return idempotent(request, status=201, schema=ComplaintOut, call=lambda: operations.decide(
        complaint_id=complaint_id, is_founded=body.is_founded, answer=body.answer, by=request.actor,
        at=timezone.now()))

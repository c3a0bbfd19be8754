"""Whose a dossier is, how its term is extended, corrections, steps inside: what a centre's own system can drive too."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.api.centre import CENTRE, Act, StateOut, state_of
from intake.api.schemas import ProcedureCode
from intake.errors import DossierNotFound
from intake.models.corrections import Correction
from intake.models.decisions import Extension
from intake.models.dossiers import Dossier
from intake.operations import assignment, corrections, extensions, interim, results_counter, withdrawal
from intake.operations.assignment import Chosen
from intake.operations.extensions import Apology
from intake.queries.corrections import waiting_corrections
from intake.queries.interim import steps_inside
from intake.queries.worklist import Asked as WorkAsked
from intake.queries.worklist import worklist
from intake.rules.corrections import FIELDS
from intake.rules.interim import PlannedStep
from intake.rules.reasons import EXTENSION_REASONS
from intake.rules.wording import Words
from shared.api import Asked, In, Out, Paragraphs, WardpostRequest, idempotent
from shared.errors import FieldError
from shared.roles import CENTRE_ROLES, Role
from shared.validation import InvalidRequest

router = Router(tags=["centre"])

MANAGER = allow(roles={Role.CENTRE_MANAGER}, scopes={"centre:write"})
PEOPLE = allow(roles=CENTRE_ROLES, scopes=set())
READS = allow(roles=CENTRE_ROLES, scopes={"centre:read"})
Note = Annotated[str, Field(max_length=500)]


class DossierAssignmentIn(Act):
    officer_id: UUID
    note: Note = ""


@router.post("/dossiers/{uuid:dossier_id}/assignments", response={201: StateOut}, auth=MANAGER)
def assign(request: WardpostRequest, dossier_id: UUID, body: DossierAssignmentIn) -> HttpResponse:
    """Give the dossier to an officer of the centre."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: assignment.assign(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.post("/dossiers/{uuid:dossier_id}/passings", response={201: StateOut}, auth=CENTRE)
def pass_on(request: WardpostRequest, dossier_id: UUID, body: DossierAssignmentIn) -> HttpResponse:
    """Hand the dossier to a colleague with a note: its officer, who stands in for her, or the manager."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: assignment.pass_on(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


class ReleaseIn(Act):
    note: Note = ""


@router.post("/dossiers/{uuid:dossier_id}/releases", response={201: StateOut}, auth=CENTRE)
def release(request: WardpostRequest, dossier_id: UUID, body: ReleaseIn) -> HttpResponse:
    """Put the dossier back into the team's queue."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: assignment.release(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


class ChosenIn(In):
    id: UUID
    version: Annotated[int, Field(ge=1)]


class AssignManyIn(In):
    dossiers: Annotated[list[ChosenIn], Field(max_length=500)]
    officer_id: UUID
    note: Note = ""


class PlacedOut(Out):
    done: list[UUID]
    changed: list[UUID]
    """Touched by somebody else since; left as they are."""


@router.post("/centre/assignments", response={201: PlacedOut}, auth=MANAGER)
def assign_many(request: WardpostRequest, body: AssignManyIn) -> HttpResponse:
    """Give several dossiers to one officer; one that has changed stops no other."""
    chosen = [Chosen(each.id, each.version) for each in body.dossiers]
    return idempotent(request, status=201, schema=PlacedOut, call=lambda: assignment.assign_many(
        chosen=chosen, officer_id=body.officer_id, note=body.note, by=request.actor, at=timezone.now()))


# --- the list -------------------------------------------------------------------------------------------------------


class WorkListAsked(Asked):
    whose: Literal["", "mine", "team", "nobody"] = ""
    state: Literal["", "paused", "all"] = ""
    pace: Literal["", "near", "late"] = ""
    procedure: Annotated[str, Field(max_length=20)] = ""
    channel: Literal["", "direct", "online", "post"] = ""
    officer_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=300, description="`next` of the page before.")] = ""


class WorkItemOut(Out):
    id: UUID
    reference: str
    version: int
    procedure: str
    due_at: datetime | None
    deadline: str
    is_paused: bool
    officer_id: UUID | None
    apology: str
    """"drafted", "sent" or empty."""


class WorkListOut(Out):
    items: list[WorkItemOut]
    next: str


@router.get("/centre/work", response=WorkListOut, auth=READS)
def read_work(request: WardpostRequest, asked: Query[WorkListAsked]) -> dict[str, Any]:
    """The centre's open dossiers, most urgent first, in stable pages."""
    wanted = WorkAsked(asked.whose, asked.state, asked.pace, asked.procedure, asked.channel, asked.officer_id,
                       asked.cursor, asked.limit)
    try:
        page = worklist(request.actor, wanted, now=timezone.now())
    except (ValueError, TypeError) as error:
        raise InvalidRequest(errors=(FieldError("/query/cursor", "unknown-cursor", "Begin again without it."),)
                             ) from error
    return {"next": page.next, "items": [{
        "id": each.row.id, "reference": each.row.reference, "version": each.version, "procedure": str(each.row.what),
        "due_at": each.row.due_at, "deadline": each.row.deadline.words, "is_paused": each.row.is_paused,
        "officer_id": each.officer_id, "apology": each.apology} for each in page.rows]}


# --- extension, papers back -----------------------------------------------------------------------------------------


class ExtensionIn(Act):
    reason: Annotated[str, Field(description=f"One of: {', '.join(EXTENSION_REASONS)}.", max_length=40)]
    explanation: Paragraphs = ""
    due_day: date | None = None
    """A working day; left out: what the system proposes."""


class ExtensionOut(Out):
    dossier_id: UUID
    reason: str
    explanation: str
    due_before: datetime
    due_after: datetime
    sent_at: datetime
    signed_by_name: str


@router.post("/dossiers/{uuid:dossier_id}/extensions", response={201: ExtensionOut}, auth=CENTRE)
def extend(request: WardpostRequest, dossier_id: UUID, body: ExtensionIn) -> HttpResponse:
    """Apologise and extend the term (form 04): once, at the latest one working day before it is due."""
    def call() -> Extension:
        return extensions.apologise(
            dossier_id=dossier_id, apology=Apology(body.reason, body.explanation, body.due_day), by=request.actor,
            at=timezone.now(), version=body.version)

    return idempotent(request, status=201, schema=ExtensionOut, call=call)


class PaperReturnIn(Act):
    receiver_name: Annotated[str, Field(max_length=120)]


@router.post("/dossiers/{uuid:dossier_id}/paper-returns", response={201: StateOut}, auth=CENTRE)
def give_papers_back(request: WardpostRequest, dossier_id: UUID, body: PaperReturnIn) -> HttpResponse:
    """Give the papers of a stopped dossier back; it ends (8 → 10)."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: withdrawal.end_stopped(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.post("/dossiers/{uuid:dossier_id}/reminders", response={201: StateOut}, auth=CENTRE)
def remind(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Remind the citizen of the result that waits at the centre."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: results_counter.remind(
        dossier_id=dossier_id, by=request.actor, at=timezone.now()))


# --- steps inside ---------------------------------------------------------------------------------------------------


class InterimStepIn(Act):
    number: Annotated[int, Field(ge=1, le=50)] | None = None
    """Left out: the next one."""
    officer_id: UUID | None = None
    note: Note = ""


class InterimStepOut(Out):
    number: int
    name_vi: str
    name_en: str
    planned_minutes: int
    spent_minutes: int
    state: str
    """"done", "now" or "next"."""
    officer: str


class InterimStepsOut(Out):
    items: list[InterimStepOut]


@router.post("/dossiers/{uuid:dossier_id}/interim-steps", response={201: StateOut}, auth=CENTRE)
def hand_on(request: WardpostRequest, dossier_id: UUID, body: InterimStepIn) -> HttpResponse:
    """Begin another step of the internal process: a row of the control slip (form 06)."""
    return idempotent(request, status=201, schema=StateOut, present=state_of, call=lambda: interim.hand_on(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.get("/dossiers/{uuid:dossier_id}/interim-steps", response=InterimStepsOut, auth=READS)
def read_steps(request: WardpostRequest, dossier_id: UUID) -> dict[str, Any]:
    """The steps inside the handling, planned against spent working minutes."""
    dossier = Dossier.objects.seen_by(request.actor).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return {"items": [{
        "number": step.number, "name_vi": step.name.vi, "name_en": step.name.en, "planned_minutes": step.planned,
        "spent_minutes": step.spent, "state": step.state, "officer": step.officer}
        for step in steps_inside(dossier, timezone.now())]}


class PlannedIn(In):
    name_vi: Annotated[str, Field(max_length=120)]
    name_en: Annotated[str, Field(max_length=120)] = ""
    minutes: int


class ProcessIn(In):
    steps: Annotated[list[PlannedIn], Field(max_length=50)]


class ProcessOut(Out):
    procedure_code: str
    steps: list[dict[str, Any]]
    changed_at: datetime


@router.put("/centre/processes/{procedure_code}", response=ProcessOut, auth=MANAGER)
def write_process(request: WardpostRequest, procedure_code: ProcedureCode,
                  body: ProcessIn) -> HttpResponse:
    """How the centre splits a procedure into steps; eight hours are a working day."""
    steps = tuple(PlannedStep(Words(step.name_vi, step.name_en or step.name_vi), step.minutes) for step in body.steps)
    return idempotent(request, status=200, schema=ProcessOut, call=lambda: interim.write_process(
        procedure_code=procedure_code, steps=steps, by=request.actor, at=timezone.now()))


# --- corrections ----------------------------------------------------------------------------------------------------


class DossierCorrectionIn(Act):
    values: Annotated[dict[str, Annotated[str, Field(max_length=2000)]], Field(
        description=f"New values by: {', '.join(FIELDS)}.", max_length=20)] = {}
    reason: Note
    legal_basis: Annotated[str, Field(max_length=300)] = ""
    reopens: bool = False


class CorrectionOut(Out):
    id: UUID
    dossier_id: UUID
    changes: list[dict[str, str]]
    reopens: bool
    reason: str
    state: str
    proposed_by_name: str
    proposed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    decision_note: str


class CorrectionsOut(Out):
    items: list[CorrectionOut]


@router.post("/dossiers/{uuid:dossier_id}/corrections", response={201: CorrectionOut}, auth=CENTRE)
def propose_correction(request: WardpostRequest, dossier_id: UUID, body: DossierCorrectionIn) -> HttpResponse:
    """Propose a correction; nothing changes until another person approves it."""
    return idempotent(request, status=201, schema=CorrectionOut, call=lambda: corrections.propose(
        dossier_id=dossier_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.get("/corrections", response=CorrectionsOut, auth=READS)
def read_corrections(request: WardpostRequest) -> dict[str, Any]:
    """Corrections of the centre that wait for approval, the longest waiting first."""
    return {"items": list(waiting_corrections(request.actor))}


class CorrectionAnswerIn(In):
    answer: Literal["approve", "reject"]
    note: Note = ""


@router.post("/corrections/{uuid:correction_id}/decisions", response={201: CorrectionOut}, auth=PEOPLE)
def decide_correction(request: WardpostRequest, correction_id: UUID, body: CorrectionAnswerIn) -> HttpResponse:
    """Approve it or turn it down: a person, and not the one who proposed it."""
    decide = corrections.approve if body.answer == "approve" else corrections.reject

    def call() -> Correction:
        return decide(correction_id=correction_id, note=body.note, by=request.actor, at=timezone.now())

    return idempotent(request, status=201, schema=CorrectionOut, call=call)



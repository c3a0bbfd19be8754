"""Training through the API: courses, attempts, certificates, the gate and its question."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from agents.errors import AccountNotFound
from agents.training import operations
from agents.training.errors import CertificateNotFound
from agents.training.gate import may_take
from agents.training.models import Attempt
from agents.training.queries import certificates_seen_by, courses_on, trainees_seen_by
from shared.api import Asked, In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.calendar import local
from shared.roles import Role

router = Router(tags=["training"])

READERS: Final = {Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.AUDITOR,
                  Role.ADMINISTRATOR}
READS = allow(roles=READERS, scopes={"network:read"})
TAKES = allow(roles={Role.OUTLET_CLERK, Role.OUTLET_MANAGER})


class CourseOut(Out):
    code: str
    group: str = Field(description='A procedure\'s field, or "acting" (asked for everywhere), "custody".')
    title_vi: str
    title_en: str
    valid_from: date
    draws: int = Field(description="Questions of a test.")
    pass_percent: int
    minutes: int
    wait_hours: int
    valid_months: int
    exercises: list[str] = Field(description="Codes of the exercises of practice that belong to it.")
    legal_basis: str


class CoursesOut(Out):
    items: list[CourseOut]


@router.get("/courses", response=CoursesOut, auth=READS, summary="Courses in force")
def courses(request: WardpostRequest) -> Any:
    """List the courses that a certificate can be had for today."""
    return {"items": list(courses_on(timezone.localdate()).defer("lessons", "questions"))}


class AttemptIn(In):
    course_code: Annotated[str, Field(min_length=2, max_length=40)]


class CourseQuestionOut(Out):
    code: str
    text_vi: str
    text_en: str
    options: list[tuple[str, str]] = Field(description="Vietnamese and English; an answer is the index.")
    right: int | None = Field(default=None, description="After the attempt is over.")
    why_vi: str = ""
    why_en: str = ""
    source: str = ""


class AttemptOut(Out):
    id: UUID
    course_code: str
    started_at: datetime
    closes_at: datetime
    finished_at: datetime | None
    asked: int
    right: int
    has_passed: bool
    certificate_number: str
    questions: list[CourseQuestionOut]


def _attempt(attempt: Attempt) -> dict[str, Any]:
    """The answers are told once it is over."""
    hidden = () if attempt.finished_at is not None else ("right", "why_vi", "why_en", "source")
    certificate = getattr(attempt, "certificate", None)
    return {name: getattr(attempt, name) for name in (
        "id", "started_at", "closes_at", "finished_at", "asked", "right", "has_passed")} | {
        "course_code": attempt.course.code, "certificate_number": certificate.number if certificate else "",
        "questions": [{key: value for key, value in each.items() if key not in hidden} for each in attempt.paper]}


@router.post("/attempts", response={201: AttemptOut}, auth=TAKES, summary="Begin a test")
def start_attempt(request: WardpostRequest, body: AttemptIn) -> HttpResponse:
    """Draw questions from the bank; one that is open is gone on with."""
    return idempotent(request, status=201, schema=AttemptOut, present=_attempt, call=lambda: operations.start_attempt(
        course_code=body.course_code, by=request.actor, at=timezone.now()))


class AnswersIn(In):
    answers: Annotated[dict[Annotated[str, Field(max_length=40)], Annotated[int, Field(ge=0, le=9)]],
                       Field(max_length=60, description="Question code → index of the chosen option.")]


@router.post("/attempts/{uuid:attempt_id}/answers", response={201: AttemptOut}, auth=TAKES, summary="Hand a test in")
def hand_in(request: WardpostRequest, attempt_id: UUID, body: AnswersIn) -> HttpResponse:
    """Mark it; who has passed has her certificate with it."""
    return idempotent(request, status=201, schema=AttemptOut, present=_attempt, call=lambda: operations.hand_in(
        attempt_id=attempt_id, answers=body.answers, by=request.actor, at=timezone.now()))


class CertificateOut(Out):
    id: UUID
    number: str
    account_id: UUID
    holder: str
    group: str
    title_vi: str
    title_en: str
    outlet_name: str
    issued_on: date
    valid_until: date = Field(description="The first day on which it no longer holds.")


class CertificatesAsked(PageAsked):
    account_id: UUID | None = None
    valid_on: date | None = Field(default=None, description="Only those that hold on this day.")


@router.get("/certificates", response=Page[CertificateOut], auth=READS, summary="Certificates")
def certificates(request: WardpostRequest, asked: Query[CertificatesAsked]) -> Any:
    """List the certificates of those one answers for, newest first."""
    rows = certificates_seen_by(request.actor)
    if asked.account_id is not None:
        rows = rows.filter(account_id=asked.account_id)
    if asked.valid_on is not None:
        rows = rows.filter(issued_on__lte=asked.valid_on, valid_until__gt=asked.valid_on)
    found, following = page_of(rows, asked=asked, order=("-issued_at", "-id"))
    return {"items": [CertificateOut.model_validate(row) for row in found], "next": following}


@router.get("/certificates/{uuid:certificate_id}", response=CertificateOut, auth=READS, summary="One certificate")
def certificate(request: WardpostRequest, certificate_id: UUID) -> Any:
    """Show a certificate of somebody one answers for."""
    found = certificates_seen_by(request.actor).filter(id=certificate_id).first()
    if found is None:
        raise CertificateNotFound
    return found


class AdmissionAsked(Asked):
    group: Annotated[str, Field(min_length=2, max_length=40, description="A procedure's field.")]
    account_id: UUID | None = Field(default=None, description="Whom it is about; oneself when left out.")
    on: date | None = Field(default=None, description="The local day; today when left out.")


class LackOut(Out):
    group: str
    course_code: str
    title_vi: str
    title_en: str
    expired_on: date | None


class AdmissionOut(Out):
    is_open: bool
    holds_from: date | None = Field(description="Since when the city asks for certificates; null: it does not.")
    lacks: list[LackOut]


@router.get("/admissions", response=AdmissionOut, auth=READS, summary="May this person take such a dossier?")
def admission(request: WardpostRequest, asked: Query[AdmissionAsked]) -> Any:
    """Ask the gate about somebody of an outlet, as intake does at each dossier."""
    people = trainees_seen_by(request.actor)
    person = people.filter(id=asked.account_id or request.actor.id).first()
    if person is None:
        raise AccountNotFound
    return may_take(person.id, asked.group, asked.on or local(timezone.now()).date())


class TrainingGateIn(In):
    holds_from: date | None = Field(description="At least a week ahead; null lifts the gate.")
    reason: Annotated[Paragraphs, Field(min_length=1, max_length=300)]
    asks_practice: bool = Field(default=False, description="A course's exercises come before its test, from now on.")


class GateOut(Out):
    province_code: str = Field(validation_alias="province_id")
    holds_from: date | None
    asks_practice: bool
    reason: str
    set_at: datetime
    set_by_name: str


@router.post("/training-gates", response={201: GateOut}, auth=allow(roles={Role.PROGRAMME_OFFICER}),
             summary="Set from when certificates are asked for")
def set_gate(request: WardpostRequest, body: TrainingGateIn) -> HttpResponse:
    """The newest row counts; former ones stay as they are."""
    return idempotent(request, status=201, schema=GateOut, call=lambda: operations.set_gate(
        holds_from=body.holds_from, reason=body.reason, asks_practice=body.asks_practice, by=request.actor,
        at=timezone.now()))

"""Cases over the API for the programme's officers and the auditor; reports and hotlines for anybody."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from agents.auth import allow
from delivery.views.tracking import at_even_pace
from intake.brokers import calls, cases, queries, reports
from intake.brokers.models import BrokerCase
from intake.brokers.rules import Call, CaseState, Heard, Signal, Step
from shared.api import In, Out, Page, PageAsked, Paragraphs, WardpostRequest, idempotent, page_of
from shared.calendar import local
from shared.callers import client_address
from shared.roles import Role

router = Router(tags=["brokers"])
READS = allow(roles={Role.PROGRAMME_OFFICER, Role.AUDITOR})
ACTS = allow(roles={Role.PROGRAMME_OFFICER})

type Said = Annotated[Paragraphs, Field(max_length=2000)]


class CaseOut(Out):
    id: UUID
    code: str
    state: CaseState
    outlet_id: UUID | None = Field(description="None: a report that names no outlet.")
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None = Field(description="Until when the present state should be left; None: closed.")
    owner_name: str
    reason: str
    closed_at: datetime | None


class SignalOut(Out):
    rule: Signal
    version: str
    outlet_id: UUID
    clerk_id: UUID | None
    from_day: date
    until_day: date = Field(description="Half-open.")
    found: int
    baseline: float = Field(description="What is usual at this outlet, or for the same procedures at the others.")
    threshold: float
    explanation: str
    dossiers: list[str] = Field(description="Codes of the dossiers in the caller's sight.")


class CallsOut(Out):
    waiting: int
    reached: int
    declined: int
    unreached: int


class DrawOut(Out):
    id: UUID
    seed: int
    population: int
    population_sha256: str = Field(description="Of the sorted dossier ids, one a line.")
    size: int
    drawn_at: datetime
    drawn_by_name: str


class WholeCaseOut(CaseOut):
    signals: list[SignalOut]
    report: str | None
    draws: list[DrawOut]
    calls: CallsOut


class CasesAsked(PageAsked):
    state: Annotated[CaseState | None, Field(description="Only cases in this state.")] = None


@router.get("/broker-cases", response=Page[CaseOut], auth=READS, summary="Cases about brokers")
def list_cases(request: WardpostRequest, asked: Query[CasesAsked]) -> Any:
    """List the city's cases, newest first. A case blocks nobody and counts in no score."""
    rows = BrokerCase.objects.seen_by(request.actor)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    found, following = page_of(rows, asked=asked, order=("-opened_at", "-id"))
    return {"items": [CaseOut.model_validate(row) for row in found], "next": following}


@router.get("/broker-cases/{case_id}", response=WholeCaseOut, auth=READS, summary="One case with its evidence")
def one_case(request: WardpostRequest, case_id: UUID) -> Any:
    """Show a case, what it rests on and what calls came to; the look is in the audit."""
    found = queries.view(case_id, request.actor)
    cases.note_look(case_id=case_id, by=request.actor, at=timezone.now())
    codes = {dossier.id: dossier.code or dossier.agent_ref for dossier in found.evidence}
    return {
        **CaseOut.model_validate(found.case).model_dump(),
        "signals": [_signal(shown, codes) for shown in found.signals],
        "report": found.report.text if found.report else None,
        "draws": [_draw(row) for row in found.draws],
        "calls": {state.value: found.heard.states[state] for state in Call}}


def _signal(shown: queries.Shown, codes: dict[UUID, str]) -> dict[str, object]:
    names = ("rule", "version", "outlet_id", "clerk_id", "from_day", "until_day", "found", "baseline", "threshold")
    return {name: getattr(shown.signal, name) for name in names} | {
        "explanation": str(shown.words.sentence),
        "dossiers": [codes[each] for each in shown.signal.dossiers if each in codes]}


def _draw(row: Any) -> dict[str, object]:
    names = ("id", "seed", "population", "size", "drawn_at", "drawn_by_name")
    return {name: getattr(row, name) for name in names} | {"population_sha256": bytes(row.population_sha256).hex()}


class BrokerCaseStepIn(In):
    step: Literal["look", "propose", "send_back", "confirm", "dismiss", "leave_open"]
    reason: Said = ""
    answer: Annotated[Paragraphs, Field(max_length=2000, description="For whoever reported it, when a case is closed "
                                                                     "that began with a report.")] = ""


@router.post("/broker-cases/{case_id}/steps", response={201: CaseOut}, auth=ACTS, summary="Decide on a case")
def take_step(request: WardpostRequest, case_id: UUID, body: BrokerCaseStepIn) -> HttpResponse:
    """Take up, propose, confirm, send back or close. Another officer than the proposer confirms."""
    return idempotent(request, status=201, schema=CaseOut, call=lambda: cases.take_step(
        case_id=case_id, step=Step(body.step), by=request.actor, at=timezone.now(), reason=body.reason,
        answer=body.answer))


class DrawIn(In):
    size: Annotated[int, Field(ge=1, le=50)]


@router.post("/broker-cases/{case_id}/draws", response={201: DrawOut}, auth=ACTS, summary="Draw whom to call")
def draw(request: WardpostRequest, case_id: UUID, body: DrawIn) -> HttpResponse:
    """Draw citizens at random; the seed is kept, so that anybody can draw again."""
    return idempotent(request, status=201, schema=DrawOut, present=_draw, call=lambda: calls.draw(
        case_id=case_id, size=body.size, by=request.actor, at=timezone.now()))


class CallIn(In):
    heard: Heard
    answers: Annotated[dict[str, Literal["yes", "no", "unsure"]], Field(max_length=20)] = {}
    note: Annotated[Paragraphs, Field(max_length=500)] = ""


class CallOut(Out):
    id: UUID
    state: Call
    tries: int


@router.post("/broker-calls/{call_id}/outcomes", response={201: CallOut}, auth=ACTS, summary="What a call came to")
def record_call(request: WardpostRequest, call_id: UUID, body: CallIn) -> HttpResponse:
    """Write down answers, a refusal, or that nobody answered; the third time is the last."""
    return idempotent(request, status=201, schema=CallOut, call=lambda: calls.record_call(
        call_id=call_id, heard=body.heard, answers=body.answers, by=request.actor, at=timezone.now(), note=body.note))


class ReportIn(In):
    province: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    outlet: Annotated[str, Field(max_length=16, pattern=r"^[0-9A-Za-z-]*$", description="Its code, if known.")] = ""
    happened_on: date | None = None
    text: Said


class ReportedOut(Out):
    code: str = Field(description="Opens the answer; shown once and not kept.")


@router.post("/broker-reports", response={201: ReportedOut}, auth=None, summary="Report a broker without a name")
def report(request: HttpRequest, body: ReportIn) -> Status[ReportedOut]:
    """Anybody may; tries are counted by address for an hour, and no address is kept."""
    now = timezone.now()
    reports.count_try(address=client_address(request), at=now)
    kept = reports.report(province_code=body.province, text=body.text, at=now, outlet_code=body.outlet,
                          happened_on=body.happened_on)
    return Status(201, ReportedOut(code=kept.code))


class CodeIn(In):
    code: Annotated[str, Field(min_length=1, max_length=40)]


class BrokerReportAnswerOut(Out):
    reported_at: datetime
    is_looked_at: bool
    answered_at: datetime | None
    answer: str


@router.post("/broker-reports/answers", response=BrokerReportAnswerOut, auth=None, summary="What became of a report")
def answer(request: HttpRequest, body: CodeIn) -> Any:
    """Read the answer; the code goes in the body, so that it stands in no log."""
    reports.count_try(address=client_address(request), at=timezone.now())
    return at_even_pace(lambda: reports.read_answer(code=body.code.replace("\x00", "")))


class HotlineOut(Out):
    code: str
    province_code: str = Field(description="Empty: everywhere.")
    name: str
    purpose: str
    number: str
    hours: str
    valid_from: date
    legal_basis: str
    confidence: str


@router.get("/hotlines", response=list[HotlineOut], auth=None, summary="Numbers that citizens may call")
def hotlines(request: HttpRequest) -> Any:
    """List the numbers that hold today, in the reader's language."""
    return [HotlineOut.model_validate(row) for row in queries.hotlines(local(timezone.now()).date())]

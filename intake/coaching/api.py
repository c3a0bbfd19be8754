"""Coaching over the API."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, Field

from agents.auth import allow
from intake.coaching import operations, queries
from intake.coaching.operations import CoachingInput
from intake.coaching.rules import ORDER, WINDOW
from shared.api import In, Out, WardpostRequest, idempotent
from shared.calendar import local
from shared.roles import OUTLET_ROLES, Role

router = Router(tags=["coaching"])
WRITES = allow(roles=OUTLET_ROLES, scopes={"citizens:write"})
READS = allow(roles=OUTLET_ROLES, scopes={"citizens:read"})
COUNTS = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.PROGRAMME_OFFICER, Role.OPERATIONS_OFFICER,
                      Role.AUDITOR, Role.ADMINISTRATOR})


class CoachingIn(In):
    client_ref: UUID
    citizen_id: UUID
    topics: Annotated[list[str], Field(min_length=1, max_length=6)] = Field(
        description="log_in, fill_in, scan, pay, follow, result")
    minutes: Annotated[int, Field(ge=1, le=240)]
    agrees: bool = Field(description="The citizen's yes to being asked later; without it nothing is kept.")
    held_at: AwareDatetime | None = None
    procedure_code: Annotated[str, Field(max_length=20)] = ""


class CoachingOut(Out):
    id: UUID
    citizen_id: UUID
    outlet_id: UUID
    topics: list[str]
    procedure_code: str
    minutes: int
    held_at: AwareDatetime
    coached_by_name: str
    struck_at: AwareDatetime | None


class CoachingsOut(Out):
    items: list[CoachingOut]


class CoachingAnswerIn(In):
    said: Annotated[str, Field(max_length=10)] = Field(description="alone, with_help or no_need")
    code: Annotated[str, Field(max_length=40)] = Field(
        default="", description="Of the dossier filed alone, as the citizen's phone shows it.")


class StrikeIn(In):
    because: Annotated[str, Field(min_length=1, max_length=200)]


class CoachingFiguresOut(Out):
    """People once each, by the strongest word; "not_known" is not "did not file alone"."""

    name: str
    code: str
    sessions: int
    minutes: int
    people: int
    over: int = Field(description="People whose window is over.")
    later: dict[str, int]


class CoachingResultsOut(Out):
    since: date
    until: date = Field(description="Half-open.")
    window_days: int
    looked_at: AwareDatetime | None
    total: CoachingFiguresOut
    operators: list[CoachingFiguresOut]
    outlets: list[CoachingFiguresOut]


class Days(In):
    since: Annotated[date | None, Field(ge=date(2020, 1, 1), le=date(2100, 1, 1))] = None
    until: Annotated[date | None, Field(ge=date(2020, 1, 1), le=date(2100, 1, 1))] = None


@router.post("/coaching-sessions", response={201: CoachingOut}, auth=WRITES, summary="Record a coaching session")
def record(request: WardpostRequest, body: CoachingIn) -> HttpResponse:
    """Record what was taught to a citizen of the outlet."""
    return idempotent(request, status=201, schema=CoachingOut, call=lambda: operations.record_session(
        CoachingInput(**body.model_dump()), by=request.actor, at=timezone.now()))


@router.get("/coaching-sessions", response=CoachingsOut, auth=READS, summary="Coaching sessions")
def sessions(request: WardpostRequest) -> Any:
    """List the outlet's newest sessions."""
    return {"items": [line.session for line in queries.sessions_of(request.actor)]}


@router.post("/coaching-sessions/{uuid:session_id}/answers", response={201: CoachingOut}, auth=WRITES,
             summary="What the citizen says later")
def answer(request: WardpostRequest, session_id: UUID, body: CoachingAnswerIn) -> HttpResponse:
    """Write down whether she has filed alone since."""
    return idempotent(request, status=201, schema=CoachingOut, call=lambda: operations.record_answer(
        session_id=session_id, by=request.actor, at=timezone.now(), **body.model_dump()))


@router.post("/coaching-sessions/{uuid:session_id}/strike-outs", response={201: CoachingOut}, auth=WRITES,
             summary="Strike a session out")
def strike_out(request: WardpostRequest, session_id: UUID, body: StrikeIn) -> HttpResponse:
    """Strike out what was entered by mistake; it stays with the reason."""
    return idempotent(request, status=201, schema=CoachingOut, call=lambda: operations.strike_out(
        session_id=session_id, because=body.because, by=request.actor, at=timezone.now()))


@router.get("/coaching-results", response=CoachingResultsOut, auth=COUNTS, summary="Who files alone after coaching")
def results(request: WardpostRequest, days: Annotated[Days, Query()]) -> Any:
    """Count the people coached on these days, by what is known of them afterwards."""
    now = timezone.now()
    since, until = queries.usual_period(local(now).date())
    since, until = days.since or since, days.until or until
    found = queries.results(request.actor, since=since, until=max(until, since + timedelta(days=1)), at=now)
    return {"since": found.since, "until": found.until, "window_days": WINDOW.days,
            "looked_at": found.looked_at, "total": _figures(found.total),
            "operators": [_figures(row) for row in found.operators],
            "outlets": [_figures(row) for row in found.outlets]}


def _figures(row: queries.Figures) -> dict[str, Any]:
    names = ("name", "code", "sessions", "minutes", "people", "over")
    return {name: getattr(row, name) for name in names} | {
        "later": {kind.value: count for kind, count in zip(ORDER, row.later, strict=True)}}

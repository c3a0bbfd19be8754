"""What waits at a centre, what nobody knows whose it is, and the board of a province."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.api.schemas import WordsOut
from intake.boards.figures import Unit
from intake.boards.reading import Board, board_as_of
from intake.boards.rules.counts import Counts
from intake.boards.whose import as_read_by, province_for
from intake.queries.centre import ArrivalRow, QueueRow, UnclearRow, inbox, queue, unclear_rows
from intake.rules.wording import Words
from shared.api import Asked, Out, WardpostRequest
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, PROGRAMME_ROLES, Role

router = Router(tags=["centre"])

CENTRE_READS = allow(roles=CENTRE_ROLES, scopes={"centre:read"})
BOARD_ROLES = frozenset({*CENTRE_ROLES, *FINANCE_ROLES, *PROGRAMME_ROLES, Role.AUDITOR, Role.ADMINISTRATOR})
QUESTION_ROLES = frozenset({*CENTRE_ROLES, Role.AUDITOR, Role.ADMINISTRATOR})


class QueueItem(Out):
    id: UUID
    reference: str
    procedure: WordsOut
    state: WordsOut
    due_at: datetime | None
    deadline: str
    """In the reader's language."""
    is_paused: bool


class ArrivalItem(Out):
    id: UUID
    agent_ref: str
    procedure: WordsOut
    outlet: str
    forwarded_at: datetime | None
    handed_over_at: datetime | None
    parcel_number: str
    papers: int
    version: int


class QuestionItem(Out):
    id: UUID
    dossier_id: UUID
    agent_ref: str
    procedure: WordsOut
    cause: str
    candidates: list[str]
    asked_at: datetime
    due_at: datetime


class QueueOut(Out):
    running: list[QueueItem]
    paused: list[QueueItem]
    to_hand_over: list[QueueItem]


class InboxOut(Out):
    arrived: list[ArrivalItem]
    expected: list[ArrivalItem]


class AuthorityQuestionsOut(Out):
    items: list[QuestionItem]


def _words(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}


def _queue_item(row: QueueRow) -> dict[str, Any]:
    return {"id": row.id, "reference": row.reference, "procedure": _words(row.what), "state": _words(row.state),
            "due_at": row.due_at, "deadline": row.deadline.words, "is_paused": row.is_paused}


def _arrival_item(row: ArrivalRow) -> dict[str, Any]:
    return {"id": row.id, "agent_ref": row.agent_ref, "procedure": _words(row.what), "outlet": row.outlet_name,
            "forwarded_at": row.forwarded_at, "handed_over_at": row.handed_over_at, "papers": row.papers,
            "parcel_number": row.parcel_number, "version": row.version}


def _question_item(row: UnclearRow) -> dict[str, Any]:
    return {"id": row.question_id, "dossier_id": row.dossier_id, "agent_ref": row.agent_ref, "cause": row.cause,
            "procedure": _words(row.what), "candidates": list(row.candidates), "asked_at": row.asked_at,
            "due_at": row.due_at}


@router.get("/centre/queue", response=QueueOut, auth=CENTRE_READS)
def read_queue(request: WardpostRequest) -> dict[str, Any]:
    """The centre's open dossiers by remaining working time, the paused ones apart."""
    found = queue(request.actor, now=timezone.now())
    return {name: [_queue_item(row) for row in getattr(found, name)] for name in ("running", "paused", "to_hand_over")}


@router.get("/centre/inbox", response=InboxOut, auth=CENTRE_READS)
def read_inbox(request: WardpostRequest) -> dict[str, Any]:
    """What was sent to the centre and is not received yet; papers still on their way apart."""
    found = inbox(request.actor)
    return {name: [_arrival_item(row) for row in getattr(found, name)] for name in ("arrived", "expected")}


@router.get("/authority-questions", response=AuthorityQuestionsOut,
            auth=allow(roles=QUESTION_ROLES, scopes={"centre:read"}))
def read_authority_questions(request: WardpostRequest) -> dict[str, Any]:
    """Dossiers whose competent authority the rules could not tell, most urgent first."""
    return {"items": [_question_item(row) for row in unclear_rows(request.actor)]}


# --- the board ------------------------------------------------------------------------------------------------------


class BoardAsked(Asked):
    province: Annotated[str, Field(max_length=2, description="Two digits; your own when left out.")] = ""
    as_of: datetime | None = None
    """Now when left out. The moment itself is included."""


class CountOut(Out):
    received: int
    resolved: int
    rate_percent: float | None
    """Resolved per hundred received; null without a base."""


class CentreCountOut(CountOut):
    centre_id: UUID
    agency_code: str
    name: str
    commune_code: str


class ProcedureCountOut(CountOut):
    code: str
    name: WordsOut


class HourCountOut(CountOut):
    starts_at: datetime


class BoardOut(CountOut):
    province_code: str
    as_of: datetime
    by_centre: list[CentreCountOut]
    by_procedure: list[ProcedureCountOut]
    by_hour: list[HourCountOut]
    """The hours with a count in the three days before."""


@router.get("/board", response=BoardOut, auth=allow(roles=BOARD_ROLES, scopes={"board:read"}))
def read_board(request: WardpostRequest, asked: Query[BoardAsked]) -> dict[str, Any]:
    """How much was received and resolved up to a moment, where and of what; the same whenever it is asked."""
    province = province_for(request.actor, asked.province)
    with as_read_by(request.actor, Unit(province)):
        return _board(board_as_of(province, asked.as_of or timezone.now()))


def _board(board: Board) -> dict[str, Any]:
    return _count(board.total) | {
        "province_code": board.province_code, "as_of": board.as_of,
        "by_centre": [_count(row.count) | {
            "centre_id": row.centre.id, "agency_code": row.centre.agency_code, "name": row.centre.name,
            "commune_code": row.centre.commune_code} for row in board.by_centre],
        "by_procedure": [_count(row.count) | {"code": row.code, "name": _words(row.name)}
                         for row in board.by_procedure],
        "by_hour": [_count(row.count) | {"starts_at": row.starts_at} for row in board.by_hour]}


def _count(count: Counts) -> dict[str, Any]:
    rate = None if count.rate is None else round(count.rate, 1)
    return {"received": count.received, "resolved": count.resolved, "rate_percent": rate}

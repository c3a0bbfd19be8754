"""Boards over the API: every figure broken down, for a city's own operations centre, as JSON, CSV or a workbook."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.boards import exports
from intake.boards.figures import Unit
from intake.boards.reading import By, Line, lines_by
from intake.boards.rules.counts import Counts
from intake.boards.views import EARLIEST, NARROW, READERS
from intake.boards.whose import Asked as Wanted
from intake.boards.whose import as_read_by, unit_for
from shared.api import Asked, Out, WardpostRequest
from shared.calendar import LOCAL_ZONE, local
from shared.roles import CENTRE_ROLES

router = Router(tags=["boards"])

READ = allow(roles=set(READERS), scopes={"board:read"})
_BY: Final[Mapping[str, By]] = {by.name.lower(): by for by in By}
_WRITERS: Final = {"csv": (exports.as_csv, "text/csv; charset=utf-8"),
                   "xlsx": (exports.as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}


class FiguresAsked(Asked):
    by: Annotated[Literal["centre", "outlet", "operator", "procedure"], Field(description="What a line is.")] = "centre"
    province: Annotated[str, Field(max_length=2, description="Two digits; your own when left out.")] = ""
    centre_id: UUID | None = None
    operator_id: UUID | None = None
    outlet_id: UUID | None = None
    as_of: datetime | None = None
    """The minute that has begun when left out. The moment itself is included. A past moment's figures change only when
    a step of before it is told late or put right; the ETag then changes with them."""


class BoardCountsOut(Out):
    filed: int
    received: int
    resolved: int
    resolved_late: int
    returned: int
    ended: int
    """Refused or withdrawn."""
    at_outlet: int
    on_the_way: int
    """Forwarded and received by no centre yet."""
    in_hand: int
    with_citizen: int
    """Papers or payment awaited; the clock stands."""
    stopped: int
    result_waiting: int
    late: int
    """In hand and past the due moment."""
    stuck: int
    """No step for seven days, waiting for the citizen not counted."""
    resolved_per_received_percent: float | None
    in_time_per_resolved_percent: float | None
    late_per_in_hand_percent: float | None


class BoardLineOut(BoardCountsOut):
    key: str
    """The place's id or the procedure's code; empty for a centre's own counter or an unclear authority."""
    code: str
    name_vi: str
    name_en: str


class BoardFiguresOut(Out):
    schema_version: Literal[1] = 1
    """Rises when a field is renamed, removed or counts something else; new fields may come without it."""
    province_code: str
    as_of: datetime
    by: str
    total: BoardCountsOut
    lines: list[BoardLineOut]


_UNCHANGED: Final = {"responses": {304: {"description": "Nothing has changed since the ETag that was sent back."}}}


@router.get("/board/figures", response={200: BoardFiguresOut}, auth=READ, openapi_extra=_UNCHANGED,
            summary="Every figure of a board, broken down, with an ETag")
def board_figures(request: WardpostRequest, asked: Query[FiguresAsked]) -> HttpResponse:
    """What was filed, received and resolved up to a moment, and what stood where at it. Holds nobody's data."""
    unit, as_of, lines = _lines(request, asked)
    total = sum((line.count for line in lines), Counts())
    told = BoardFiguresOut(
        province_code=unit.province_code, as_of=local(as_of), by=asked.by, total=BoardCountsOut(**_counts(total)),
        lines=[BoardLineOut(**_counts(line.count), key=line.key, code=line.code, name_vi=line.name.vi,
                            name_en=line.name.en) for line in lines])
    return exports.answered(request, told.model_dump_json().encode(), content_type="application/json; charset=utf-8")


@router.get("/board/figures/{kind}", auth=READ, summary="The same as a file, with an ETag",
            openapi_extra={"responses": {200: {"description": "The file."}, **_UNCHANGED["responses"]}})
def board_file(request: WardpostRequest, kind: Literal["csv", "xlsx"], asked: Query[FiguresAsked]) -> HttpResponse:
    """One row a line. `If-None-Match` with the ETag of before answers 304 while the file would be the same."""
    _unit, as_of, lines = _lines(request, asked)
    write, content_type = _WRITERS[kind]
    rows = exports.rows_of(lines, by=_BY[asked.by], as_of=local(as_of).isoformat())
    answer = exports.answered(request, write(rows), content_type=content_type)
    if answer.status_code == HTTPStatus.OK:
        answer["Content-Disposition"] = f'attachment; filename="board-{asked.by}.{kind}"'
    return answer


def _lines(request: WardpostRequest, asked: FiguresAsked) -> tuple[Unit, datetime, list[Line]]:
    by, actor = _BY[asked.by], request.actor
    unit = unit_for(actor, Wanted(asked.province, asked.centre_id, asked.operator_id, asked.outlet_id))
    if by in NARROW and (actor.role in CENTRE_ROLES or (not actor.role and actor.centre_id)):
        unit = Unit(unit.province_code, actor.centre_id, unit.operator_id, unit.outlet_id)
    as_of = _moment(asked.as_of)
    with as_read_by(actor, unit):
        return unit, as_of, list(lines_by(unit, as_of, by))


def _moment(asked: datetime | None) -> datetime:
    """Local when it names no zone; never before boards begin nor ahead of now. None: the minute that has begun."""
    now = timezone.now()
    if asked is None:
        return now.replace(second=0, microsecond=0)
    return min(max(asked if asked.tzinfo is not None else asked.replace(tzinfo=LOCAL_ZONE), EARLIEST), now)


def _counts(count: Counts) -> dict[str, Any]:
    rates = {"resolved_per_received_percent": count.rate, "in_time_per_resolved_percent": count.in_time_rate,
             "late_per_in_hand_percent": count.late_rate}
    return asdict(count) | {name: None if rate is None else round(rate, 1) for name, rate in rates.items()}

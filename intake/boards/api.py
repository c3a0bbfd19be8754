"""Boards over the API: every figure broken down, for a city's own operations centre, as JSON, CSV or a workbook."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.boards import exports
from intake.boards.figures import Unit
from intake.boards.reading import Asked as Wanted
from intake.boards.reading import By, Line, as_read_by, lines_by, unit_for
from intake.boards.rules.counts import Counts
from intake.boards.views import EARLIEST, NARROW, READERS
from shared.api import Asked, Out, WardpostRequest
from shared.calendar import LOCAL_ZONE
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
    """Now when left out. The moment itself is included; the figures of a past moment never change."""


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
    province_code: str
    as_of: datetime
    by: str
    total: BoardCountsOut
    lines: list[BoardLineOut]


@router.get("/board/figures", response={200: BoardFiguresOut}, auth=READ,
            summary="Every figure of a board, broken down")
def board_figures(request: WardpostRequest, asked: Query[FiguresAsked]) -> dict[str, Any]:
    """What was filed, received and resolved up to a moment, and what stood where at it. Holds nobody's data."""
    unit, as_of, lines = _lines(request, asked)
    total = sum((line.count for line in lines), Counts())
    return {"province_code": unit.province_code, "as_of": as_of, "by": asked.by, "total": _counts(total),
            "lines": [_counts(line.count) | {"key": line.key, "code": line.code, "name_vi": line.name.vi,
                                             "name_en": line.name.en} for line in lines]}


@router.get("/board/figures/{kind}", auth=READ, summary="The same as a file, with an ETag",
            openapi_extra={"responses": {200: {"description": "The file."}, 304: {"description": "Nothing changed."}}})
def board_file(request: WardpostRequest, kind: Literal["csv", "xlsx"], asked: Query[FiguresAsked]) -> HttpResponse:
    """One row a line. `If-None-Match` with the ETag of before answers 304 while no figure has changed."""
    _unit, as_of, lines = _lines(request, asked)
    tag = exports.etag_of([line.key for line in lines], [line.count for line in lines], f"{asked.by}.{kind}")
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        write, content_type = _WRITERS[kind]
        rows = exports.rows_of(lines, by=_BY[asked.by], as_of=as_of.isoformat())
        answer = HttpResponse(write(rows), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="board-{asked.by}.{kind}"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
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
    """Local when it names no zone; never before boards begin nor ahead of now."""
    now = timezone.now()
    if asked is None:
        return now
    return min(max(asked if asked.tzinfo is not None else asked.replace(tzinfo=LOCAL_ZONE), EARLIEST), now)


def _counts(count: Counts) -> dict[str, Any]:
    rates = {"resolved_per_received_percent": count.rate, "in_time_per_resolved_percent": count.in_time_rate,
             "late_per_in_hand_percent": count.late_rate}
    return asdict(count) | {name: None if rate is None else round(rate, 1) for name, rate in rates.items()}

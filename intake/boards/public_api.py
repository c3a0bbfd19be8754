"""The published board for programs: no key, whole weeks, coarse numbers."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from intake.boards import exports
from intake.boards.public_views import PUBLIC_FOR, reading_of
from shared.api import Asked, Out, WardpostRequest

router = Router(tags=["boards"])


class PublicBoardAsked(Asked):
    province: Annotated[str, Field(max_length=2, description="Two digits; the first with a board when left out.")] = ""
    day: Annotated[date | None, Field(description="The Sunday up to whose end is counted, or any day after it;"
                                                  " the last one published when left out or not published yet.")] = None


class PublicFiguresOut(Out):
    received: Annotated[int | None, Field(description="Null: fewer than `fewest`. Every other number is rounded.")]
    resolved: int | None
    resolved_in_time: int | None
    in_hand: int | None
    late: int | None
    in_time_percent: Annotated[int | None, Field(
        description="Resolved in time per resolved, of the rounded numbers; null where fewer than 50 were resolved.")]


class PublicLineOut(PublicFiguresOut):
    code: str
    commune_code: str
    name_vi: str
    name_en: str


class PublicIndexGroupOut(Out):
    name_vi: str
    name_en: str
    most: int
    points: Annotated[float | None, Field(description="Null: not measured here, or too few to tell.")]


class PublicBoardOut(Out):
    schema_version: Annotated[int, Field(description="1; rises when a field is renamed, removed or means else.")]
    province_code: str
    day: date
    as_of: datetime
    fewest: int
    rounded_to: int
    total: PublicFiguresOut
    centres: list[PublicLineOut]
    procedures: list[PublicLineOut]
    index: list[PublicIndexGroupOut]


@router.get("/public-board", response={200: PublicBoardOut}, auth=None, summary="A city's published board",
            openapi_extra={"responses": {304: {"description": "Nothing has changed since the ETag sent back."}}})
def public_board(request: WardpostRequest, asked: Query[PublicBoardAsked]) -> HttpResponse:
    """Below ten nothing is told, every other number is a five beside it; sixty readings a minute and address."""
    found, _provinces = reading_of(request, asked.province, asked.day, at=timezone.now())
    content = PublicBoardOut.model_validate(found.data).model_dump_json().encode()
    return exports.answered(request, content, content_type="application/json; charset=utf-8", cache=PUBLIC_FOR,
                            modified=found.made_at)

"""What citizens say, over the API: answered by whoever holds code and digits, read by those who answer for a place."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from agents.auth import allow
from delivery.errors import TrackingNotFound
from delivery.public import open_tracking
from delivery.views.tracking import at_even_pace
from intake.satisfaction import operations, queries
from intake.satisfaction.operations import Asked
from intake.satisfaction.rules import QUESTIONS
from intake.satisfaction.views import LOOKS_BACK
from shared import scope
from shared.api import In, Out, Paragraphs, WardpostRequest
from shared.callers import client_address
from shared.roles import Role

router = Router(tags=["satisfaction"])

MANAGERS = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ, Role.CENTRE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR})
LONGEST_CODE: Final = 40

type Grade = Annotated[int, Field(ge=1, le=5, description="1 very dissatisfied … 5 very satisfied.")]


class MoneyIn(In):
    """That somebody asked for money beside the receipt."""

    where: Literal["outlet", "centre", "carrier", "elsewhere"]
    amount: Annotated[int | None, Field(ge=1, le=1_000_000_000)] = None
    words: Annotated[str, Field(max_length=1000)] = ""


class RatingIn(In):
    phone_tail: Annotated[str, Field(min_length=3, max_length=3, pattern=r"^[0-9]{3}$")]
    overall: Grade
    bring: Grade | None = None
    attitude: Grade | None = None
    waiting: Grade | None = None
    trips: Grade | None = None
    delivery: Grade | None = None
    comment: Annotated[Paragraphs, Field(max_length=1000)] = ""
    asked_for_money: MoneyIn | None = None


class RatingOut(Out):
    answered_at: datetime


@router.post("/tracking/{code}/ratings", response={201: RatingOut}, auth=None, summary="Say how it was",
             operation_id="rate")
def rate(request: HttpRequest, code: str, body: RatingIn) -> Status[RatingOut]:
    """Once for each dossier, after its result; code and digits as for following it."""
    if len(code) > LONGEST_CODE:
        raise TrackingNotFound
    now = timezone.now()
    opened = at_even_pace(
        lambda: open_tracking(code=code, tail=body.phone_tail, address=client_address(request), at=now))
    if opened.dossier_id is None:
        raise TrackingNotFound
    answers = {name: value for name in QUESTIONS if (value := getattr(body, name)) is not None}
    money = body.asked_for_money
    asked = Asked(money.where, money.amount, money.words) if money is not None else None
    with scope.everything():
        kept = operations.answer(dossier_id=opened.dossier_id, answers=answers, comment=body.comment, asked=asked,
                                 at=now)
    return Status(201, RatingOut(answered_at=kept.answered_at))


class CellOut(Out):
    answered: int
    satisfied: int
    percent: int | None
    """None: too few answers for a rate."""


class RatedPlaceOut(Out):
    id: UUID | None
    name: str
    answered: int
    questions: dict[str, CellOut]


class SatisfactionOut(Out):
    since: datetime
    total: RatedPlaceOut
    outlets: list[RatedPlaceOut]
    centres: list[RatedPlaceOut]
    asked_for_money: int | None


@router.get("/satisfaction", response=SatisfactionOut, auth=MANAGERS)
def satisfaction(request: WardpostRequest) -> SatisfactionOut:
    """How citizens were served in the last quarter at the places the caller answers for."""
    since = timezone.now() - LOOKS_BACK
    found = queries.results(request.actor, since=since)
    return SatisfactionOut(since=since, total=_place(found.total), outlets=[_place(row) for row in found.outlets],
                      centres=[_place(row) for row in found.centres], asked_for_money=found.asked_for_money)


def _place(row: queries.PlaceRow) -> RatedPlaceOut:
    cells: dict[str, Any] = {
        name: CellOut(answered=cell.answered, satisfied=cell.content, percent=cell.percent)
        for name, cell in zip(QUESTIONS, row.cells, strict=True)}
    return RatedPlaceOut(id=row.id, name=row.name, answered=row.answered, questions=cells)

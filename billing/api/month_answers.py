"""A month as an outlet or operator sees it, and its answer: accepted, or accepted except some lines."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import Field

from agents import public as agents
from agents.auth import allow
from billing.api.disputes import DisputeOut
from billing.api.schemas import MonthText, Vnd
from billing.disputes import answering
from billing.disputes.models import Dispute, StatementAnswer
from billing.disputes.rules import MOST_LINES, Reason
from billing.disputes.steps import refused
from billing.errors import StatementNotFound
from billing.outlet_money.queries import answer_of
from billing.queries.books import books_of
from billing.rules.periods import parse_month
from shared.api import Asked, In, Out, Paragraphs, WardpostRequest, idempotent
from shared.roles import OUTLET_ROLES, Role

router = Router(tags=["disputes"])
READ = allow(roles=OUTLET_ROLES | {Role.OPERATOR_HQ}, scopes={"billing:read"})
ANSWER = allow(roles={Role.OUTLET_MANAGER, Role.OPERATOR_HQ}, scopes={"billing:write"})
Province = Annotated[str, Field(pattern=r"^(\d{2})?$", description="Of an operator's month; an outlet leaves it out.")]


class AnsweredMonthAsked(Asked):
    period: MonthText
    province_code: Province = ""


class MonthAnswerOut(Out):
    period: date
    province_code: str
    operator_code: str
    outlet_id: UUID | None
    lines: int
    excepted: int
    city_owes_vnd: Annotated[Vnd, Field(validation_alias="city_owes", description="For the accepted lines.")]
    digest: str
    answered_by_name: str
    answered_at: datetime


class MonthOut(Out):
    """`digest` over the month's lines is what an answer names."""

    period: date
    province_code: str
    operator_code: str
    lines: int
    digest: str
    city_owes_vnd: int
    answer: MonthAnswerOut | None


class MonthAnswerIn(AnsweredMonthAsked, In):
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="The month's digest that was read.")]
    excepted: Annotated[list[UUID], Field(max_length=MOST_LINES, description="Lines disputed by this answer.")] = []
    reason: Reason = Reason.UNCLEAR
    text: Paragraphs = ""


class AnsweredOut(Out):
    answer: MonthAnswerOut
    disputes: list[DisputeOut]


@router.get("/month-answers", response=MonthOut, auth=READ, summary="A month as it stands, and the newest answer")
def get_month(request: WardpostRequest, asked: Query[AnsweredMonthAsked]) -> dict[str, object]:
    """Of the caller's outlet, or of its operator in one city. No answer is no agreement."""
    books, period, province = books_of(request.actor), _period(asked.period), _province(request, asked.province_code)
    seen = answering.month_seen(by=request.actor, province_code=province, operator_code=books.operator_code,
                                period=period)
    return {"period": period, "province_code": province, "operator_code": books.operator_code, "lines": seen.lines,
            "digest": seen.digest, "city_owes_vnd": seen.city_owes.amount, "answer": answer_of(books, period, province)}


@router.post("/month-answers", response={201: AnsweredOut}, auth=ANSWER, summary="Accept a month, except these lines")
def answer_month(request: WardpostRequest, body: MonthAnswerIn) -> HttpResponse:
    """The excepted lines are disputed in the same breath."""
    books, period, province = books_of(request.actor), _period(body.period), _province(request, body.province_code)
    return idempotent(request, status=201, schema=AnsweredOut, present=_answered, call=lambda: answering.answer_month(
        province_code=province, operator_code=books.operator_code, period=period, excepted=body.excepted,
        reason=body.reason, text=body.text, digest=body.digest, by=request.actor, at=timezone.now()))


def _answered(made: tuple[StatementAnswer, list[Dispute]]) -> dict[str, object]:
    return {"answer": made[0], "disputes": made[1]}


def _period(text: str) -> date:
    period = parse_month(text)
    if period is None:
        raise StatementNotFound
    return period


def _province(request: WardpostRequest, asked: str) -> str:
    """Raises DisputeRefused: an operator names no city."""
    if request.actor.outlet_id is not None:
        return agents.get_outlet(request.actor.outlet_id).province_code
    if not asked:
        raise refused("/province_code", "required", _("Name the city whose month it is."))
    return asked

"""A month of one operator in one city: its sums, its lines, each line's why, and the files of it."""

from typing import Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from ninja import Query, Router

from agents.auth import allow
from billing.api.schemas import (
    LegOut,
    LineDetailOut,
    LineOut,
    StatementLinesAsked,
    StatementOut,
    StatementsAsked,
)
from billing.errors import LineNotFound, StatementNotFound
from billing.explaining import explanations
from billing.exports.answers import export
from billing.models.ledger import Charge
from billing.operations.statements import prepare_statement
from billing.queries import months
from billing.queries.books import ROLES, Books, books_of
from billing.queries.digests import LineDigest
from billing.queries.lines import ORDER, OpenLine, find_line
from billing.queries.months import StatementInfo
from billing.rules.periods import parse_month
from shared.api import Page, WardpostRequest, idempotent, page_of
from shared.roles import Role

router = Router(tags=["statements"])
READ = allow(roles=ROLES, scopes={"billing:read"})
PREPARE = allow(roles={Role.FINANCE_REVIEWER}, scopes={"billing:write"})


@router.get("/statements", response=Page[StatementOut], auth=READ, summary="List statements, newest month first")
def list_statements(request: WardpostRequest, asked: Query[StatementsAsked]) -> dict[str, object]:
    """Of the caller's city, or of the caller's operator in all cities."""
    rows = months.statements(books_of(request.actor))
    if period := parse_month(asked.period or ""):
        rows = rows.filter(period=period)
    if asked.operator_code:
        rows = rows.filter(operator_code=asked.operator_code)
    found, following = page_of(rows, asked=asked, order=("-period", "-id"))
    return {"items": [statement_data(info) for info in months.shown(found)], "next": following}


@router.get("/statements/{uuid:statement_id}", response=StatementOut, auth=READ, summary="One statement's sums")
def get_statement(request: WardpostRequest, statement_id: UUID) -> dict[str, object]:
    return statement_data(_statement(books_of(request.actor), statement_id))


@router.post("/statements/{uuid:statement_id}/preparations", response=StatementOut, auth=PREPARE,
             summary="Fix a month's figures; it takes no more lines")
def prepare(request: WardpostRequest, statement_id: UUID) -> HttpResponse:
    """A statement that is prepared already is answered as it stands."""
    info = _statement(books_of(request.actor), statement_id)
    return idempotent(
        request, status=200, schema=StatementOut,
        call=lambda: prepare_statement(province_code=info.province_code, operator_code=info.operator_code,
                                       period=info.period, by=request.actor, at=timezone.now()),
        present=lambda row: statement_data(months.shown([row])[0]))


@router.get("/statements/{uuid:statement_id}/lines", response=Page[LineOut], auth=READ, summary="A month's lines")
def list_lines(request: WardpostRequest, statement_id: UUID, asked: Query[StatementLinesAsked]) -> dict[str, object]:
    """Oldest first."""
    lines = _lines(_statement(books_of(request.actor), statement_id))
    if asked.reason_code is not None:
        lines = lines.filter(reason_code=asked.reason_code)
    found, following = page_of(lines.defer("evidence").annotate(digest=LineDigest()), asked=asked, order=ORDER)
    return {"items": found, "next": following}


@router.get("/statements/{uuid:statement_id}/lines/{uuid:line_id}", response=LineDetailOut, auth=READ,
            summary="One line opened into its why")
def get_line(request: WardpostRequest, statement_id: UUID, line_id: UUID) -> dict[str, object]:
    """Its arithmetic with rules and legal bases, its evidence and its ledger legs."""
    books = books_of(request.actor)
    info, line = _statement(books, statement_id), find_line(books, line_id)
    if line is None or not _belongs(line.charge, info):
        raise LineNotFound
    return _detail(line)


@router.get("/statements/{uuid:statement_id}/exports/{kind}", auth=READ, summary="The month as a CSV file or workbook",
            openapi_extra={"responses": {200: {"description": "The file."}}})
def export_statement(request: WardpostRequest, statement_id: UUID, kind: Literal["csv", "xlsx"]) -> HttpResponseBase:
    """Every line with its digest, then number of lines, sums and the statement's digest."""
    return export(_statement(books_of(request.actor), statement_id), kind)


def statement_data(info: StatementInfo) -> dict[str, object]:
    return {"id": info.id, "province_code": info.province_code, "operator_code": info.operator_code,
            "period": info.period, "state": info.state, "digest": info.digest, "prepared_at": info.prepared_at,
            "prepared_by": info.prepared_by, "lines": info.sums.lines, "gross": info.sums.gross,
            "national_reduction": info.sums.national_reduction, "city_subsidy": info.sums.city_subsidy,
            "citizen_share": info.sums.citizen_share, "compensation": info.sums.compensation}


def _statement(books: Books, statement_id: UUID) -> StatementInfo:
    info = months.find_statement(books, statement_id)
    if info is None:
        raise StatementNotFound
    return info


def _lines(info: StatementInfo) -> QuerySet[Charge]:
    return months.month_lines(province_code=info.province_code, operator_code=info.operator_code, period=info.period)


def _belongs(charge: Charge, info: StatementInfo) -> bool:
    return (charge.province_code, charge.operator_code, charge.period) == (
        info.province_code, info.operator_code, info.period)


def _detail(line: OpenLine) -> dict[str, object]:
    shown = LineOut.model_validate(line.charge, from_attributes=True)
    names = {name: field.validation_alias or name for name, field in LineOut.model_fields.items()}
    return {**{str(alias): getattr(shown, name) for name, alias in names.items()}, "steps": line.charge.steps,
            "evidence": line.charge.evidence, "legs": [LegOut.model_validate(leg) for leg in line.legs],
            "taken_back_by": line.taken_back_by, "seal": line.seal, "explanation": explanations(line)}

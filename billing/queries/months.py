"""A month of one operator in one city: its sums, and how many lines have which reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.fields.json import KT

from billing.models.ledger import Charge
from billing.models.statements import Statement, StatementState
from billing.queries.books import Books
from billing.queries.digests import STATEMENT_SQL
from billing.queries.lines import view_of
from billing.rules.plans import COMPENSATION
from shared.money import ZERO, Money

_SUMS = ("gross", "national_reduction", "city_subsidy", "citizen_share", "compensation")


@dataclass(frozen=True, slots=True)
class Sums:
    lines: int = 0
    gross: Money = ZERO
    national_reduction: Money = ZERO
    city_subsidy: Money = ZERO
    citizen_share: Money = ZERO
    compensation: Money = ZERO

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.lines + other.lines, *(getattr(self, name) + getattr(other, name) for name in _SUMS))

    @property
    def city_owes(self) -> Money:
        """What the city itself pays: subsidised postage and compensation."""
        return self.city_subsidy + self.compensation


@dataclass(frozen=True, slots=True)
class ReasonSums:
    reason_code: str
    is_work: bool
    """A line of compensation, not of postage."""
    is_other: bool
    """A general entry, neither postage nor work."""
    sums: Sums


@dataclass(frozen=True, slots=True)
class StatementInfo:
    """A statement's row; the figures of an open month are those of this moment."""

    id: UUID
    province_code: str
    operator_code: str
    period: date
    state: str
    sums: Sums
    digest: str
    prepared_at: datetime | None
    prepared_by: str

    @property
    def is_open(self) -> bool:
        return self.state == StatementState.OPEN


def statements(books: Books) -> QuerySet[Statement]:
    return Statement.objects.filter(books.statements)


def find_statement(books: Books, statement_id: UUID) -> StatementInfo | None:
    row = statements(books).filter(id=statement_id).first()
    return None if row is None else shown([row])[0]


def shown(rows: Sequence[Statement]) -> list[StatementInfo]:
    """The rows as answers; one query sums whatever is still open."""
    live = _live([row for row in rows if row.state == StatementState.OPEN])
    infos = (_info(row) for row in rows)
    return [replace(info, sums=live.get((info.province_code, info.operator_code, info.period), Sums()))
            if info.is_open else info for info in infos]


def _info(row: Statement) -> StatementInfo:
    return StatementInfo(row.id, row.province_id, row.operator_code, row.period, row.state,
                         Sums(row.lines, *(getattr(row, name) for name in _SUMS)), row.digest, row.prepared_at,
                         row.prepared_by)


def _live(rows: Sequence[Statement]) -> dict[tuple[str, str, date], Sums]:
    if not rows:
        return {}
    keys = ("province_code", "operator_code", "period")
    months = Charge.objects.filter(
        province_code__in={row.province_id for row in rows}, operator_code__in={row.operator_code for row in rows},
        period__in={row.period for row in rows})
    summed = months.values(*keys).annotate(lines=Count("id"), **{f"sum_{name}": Sum(name) for name in _SUMS})
    return {(row["province_code"], row["operator_code"], row["period"]): _sums(row) for row in summed}


def _sums(row: Mapping[str, Any]) -> Sums:
    return Sums(row["lines"], *(row[f"sum_{name}"] for name in _SUMS))


def month_lines(*, province_code: str, operator_code: str, period: date) -> QuerySet[Charge]:
    return Charge.objects.filter(province_code=province_code, operator_code=operator_code, period=period)


def month_by_reason(*, province_code: str, operator_code: str, period: date) -> list[ReasonSums]:
    """One pass over the month, however long it is."""
    lines = month_lines(province_code=province_code, operator_code=operator_code, period=period)
    rows = (lines.annotate(is_work=Q(kind__startswith=COMPENSATION), is_other=view_of("other"))
            .values("reason_code", "is_work", "is_other")
            .annotate(lines=Count("id"), **{f"sum_{name}": Sum(name) for name in _SUMS})
            .order_by("is_work", "is_other", "reason_code"))
    return [ReasonSums(row["reason_code"], row["is_work"], row["is_other"], _sums(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class LateLines:
    """Lines of `belongs_to`, closed when they came, that count in `counted_in`."""

    belongs_to: date
    counted_in: date
    lines: int


def late_lines(*, province_code: str, operator_code: str, period: date) -> list[LateLines]:
    """What came to the month from closed ones, and what of this month went to later ones; one query of few rows."""
    late = Charge.objects.filter(province_code=province_code, operator_code=operator_code,
                                 evidence__has_key="late_for")
    rows = (late.filter(Q(period=period) | Q(evidence__late_for=period.isoformat()))
            .values("period", belongs_to=KT("evidence__late_for")).annotate(n=Count("id"))
            .order_by("belongs_to", "period"))
    return [LateLines(date.fromisoformat(row["belongs_to"]), row["period"], row["n"]) for row in rows]


def computed(*, province_code: str, operator_code: str, period: date) -> tuple[Sums, str]:
    """The sums and the digest of a month as its lines have them now, in one pass."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT_SQL, [province_code, operator_code, period])
        lines, *sums, digest = cursor.fetchone()
    return Sums(int(lines), *(Money(int(amount)) for amount in sums)), str(digest)

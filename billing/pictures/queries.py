"""The figures of the pictures: a few sums over a month's lines, and over a year's months."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from billing.models.ledger import Charge
from billing.queries.books import Books
from billing.queries.holds import is_disputed, is_held
from billing.rules.periods import month_before
from shared.money import ZERO, Money

MONTHS: Final = 12
MOST_PROCEDURES: Final = 12


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """What a month's lines come to, by who pays and for what."""

    period: date
    city_postage: Money = ZERO
    work: Money = ZERO
    national: Money = ZERO
    citizens: Money = ZERO

    @property
    def city(self) -> Money:
        return self.city_postage + self.work


@dataclass(frozen=True, slots=True)
class OperatorShare:
    """What an operator's lines come to, in đồng that the city owes."""

    operator_code: str
    charged: Money
    admitted: Money
    disputed: Money
    held: Money


@dataclass(frozen=True, slots=True)
class ProcedureCost:
    procedure_code: str
    dossiers: int
    city: Money

    @property
    def unit(self) -> int:
        """Whole đồng for one dossier, rounded half up."""
        return (self.city.amount * 2 + self.dossiers) // (self.dossiers * 2) if self.dossiers else 0


def months_of(books: Books, province_code: str, last: date) -> list[MonthFlow]:
    """The year up to `last`, oldest first; months without lines are there with nothing. One query."""
    periods = [last]
    while len(periods) < MONTHS:
        periods.append(month_before(periods[-1]))
    rows = (_lines(books, province_code).filter(period__in=periods).values("period").order_by("period")
            .annotate(city=Sum("city_subsidy"), work=Sum("compensation"), national=Sum("national_reduction"),
                      citizens=Sum("citizen_share")))
    found = {row["period"]: MonthFlow(row["period"], *(_money(row[name]) for name in (
        "city", "work", "national", "citizens"))) for row in rows}
    return [found.get(period, MonthFlow(period)) for period in reversed(periods)]


def operators_of(books: Books, province_code: str, period: date) -> list[OperatorShare]:
    """One query. Admitted is what nobody disputes and nothing holds."""
    owed, disputed, held = F("city_subsidy") + F("compensation"), is_disputed(), is_held()
    rows = (_lines(books, province_code).filter(period=period).values("operator_code").order_by("operator_code")
            .annotate(charged=Sum(owed), disputed=Sum(owed, filter=disputed), held=Sum(owed, filter=held),
                      admitted=Sum(owed, filter=~disputed & ~held)))
    return [OperatorShare(row["operator_code"], *(_money(row[name]) for name in (
        "charged", "admitted", "disputed", "held"))) for row in rows]


def procedures_of(books: Books, province_code: str, period: date) -> list[ProcedureCost]:
    """What a dossier of each procedure costs the city, the dearest sum first. One query."""
    code: Any = Coalesce(KeyTextTransform("procedure_code", "evidence"), Value(""), output_field=TextField())
    rows = (_lines(books, province_code).filter(period=period).annotate(procedure=code).exclude(procedure="")
            .values("procedure")
            .annotate(dossiers=Count("dossier_code", distinct=True), city=Sum(F("city_subsidy") + F("compensation")))
            .filter(~Q(city=0)).order_by("-city", "procedure")[:MOST_PROCEDURES])
    return [ProcedureCost(row["procedure"], row["dossiers"], _money(row["city"])) for row in rows]


def _lines(books: Books, province_code: str) -> QuerySet[Charge]:
    return Charge.objects.filter(books.lines, province_code=province_code)


def _money(value: Money | int | None) -> Money:
    return value if isinstance(value, Money) else Money(int(value or 0))

"""The figures of the pictures: a few sums over a month's lines, and over a year's months."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from billing.models.claims import Claim
from billing.models.ledger import Charge
from billing.queries.books import Books
from billing.queries.holds import is_disputed, is_held
from billing.rules.claims import ClaimState
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
    """What an operator asks the city for, what of it was admitted, and what our own lines come to."""

    operator_code: str
    claimed: Money | None = None
    """By its confirmed claim; None: it has sent none."""
    admitted: Money | None = None
    """By the verdicts on the claim's lines; None: it has not been compared yet."""
    charged: Money = ZERO
    """By our books, in đồng that the city owes."""
    disputed: Money = ZERO
    held: Money = ZERO


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
    """Whoever has lines or a claim. Two queries."""
    owed = F("city_subsidy") + F("compensation")
    rows = (_lines(books, province_code).filter(period=period).values("operator_code")
            .annotate(charged=Sum(owed), disputed=Sum(owed, filter=is_disputed()), held=Sum(owed, filter=is_held())))
    ours = {row["operator_code"]: {name: _money(row[name]) for name in ("charged", "disputed", "held")} for row in rows}
    claims = _claims_of(books, province_code, period)
    return [OperatorShare(code, *claims.get(code, (None, None)), **ours.get(code, {}))
            for code in sorted(ours.keys() | claims.keys())]


def _claims_of(books: Books, province_code: str, period: date) -> dict[str, tuple[Money, Money | None]]:
    """Operator → claimed and admitted, of claims whose sender stands by them."""
    rows = (Claim.objects.filter(books.statements, province_id=province_code, period=period,
                                 state__in=[ClaimState.CONFIRMED, ClaimState.MATCHED])
            .values_list("operator_code", "state", "claimed").annotate(given=Sum("lines__admitted")))
    return {code: (_money(asked), _money(given) if state == ClaimState.MATCHED else None)
            for code, state, asked, given in rows}


def procedures_of(books: Books, province_code: str, period: date) -> list[ProcedureCost]:
    """What a dossier of each procedure costs the city, the dearest sum first. One query.

    A line that takes another back counts for the procedure of that one, so what was charged anew counts once.
    """
    code: Any = Coalesce(KeyTextTransform("procedure_code", "evidence"),
                         KeyTextTransform("procedure_code", "reverses__evidence"), Value(""), output_field=TextField())
    rows = (_lines(books, province_code).filter(period=period).annotate(procedure=code).exclude(procedure="")
            .values("procedure")
            .annotate(dossiers=Count("dossier_code", distinct=True), city=Sum(F("city_subsidy") + F("compensation")))
            .filter(~Q(city=0)).order_by("-city", "procedure")[:MOST_PROCEDURES])
    return [ProcedureCost(row["procedure"], row["dossiers"], _money(row["city"])) for row in rows]


def _lines(books: Books, province_code: str) -> QuerySet[Charge]:
    return Charge.objects.filter(books.lines, province_code=province_code)


def _money(value: Money | int | None) -> Money:
    return value if isinstance(value, Money) else Money(int(value or 0))

"""A day and a month of one outlet: the lines that the city sees, with what is on hold and what is disputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from billing.disputes.models import Dispute, StatementAnswer
from billing.disputes.queries import disputes_of
from billing.models.ledger import Charge
from billing.queries.books import Books
from billing.queries.holds import Hold, holds_of, is_held
from billing.wording import reason_title
from shared.calendar import at_local
from shared.money import ZERO, Money
from shared.pagination import PageAsked, page_of

ORDER: Final = ("occurred_at", "id")
ON_A_PAGE: Final = 50


type Lines = QuerySet[Charge]


@dataclass(frozen=True, slots=True)
class LineShown:
    charge: Charge
    title: str
    holds: tuple[Hold, ...]
    dispute: Dispute | None


@dataclass(frozen=True, slots=True)
class OutletSums:
    lines: int = 0
    postage: Money = ZERO
    work: Money = ZERO
    held: Money = ZERO
    held_lines: int = 0

    @property
    def city_owes(self) -> Money:
        return self.postage + self.work

    @property
    def to_pay(self) -> Money:
        """What is not on hold."""
        return self.city_owes - self.held


def day_lines(books: Books, day: date) -> QuerySet[Charge]:
    """Lines that were entered in the books on a local day: they show the moment they stand there."""
    return Charge.objects.filter(books.lines, posted_at__gte=_start(day), posted_at__lt=_start(day + timedelta(days=1)))


def month_of_outlet(books: Books, period: date) -> QuerySet[Charge]:
    return Charge.objects.filter(books.lines, period=period)


def sums_of(lines: QuerySet[Charge]) -> OutletSums:
    """One query."""
    held = is_held()
    found = lines.aggregate(
        n=Count("id"), subsidy=Sum("city_subsidy"), work=Sum("compensation"), held_n=Count("id", filter=held),
        held_subsidy=Sum("city_subsidy", filter=held), held_work=Sum("compensation", filter=held))
    return OutletSums(found["n"], _money(found["subsidy"]), _money(found["work"]),
                      _money(found["held_subsidy"]) + _money(found["held_work"]), found["held_n"])


def page_of_outlet(lines: QuerySet[Charge], *, find: str = "", view: str = "", cursor: str = "",
                   limit: int = ON_A_PAGE) -> tuple[list[LineShown], str]:
    """Oldest first. Raises InvalidRequest: the cursor is none of ours."""
    if find:
        lines = lines.filter(Q(dossier_code=find) | Q(parcel_number=find))
    elif view == "held":
        lines = lines.filter(is_held())
    rows, following = page_of(lines.select_related("explanation").defer("evidence"),
                              asked=PageAsked(limit=limit, cursor=cursor), order=ORDER)
    return shown(rows), following


def shown(rows: Sequence[Charge]) -> list[LineShown]:
    ids = [row.id for row in rows]
    holds, disputes = holds_of(ids), disputes_of(ids)
    return [LineShown(row, reason_title(row), holds.get(row.id, ()), disputes.get(row.id)) for row in rows]


def months_known(books: Books) -> list[date]:
    """Months in which the outlet has lines, newest first."""
    return list(Charge.objects.filter(books.lines).order_by("-period").values_list("period", flat=True).distinct()[:24])


def answer_of(books: Books, period: date, province_code: str = "") -> StatementAnswer | None:
    """The newest answer of this outlet or operator to the month; an operator's is of one city."""
    answers = StatementAnswer.objects.filter(operator_code=books.operator_code, outlet_id=books.outlet_id,
                                             period=period)
    if province_code:
        answers = answers.filter(province_code=province_code)
    return answers.order_by("-answered_at").first()


def _start(day: date) -> datetime:
    return at_local(day, time(0, 0))


def _money(value: Money | int | None) -> Money:
    return value if isinstance(value, Money) else Money(int(value or 0))

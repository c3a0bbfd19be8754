"""What the finance month shows, gathered in a constant number of queries however long the month is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agents import public as agents
from billing.models.ledger import Charge
from billing.models.statements import Statement
from billing.queries.books import Books
from billing.queries.lines import OpenLine, find_line, page_of_lines
from billing.queries.months import (
    LateLines,
    ReasonSums,
    StatementInfo,
    Sums,
    late_lines,
    month_by_reason,
    month_lines,
    shown,
    statements,
)
from billing.queries.rates import rate_book
from billing.rules.periods import month_after, month_before
from billing.views.asked import MonthAsked
from billing.views.flow import Part, flow_of
from billing.wording import REASONS, Why, reason_title, why
from shared.validation import InvalidRequest

ON_A_PAGE: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that chooses something: an operator, a city, a reason."""

    label: str
    url: str
    is_on: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class LineRow:
    charge: Charge
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class MonthPage:
    """Everything the template draws."""

    asked: MonthAsked
    period: date
    province_code: str
    province_name: str
    operator_code: str
    operators: list[Choice]
    provinces: list[Choice]
    before_url: str
    after_url: str
    statement: StatementInfo | None
    sums: Sums
    flow: list[Part]
    reasons: list[Choice]
    rows: list[LineRow]
    next_url: str
    first_url: str
    line: OpenLine | None
    why: Why | None
    late: list[Choice]
    """Lines of this month that came when it was closed: the months they count in."""
    hidden: dict[str, str]
    """What the search field of the month carries along."""


class MonthReader:
    """Reads one page for one asker."""

    def __init__(self, books: Books, asked: MonthAsked, today: date) -> None:
        self._books = books
        self._asked = asked
        self._known = list(statements(books).order_by("-period", "operator_code"))
        self._province = self._chosen_province()
        self._period = asked.period or self._latest(today)
        self._operator = self._chosen_operator()

    def read(self) -> MonthPage:
        key = {"province_code": self._province, "operator_code": self._operator}
        reasons = month_by_reason(**key, period=self._period)
        view = self._asked.view or ("look" if any(_is_for_a_look(each) for each in reasons) else "all")
        rows, following = self._lines(view)
        line = self._open(rows)
        sums = sum((each.sums for each in reasons), Sums())
        late = late_lines(**key, period=self._period)
        return MonthPage(
            asked=self._asked, period=self._period, province_code=self._province,
            province_name=rate_book().province_name(self._province), operator_code=self._operator,
            operators=self._operators(), provinces=self._provinces(),
            before_url=self._url(thang=f"{month_before(self._period):%Y-%m}"),
            after_url=self._url(thang=f"{month_after(self._period):%Y-%m}"), statement=self._statement(sums),
            sums=sums, flow=flow_of(sums), reasons=self._reasons(reasons, view, late), late=self._late(late),
            rows=[LineRow(charge, reason_title(charge), line is not None and line.charge.id == charge.id)
                  for charge in rows],
            next_url=self._url(**{"ly-do": view, "tim": self._asked.find, "sau": following}) if following else "",
            first_url=self._url(**{"ly-do": view, "tim": self._asked.find}) if self._asked.cursor else "",
            line=line, why=None if line is None else why(line), hidden=self._place() | {"ly-do": view})

    def _chosen_province(self) -> str:
        asked = self._asked.province_code
        if self._books.province_code:
            return self._books.province_code
        provinces = sorted({row.province_id for row in self._known})
        return asked if asked in provinces else next(iter(provinces), asked)

    def _latest(self, today: date) -> date:
        """The newest month with a statement, up to now; now when there is none."""
        now = today.replace(day=1)
        return next((row.period for row in self._known if row.period <= now and row.province_id == self._province), now)

    def _chosen_operator(self) -> str:
        if self._books.operator_code:
            return self._books.operator_code
        here = [row.operator_code for row in self._known if row.period == self._period]
        return self._asked.operator_code or next(iter(sorted(here)), "") or next(
            (row.operator_code for row in self._known), "")

    def _lines(self, view: str) -> tuple[list[Charge], str]:
        month = month_lines(province_code=self._province, operator_code=self._operator, period=self._period)
        cursor = self._asked.cursor
        try:
            return page_of_lines(month, view=view, find=self._asked.find, cursor=cursor, limit=ON_A_PAGE)
        except InvalidRequest:
            return page_of_lines(month, view=view, find=self._asked.find, cursor="", limit=ON_A_PAGE)

    def _open(self, rows: Sequence[Charge]) -> OpenLine | None:
        wanted = self._asked.line_id or (rows[0].id if rows else None)
        return None if wanted is None else find_line(self._books, wanted)

    def _statement(self, sums: Sums) -> StatementInfo | None:
        row = next((row for row in self._known if self._is_here(row)), None)
        if row is None:
            return None
        return StatementInfo(row.id, row.province_id, row.operator_code, row.period, row.state, sums, row.digest,
                             row.prepared_at, row.prepared_by) if row.state == "open" else shown([row])[0]

    def _is_here(self, row: Statement) -> bool:
        return (row.province_id, row.operator_code, row.period) == (self._province, self._operator, self._period)

    def _operators(self) -> list[Choice]:
        if self._books.operator_code:
            return []
        codes = {row.operator_code for row in self._known if row.province_id == self._province} | {self._operator}
        return [Choice(each.name, self._url(operator=each.code), each.code == self._operator)
                for each in agents.operators() if each.code in codes]

    def _provinces(self) -> list[Choice]:
        codes = sorted({row.province_id for row in self._known})
        if self._books.province_code or len(codes) < 2:
            return []
        return [Choice(rate_book().province_name(code), self._url(tinh=code), code == self._province)
                for code in codes]

    def _late(self, found: list[LateLines]) -> list[Choice]:
        return [Choice(f"{each.counted_in:%m/%Y}", self._url(**{
            "thang": f"{each.counted_in:%Y-%m}", "ly-do": "late"}), is_on=False, count=each.lines)
            for each in found if each.belongs_to == self._period]

    def _reasons(self, found: list[ReasonSums], view: str, late: list[LateLines]) -> list[Choice]:
        """Exceptions first, the most frequent before the rest; ordinary lines are folded into a count."""
        look = sorted((each for each in found if _is_for_a_look(each)), key=lambda each: -each.sums.lines)
        counts = [
            ("look", _("To look at"), sum(each.sums.lines for each in look)),
            *((each.reason_code, str(REASONS.get(each.reason_code, each.reason_code)), each.sums.lines)
              for each in look),
            ("plain", _("Nothing unusual"),
             sum(e.sums.lines for e in found if not (e.reason_code or e.is_work or e.is_other))),
            ("work", _("Agents' work"), sum(each.sums.lines for each in found if each.is_work)),
            ("other", _("Other entries"), sum(each.sums.lines for each in found if each.is_other)),
            ("late", _("Of closed months"), sum(each.lines for each in late if each.counted_in == self._period)),
            ("all", pgettext("finance", "All"), sum(each.sums.lines for each in found)),
        ]
        return [Choice(label, self._url(**{"ly-do": name}), name == view and not self._asked.find, count)
                for name, label, count in counts if count or name == "all"]

    def _place(self) -> dict[str, str]:
        place = {"thang": f"{self._period:%Y-%m}", "operator": self._operator, "tinh": self._province}
        hidden = {"tinh"} if self._books.province_code else {"operator"}
        return {name: value for name, value in place.items() if value and name not in hidden}

    def _url(self, **changes: str) -> str:
        return "?" + urlencode({name: value for name, value in (self._place() | changes).items() if value})


def _is_for_a_look(reason: ReasonSums) -> bool:
    return bool(reason.reason_code) and not (reason.is_work or reason.is_other)

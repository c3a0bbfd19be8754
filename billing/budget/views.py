"""A city's budget on screen: what is left of each line, when it will be used up, and what happens then."""

from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from billing.budget.pages import sentence
from billing.budget.queries import LineState, line_states, lines_without_money, years_of
from billing.models.budget import BudgetLine
from billing.queries.books import CITY_ROLES
from billing.rule_book.describing import WHEN_EMPTY
from shared.api import WardpostRequest
from shared.calendar import local
from shared.formatting import speaks_vietnamese
from shared.pictures import Chart, Series, Shape, Tone, Unit
from shared.roles import FINANCE_ROLES

READERS: Final = tuple(sorted(CITY_ROLES))


@never_cache
@require_GET
@require_role(*READERS)
def budget(request: WardpostRequest) -> HttpResponse:
    """Every line of a year (`?nam=`), with its burn-down and forecast."""
    today = local(timezone.now()).date()
    city, year = request.actor.province_code, _year(request.GET.get("nam", ""), today)
    found = line_states(BudgetLine.objects.filter(province_id=city, year=year), today=today)
    years = sorted({*years_of(city), today.year})
    return render(request, "billing/budget/budget.html", {
        "lines": [(each, _name(each), sentence(each), str(WHEN_EMPTY[each.when_empty]), burn_down(each, today))
                  for each in found],
        "missing": lines_without_money(city, year), "year": year, "years": years, "tab": "budget",
        "may_write": request.actor.role in FINANCE_ROLES})


def _year(text: str, today: date) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year


def _name(line: LineState) -> str:
    return line.name_vi if speaks_vietnamese() else line.name_en


def burn_down(line: LineState, today: date) -> Chart:
    """What is left at the end of each week, and from today on the forecast with its band."""
    first, last = date(line.year, 1, 1), date(line.year, 12, 31)
    ends = [min(first + timedelta(days=6 + 7 * week), last) for week in range((last - first).days // 7 + 1)]
    spent, left, at = [0], line.granted.amount, 0
    known: list[int | None] = []
    for end in ends:
        while at < len(line.days) and line.days[at].day <= end:
            spent[0] += line.days[at].spent.amount
            at += 1
        known.append(left - spent[0] if end <= today or end - timedelta(days=7) < today else None)
    plan = [left - left * ((end - first).days + 1) // ((last - first).days + 1) for end in ends]
    return Chart(
        title=_("Left of %(line)s") % {"line": line.code}, axis=_("Week until"), shape=Shape.LINE, unit=Unit.DONG,
        labels=[f"{end:%d/%m}" for end in ends],
        series=[Series(_("Left"), known, Tone.NIGHT),
                Series(_("Evenly over the year"), plan, Tone.REST, is_dashed=True), *_ahead(line, ends, today)])


def _ahead(line: LineState, ends: list[date], today: date) -> list[Series]:
    if line.forecast is None:
        return []

    def going_on(weekly: int) -> list[int | None]:
        return [None if end < today else max(0, line.left.amount - weekly * (end - today).days // 7) for end in ends]

    found = line.forecast
    return [Series(_("Forecast"), going_on(found.expected.weekly), Tone.SOON, is_dashed=True),
            Series(_("Dearest weeks"), going_on(found.fast.weekly), Tone.SOON),
            Series(_("Cheapest weeks"), going_on(found.slow.weekly), Tone.SOON, is_band_top=True)]

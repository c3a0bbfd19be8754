"""Finance's month as pictures, with the figures beside each; prints in grey."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from billing.pictures import queries
from billing.pictures.charts import flow_chart, operator_chart, procedure_chart, trend_chart
from billing.queries.books import Books, books_of
from billing.queries.months import statements
from billing.queries.rates import rate_book
from billing.rules.periods import month_after, month_before, month_of, parse_month
from shared.api import WardpostRequest
from shared.roles import Role

READERS: Final = (Role.OPERATOR_HQ, Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.AUDITOR)


@never_cache
@require_GET
@require_role(*READERS)
def pictures(request: WardpostRequest) -> HttpResponse:
    """Of the month asked for, or the newest one with lines."""
    books = books_of(request.actor)
    known = sorted({(row.province_id, row.period) for row in statements(books)}, key=lambda each: each[1])
    province = _province(books, request.GET.get("tinh", ""), {code for code, _period in known})
    now = month_of(timezone.now())
    newest = next((period for code, period in reversed(known) if code == province and period <= now), now)
    period = parse_month(request.GET.get("thang", "")) or newest
    months = queries.months_of(books, province, period)
    return render(request, "billing/pictures.html", {
        "period": period, "province": province, "city": rate_book().province_name(province),
        "before": f"{month_before(period):%Y-%m}", "after": f"{month_after(period):%Y-%m}",
        "month": months[-1], "charts": [
            flow_chart(months[-1]), operator_chart(queries.operators_of(books, province, period)),
            procedure_chart(queries.procedures_of(books, province, period)), trend_chart(months)]})


def _province(books: Books, asked: str, known: set[str]) -> str:
    if books.province_code:
        return books.province_code
    return asked if asked in known else min(known, default=asked[:2])

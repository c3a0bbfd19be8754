"""An outlet's money on screens: today, the month, one line with everything behind it, and the file of a month."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents import public as agents
from agents.auth import require_role
from billing.disputes import answering
from billing.disputes.forms import errors_of, printable, reason_of, uuids
from billing.disputes.views import READERS
from billing.disputes.wording import REASON_CHOICES
from billing.exports.answers import _Echo
from billing.exports.columns import Table
from billing.outlet_money import queries
from billing.outlet_money.sources import events_behind
from billing.queries.books import Books, books_of
from billing.queries.holds import holds_of
from billing.queries.lines import find_line
from billing.redress.models import Redress
from billing.rules.periods import month_after, month_before, month_of, parse_month
from billing.support import queries as support
from billing.take_backs import queries as take_backs
from billing.wording import rules, why
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import Role
from shared.validation import InvalidRequest

OUTLET: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
_BOM: Final = "\ufeff"


@never_cache
@require_GET
@require_role(*OUTLET)
def today(request: WardpostRequest) -> HttpResponse:
    """What was entered for this outlet today, or on the day asked for."""
    now, books = timezone.now(), books_of(request.actor)
    day = _day(request.GET.get("ngay", "")) or local(now).date()
    lines = queries.day_lines(books, day)
    rows, following = _rows(request, lines)
    return render(request, "billing/money/today.html", {
        "day": day, "rows": rows, "next": following, "sums": queries.sums_of(lines), "reasons": REASON_CHOICES,
        "support": support.newest_of(request.actor, now=now),
        "letters": list(Redress.objects.seen_by(request.actor).order_by("-made_at")[:3])})


@never_cache
@require_GET
@require_role(*OUTLET)
def month(request: WardpostRequest) -> HttpResponse:
    """A month of this outlet: what the city owes, what is on hold, and every line; answered here."""
    books = books_of(request.actor)
    asked = parse_month(request.GET.get("thang", ""))
    period = asked or next(iter(queries.months_known(books)), month_of(timezone.now()))
    view, find = request.GET.get("xem", ""), printable(request.GET.get("tim", "")).upper()[:60]
    lines = queries.month_of_outlet(books, period)
    rows, following = _rows(request, lines, view=view, find=find)
    answer = queries.answer_of(books, period)
    seen = answering.month_seen(by=request.actor, period=period, operator_code=books.operator_code,
                                province_code=_province(books))
    return render(request, "billing/money/month.html", {
        "period": period, "rows": rows, "next": following, "sums": queries.sums_of(lines), "view": view, "find": find,
        "before": f"{month_before(period):%Y-%m}", "after": f"{month_after(period):%Y-%m}", "seen": seen,
        "answer": answer, "is_answered": answer is not None and answer.digest == seen.digest,
        "is_over": month_of(timezone.now()) > period, "reasons": REASON_CHOICES,
        "may_answer": request.actor.role == Role.OUTLET_MANAGER})


def _rows(request: WardpostRequest, lines: queries.Lines, *, view: str = "",
          find: str = "") -> tuple[list[queries.LineShown], str]:
    cursor = request.GET.get("sau", "")[:300]
    try:
        return queries.page_of_outlet(lines, view=view, find=find, cursor=cursor if cursor.isprintable() else "")
    except InvalidRequest:
        return queries.page_of_outlet(lines, view=view, find=find)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day, not a moment
    except ValueError:
        return None


def _province(books: Books) -> str:
    return "" if books.outlet_id is None else agents.get_outlet(books.outlet_id).province_code


@require_POST
@require_role(Role.OUTLET_MANAGER)
def answer(request: WardpostRequest) -> HttpResponse:
    """Accept the month as it was seen, except for the ticked lines, which are disputed in the same breath."""
    period = parse_month(request.POST.get("thang", ""))
    if period is None:
        raise Http404
    books = books_of(request.actor)
    try:
        _answer, disputes = answering.answer_month(
            province_code=_province(books), operator_code=books.operator_code, period=period,
            excepted=uuids(request.POST.getlist("line")), reason=reason_of(request.POST.get("reason", "")),
            text=request.POST.get("text", ""), digest=request.POST.get("digest", "")[:64], by=request.actor,
            at=timezone.now())
    except DomainError as refusal:
        messages.error(request, " ".join(errors_of(refusal).values()))
    else:
        numbers = ", ".join(each.number for each in disputes)
        said = _("Accepted except %(numbers)s.") % {"numbers": numbers} if numbers else _("Accepted.")
        messages.success(request, said)
    return redirect(f"{reverse('billing:money-month')}?thang={period:%Y-%m}")


@never_cache
@require_GET
@require_role(*OUTLET)
def download(request: WardpostRequest) -> HttpResponseBase:
    """The month as CSV: every line with its digest, the sums, and the digest over all of them."""
    period = parse_month(request.GET.get("thang", ""))
    if period is None:
        raise Http404
    books = books_of(request.actor)
    name = f"wardpost-{request.user.place_code}-{period:%Y-%m}.csv"  # type: ignore[union-attr]  # signed in
    return StreamingHttpResponse(
        _csv(Table(queries.month_of_outlet(books, period))), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def _csv(table: Table) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BOM
    for row in table:
        yield str(writer.writerow(row))


@never_cache
@require_GET
@require_role(*READERS)
def line(request: WardpostRequest, line_id: UUID) -> HttpResponse:
    """One line with everything behind it: arithmetic, rules, evidence, what was told word for word, holds, disputes.

    The same page for the outlet, its operator, the city and the auditor.
    """
    found = find_line(books_of(request.actor), line_id)
    if found is None:
        raise Http404
    charge = found.charge
    return render(request, "billing/money/line.html", {
        "line": found, "why": why(found), "rules": rules(charge), "reasons": REASON_CHOICES,
        "events": events_behind(charge.source_type, charge.source_id),
        "holds": holds_of([charge.id]).get(charge.id, ()), "dispute": queries.shown([charge])[0].dispute,
        "may_raise": request.actor.role in {*OUTLET, Role.OPERATOR_HQ}, "is_outlet": request.actor.role in OUTLET,
        "take_backs": take_backs.of_line(charge, request.actor)})

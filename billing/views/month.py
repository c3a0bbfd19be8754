"""The city's month: what was charged, who pays it, and every figure opened into its why."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from billing.budget.pages import budget_of
from billing.errors import TooManyLines
from billing.explaining import pdf
from billing.exports.answers import export
from billing.operations.statements import prepare_statement
from billing.queries.books import ROLES, books_of
from billing.queries.chain import seal_of_month
from billing.queries.lines import find_line
from billing.queries.months import StatementInfo, find_statement
from billing.rules.periods import month_after, month_of
from billing.support.queries import waiting_for
from billing.views.asked import MonthAsked
from billing.views.line_page import line_page
from billing.views.month_page import MonthReader
from billing.wording import why
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError, NotFound
from shared.roles import Role


@require_GET
@require_role(*ROLES)
def month(request: WardpostRequest) -> HttpResponse:
    """Show a month; an answer to htmx is the list below the sums."""
    now = timezone.now()
    asked = MonthAsked.of(request.GET.dict())
    page = MonthReader(books_of(request.actor), asked, local(now).date()).read()
    is_over = month_of(now) >= month_after(page.period)
    template = "billing/month.html#lines" if request.htmx else "billing/month.html"
    return render(request, template, {
        "page": page, "line": page.line, "why": page.why, "is_over": is_over,
        "seal": seal_of_month(is_open=page.statement is None or page.statement.is_open,
                              prepared_at=page.statement.prepared_at if page.statement else None),
        "may_prepare": request.actor.role == Role.FINANCE_REVIEWER,
        "accesses": waiting_for(request.actor), **budget_of(request.actor, page.period),
    })


@require_GET
@require_role(*ROLES)
def line(request: WardpostRequest, line_id: UUID) -> HttpResponse:
    """Show one line and its why; an answer to htmx is the panel beside the list."""
    found = find_line(books_of(request.actor), line_id)
    if found is None:
        raise Http404
    if request.htmx:
        return render(request, "billing/line_panel.html", {"line": found, "why": why(found)})
    return line_page(request, found)


@require_GET
@require_role(*ROLES)
def line_paper(request: WardpostRequest, line_id: UUID) -> HttpResponse:
    """The same line on one sheet, in the same words."""
    found = find_line(books_of(request.actor), line_id)
    if found is None:
        raise Http404
    return HttpResponse(pdf(found), content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{line_id}.pdf"'})


@require_GET
@require_role(*ROLES)
def download(request: WardpostRequest, statement_id: UUID, kind: str) -> HttpResponseBase:
    """Give the month as a file; a month too long for a workbook says so and names the CSV."""
    info = _statement(request, statement_id)
    try:
        return export(info, kind)
    except TooManyLines as refusal:
        messages.warning(request, f"{refusal.title} {refusal.detail}")
        return HttpResponseRedirect(_address(info))


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def prepare(request: WardpostRequest, statement_id: UUID) -> HttpResponse:
    """Fix the month's figures."""
    info = _statement(request, statement_id)
    try:
        prepare_statement(province_code=info.province_code, operator_code=info.operator_code, period=info.period,
                          by=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, f"{refusal.title}. {refusal.detail}")
    else:
        messages.success(request, _("The statement of %(month)s is prepared.") % {"month": f"{info.period:%m/%Y}"})
    return HttpResponseRedirect(_address(info))


def _statement(request: WardpostRequest, statement_id: UUID) -> StatementInfo:
    try:
        info = find_statement(books_of(request.actor), statement_id)
    except NotFound as error:
        raise Http404 from error
    if info is None:
        raise Http404
    return info


def _address(info: StatementInfo) -> str:
    place = {"thang": f"{info.period:%Y-%m}", "operator": info.operator_code, "tinh": info.province_code}
    return f"{reverse('billing:month')}?{urlencode(place)}"

"""What anybody may do: report something without a name, read the answer, see whom to call."""

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from delivery.views.tracking import at_even_pace
from intake.brokers import queries, reports
from intake.brokers.errors import BrokerReportNotFound, TooManyBrokerReports
from intake.views.answers import errors_of, said
from shared.calendar import local
from shared.callers import client_address
from shared.errors import DomainError
from shared.models.places import Province

LONGEST_TYPED: Final = 4000


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report a broker, a demand for money, a promise; no account, no name, and nothing typed is lost."""
    if request.method != "POST":
        return _private(_form(request, request.GET))
    now = timezone.now()
    try:
        reports.count_try(address=client_address(request), at=now)
        kept = reports.report(
            province_code=request.POST.get("province", "")[:2].replace("\x00", ""), at=now,
            text=request.POST.get("text", "")[:LONGEST_TYPED],
            outlet_code=request.POST.get("outlet", "")[:16].replace("\x00", ""),
            happened_on=_day(request.POST.get("happened_on", "")))
    except TooManyBrokerReports as refusal:
        return _private(_form(request, request.POST, problem=said(refusal), status=refusal.status))
    except DomainError as refusal:
        return _private(_form(request, request.POST, errors=errors_of(refusal), status=422))
    return _private(render(request, "intake/brokers/reported.html", {"code": reports.spaced(kept.code)}))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return date.max  # refused beside its field, as a day to come is


def _form(request: HttpRequest, entered: Any, *, errors: dict[str, str] | None = None, problem: str = "",
          status: int = 200) -> HttpResponse:
    return render(request, "intake/brokers/report.html", {
        "entered": entered, "errors": errors or {}, "problem": problem,
        "provinces": Province.objects.order_by("code"), "today": local(timezone.now()).date()}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Read what became of a report, with the code from its receipt."""
    typed = request.POST.get("code", "")[:40].replace("\x00", "")
    context: dict[str, Any] = {"code": typed}
    status = 200
    if request.method == "POST":
        try:
            reports.count_try(address=client_address(request), at=timezone.now())
            context["found"] = at_even_pace(lambda: reports.read_answer(code=typed))
        except (BrokerReportNotFound, TooManyBrokerReports) as refusal:
            context["problem"], status = said(refusal), refusal.status
    return _private(render(request, "intake/brokers/answer.html", context, status=status))


@require_safe
def hotlines(request: HttpRequest) -> HttpResponse:
    """Whom to call, for what, since when, and who says so."""
    today = local(timezone.now()).date()
    return render(request, "intake/brokers/hotlines.html", {"lines": queries.hotlines(today), "today": today})

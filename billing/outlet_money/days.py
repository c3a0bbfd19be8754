"""The signed daily statements of an outlet on screens: to download, and to keep outside our house."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents import public as agents
from agents.auth import require_role
from billing.disputes.forms import uuid_of
from billing.disputes.views import RAISERS
from billing.exports.sealed import day_file, days_file
from billing.outlet_money.queries import ON_A_PAGE, months_known
from billing.queries.books import books_of
from billing.queries.chain import days_of_month, outlet_days
from billing.rules.periods import parse_month
from shared.api import WardpostRequest
from shared.pagination import PageAsked, page_of
from shared.validation import InvalidRequest


@never_cache
@require_GET
@require_role(*RAISERS)
def days(request: WardpostRequest) -> HttpResponse:
    """An outlet's own, or those of all outlets of the operator; newest first."""
    cursor, books = request.GET.get("sau", "")[:300], books_of(request.actor)
    rows, outlet_id = outlet_days(books), books.outlet_id or _asked_outlet(request)
    if outlet_id is not None:
        rows = rows.filter(outlet_id=outlet_id)
    order = ("-id",)  # ids grow with time
    try:
        found, following = page_of(rows, asked=PageAsked(limit=ON_A_PAGE, cursor=cursor), order=order)
    except InvalidRequest:
        found, following = page_of(rows, asked=PageAsked(limit=ON_A_PAGE), order=order)
    names = _names([each.outlet_id for each in found])
    return render(request, "billing/money/days.html", {
        "rows": [(each, names.get(each.outlet_id, "")) for each in found], "next": following,
        "is_operator": request.actor.outlet_id is None, "outlet_id": outlet_id,
        "months": months_known(replace(books, outlet_id=outlet_id)) if outlet_id else []})


def _asked_outlet(request: WardpostRequest) -> UUID | None:
    return uuid_of(request.GET.get("diem", ""))


@never_cache
@require_GET
@require_role(*RAISERS)
def month_file(request: WardpostRequest) -> HttpResponseBase:
    """Every signed day of an outlet's month in one file, with the verifier."""
    books, period = books_of(request.actor), parse_month(request.GET.get("thang", ""))
    outlet_id = books.outlet_id or _asked_outlet(request)
    found = days_of_month(books, outlet_id, period) if outlet_id and period else []
    if not found or period is None:
        raise Http404
    return days_file(found, period)


def _names(ids: list[UUID]) -> Mapping[UUID, str]:
    return {outlet.id: outlet.name for outlet in agents.outlets_by_id(set(ids))}


@never_cache
@require_GET
@require_role(*RAISERS)
def day(request: WardpostRequest, day_id: UUID) -> HttpResponse:
    """One daily statement as a file."""
    found = outlet_days(books_of(request.actor)).filter(id=day_id).first()
    if found is None:
        raise Http404
    return day_file(found)

"""The signed daily statements of an outlet on screens: to download, and to keep outside our house."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents import public as agents
from agents.auth import require_role
from billing.disputes.views import RAISERS
from billing.exports.sealed import day_file
from billing.outlet_money.queries import ON_A_PAGE
from billing.queries.books import books_of
from billing.queries.chain import outlet_days
from shared.api import WardpostRequest
from shared.pagination import PageAsked, page_of
from shared.validation import InvalidRequest


@never_cache
@require_GET
@require_role(*RAISERS)
def days(request: WardpostRequest) -> HttpResponse:
    """An outlet's own, or those of all outlets of the operator; newest first."""
    cursor = request.GET.get("sau", "")[:300]
    rows = outlet_days(books_of(request.actor))
    order = ("-id",)  # ids grow with time
    try:
        found, following = page_of(rows, asked=PageAsked(limit=ON_A_PAGE, cursor=cursor), order=order)
    except InvalidRequest:
        found, following = page_of(rows, asked=PageAsked(limit=ON_A_PAGE), order=order)
    names = _names([each.outlet_id for each in found])
    return render(request, "billing/money/days.html", {
        "rows": [(each, names.get(each.outlet_id, "")) for each in found], "next": following,
        "is_operator": request.actor.outlet_id is None})


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

"""Files of a month or a claim: asked for here, made by a worker, fetched here for a month."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agents.auth import require_role
from billing.exports.making import FAILURES, ask_export, exports_of, file_of
from billing.models.statements import Statement
from billing.queries.books import ROLES, books_of
from billing.views.refusals import beside
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.pagination import PageAsked, page_of
from shared.validation import InvalidRequest

ON_A_PAGE: Final = 30
_ORDER: Final = ("-asked_at", "-id")


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*ROLES)
def exports(request: WardpostRequest) -> HttpResponse:
    """Ask for a file, and see which are ready; an answer to htmx is the list."""
    if request.method != "POST":
        return _show(request)
    try:
        ask_export(statement_id=_id(request.POST.get("statement", "")), subject=request.POST.get("subject", ""),
                   format=request.POST.get("format", ""), view=request.POST.get("view", ""), by=request.actor,
                   at=timezone.now())
    except DomainError as refusal:
        return _show(request, beside(refusal) or {"statement": str(refusal.title)})
    messages.success(request, _("The file is being made; it appears here in a moment."))
    return redirect("billing:exports")


def _show(request: WardpostRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    books = books_of(request.actor)
    rows = exports_of(books).select_related("statement__province")
    try:
        found, following = page_of(
            rows, asked=PageAsked(limit=ON_A_PAGE, cursor=request.GET.get("sau", "")[:300]), order=_ORDER)
    except InvalidRequest:
        found, following = page_of(rows, asked=PageAsked(limit=ON_A_PAGE), order=_ORDER)
    months = Statement.objects.filter(books.statements).select_related("province").order_by("-period", "operator_code")
    return render(request, "billing/exports.html#made" if request.htmx else "billing/exports.html", {
        "exports": [(each, str(FAILURES.get(each.failure, ""))) for each in found], "next": following,
        "waits": any(each.ready_at is None and not each.failure for each in found), "months": list(months[:60]),
        "entered": request.POST, "errors": errors or {}}, status=422 if errors else 200)


@never_cache
@require_GET
@require_role(*ROLES)
def export_file(request: WardpostRequest, export_id: UUID) -> HttpResponse:
    """Give the file out; once it was removed it is asked for again."""
    export = exports_of(books_of(request.actor)).select_related("statement").filter(id=export_id).first()
    if export is None:
        raise Http404
    found = file_of(export=export, by=request.actor, at=timezone.now())
    if found is None:
        messages.warning(request, _("This file is not there: ask for it again."))
        return redirect("billing:exports")
    return HttpResponse(found.content, content_type=found.content_type, headers={
        "Content-Disposition": f'attachment; filename="{found.name}"', "X-Content-Type-Options": "nosniff"})


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error

"""The proof of the books on screens: for the city's people all of it, for everybody the checkpoints' codes."""

import json
from collections.abc import Iterator
from inspect import getsource
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from agents.auth import require_role
from billing.errors import ExportIncomplete
from billing.exports.sealed import sealed_file
from billing.models.seals import Checkpoint, VerificationState
from billing.operations.verifying import ask_verification
from billing.queries import chain, months
from billing.queries.books import CITY_ROLES, ROLES, books_of
from billing.support.queries import counted_by_month
from billing.verification import offline
from shared.api import WardpostRequest
from shared.errors import NotFound

READERS: Final = tuple(sorted(CITY_ROLES))
LAST_DAYS: Final = 10
_ON_A_PAGE: Final = 60
_LOOKS: Final = 8
_MONTHS: Final = 12


@never_cache
@require_GET
@require_role(*READERS)
def books(request: WardpostRequest) -> HttpResponse:
    """How far the books are sealed and signed, what the last looks found, and what to take away to check alone."""
    mine = books_of(request.actor)
    looks = list(chain.verifications()[:_LOOKS])
    return render(request, "billing/books.html", {
        "chain": chain.chain_state(mine), "keys": chain.signing_keys(),
        "looks": [(each, chain.kinds_found(each.findings)) for each in looks],
        "is_looking": any(each.state == VerificationState.ASKED for each in looks),
        "checkpoints": chain.checkpoints()[:_ON_A_PAGE],
        "statements": months.statements(mine).order_by("-period", "operator_code")[:_MONTHS]})


@require_POST
@require_role(*READERS)
def look(request: WardpostRequest) -> HttpResponse:
    """Have a worker look through the books."""
    ask_verification(by=request.actor, at=timezone.now(), days=None if request.POST.get("all") else LAST_DAYS)
    messages.success(request, _("A worker looks through the books within a minute; what it finds stands here."))
    return redirect("billing:books")


@never_cache
@require_GET
@require_role(*sorted(ROLES))
def sealed(request: WardpostRequest, statement_id: UUID) -> HttpResponseBase:
    """A month with its seals, complete; otherwise it is said why not."""
    try:
        info = months.find_statement(books_of(request.actor), statement_id)
        if info is None:
            raise Http404
        return sealed_file(info)
    except NotFound as error:
        raise Http404 from error
    except ExportIncomplete as refusal:
        messages.warning(request, f"{refusal.title}. {refusal.detail}")
        place = reverse("billing:books") if request.actor.role in CITY_ROLES else reverse("billing:month")
        return HttpResponseRedirect(place)


@require_safe
@cache_control(public=True, max_age=300)
def verifier(request: WardpostRequest) -> HttpResponse:
    """The offline verifier: one file of plain Python."""
    return HttpResponse(getsource(offline), content_type="text/x-python; charset=utf-8",
                        headers={"Content-Disposition": 'attachment; filename="wardpost-verify.py"'})


@require_safe
@cache_control(public=True, max_age=300)
def public_checkpoints(request: WardpostRequest) -> HttpResponse:
    """The same for everybody: days, codes, counts and keys; no person and no amount."""
    before = request.GET.get("truoc", "")
    rows = chain.checkpoints()
    if before.isascii() and before.isdigit() and len(before) < 10:
        rows = rows.filter(number__lt=int(before))
    found = list(rows[:_ON_A_PAGE + 1])
    more = found[_ON_A_PAGE - 1].number if len(found) > _ON_A_PAGE else None
    return render(request, "billing/checkpoints_public.html", {
        "checkpoints": found[:_ON_A_PAGE], "more": more, "keys": chain.signing_keys(), "accesses": counted_by_month()})


@require_safe
@cache_control(public=True, max_age=300)
def public_file(request: WardpostRequest) -> HttpResponseBase:
    """Every checkpoint as it was signed, a line each: whoever keeps this can see later whether one is gone."""
    return StreamingHttpResponse(
        _signed(), content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="wardpost-checkpoints.jsonl"'})


def _signed() -> Iterator[str]:
    for row in Checkpoint.objects.order_by("number").iterator(chunk_size=1000):
        entry = {"said": row.said, "signature": bytes(row.signature).hex()}
        yield json.dumps(entry, ensure_ascii=False) + "\n"

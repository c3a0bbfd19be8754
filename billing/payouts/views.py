"""Payouts on screen: what waits, batches with their orders and file, and what the bank says of them."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from agents.proof import fresh_proof
from billing.payouts import batches, confirming, queries, reversals
from billing.payouts.rules.states import BatchState, Method
from shared.api import WardpostRequest
from shared.errors import DomainError, NotFound
from shared.money import Money
from shared.roles import Role

CITY: Final = (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER)
READERS: Final = (*CITY, Role.AUDITOR, Role.OPERATOR_HQ, Role.OUTLET_MANAGER)
CITY_READERS: Final = (*CITY, Role.AUDITOR)
LONGEST_AMOUNT: Final = 12
LIST: Final = "billing/payouts/payouts.html"
BATCH: Final = "billing/payouts/batch.html"


@never_cache
@require_GET
@require_role(*READERS)
def payouts(request: WardpostRequest) -> HttpResponse:
    """What is owed, on its way and paid; for the city also its batches and the bank's lines."""
    return _show(request)


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def make_batch(request: WardpostRequest) -> HttpResponse:
    """Orders for the chosen payouts."""
    chosen = [UUID(text) for text in request.POST.getlist("payout") if _is_id(text)]
    try:
        made = batches.make_batch(payout_ids=chosen, method=request.POST.get("method", "")[:8], by=request.actor,
                                  at=timezone.now())
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, ngettext("%(number)s is made with %(n)s order. Somebody else approves it.",
                                       "%(number)s is made with %(n)s orders. Somebody else approves it.",
                                       made.orders_count) % {"number": made.number, "n": made.orders_count})
    return redirect("billing:payout-batch", batch_id=made.id)


@never_cache
@require_GET
@require_role(*CITY_READERS)
def batch(request: WardpostRequest, batch_id: UUID) -> HttpResponse:
    """One batch with its orders."""
    return _show_batch(request, batch_id)


@require_POST
@require_role(*CITY)
@fresh_proof(steps={"duyet", "giao"})
def batch_step(request: WardpostRequest, batch_id: UUID, step: str) -> HttpResponse:
    """Approve, hand over, or drop."""
    posted, by, at = request.POST, request.actor, timezone.now()
    steps: dict[str, Callable[[], Any]] = {
        "duyet": lambda: batches.approve_batch(batch_id=batch_id, seen_digest=posted.get("digest", "")[:64], by=by,
                                               at=at),
        "giao": lambda: batches.hand_over_batch(batch_id=batch_id, bank_reference=posted.get("reference", "")[:60],
                                                by=by, at=at),
        "bo": lambda: batches.drop_batch(batch_id=batch_id, reason=posted.get("reason", ""), by=by, at=at),
    }
    if step not in steps:
        raise Http404
    try:
        steps[step]()
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show_batch(request, batch_id, refusal, form=step)
    messages.success(request, {"duyet": _("Approved. The batch can be handed over."),
                               "giao": _("Handed over. The bank's statement tells what became of each order."),
                               "bo": _("Dropped. Its payouts wait again.")}[step])
    return redirect("billing:payout-batch", batch_id=batch_id)


@require_GET
@require_role(*CITY)
@fresh_proof(reads=True)
def batch_file(request: WardpostRequest, batch_id: UUID) -> HttpResponse:
    """The bank's file of an approved batch."""
    try:
        name, content = batches.take_file(batch_id=batch_id, by=request.actor, at=timezone.now())
    except DomainError:
        raise Http404 from None
    return HttpResponse(content, content_type="text/csv; charset=us-ascii", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def read_bank(request: WardpostRequest) -> HttpResponse:
    """The statement of the paying account."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        messages.warning(request, _("Choose a file first."))
        return redirect("billing:payouts")
    try:
        told = confirming.read_paying_account(content=upload.read(), name=upload.name or "", by=request.actor,
                                              at=timezone.now())
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, ngettext(
        "%(n)s line read, %(new)s new, %(matched)s tell of an order, %(open)s for you to look at.",
        "%(n)s lines read, %(new)s new, %(matched)s tell of an order, %(open)s for you to look at.", told.lines) % {
            "n": told.lines, "new": told.new, "matched": told.matched, "open": told.exceptions})
    return redirect("billing:payouts")


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def settle_line(request: WardpostRequest, line_id: UUID) -> HttpResponse:
    """What a line is that names no order of ours."""
    return _act(request, lambda at: confirming.settle_paying_line(
        line_id=line_id, reference=request.POST.get("reference", "")[:20], why=request.POST.get("why", "")[:300],
        by=request.actor, at=at), _("Settled."))


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def reissue(request: WardpostRequest, payout_id: UUID) -> HttpResponse:
    """Try a returned payout again."""
    return _act(request, lambda at: confirming.reissue_payout(
        payout_id=payout_id, reason=request.POST.get("reason", "")[:300], by=request.actor, at=at),
        _("It waits to be ordered again."))


@require_POST
@require_role(Role.FINANCE_REVIEWER)
def name_reversal(request: WardpostRequest, reversal_id: UUID) -> HttpResponse:
    """Of what a part of a transfer was taken back."""
    postage, of_work = (dong_typed(request.POST.get(name, "")) for name in ("postage", "work"))
    return _act(request, lambda at: reversals.name_parts(
        reversal_id=reversal_id, postage=postage, of_work=of_work, why=request.POST.get("why", "")[:300],
        by=request.actor, at=at), _("Named: it is owed again."))


# --- the parts ------------------------------------------------------------------------------------------------------


def _act(request: WardpostRequest, act: Callable[[datetime], object], done: str) -> HttpResponse:
    try:
        act(timezone.now())
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, done)
    return redirect("billing:payouts")


def _show(request: WardpostRequest, refusal: DomainError | None = None) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    is_city = actor.role in CITY_READERS
    rows = queries.payouts(actor, now)
    ways = {row.account.method for row in rows if row.may_be_ordered and row.account is not None}
    return render(request, LIST, {
        "rows": rows, "sums": queries.sums(actor), "is_city": is_city,
        "may_make": actor.role == Role.FINANCE_REVIEWER, "ways": sorted(ways),
        "batches": queries.batches(actor) if is_city else [],
        "unnamed": queries.unnamed_reversals(actor) if is_city else [],
        "lines": queries.lines(actor) if is_city else [],
        "problems": _told(refusal), "entered": request.POST}, status=_status(refusal))


def _show_batch(request: WardpostRequest, batch_id: UUID, refusal: DomainError | None = None, *,
                form: str = "") -> HttpResponse:
    page, actor = _batch(request, batch_id), request.actor
    state = page.batch.state
    return render(request, BATCH, {
        "page": page, "batch": page.batch, "problems": _told(refusal), "form": form, "entered": request.POST,
        "may_approve": state == BatchState.MADE and actor.role == Role.FINANCE_APPROVER
        and actor.id != page.batch.made_by,
        "may_hand_over": state == BatchState.APPROVED and actor.role in CITY,
        "may_drop": state in {BatchState.MADE, BatchState.APPROVED} and actor.role in CITY,
        "has_file": page.batch.method == Method.BANK and actor.role in CITY
        and state in {BatchState.APPROVED, BatchState.HANDED_OVER}}, status=_status(refusal))


def _batch(request: WardpostRequest, batch_id: UUID) -> queries.BatchPage:
    try:
        return queries.find_batch(batch_id, request.actor)
    except NotFound:
        raise Http404 from None


def _told(refusal: DomainError | None) -> list[str]:
    if refusal is None:
        return []
    return [str(refusal.detail or refusal.title), *(str(each.message) for each in refusal.errors)]


def _status(refusal: DomainError | None) -> int:
    return 200 if refusal is None else 422


def dong_typed(text: str) -> Money:
    """Whole đồng as a person types them; what is no number is −1, which no operation takes."""
    digits = re.sub(r"[\s.,đ]", "", text)
    if not digits:
        return Money(0)
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_AMOUNT
    return Money(int(digits)) if is_whole else Money(-1)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

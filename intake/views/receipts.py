"""Receipts at the outlet: the day with its proof, void by a second person, sheets that were written by hand."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.errors import ReceiptNotFound
from intake.operations import paper_receipts
from intake.operations.paper_receipts import SheetInput
from intake.operations.receipts import void_receipt
from intake.papers.fee_receipt import fee_receipt_pdf
from intake.queries import receipts as queries
from intake.rules.receipts import VOID_REASONS, ReceiptState
from intake.views.answers import errors_of, go
from intake.views.take_entries import number, uuid_or_none
from shared.api import WardpostRequest
from shared.calendar import LOCAL_ZONE, local
from shared.errors import DomainError, NotFound
from shared.money import Money
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

OUTLET: Final = tuple(sorted(OUTLET_ROLES))
READERS: Final = (*OUTLET, Role.OPERATOR_HQ, *sorted(FINANCE_ROLES), Role.AUDITOR)
PAGE: Final = "intake/receipts/day.html"
ONE: Final = "intake/receipts/receipt.html"


@never_cache
@require_GET
@require_role(*READERS)
def receipts(request: WardpostRequest) -> HttpResponse:
    """What was issued and voided on a day, its sum, the proof that no number is missing, and what is not matched."""
    return _day(request)


def _day(request: WardpostRequest, *, errors: dict[str, str] | None = None, form: str = "",
         status: int = 200) -> HttpResponse:
    today = local(timezone.now()).date()
    found = queries.receipt_day(request.actor, _wished(request, today))
    blocks = [each for each in found.ranges if each.kind == "preprinted" and each.left > 0]
    return render(request, PAGE, {
        "day": found, "today": today, "blocks": blocks, "errors": errors or {}, "form": form,
        "entered": request.POST, "may_write": request.actor.role in OUTLET_ROLES,
        "by_kind": [each for each in found.ranges if each.used or each.left]}, status=status)


def _wished(request: WardpostRequest, today: date) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("ngay", "")), today)
    except ValueError:
        return today


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def receipt(request: WardpostRequest, receipt_id: UUID) -> HttpResponse:
    """One receipt. POST: void it, by somebody else than who issued it."""
    if request.method != "POST":
        return _one(request, receipt_id)
    if request.actor.role not in OUTLET_ROLES:
        raise Http404
    posted = request.POST
    try:
        void_receipt(receipt_id=receipt_id, reason=posted.get("reason", ""), note=posted.get("note", "")[:300],
                     payer_name=posted.get("payer_name", "")[:120],
                     payer_address=posted.get("payer_address", "")[:300], by=request.actor, at=timezone.now())
    except ReceiptNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _one(request, receipt_id, errors=errors_of(refusal), status=422)
    messages.success(request, _("The receipt is void. Its number stays in the books with the reason."))
    return go(request, "intake:fee-receipt", receipt_id=receipt_id)


def _one(request: WardpostRequest, receipt_id: UUID, *, errors: dict[str, str] | None = None,
         status: int = 200) -> HttpResponse:
    try:
        found = queries.find_receipt(receipt_id, actor=request.actor)
    except ReceiptNotFound:
        raise Http404 from None
    is_mine = found.issued_by == request.actor.id
    may_void = request.actor.role in OUTLET_ROLES and found.state == ReceiptState.ISSUED
    return render(request, ONE, {
        "receipt": found, "replaced_by": queries.replacement_of(receipt_id, actor=request.actor),
        "is_mine": is_mine, "may_void": may_void, "reasons": VOID_REASONS.values(), "errors": errors or {},
        "entered": request.POST}, status=status)


@never_cache
@require_GET
@require_role(*READERS)
def receipt_paper(request: WardpostRequest, receipt_id: UUID) -> HttpResponse:
    """The receipt as PDF: the same bytes at every printing."""
    try:
        name, pdf = fee_receipt_pdf(receipt_id, actor=request.actor)
    except ReceiptNotFound:
        raise Http404 from None
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})


# --- sheets written by hand -----------------------------------------------------------------------------------------


@require_POST
@require_role(*OUTLET)
def enter_sheet(request: WardpostRequest) -> HttpResponse:
    """Enter the next sheet of a block, or declare it spoiled."""
    posted, range_id = request.POST, uuid_or_none(request.POST.get("block", ""))
    if range_id is None:
        return _day(request, errors={"block": _("Choose the block that the sheet is from.")}, form="sheet", status=422)
    if posted.get("spoiled"):
        return _act(request, "sheet", lambda: paper_receipts.spoil_sheet(
            range_id=range_id, number=number(posted.get("number", ""), most_digits=8),
            note=posted.get("note", "")[:300], by=request.actor, at=timezone.now()), _("The sheet is kept as spoiled."))
    collected_at = _moment(posted.get("day", ""), posted.get("clock", ""))
    if collected_at is None:
        return _day(request, errors={"collected_at": _("Write day and time as they stand on the sheet.")},
                    form="sheet", status=422)
    sheet = SheetInput(
        number=number(posted.get("number", ""), most_digits=8), collected_at=collected_at,
        amount=Money(number(posted.get("amount", "").replace(".", "").replace(",", ""), most_digits=10)),
        payer_name=posted.get("payer_name", "")[:200], payer_address=posted.get("payer_address", "")[:300],
        code=posted.get("code", "")[:300])
    return _act(request, "sheet", lambda: paper_receipts.enter_sheet(
        sheet, range_id=range_id, by=request.actor, at=timezone.now()), _("The sheet is entered."))


@require_POST
@require_role(*OUTLET)
def match_sheet(request: WardpostRequest, receipt_id: UUID) -> HttpResponse:
    """Say which dossier a sheet belongs to."""
    return _act(request, str(receipt_id), lambda: paper_receipts.match_sheet(
        receipt_id=receipt_id, code=request.POST.get("code", "")[:300], by=request.actor, at=timezone.now()),
        _("Matched; the dossier is paid."))


def _moment(day: str, clock: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), LOCAL_ZONE)
    except ValueError:
        return None


def _act(request: WardpostRequest, form: str, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _day(request, errors=errors_of(refusal), form=form, status=422)
    messages.success(request, done)
    return go(request, "intake:receipts")

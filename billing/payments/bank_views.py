"""The collecting account on screen: entered and approved by two people, its lines, and what pays nothing."""

from datetime import date
from typing import Final
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

from agents import public as agents
from agents.auth import require_role
from agents.proof import fresh_proof
from billing.payments import accounts, bank, queries, statement_files
from billing.payments.accounts import AccountEntry
from billing.payments.errors import AccountNotFound, BankLineNotFound
from billing.payments.rules.banks import BANKS
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.places import province_name
from shared.roles import FINANCE_ROLES, Role

READERS: Final = (Role.OPERATOR_HQ, *sorted(FINANCE_ROLES), Role.AUDITOR)
PAGE: Final = "billing/payments/bank.html"


@never_cache
@require_GET
@require_role(*READERS)
def collecting(request: WardpostRequest) -> HttpResponse:
    """Accounts, and a month's lines with what is open first."""
    return _show(request)


@require_POST
@require_role(Role.OPERATOR_HQ)
def enter_account(request: WardpostRequest) -> HttpResponse:
    """Write an account down for somebody else to approve."""
    posted, operator_id = request.POST, request.actor.operator_id
    operator = next((each for each in agents.operators() if each.id == operator_id), None)
    if operator is None:
        raise Http404
    first = _day(posted.get("valid_from", ""))
    entry = AccountEntry(
        operator.id, operator.code, posted.get("province", "")[:2], posted.get("bank_bin", "")[:6],
        posted.get("account_number", "").replace(" ", "")[:30], posted.get("account_name", "")[:200],
        first or local(timezone.now()).date())
    try:
        accounts.enter_account(entry, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, _("Entered. Somebody else of your headquarters approves it."))
    return redirect("billing:collecting")


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof()
def approve_account(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """The second person."""
    try:
        accounts.approve_account(account_id=account_id, by=request.actor, at=timezone.now())
    except AccountNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, _("Approved. Outlets can make codes for it now."))
    return redirect("billing:collecting")


@require_POST
@require_role(Role.OPERATOR_HQ)
def read_statement(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Read a bank's statement file."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        messages.warning(request, _("Choose a file first."))
        return redirect("billing:collecting")
    try:
        told = statement_files.read_statement(account_id=account_id, content=upload.read(), name=upload.name or "",
                                              by=request.actor, at=timezone.now())
    except AccountNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, ngettext(
        "%(n)s line read, %(new)s new, %(matched)s pay a dossier, %(open)s for you to look at.",
        "%(n)s lines read, %(new)s new, %(matched)s pay a dossier, %(open)s for you to look at.", told.lines) % {
            "n": told.lines, "new": told.new, "matched": told.matched, "open": told.exceptions})
    return redirect("billing:collecting")


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof()
def settle_line(request: WardpostRequest, line_id: UUID) -> HttpResponse:
    """What an exception is."""
    try:
        bank.settle_line(line_id=line_id, reference=request.POST.get("reference", "")[:20],
                         why=request.POST.get("why", "")[:300], by=request.actor, at=timezone.now())
    except BankLineNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, _("Settled."))
    return redirect("billing:collecting")


def _show(request: WardpostRequest, refusal: DomainError | None = None) -> HttpResponse:
    found = queries.accounts(request.actor)
    first = (_day(f"{request.GET.get('thang', '')}-01") or local(timezone.now()).date()).replace(day=1)
    provinces = {each.province_code: province_name(each.province_code) for each in found}
    return render(request, PAGE, {
        "accounts": [(each, provinces[each.province_code]) for each in found], "month": first,
        "day": queries.bank_month([each.id for each in found], first, request.actor), "banks": BANKS.items(),
        "provinces": _provinces(request), "may_work": request.actor.role == Role.OPERATOR_HQ,
        "problems": [] if refusal is None else [str(refusal.detail), *(str(each.message) for each in refusal.errors)],
        "entered": request.POST, "me": request.actor.id}, status=200 if refusal is None else 422)


def _provinces(request: WardpostRequest) -> list[tuple[str, str]]:
    """Where the operator has outlets."""
    if request.actor.role != Role.OPERATOR_HQ or request.actor.operator_id is None:
        return []
    codes = {each.province_code for each in agents.outlets_of_operator(request.actor.operator_id)}
    return [(code, province_name(code)) for code in sorted(codes)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

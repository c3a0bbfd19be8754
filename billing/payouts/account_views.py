"""Payees' accounts on screen: entered by the operator, decided on by the city."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents import public as agents
from agents.auth import require_role
from agents.proof import fresh_proof
from billing.payments.rules.banks import BANKS
from billing.payouts import accounts, queries
from billing.payouts.accounts import PayeeEntry
from billing.payouts.rules.states import METHOD_WORDS
from billing.payouts.words import said
from shared.api import WardpostRequest
from shared.errors import DomainError, NotFound
from shared.places import province_name
from shared.roles import Role

READERS: Final = (Role.OPERATOR_HQ, Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.AUDITOR)
PAGE: Final = "billing/payouts/payees.html"


@never_cache
@require_GET
@require_role(*READERS)
def payees(request: WardpostRequest) -> HttpResponse:
    """Accounts in the actor's reach."""
    return _show(request)


@require_POST
@require_role(Role.OPERATOR_HQ)
def enter_payee(request: WardpostRequest) -> HttpResponse:
    """Write an account down for the city to approve."""
    posted = request.POST
    # "01" is the operator's own account there, "01/{outlet}" that of an outlet.
    province, _slash, outlet = posted.get("payee", "")[:60].partition("/")
    try:
        outlet_id = UUID(outlet) if outlet else None
    except ValueError:
        raise Http404 from None
    entry = PayeeEntry(province[:2], posted.get("method", "")[:8], posted.get("number", "")[:80],
                       posted.get("holder_name", "")[:200], posted.get("bank_bin", "")[:6], outlet_id)
    try:
        accounts.enter_payee_account(entry, by=request.actor, at=timezone.now())
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, _("Entered. The city's finance approves it."))
    return redirect("billing:payees")


@require_POST
@require_role(Role.FINANCE_APPROVER)
@fresh_proof()
def decide_payee(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Approve or refuse; a form that says neither decides nothing."""
    if request.POST.get("decision") not in {"approve", "refuse"}:
        raise BadRequest
    is_refused = request.POST.get("decision") == "refuse"
    try:
        if is_refused:
            accounts.refuse_payee_account(account_id=account_id, reason=request.POST.get("reason", "")[:300],
                                          by=request.actor, at=timezone.now())
        else:
            accounts.approve_payee_account(account_id=account_id, by=request.actor, at=timezone.now())
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, _("Refused. The operator reads why.") if is_refused else _(
        "Approved. The first payment into it is possible in 48 hours."))
    return redirect("billing:payees")


def _show(request: WardpostRequest, refusal: DomainError | None = None) -> HttpResponse:
    actor = request.actor
    told = [] if refusal is None else [str(refusal.detail or refusal.title), *(
        str(each.message) for each in refusal.errors)]
    return render(request, PAGE, {
        "rows": queries.payee_accounts(actor, timezone.now()), "may_enter": actor.role == Role.OPERATOR_HQ,
        "may_decide": actor.role == Role.FINANCE_APPROVER, "me": actor.id, "banks": BANKS.items(),
        "methods": [(code, said(words)) for code, words in METHOD_WORDS.items()],
        "payees": _payees(request), "problems": told, "entered": request.POST},
        status=200 if refusal is None else 422)


def _payees(request: WardpostRequest) -> list[tuple[str, str]]:
    """What the operator may enter an account for: itself in each province, and each of its outlets."""
    if request.actor.role != Role.OPERATOR_HQ or request.actor.operator_id is None:
        return []
    outlets = agents.outlets_of_operator(request.actor.operator_id)
    own = [(code, _("Ourselves in %(place)s") % {"place": province_name(code)})
           for code in sorted({each.province_code for each in outlets})]
    return [*own, *((f"{each.province_code}/{each.id}", f"{each.name}, {each.commune_name}") for each in outlets)]

"""Card payments on screen: a month, what does not fit, refunds by one person or two."""

from datetime import date
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

from agents.auth import require_role
from agents.proof import fresh_proof
from billing.cards import refunds, settling
from billing.cards.client import is_offered
from billing.cards.errors import CardPaymentNotFound, CardRefundNotFound
from billing.cards.queries import card_month
from billing.cards.rules import RefundState
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import FINANCE_ROLES, Role

READERS: Final = (Role.OPERATOR_HQ, *sorted(FINANCE_ROLES), Role.AUDITOR)
PAGE: Final = "billing/cards/cards.html"


@never_cache
@require_GET
@require_role(*READERS)
def cards(request: WardpostRequest) -> HttpResponse:
    """A month's card payments, what waits for a person first."""
    return _show(request)


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof()
def refund(request: WardpostRequest, payment_id: UUID) -> HttpResponse:
    """Ask that a payment is given back."""
    try:
        asked = refunds.ask_refund(payment_id=payment_id, why=request.POST.get("why", "")[:300], by=request.actor,
                                   at=timezone.now())
    except CardPaymentNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal, about=str(payment_id))
    messages.success(request, _("Asked for. A second person decides, because it is above the limit.")
                     if asked.state == RefundState.ASKED else _("The money goes back to the card."))
    return redirect("billing:cards")


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof()
def decide(request: WardpostRequest, refund_id: UUID) -> HttpResponse:
    """The second person; a form that says neither decides nothing."""
    if request.POST.get("decision") not in {"approve", "refuse"}:
        raise BadRequest
    try:
        done = refunds.decide_refund(refund_id=refund_id, is_approved=request.POST.get("decision") == "approve",
                                     why=request.POST.get("why", "")[:300], by=request.actor, at=timezone.now())
    except CardRefundNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal, about=str(refund_id))
    messages.success(request, _("The money goes back to the card.") if done.state == RefundState.APPROVED
                     else _("Not given back."))
    return redirect("billing:cards")


@require_POST
@require_role(Role.OPERATOR_HQ)
def accept(request: WardpostRequest, payment_id: UUID) -> HttpResponse:
    """A late payment pays after all."""
    try:
        settling.accept_payment(payment_id=payment_id, why=request.POST.get("why", "")[:300], by=request.actor,
                                at=timezone.now())
    except CardPaymentNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, refusal, about=str(payment_id))
    messages.success(request, _("It pays the dossier."))
    return redirect("billing:cards")


def _show(request: WardpostRequest, refusal: DomainError | None = None, *, about: str = "") -> HttpResponse:
    first = (_day(f"{request.GET.get('thang', '')}-01") or local(timezone.now()).date()).replace(day=1)
    return render(request, PAGE, {
        "month": first, "card_month": card_month(first, request.actor), "is_offered": is_offered(),
        "may_work": request.actor.role == Role.OPERATOR_HQ, "me": request.actor.id, "about": about,
        "problem": "" if refusal is None else str(refusal.detail), "entered": request.POST.get("why", ""),
    }, status=200 if refusal is None else 422)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

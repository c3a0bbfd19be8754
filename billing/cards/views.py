"""Card payments on screen: a month, what does not fit, refunds by one person or two."""

import re
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
from billing.cards import disputes, outside, refunds, settling
from billing.cards.client import is_offered
from billing.cards.errors import CardPaymentNotFound, CardRefundNotFound, DisputeAnswerRefused, RefundPartsRefused
from billing.cards.models import CardDispute, CardRefund
from billing.cards.money_queries import money_of, reconciled
from billing.cards.parts import Parts
from billing.cards.queries import card_month
from billing.cards.rules import WAY_WORDS, RefundState
from billing.payments.words import said
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.money import Money
from shared.roles import FINANCE_ROLES, Role

READERS: Final = (Role.OPERATOR_HQ, *sorted(FINANCE_ROLES), Role.AUDITOR)
LONGEST_AMOUNT: Final = 12
PAGE: Final = "billing/cards/cards.html"


@never_cache
@require_GET
@require_role(*READERS)
def cards(request: WardpostRequest) -> HttpResponse:
    """A month's card payments, what waits for a person first."""
    return _show(request)


@never_cache
@require_GET
@require_role(*READERS)
def payment(request: WardpostRequest, payment_id: UUID) -> HttpResponse:
    """One payment: each line of the books that came of it, with its arithmetic; refunds by parts; disputes."""
    return _show_payment(request, payment_id)


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof()
def refund(request: WardpostRequest, payment_id: UUID) -> HttpResponse:
    """Ask that named parts of a payment are given back."""
    try:
        asked = refunds.ask_refund(payment_id=payment_id, why=request.POST.get("why", "")[:300], by=request.actor,
                                   at=timezone.now(), parts=_parts(request))
    except CardPaymentNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show_payment(request, payment_id, refusal, about="refund")
    messages.success(request, _("Asked for. A second person decides, because it is above the limit.")
                     if asked.state == RefundState.ASKED else _("The money goes back to the card."))
    return redirect("billing:card-payment", payment_id=payment_id)


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof(steps={"contest", "accept"}, named="answer")
def answer(request: WardpostRequest, dispute_id: UUID) -> HttpResponse:
    """Tell the cardholder's bank that it was paid rightly, or accept the loss."""
    found = CardDispute.objects.seen_by(request.actor).filter(id=dispute_id).first()
    if found is None:
        raise Http404
    told = request.POST.get("answer")
    if told not in {"contest", "accept"}:
        return _show_payment(request, found.payment_id, DisputeAnswerRefused(
            _("Say whether it was paid rightly, or whether the loss is accepted.")), about=str(dispute_id))
    try:
        answered = disputes.answer_dispute(
            dispute_id=dispute_id, is_contested=told == "contest",
            words=request.POST.get("words", "")[:disputes.LONGEST_ANSWER], by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _show_payment(request, found.payment_id, refusal, about=str(dispute_id))
    messages.success(request, _("Your answer goes to the cardholder's bank.") if answered.is_contested
                     else _("Accepted: the money stays with the cardholder."))
    return redirect("billing:card-payment", payment_id=found.payment_id)


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
@fresh_proof()
def give_otherwise(request: WardpostRequest, refund_id: UUID) -> HttpResponse:
    """The citizen has it in another way than on the card."""
    found = CardRefund.objects.seen_by(request.actor).filter(id=refund_id).first()
    if found is None:
        raise Http404
    try:
        outside.give_otherwise(refund_id=refund_id, way=request.POST.get("way", ""),
                               reference=request.POST.get("reference", "")[:80],
                               proof=request.POST.get("proof", "")[:300], by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _show_payment(request, found.payment_id, refusal, about=str(refund_id))
    messages.success(request, _("Written down: the citizen has the money."))
    return redirect("billing:card-payment", payment_id=found.payment_id)


@require_POST
@require_role(Role.OPERATOR_HQ)
@fresh_proof()
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
        "problem": _said(refusal), "entered": request.POST.get("why", ""), "both": reconciled(request.actor),
    }, status=200 if refusal is None else 422)


def _show_payment(request: WardpostRequest, payment_id: UUID, refusal: DomainError | None = None, *,
                  about: str = "") -> HttpResponse:
    try:
        found = money_of(payment_id, request.actor)
    except CardPaymentNotFound:
        raise Http404 from None
    return render(request, "billing/cards/payment.html", {
        "money": found, "row": found.row, "payment": found.row.payment, "of": found.row.payment.collection,
        "may_work": request.actor.role == Role.OPERATOR_HQ, "me": request.actor.id, "about": about,
        "problem": _said(refusal), "entered": request.POST, "now": timezone.now(),
        "shortest": disputes.SHORTEST_ANSWER, "ways": [(way.value, said(words)) for way, words in WAY_WORDS.items()],
    }, status=200 if refusal is None else 422)


def _said(refusal: DomainError | None) -> str:
    return "" if refusal is None else str(refusal.detail or refusal.title)


def _parts(request: WardpostRequest) -> Parts | None:
    """What was typed into the fields of the parts; None when there were none.

    Raises:
        RefundPartsRefused: no whole number of đồng.
    """
    if "fee" not in request.POST and "postage" not in request.POST:
        return None
    typed = [re.sub(r"[\s.,đ]", "", request.POST.get(name, "")) for name in ("fee", "postage")]
    if any(text and not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_AMOUNT) for text in typed):
        raise RefundPartsRefused(_("Type whole đồng, such as 12000."))
    fee, postage = (Money(int(text or 0)) for text in typed)
    return Parts(fee, postage)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

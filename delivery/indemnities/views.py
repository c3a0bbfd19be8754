"""Indemnities on screens: what waits for whom, and one with its arithmetic and everything said about it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from delivery.errors import IndemnityNotFound, ParcelNotFound
from delivery.indemnities import operations, words
from delivery.indemnities.forms import DecisionForm, PaymentForm, ReissueForm, ReplyForm
from delivery.indemnities.models import Indemnity
from delivery.indemnities.operations import MAY_ANSWER, MAY_CLAIM, MAY_DECIDE, Reply
from delivery.indemnities.queries import indemnities_seen_by
from delivery.indemnities.rules import FINAL_INDEMNITY, IndemnityKind, IndemnityState
from delivery.rules.readers import PARCEL_READERS
from delivery.searches.views import put_errors, said_of
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.formatting import speaks_vietnamese
from shared.money import Money

READERS: Final = tuple(sorted(PARCEL_READERS))
ON_A_PAGE: Final = 50
PICKS: Final = {
    "open": gettext_lazy("Not settled"),
    "owed": gettext_lazy("To be paid"),
    "ended": gettext_lazy("Settled"),
}
_TO_DECIDE: Final = frozenset({IndemnityState.OBJECTED, IndemnityState.UNANSWERED})


@require_safe
@require_role(*READERS)
def indemnity_list(request: WardpostRequest) -> HttpResponse:
    """What is owed for late and lost parcels, as far as the reader's place goes."""
    pick = request.GET.get("pick", "open")
    pick = pick if pick in PICKS else "open"
    page = Paginator(_picked(indemnities_seen_by(request.actor), pick), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "delivery/indemnities.html", {
        "page": page, "rows": [_row(each) for each in page], "pick": pick, "picks": PICKS.items()})


def _picked(rows: QuerySet[Indemnity], pick: str) -> QuerySet[Indemnity]:
    if pick == "ended":
        return rows.filter(state__in=FINAL_INDEMNITY).order_by("-opened_at", "-id")
    if pick == "owed":
        return rows.filter(state=IndemnityState.OWED).order_by("pay_by", "id")
    return rows.exclude(state__in=FINAL_INDEMNITY).order_by("answer_by", "id")


def _row(indemnity: Indemnity) -> dict[str, object]:
    due = indemnity.pay_by if indemnity.state == IndemnityState.OWED else indemnity.answer_by
    is_open = indemnity.state not in FINAL_INDEMNITY
    return {"indemnity": indemnity, "face": words.FACES[IndemnityState(indemnity.state)],
            "due": due if is_open else None, "kind": words.KINDS[IndemnityKind(indemnity.kind)],
            "is_late": is_open and due is not None and due < timezone.localdate()}


@require_safe
@require_role(*READERS)
def indemnity_page(request: WardpostRequest, indemnity_id: UUID) -> HttpResponse:
    return _page(request, _seen(request, indemnity_id))


def _page(request: WardpostRequest, indemnity: Indemnity, form: forms.Form | None = None,
          status: int = HTTPStatus.OK) -> HttpResponse:
    suffix = "vi" if speaks_vietnamese() else "en"
    told = _row(indemnity) | {
        "form": form or _form(request.actor.role, IndemnityState(indemnity.state)),
        "ground": words.GROUNDS.get(indemnity.ground, ""),
        "steps": [{"label": step[f"label_{suffix}"], "amount": step["amount"], "basis": step["legal_basis"],
                   "reason": step[f"reason_{suffix}"], "guess": step["confidence"] == "assumed"}
                  for step in indemnity.steps]}
    return render(request, "delivery/indemnity.html", told, status=status)


def _form(role: str, state: IndemnityState) -> forms.Form | None:
    if role in MAY_ANSWER and state is IndemnityState.PROPOSED:
        return ReplyForm()
    if role in MAY_ANSWER and state is IndemnityState.OWED:
        return PaymentForm(initial={"paid_on": timezone.localdate()})
    return DecisionForm() if role in MAY_DECIDE and state in _TO_DECIDE else None


def _seen(request: WardpostRequest, indemnity_id: UUID) -> Indemnity:
    indemnity = indemnities_seen_by(request.actor).filter(id=indemnity_id).first()
    if indemnity is None:
        raise Http404
    return indemnity


@require_POST
@require_role(*sorted(MAY_ANSWER))
def answer(request: WardpostRequest, indemnity_id: UUID) -> HttpResponse:
    """Say whether it is owed."""
    def call(said: dict[str, Any]) -> object:
        reply = Reply(said["reply"] == "accept", said["ground"], said["words"])
        return operations.answer(indemnity_id=indemnity_id, reply=reply, by=request.actor, at=timezone.now())

    return _done(request, indemnity_id, ReplyForm(request.POST), call)


@require_POST
@require_role(*sorted(MAY_DECIDE))
def decide(request: WardpostRequest, indemnity_id: UUID) -> HttpResponse:
    """Decide for the city."""
    def call(said: dict[str, Any]) -> object:
        return operations.decide(indemnity_id=indemnity_id, is_owed=said["decision"] == "owed", words=said["words"],
                                 by=request.actor, at=timezone.now())

    return _done(request, indemnity_id, DecisionForm(request.POST), call)


@require_POST
@require_role(*sorted(MAY_ANSWER))
def pay(request: WardpostRequest, indemnity_id: UUID) -> HttpResponse:
    """Say that it was paid."""
    def call(said: dict[str, Any]) -> object:
        return operations.record_payment(indemnity_id=indemnity_id, paid_on=said["paid_on"],
                                         reference=said["reference"], by=request.actor, at=timezone.now())

    return _done(request, indemnity_id, PaymentForm(request.POST), call)


def _done(request: WardpostRequest, indemnity_id: UUID, form: forms.Form,
          call: Callable[[dict[str, Any]], object]) -> HttpResponse:
    if form.is_valid():
        try:
            call(form.cleaned_data)
            messages.success(request, _("Written down; whoever has to act next is told."))
            return redirect("delivery:indemnity", indemnity_id=indemnity_id)
        except IndemnityNotFound:
            raise Http404 from None
        except DomainError as refusal:
            put_errors(form, refusal)
    return _page(request, _seen(request, indemnity_id), form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@require_role(*sorted(MAY_CLAIM))
def claim_reissue(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Claim what it costs to issue a lost parcel's papers again."""
    form = ReissueForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("delivery:parcel", parcel_id=parcel_id)
    try:
        indemnity = operations.claim_reissue(
            parcel_id=parcel_id, amount=Money(form.cleaned_data["amount"]), what=form.cleaned_data["what"],
            by=request.actor, at=timezone.now())
    except ParcelNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said_of(refusal))
        return redirect("delivery:parcel", parcel_id=parcel_id)
    messages.success(request, _("The claim is with the operator."))
    return redirect("delivery:indemnity", indemnity_id=indemnity.id)

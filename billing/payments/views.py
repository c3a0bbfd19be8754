"""A clerk's drawer on screen, and for managers what a count left open."""

import json
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents import public as agents
from agents.auth import require_role
from billing.payments import cash, queries
from billing.payments.closing import shift_document, shift_pdf
from billing.payments.errors import ShiftNotFound
from billing.payments.models import CashShift
from billing.payments.records import Till
from billing.payments.rules.shifts import ANSWERS, DENOMINATIONS
from billing.payments.words import cause_said
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.money import Money
from shared.roles import FINANCE_ROLES, OUTLET_ROLES, Role

AT_THE_COUNTER: Final = tuple(sorted(OUTLET_ROLES))
READERS: Final = (*AT_THE_COUNTER, Role.OPERATOR_HQ, *sorted(FINANCE_ROLES), Role.AUDITOR)
ANSWERERS: Final = (Role.OUTLET_MANAGER, Role.OPERATOR_HQ)
PAGE: Final = "billing/payments/shift.html"


@never_cache
@require_GET
@require_role(*READERS)
def shifts(request: WardpostRequest) -> HttpResponse:
    """The clerk's open drawer, and the shifts in the actor's reach: open questions first."""
    mine = queries.my_shift(request.actor) if request.actor.role in OUTLET_ROLES else None
    return _show(request, mine)


@never_cache
@require_GET
@require_role(*READERS)
def shift(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """One drawer with its movements."""
    return _show(request, _found(request, shift_id), is_one=True)


@require_GET
@require_role(*READERS)
def shift_paper(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """The close of a counted shift, to print, sign and keep."""
    drawer = _counted(request, shift_id)
    name = f"chot-ca-{local(drawer.shift.closed_at or drawer.shift.opened_at):%Y-%m-%d}.pdf"
    return HttpResponse(shift_pdf(drawer, queries.paper_of(drawer.shift)), content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"})


@require_GET
@require_role(*READERS)
def shift_file(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """What was signed of a shift, with its signature."""
    paper = queries.paper_of(_counted(request, shift_id).shift)
    if paper is None:
        raise Http404
    return HttpResponse(json.dumps(shift_document(paper), ensure_ascii=False, indent=1),
                        content_type="application/json; charset=utf-8", headers={
                            "Content-Disposition": f'attachment; filename="chot-ca-{paper.code}.json"'})


@require_POST
@require_role(*AT_THE_COUNTER)
def open_shift(request: WardpostRequest) -> HttpResponse:
    """The small change is counted in."""
    assert request.actor.outlet_id is not None  # noqa: S101  # outlet roles have one
    outlet = agents.get_outlet(request.actor.outlet_id)
    till = Till(outlet.id, outlet.operator.id, outlet.operator.code, outlet.province_code)
    try:
        cash.open_shift(till=till, notes=_notes(request.POST), by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _show(request, queries.my_shift(request.actor), refusal=refusal)
    messages.success(request, _("The shift is open."))
    return redirect("billing:shifts")


@require_POST
@require_role(*AT_THE_COUNTER)
def hand_in(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """Money goes to the operator's bank."""
    amount = request.POST.get("amount", "").replace(".", "").replace(" ", "")
    is_number = amount.isascii() and amount.isdecimal() and len(amount) <= 12
    try:
        cash.hand_in(shift_id=shift_id, amount=Money(int(amount) if is_number else 0),
                     slip=request.POST.get("slip", ""), by=request.actor, at=timezone.now())
    except ShiftNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, _found(request, shift_id), refusal=refusal, form="hand-in")
    messages.success(request, _("Handed in."))
    return redirect("billing:shifts")


@require_POST
@require_role(*AT_THE_COUNTER)
def close_shift(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """The drawer is counted."""
    try:
        done = cash.close_shift(shift_id=shift_id, notes=_notes(request.POST), note=request.POST.get("note", "")[:300],
                                by=request.actor, at=timezone.now())
    except ShiftNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, _found(request, shift_id), refusal=refusal, form="count")
    if done.state == "closed":
        messages.success(request, _("The drawer agrees. The shift is closed."))
    else:
        messages.warning(request, _("The count and the movements differ. Your manager looks for the reason; you owe "
                                    "nothing."))
    return redirect("billing:one-shift", shift_id=shift_id)


@require_POST
@require_role(*ANSWERERS)
def answer(request: WardpostRequest, shift_id: UUID) -> HttpResponse:
    """Why a count differed."""
    try:
        cash.answer_difference(shift_id=shift_id, cause=request.POST.get("cause", ""),
                               answer=request.POST.get("answer", ""), by=request.actor, at=timezone.now())
    except ShiftNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _show(request, _found(request, shift_id), refusal=refusal, form="answer", is_one=True)
    messages.success(request, _("Answered. The shift is closed."))
    return redirect("billing:one-shift", shift_id=shift_id)


# --- the parts ------------------------------------------------------------------------------------------------------


def _found(request: WardpostRequest, shift_id: UUID) -> queries.Drawer:
    try:
        return queries.find_shift(shift_id, request.actor)
    except ShiftNotFound:
        raise Http404 from None


def _counted(request: WardpostRequest, shift_id: UUID) -> queries.Drawer:
    drawer = _found(request, shift_id)
    if drawer.is_open:
        raise Http404
    return drawer


def _show(request: WardpostRequest, drawer: queries.Drawer | None, *, refusal: DomainError | None = None,
          form: str = "", is_one: bool = False) -> HttpResponse:
    actor = request.actor
    is_mine = drawer is not None and drawer.shift.clerk_id == actor.id
    shifts = queries.recent_shifts(actor)
    paper = queries.paper_of(drawer.shift) if drawer is not None and not drawer.is_open else None
    return render(request, PAGE, {
        "drawer": drawer, "paper": paper, "is_mine": is_mine, "is_one": is_one, "shifts": shifts,
        "notes": [(value, request.POST.get(f"note-{value}", "")) for value in DENOMINATIONS],
        "sees_accounts": actor.role not in OUTLET_ROLES, "outlets": _outlets(request, shifts),
        "may_open": actor.role in OUTLET_ROLES and drawer is None and not is_one,
        "may_count": drawer is not None and drawer.is_open and actor.role in OUTLET_ROLES,
        "may_answer": _may_answer(request, drawer), "causes": [(cause, cause_said(cause)) for cause in ANSWERS],
        "problem": "" if refusal is None else str(refusal.detail), "form": form, "entered": request.POST,
    }, status=200 if refusal is None else 422)


def _outlets(request: WardpostRequest, shifts: Sequence[CashShift]) -> dict[str, str]:
    """Names of the outlets of the listed shifts; nothing for an outlet, whose list is its own."""
    if request.actor.role in OUTLET_ROLES:
        return {}
    return {str(each.id): each.name for each in agents.outlets_by_id({shift.outlet_id for shift in shifts})}


def _may_answer(request: WardpostRequest, drawer: queries.Drawer | None) -> bool:
    if drawer is None or drawer.shift.state != "questioned" or request.actor.role not in ANSWERERS:
        return False
    return not request.actor.is_one_of(drawer.shift.clerk_id, drawer.shift.closed_by)


def _notes(posted: Mapping[str, str]) -> dict[int, int]:
    """Denomination → number of notes; what is no number is refused by the rule for impossible counts."""
    def many(text: str) -> int:
        text = text.strip()
        return 0 if not text else int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1

    return {value: many(posted.get(f"note-{value}", "")) for value in DENOMINATIONS}

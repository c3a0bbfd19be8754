"""Rounds for offices: open one by scanning, show its link once, see what has come back."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agents.auth import require_role
from delivery import wording as parcel_words
from delivery.door import wording
from delivery.door.addresses import link_of, qr_of
from delivery.door.errors import RoundNotFound
from delivery.door.models import DeliveryRound, DoorAct, RoundStop
from delivery.door.operations import rounds
from delivery.door.queries import due_out, rounds_counted, stops_of
from delivery.door.views.answers import errors_of
from delivery.rules import ParcelState
from shared import scope
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role

OFFICES: Final = (*sorted(OUTLET_ROLES), Role.OPERATOR_HQ)
READERS: Final = (*OFFICES, Role.AUDITOR)
ON_A_PAGE: Final = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def round_list(request: WardpostRequest) -> HttpResponse:
    """Rounds of the office, and the form that opens one."""
    if request.method != "POST":
        return _list(request)
    if request.actor.role not in OFFICES:
        raise Http404
    posted = request.POST
    given = rounds.RoundInput(posted.get("postman_name", "")[:200], posted.get("badge", "")[:40],
                              tuple(posted.get("numbers", "")[:6000].split()))
    try:
        opened, token = rounds.open_round(given, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _list(request, errors=errors_of(refusal), status=422)
    # The link is shown here and nowhere else: it is kept only as a digest.
    link = link_of(token)
    return _page(request, opened.id, link=link, status=201)


def _list(request: WardpostRequest, *, errors: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    page = Paginator(rounds_counted(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    may_open = request.actor.role in OFFICES
    with scope.everything():
        waiting = due_out(request.actor) if may_open else []
    return render(request, "delivery/door/rounds.html", {
        "page": page, "errors": errors or {}, "entered": request.POST, "now": timezone.now(), "may_open": may_open,
        "waiting": waiting}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def round_page(request: WardpostRequest, round_id: UUID) -> HttpResponse:
    """One round: its parcels, what came back, more parcels by scan."""
    if request.method != "POST":
        return _page(request, round_id)
    if request.actor.role not in OFFICES:
        raise Http404
    try:
        rounds.add_parcels(round_id=round_id, numbers=request.POST.get("numbers", "")[:6000].split(), by=request.actor,
                           at=timezone.now())
    except RoundNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, round_id, errors=errors_of(refusal), status=422)
    messages.success(request, _("Added; the phone has it with its next signal."))
    return redirect("delivery:round", round_id=round_id)


def _page(request: WardpostRequest, round_id: UUID, *, link: str = "", errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    found = rounds_counted(request.actor).filter(id=round_id).first()
    if found is None:
        raise Http404
    now = timezone.now()
    with scope.everything():
        acts = {act.parcel_id: act for act in DoorAct.objects.filter(round=found).order_by("corrected_at")}
        rows = [_row(stop, acts.get(stop.parcel_id)) for stop in stops_of(found.id)]
    told: dict[str, Any] = {
        "round": found, "rows": rows, "link": link, "qr": qr_of(link) if link else "", "errors": errors or {},
        "entered": request.POST if errors else {}, "now": now, "is_open": _is_open(found),
        "is_over": found.expires_at <= now, "may_act": request.actor.role in OFFICES}
    return render(request, "delivery/door/round.html", told, status=status)


def _is_open(found: DeliveryRound) -> bool:
    return found.closed_at is None and found.expires_at > timezone.now()


def _row(stop: RoundStop, act: DoorAct | None) -> dict[str, Any]:
    return {"stop": stop, "parcel": stop.parcel, "face": parcel_words.FACES[ParcelState(stop.parcel.state)],
            "act": act, "reason": wording.REASONS.get(act.reason, "") if act is not None else ""}


@require_POST
@require_role(*OFFICES)
def close_round(request: WardpostRequest, round_id: UUID) -> HttpResponse:
    """Take a round back: the phone is lost, or the postman fell ill."""
    try:
        rounds.close_round(round_id=round_id, by=request.actor, at=timezone.now())
    except RoundNotFound:
        raise Http404 from None
    messages.success(request, _("The round is taken back; its phone can send nothing more."))
    return redirect("delivery:round", round_id=round_id)

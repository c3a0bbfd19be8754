"""Parcels that wait at this outlet: scanned in, counted down, handed out against an ID."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.auth import require_role
from delivery.door import wording
from delivery.door.errors import PickUpNotFound
from delivery.door.models import PickUp
from delivery.door.operations import pick_ups
from delivery.door.operations.releases import release_of
from delivery.door.queries import expected_at, waiting_at
from delivery.door.records import Collected, HandOver
from delivery.door.rules import needs_of
from delivery.door.views.answers import errors_of
from delivery.rules import Direction
from shared import scope
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES
from shared.working_days import work_calendar

OUTLET: Final = tuple(sorted(OUTLET_ROLES))
MOST: Final = 300


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*OUTLET)
def pick_up_list(request: WardpostRequest) -> HttpResponse:
    """What waits here, the shortest time left first; a scan lays a parcel out."""
    if request.method != "POST":
        return _list(request)
    number = request.POST.get("number", "")[:40]
    try:
        laid = pick_ups.lay_out(number=number, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _list(request, problem=" ".join(errors_of(refusal).values()), status=422)
    day = f"{laid.until_date:%d/%m}" if laid.until_date else ""
    messages.success(request, _("%(number)s waits here until %(day)s.") % {"number": number.upper(), "day": day})
    return redirect("delivery:pick-ups")


def _list(request: WardpostRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    outlet_id, today = request.actor.outlet_id, local(timezone.now()).date()
    if outlet_id is None:
        raise Http404
    with scope.everything():
        waiting = [_row(each, today) for each in _loaded(waiting_at(outlet_id))]
        expected = [_row(each, today) for each in _loaded(expected_at(outlet_id))]
    return render(request, "delivery/door/pick_ups.html", {
        "waiting": waiting, "expected": expected, "problem": problem, "entered": request.POST}, status=status)


def _loaded(rows: Any) -> list[PickUp]:
    return list(rows.select_related("parcel__recipient_commune")[:MOST])


def _row(each: PickUp, today: Any) -> dict[str, Any]:
    left = work_calendar().working_days_between(today, each.until_date) if each.until_date else None
    return {"pick_up": each, "parcel": each.parcel, "left": left}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*OUTLET)
def hand_out(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """Hand a waiting parcel to whoever may have it, her ID compared."""
    if request.method != "POST":
        return _form(request, parcel_id)
    act_id = _uuid(request.POST.get("act_id", ""))
    if act_id is None:
        raise Http404
    try:
        kept = pick_ups.hand_out(act_id=act_id, parcel_id=parcel_id, given=_given(request.POST), by=request.actor,
                                 at=timezone.now())
    except PickUpNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _form(request, parcel_id, errors=errors_of(refusal), act_id=act_id, status=422)
    messages.success(request, _("%(number)s is handed out; everybody concerned is told.") % {"number": kept.number})
    return redirect("delivery:pick-ups")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _given(posted: Any) -> HandOver:
    relation = posted.get("relation", "")
    collected = tuple(Collected(int(each), _sheets(posted.get(f"sheets_{each}", "1")))
                      for each in posted.getlist("collected") if each.isdecimal() and len(each) < 4)
    return HandOver(
        posted.get("receiver_name", "")[:200], relation[:24], posted.get("id_kind", "")[:12],
        posted.get("paper", "")[:20], posted.get("signature", ""), posted.get("code", "")[:6], collected)


def _sheets(text: str) -> int:
    return int(text) if text.isdecimal() and 1 <= int(text[:4]) <= 500 else 1


def _form(request: WardpostRequest, parcel_id: UUID, *, errors: Mapping[str, str] | None = None,
          act_id: UUID | None = None, status: int = 200) -> HttpResponse:
    outlet_id = request.actor.outlet_id
    if outlet_id is None:
        raise Http404
    with scope.everything():
        waiting = waiting_at(outlet_id).select_related("parcel__recipient_commune").filter(parcel_id=parcel_id).first()
        if waiting is None:
            raise Http404
        rule, due = release_of(parcel_id)
        contents = [line for row in waiting.parcel.contents.all() for line in row.contents]
    needs = needs_of(rule, Direction(waiting.parcel.direction))
    return render(request, "delivery/door/hand_out.html", {
        "row": _row(waiting, local(timezone.now()).date()), "parcel": waiting.parcel, "contents": contents,
        "rule": wording.RULES[rule], "due": due, "errors": errors or {}, "entered": request.POST,
        "act_id": act_id or uuid4(), "id_kinds": wording.ID_KINDS.items(),
        "receivers": [(relation, wording.RELATIONS[relation], paper, wording.PAPERS[paper])
                      for relation, paper in needs.items()],
        "papers": [(paper, wording.PAPERS[paper]) for paper in dict.fromkeys(needs.values())],
        "chosen": {"relation": request.POST.get("relation", "self"), "collected": request.POST.getlist("collected")}},
        status=status)

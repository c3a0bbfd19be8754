"""The packing table: what waits for which collector, the list that is filled, sealed and signed for."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.auth import require_role
from delivery.dispatch import queries
from delivery.dispatch.models import Dispatch
from delivery.dispatch.operations import collecting, packing
from delivery.dispatch.papers import list_pdf
from delivery.dispatch.rules import DispatchState
from delivery.dispatch.wording import FACES
from delivery.errors import DispatchNotFound, DispatchNotThere
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

PACKERS: Final = tuple(sorted(OUTLET_ROLES | CENTRE_ROLES))
READERS: Final = (*PACKERS, Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR)
TABLE: Final = "delivery/dispatch/table.html"
LIST: Final = "delivery/dispatch/list.html"
ON_A_PAGE: Final = 40


@never_cache
@require_safe
@require_role(*PACKERS)
def table(request: WardpostRequest) -> HttpResponse:
    """What waits here, carrier by carrier, and the open list of each."""
    return _table(request)


def _table(request: WardpostRequest, *, problem: str = "", scanned: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    closed = list(queries.lists_of(request.actor).filter(state=DispatchState.CLOSED))
    return render(request, TABLE, {
        "carriers": queries.carriers_here(request.actor, now), "closed": [_row(each) for each in closed],
        "problem": problem, "scanned": scanned, "now": now}, status=status)


def _row(dispatch: Dispatch) -> dict[str, object]:
    return {"list": dispatch, "face": FACES[DispatchState(dispatch.state)]}


@require_POST
@require_role(*PACKERS)
def scan(request: WardpostRequest) -> HttpResponse:
    """A label was scanned: its parcel lies in the open bag now. Focus stays in the field for the next."""
    code = request.POST.get("code", "")[:300]
    try:
        item = packing.scan_parcel(code=code, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        return _table(request, problem=_said(refusal), scanned=code, status=422)
    messages.success(request, _("%(number)s lies in bag %(bag)s.") % {"number": item.parcel.number, "bag": item.bag})
    return redirect("delivery:dispatch")


@require_POST
@require_role(*PACKERS)
def pack_all(request: WardpostRequest) -> HttpResponse:
    """Put everything that waits for one carrier onto its list."""
    try:
        count = packing.pack_all(operator_code=request.POST.get("operator", "")[:12], by=request.actor,
                                 at=timezone.now())
    except DomainError as refusal:
        return _table(request, problem=_said(refusal), status=422)
    messages.success(request, ngettext("%(n)s parcel is on the list.", "%(n)s parcels are on the list.", count)
                     % {"n": count})
    return redirect("delivery:dispatch")


@never_cache
@require_safe
@require_role(*READERS)
def dispatch_page(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """One list: its bags, what is left to do with it, and what was done."""
    return _page(request, dispatch_id)


def _page(request: WardpostRequest, dispatch_id: UUID, *, errors: Mapping[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    try:
        found = queries.find_list(dispatch_id, request.actor)
    except DispatchNotFound:
        raise Http404 from None
    items = sorted(found.items.all(), key=lambda item: (item.bag, item.position))
    taken = [item for item in items if item.is_live]
    return render(request, LIST, {
        "list": found, "face": FACES[DispatchState(found.state)],
        "bags": [{"number": number, "seal": seal, "error": (errors or {}).get(f"seals_{number - 1}", ""),
                  "typed": request.POST.getlist("seal")[number - 1:number],
                  "items": [item for item in taken if item.bag == number]}
                 for number, seal in enumerate(found.bags, 1)],
        "left": [item for item in items if not item.is_live], "errors": errors or {}, "entered": request.POST,
        "count": len(taken), "grams": sum(item.parcel.weight_grams for item in taken),
        "originals": sum(len(row.originals) for item in taken for row in item.parcel.contents.all()),
        "may_act": request.actor.role in OUTLET_ROLES | CENTRE_ROLES,
        "is_open": found.state == DispatchState.OPEN, "is_closed": found.state == DispatchState.CLOSED,
        "gave": request.POST.get("gave_name", request.actor.name)}, status=status)


@require_POST
@require_role(*PACKERS)
def take_out(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """Take a parcel off an open list."""
    parcel_id = _uuid(request.POST.get("parcel", ""))
    return _act(request, dispatch_id, lambda: packing.take_out(
        dispatch_id=dispatch_id, parcel_id=parcel_id, by=request.actor, at=timezone.now()), _("Taken out."))


@require_POST
@require_role(*PACKERS)
def begin_bag(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """Begin another bag."""
    return _act(request, dispatch_id, lambda: packing.begin_bag(
        dispatch_id=dispatch_id, by=request.actor, at=timezone.now()), _("What is scanned now lies in the new bag."))


@require_POST
@require_role(*PACKERS)
def close_list(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """Seal the bags."""
    seals = [seal[:20] for seal in request.POST.getlist("seal")]
    return _act(request, dispatch_id, lambda: packing.close_list(
        dispatch_id=dispatch_id, seals=seals, by=request.actor, at=timezone.now()),
        _("Sealed. Print the list; it goes along."))


@require_POST
@require_role(*PACKERS)
def reopen_list(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """Open a closed list again."""
    return _act(request, dispatch_id, lambda: packing.reopen_list(
        dispatch_id=dispatch_id, by=request.actor, at=timezone.now()), _("Open again; take new seals."))


@require_POST
@require_role(*PACKERS)
def hand_over(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """The collector signs; parcels that are ticked as left behind wait for the next collection."""
    posted = request.POST
    left = {_uuid(text): posted.get(f"why-{text}", "") for text in posted.getlist("left")}
    return _act(request, dispatch_id, lambda: collecting.hand_over(
        dispatch_id=dispatch_id, gave_name=posted.get("gave_name", ""), taken_by_name=posted.get("taken_by_name", ""),
        taken_by_badge=posted.get("taken_by_badge", ""), left=left, by=request.actor, at=timezone.now()),
        _("Handed over. The carrier has it in writing."))


def _act(request: WardpostRequest, dispatch_id: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except DispatchNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, dispatch_id, errors=_errors(refusal), status=422)
    messages.success(request, done)
    return redirect("delivery:dispatch-list", dispatch_id=dispatch_id)


def _errors(refusal: DomainError) -> dict[str, str]:
    """Field name → what to do; what belongs to no field is under ""."""
    found = {error.pointer.strip("/").replace("/", "_"): str(error.message) for error in refusal.errors}
    return found or {"": _said(refusal)}


def _said(refusal: DomainError) -> str:
    if refusal.errors:
        return " ".join(str(error.message) for error in refusal.errors)
    title, detail = str(refusal.title), str(refusal.detail)
    return title if detail == title else detail


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


@never_cache
@require_safe
@require_role(*READERS)
def paper(request: WardpostRequest, dispatch_id: UUID) -> HttpResponse:
    """The list as PDF."""
    try:
        name, pdf = list_pdf(dispatch_id=dispatch_id, by=request.actor)
    except (DispatchNotFound, DispatchNotThere):
        raise Http404 from None
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})


@never_cache
@require_safe
@require_role(*READERS)
def lists(request: WardpostRequest) -> HttpResponse:
    """All lists in sight, newest first."""
    page = Paginator(queries.lists_of(request.actor), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "delivery/dispatch/lists.html", {"page": page, "rows": [_row(each) for each in page]})

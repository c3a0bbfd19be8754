"""Hand-over at the outlet: what waits, the bag that is filled, its seal, the carrier's signature, what differed."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.errors import DifferenceNotFound, ManifestNotFound
from intake.operations import differences, manifests
from intake.papers.minutes import minutes_pdf
from intake.queries import manifests as queries
from intake.queries.originals import held_here, under_way
from intake.rules.manifests import OUTCOME_WORDS, OUTCOMES
from intake.signing import JointSignature
from intake.views.answers import errors_of, go
from intake.views.take_entries import number, uuid_or_none
from shared.api import WardpostRequest
from shared.errors import DomainError, NotFound
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

OUTLET: Final = tuple(sorted(OUTLET_ROLES))
BOTH: Final = tuple(sorted(OUTLET_ROLES | CENTRE_ROLES))
PAGE: Final = "intake/hand_over/outlet.html"
BAG: Final = "intake/hand_over/bag.html"
TABS: Final = ("out", "sent", "originals", "differences")


@never_cache
@require_GET
@require_role(*OUTLET)
def hand_over(request: WardpostRequest) -> HttpResponse:
    """The outlet's tabs: to forward, sent, originals here, differences."""
    return _tabs(request, request.GET.get("tab", "out"))


def _tabs(request: WardpostRequest, wished: str, *, problem: str = "", scanned: str = "",
          status: int = 200) -> HttpResponse:
    now, tab = timezone.now(), wished if wished in TABS else "out"
    context: dict[str, object] = {"tab": tab, "now": now, "problem": problem, "scanned": scanned,
                                  "outcomes": outcomes(request)}
    match tab:
        case "out":
            context |= {"destinations": queries.destinations(request.actor, now)}
        case "sent":
            context |= {"under_way": queries.bags_on_their_way(request.actor),
                        "counted": queries.bags_counted(request.actor)}
        case "originals":
            context |= {"here": held_here(request.actor, now), "away": under_way(request.actor, now)}
        case _:
            context |= {"differences": queries.differences(request.actor, now)}
    return render(request, PAGE, context, status=status)


def outcomes(request: WardpostRequest) -> dict[str, list[tuple[str, object]]]:
    """How each kind of difference may end, as far as it is the reader's to say."""
    return {kind: [(outcome.value, OUTCOME_WORDS[outcome]) for outcome in found
                   if request.actor.role in differences.SAID_BY[outcome]] for kind, found in OUTCOMES.items()}


@require_POST
@require_role(*OUTLET)
def scan_out(request: WardpostRequest) -> HttpResponse:
    """A code was scanned: its dossier lies in the bag of its centre now. Focus stays in the field for the next."""
    code = request.POST.get("code", "")[:300]
    try:
        item = manifests.scan_out(code=code, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        words = " ".join(errors_of(refusal).values())
        return _tabs(request, "out", problem=words, scanned=code, status=422)
    messages.success(request, _("%(code)s lies in the bag.") % {"code": item.reference})
    return go(request, "intake:hand-over")


@never_cache
@require_GET
@require_role(*OUTLET)
def bag(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """One bag: fill and seal it, give it to the carrier, see how it was counted."""
    return _bag(request, manifest_id)


def _bag(request: WardpostRequest, manifest_id: UUID, *, errors: dict[str, str] | None = None,
         status: int = 200) -> HttpResponse:
    now = timezone.now()
    try:
        found = queries.find_bag(manifest_id, actor=request.actor, now=now)
    except ManifestNotFound:
        raise Http404 from None
    return render(request, BAG, {"bag": found, "now": now, "errors": errors or {}, "entered": request.POST,
                                 "outcomes": outcomes(request)}, status=status)


@require_POST
@require_role(*OUTLET)
def take_out(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """Take a line out of an open bag."""
    item_id = uuid_or_none(request.POST.get("item", ""))
    if item_id is None:
        raise Http404
    return _act(request, manifest_id, lambda: manifests.take_out(
        manifest_id=manifest_id, item_id=item_id, by=request.actor, at=timezone.now()),
        _("Taken out of the bag."))


@require_POST
@require_role(*OUTLET)
def seal(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """Close the bag with its seal; its parcel is booked."""
    return _act(request, manifest_id, lambda: manifests.seal(
        manifest_id=manifest_id, seal_number=request.POST.get("seal_number", ""),
        weight_grams=number(request.POST.get("weight_grams", "")), by=request.actor, at=timezone.now()),
        _("Sealed. Print the minutes and keep the bag ready for the carrier."))


@require_POST
@require_role(*OUTLET)
def pick_up(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """The carrier takes the bag; both sign."""
    return _act(request, manifest_id, lambda: manifests.hand_to_carrier(
        manifest_id=manifest_id, gives=signature_of(request, "gives"), takes=signature_of(request, "takes"),
        by=request.actor, at=timezone.now()), _("The carrier has the bag."))


def signature_of(request: WardpostRequest, side: str) -> JointSignature:
    posted = request.POST
    return JointSignature(posted.get(f"{side}_name", ""), posted.get(f"{side}_badge", ""),
                          posted.get(f"{side}_drawing", ""))


def _act(request: WardpostRequest, manifest_id: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _bag(request, manifest_id, errors=errors_of(refusal), status=422)
    messages.success(request, done)
    return go(request, "intake:bag", manifest_id=manifest_id)


# --- both sides -----------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@require_role(*BOTH)
def minutes(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """The hand-over minutes with the signatures given so far."""
    try:
        name, pdf = minutes_pdf(manifest_id, actor=request.actor)
    except ManifestNotFound:
        raise Http404 from None
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})


@require_POST
@require_role(*BOTH, "operator_hq")
def settle(request: WardpostRequest, difference_id: UUID) -> HttpResponse:
    """Say how a difference ended."""
    try:
        settled = differences.settle(
            difference_id=difference_id, outcome=request.POST.get("outcome", ""),
            explanation=request.POST.get("explanation", "")[:500], by=request.actor, at=timezone.now())
    except DifferenceNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, " ".join(errors_of(refusal).values()))
        return redirect(_where_it_stood(request))
    messages.success(request, _("Explained. Both sides see it."))
    if request.actor.role in OUTLET_ROLES:
        return go(request, "intake:bag", manifest_id=settled.manifest_id)
    if request.actor.role in CENTRE_ROLES:
        return go(request, "intake:count-bag", manifest_id=settled.manifest_id)
    return go(request, "agents:home")


def _where_it_stood(request: WardpostRequest) -> str:
    """The page that the form stood on, if it is one of ours."""
    where = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(where, allowed_hosts=None)
    return where if where and is_ours else "/"

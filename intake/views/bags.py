"""Bags at the centre: found by scan, counted line by line, received together; what differs is written down."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.errors import ManifestNotFound
from intake.operations import manifest_counts
from intake.operations.manifest_counts import CountInput, Found, Surplus
from intake.queries import manifests as queries
from intake.queries.manifests import Bag
from intake.queries.originals import held_here
from intake.rules.manifests import ManifestVerdict
from intake.views.answers import errors_of, go
from intake.views.hand_over import outcomes, signature_of
from shared.api import WardpostRequest
from shared.errors import DomainError, NotFound
from shared.roles import CENTRE_ROLES

CENTRE: Final = tuple(sorted(CENTRE_ROLES))
PAGE: Final = "intake/hand_over/centre.html"
COUNT: Final = "intake/hand_over/count.html"


@never_cache
@require_GET
@require_role(*CENTRE)
def bags(request: WardpostRequest) -> HttpResponse:
    """Bags on their way and counted, originals here; `?q=` opens the bag with this manifest, seal or parcel number."""
    typed = request.GET.get("q", "")[:300]
    problem = ""
    if typed.strip():
        try:
            return go(request, "intake:count-bag", manifest_id=queries.find_by_code(typed, actor=request.actor))
        except ManifestNotFound:
            problem = _("No bag for this centre has this number.")
    now = timezone.now()
    tab = "originals" if request.GET.get("tab") == "originals" else "bags"
    context: dict[str, Any] = {"tab": tab, "now": now, "typed": typed, "problem": problem}
    if tab == "originals":
        context |= {"here": held_here(request.actor, now)}
    else:
        context |= {"expected": queries.bags_on_their_way(request.actor),
                    "counted": queries.bags_counted(request.actor)}
    return render(request, PAGE, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*CENTRE)
def count_bag(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """One bag, line by line. POST: the joint count with both signatures, whole or not at all."""
    found = _found(request, manifest_id)
    if request.method != "POST":
        return _page(request, found)
    try:
        manifest_counts.count(_count_of(request, found), manifest_id=manifest_id, by=request.actor,
                              at=timezone.now())
    except DomainError as refusal:
        return _page(request, found, errors=errors_of(refusal), status=422)
    messages.success(request, _("Counted and signed: the term of what is there runs from now."))
    return receive(request, manifest_id) if request.POST.get("receive") else go(
        request, "intake:count-bag", manifest_id=manifest_id)


def _found(request: WardpostRequest, manifest_id: UUID) -> Bag:
    try:
        return queries.find_bag(manifest_id, actor=request.actor, now=timezone.now())
    except ManifestNotFound:
        raise Http404 from None


def _count_of(request: WardpostRequest, found: Bag) -> CountInput:
    """What was ticked; a line that nobody touched has no verdict, so the count is refused."""
    posted = request.POST
    lines = {item.id: Found(posted[f"line-{item.id}"], posted.get(f"note-{item.id}", "")[:300])
             for item in found.items if f"line-{item.id}" in posted}
    codes = [line for text in posted.getlist("surplus") for line in text.splitlines() if line.strip()]
    return CountInput(
        lines=lines, seal_number=posted.get("seal_number", "")[:20], gives=signature_of(request, "gives"),
        takes=signature_of(request, "takes"), surplus=tuple(Surplus(code) for code in codes),
        is_seal_whole=posted.get("seal") != "broken", seal_note=posted.get("seal_note", "")[:300])


def _page(request: WardpostRequest, found: Bag, *, errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    posted = request.POST
    rows = [{"item": item, "chosen": posted.get(f"line-{item.id}", ""), "note": posted.get(f"note-{item.id}", "")}
            for item in found.items]
    wrong = errors or {}
    return render(request, COUNT, {
        "bag": found, "rows": rows, "errors": wrong, "line_errors": [
            words for field, words in wrong.items() if field.startswith(("lines", "surplus")) or not field],
        "entered": posted, "now": timezone.now(), "outcomes": outcomes(request),
        "verdicts": (ManifestVerdict.THERE, ManifestVerdict.DAMAGED, ManifestVerdict.MISSING)}, status=status)


@require_POST
@require_role(*CENTRE)
def receive_bag(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    """Receive everything that the count found."""
    return receive(request, manifest_id)


def receive(request: WardpostRequest, manifest_id: UUID) -> HttpResponse:
    try:
        received = manifest_counts.receive_counted(manifest_id=manifest_id, by=request.actor, at=timezone.now())
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, " ".join(errors_of(refusal).values()))
    else:
        messages.success(request, ngettext("%(n)s dossier received.", "%(n)s dossiers received.", len(received)) % {
            "n": len(received)})
    return go(request, "intake:count-bag", manifest_id=manifest_id)

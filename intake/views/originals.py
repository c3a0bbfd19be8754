"""The originals of a dossier: in whose hand each is and how it came there; taken, described, given back, kept."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.models.dossiers import Dossier
from intake.operations import originals
from intake.operations.originals import OriginalInput
from intake.queries.originals import chain_of
from intake.rules.custody import Holder
from intake.rules.states import Handling
from intake.rules.wording import Words
from intake.views.answers import errors_of, go
from intake.views.hand_over import signature_of
from intake.views.take_entries import number, uuid_or_none
from shared.api import WardpostRequest
from shared.errors import DomainError, NotFound
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

BOTH: Final = tuple(sorted(OUTLET_ROLES | CENTRE_ROLES))
PAGE: Final = "intake/hand_over/originals.html"


@never_cache
@require_GET
@require_role(*BOTH)
def of_dossier(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Every original with its chain; the panel alone when htmx asks."""
    return _page(request, dossier_id)


def _page(request: WardpostRequest, dossier_id: UUID, *, errors: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    dossier: Any = Dossier.objects.seen_by(request.actor).select_related("procedure", "citizen").filter(
        id=dossier_id).first()
    if dossier is None:
        raise Http404
    is_outlet = request.actor.role in OUTLET_ROLES
    chains = chain_of(dossier_id, actor=request.actor, now=timezone.now())
    mine = Holder.OUTLET if is_outlet else Holder.CENTRE
    offered = [(paper["code"], Words(paper["name_vi"], paper["name_en"])) for paper in dossier.procedure.documents]
    template = f"{PAGE}#panel" if request.htmx else PAGE
    return render(request, template, {
        "dossier": dossier, "reference": dossier.code or dossier.agent_ref, "chains": chains, "offered": offered,
        "brought_back": [each.original for each in chains if each.original.is_brought_back and not is_outlet],
        "mine": [each.original for each in chains if each.original.where == mine], "errors": errors or {},
        "entered": request.POST, "is_outlet": is_outlet, "may_take": dossier.handling != Handling.DRAFT,
        "back": reverse("intake:dossier" if is_outlet else "intake:desk", args=[dossier_id])}, status=status)


@require_POST
@require_role(*BOTH)
def take(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The citizen lays an original on the counter."""
    posted = request.POST
    given = OriginalInput(
        component=posted.get("component", ""), name=posted.get("name", ""), identifier=posted.get("identifier", ""),
        sheets=number(posted.get("sheets", "1")), goes_back=posted.get("goes_back") == "1")
    return _act(request, dossier_id, lambda: originals.take_original(
        given, dossier_id=dossier_id, by=request.actor, at=timezone.now()),
        _("Taken into custody. It stands on the slip."))


@require_POST
@require_role(*BOTH)
def describe(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Write down the number on an original."""
    posted, original_id = request.POST, uuid_or_none(request.POST.get("original", ""))
    if original_id is None:
        raise Http404
    return _act(request, dossier_id, lambda: originals.describe_original(
        original_id=original_id, identifier=posted.get("identifier", ""), sheets=number(posted.get("sheets", "1")),
        goes_back=posted.get("goes_back") == "1", by=request.actor, at=timezone.now()), _("Written down."))


@require_POST
@require_role(*BOTH)
def give_back(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The ticked originals go back to the citizen, who signs."""
    chosen = _chosen(request)
    return _act(request, dossier_id, lambda: originals.give_back(
        original_ids=chosen, signed=signature_of(request, "signed"), by=request.actor, at=timezone.now()),
        _("Given back; the signature is kept."))


@require_POST
@require_role(*sorted(CENTRE_ROLES))
def keep(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The ticked originals stay with the authority's papers."""
    chosen = _chosen(request)
    return _act(request, dossier_id, lambda: originals.archive(
        original_ids=chosen, by=request.actor, at=timezone.now()), _("Kept in the archive."))


def _chosen(request: WardpostRequest) -> list[UUID]:
    return [found for text in request.POST.getlist("original") if (found := uuid_or_none(text)) is not None]


def _act(request: WardpostRequest, dossier_id: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        if request.POST.getlist("original"):
            raise Http404 from None
        return _page(request, dossier_id, errors={"": _("Tick the originals first.")}, status=422)
    except DomainError as refusal:
        return _page(request, dossier_id, errors=errors_of(refusal), status=422)
    messages.success(request, done)
    return go(request, "intake:originals", dossier_id=dossier_id)


@require_POST
@require_role(*sorted(CENTRE_ROLES))
def receive_collected(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The centre has what a postman took back at the door."""
    ids = [found for each in request.POST.getlist("original") if (found := uuid_or_none(each)) is not None]
    return _act(request, dossier_id, lambda: originals.receive_collected(
        original_ids=ids, by=request.actor, at=timezone.now()),
        _("Received from the door; it is in the centre’s hands."))

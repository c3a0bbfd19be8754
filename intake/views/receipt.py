"""A dossier as the outlet sees it: what was handed in, whose turn it is, what to print, what to bring."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from billing import public as billing
from intake.errors import DossierNotFound
from intake.models.counter import ComeBackSlip
from intake.models.decisions import SupplementRequest
from intake.operations import documents, supplements
from intake.operations.payments import record_payment
from intake.papers.codes import qr_data_uri, tracking_url
from intake.queries.desk import Desk, find_desk
from intake.queries.desk_papers import OTHER_PAPERS
from intake.queries.life_events import siblings_of
from intake.queries.sessions import consents_of, open_session_of
from intake.queries.takings import lacking_of
from intake.rules.reasons import SUPPLEMENT_REASONS
from intake.rules.states import PAUSED, Handling, MoneyState
from intake.views.answers import errors_of, go, said, uploads
from intake.views.take_entries import number
from intake.views.transfer import transfer_of
from shared import formatting
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.money import ZERO
from shared.roles import Role

PAGE = "intake/counter/dossier.html"


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def dossier(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Show it: after submitting this is the receipt page, later the way to follow it."""
    return _page(request, _found(request, dossier_id))


def _found(request: WardpostRequest, dossier_id: UUID) -> Desk:
    try:
        return find_desk(dossier_id, actor=request.actor, now=timezone.now())
    except DossierNotFound:
        raise Http404 from None


def _page(request: WardpostRequest, found: Desk, *, problem: str = "", status: int = 200) -> HttpResponse:
    session = open_session_of(request.actor)
    mine = session if session is not None and session.citizen_id == found.citizen.id else None
    return render(request, PAGE, {
        "dossier": found, "session": mine, "agreed": consents_of(mine) if mine is not None else frozenset(),
        "qr_data": qr_data_uri(tracking_url(found.reference)), "asked": _asked(found),
        "open_request": _open_request(found), "problem": problem,
        "is_draft": found.handling == Handling.DRAFT, "is_due": found.money == MoneyState.DUE,
        "is_paused": found.handling in PAUSED,
        "course_items": _course(found), **_transfer(request, found), "siblings": siblings_of(found.id, request.actor),
        **_draft_parts(found)}, status=status)


def _transfer(request: WardpostRequest, found: Desk) -> dict[str, object]:
    """The code to pay by, while something is due."""
    if found.money != MoneyState.DUE:
        return {}
    owed = found.pricing.citizen_total if found.pricing is not None else ZERO
    return transfer_of(request, found.id) | {"takes_cards": billing.takes_cards(owed)}


def _draft_parts(found: Desk) -> dict[str, object]:
    """What a draft still lacks, and whether the citizen was given a slip about it."""
    if found.handling != Handling.DRAFT:
        return {}
    return {"has_slip": ComeBackSlip.objects.filter(dossier_id=found.id).exists(), "lacking": lacking_of(found.id)}


def _open_request(found: Desk) -> SupplementRequest | None:
    return next((request for request in found.requests if request.answered_at is None), None)


def _asked(found: Desk) -> list[dict[str, str]]:
    """What the open request asks for, each with the code that an upload answers it by."""
    asked = _open_request(found)
    if asked is None:
        return []
    names = {paper.code: str(paper.name) for paper in found.papers}
    reasons = {code: str(reason.words) for code, reason in SUPPLEMENT_REASONS.items()}
    return [{"code": thing["component"], "name": names.get(thing["component"], str(OTHER_PAPERS)),
             "reason": reasons.get(thing["reason"], ""), "text": thing["text"]}
            for thing in asked.reasons]


def _course(found: Desk) -> list[dict[str, str]]:
    """The steps for components/timeline.html, the last one as what is so now."""
    last = len(found.trail) - 1
    return [{"state": "now" if index == last else "done", "at": formatting.stamp(step.at), "what": str(step.what),
             "who": step.place or step.who} for index, step in enumerate(found.trail)]


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def answer_supplement(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The citizen has brought what was asked for: store it, and tell the centre in one go."""
    found = _found(request, dossier_id)
    now = timezone.now()
    try:
        for component, upload in uploads(request):
            documents.store_document(chunks=upload.chunks(), name=upload.name or "", by=request.actor, at=now,
                                     component=component, dossier_id=found.id)
        supplements.answer(dossier_id=found.id, text=request.POST.get("text", "").strip()[:2000], by=request.actor,
                           at=now, version=number(request.POST.get("version", "")) or None)
    except DomainError as refusal:
        return _page(request, _found(request, dossier_id), problem=" ".join(errors_of(refusal).values()), status=422)
    messages.success(request, _("Sent to the centre. The clock runs again."))
    return go(request, "intake:dossier", dossier_id=found.id)


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def take_money(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The citizen has paid what was due at this counter."""
    try:
        record_payment(dossier_id=dossier_id, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, _found(request, dossier_id), problem=said(refusal), status=409)
    messages.success(request, _("Payment recorded."))
    return go(request, "intake:dossier", dossier_id=dossier_id)

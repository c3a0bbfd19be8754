"""Paying by transfer or card on a dossier's page: the code to scan, and waiting for the bank or the card service."""

from typing import Any
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
from intake.models.dossiers import Dossier
from intake.operations import payments
from intake.papers.codes import qr_data_uri
from intake.views.answers import go, said
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def ask_transfer(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Make the code for what is due."""
    try:
        payments.ask_transfer(dossier_id=dossier_id, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said(refusal))
    return go(request, "intake:dossier", dossier_id=dossier_id)


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def ask_card(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Make the code of the page on which the citizen pays by card."""
    try:
        payments.ask_card(dossier_id=dossier_id, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said(refusal))
    return go(request, "intake:dossier", dossier_id=dossier_id)


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def cancel_transfer(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The citizen pays in another way."""
    asked = _transfer(request, dossier_id)
    if asked is None:
        raise Http404
    try:
        billing.cancel_collection(collection_id=asked.id, by=request.actor, at=timezone.now())
    except DomainError as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, _("The code is void; take the money in another way."))
    return go(request, "intake:dossier", dossier_id=dossier_id)


@never_cache
@require_GET
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def transfer(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The panel alone, asked for again while the bank is awaited; once the money is there the page is drawn anew."""
    shown = transfer_of(request, dossier_id)
    answer = render(request, "intake/counter/transfer.html", shown)
    if shown["transfer"] is None or not shown["transfer"].is_live:
        answer["HX-Refresh"] = "true"
    return answer


def transfer_of(request: WardpostRequest, dossier_id: UUID) -> dict[str, Any]:
    """The latest request for this dossier with its code as an image."""
    found = _transfer(request, dossier_id)
    code = qr_data_uri(found.code) if found is not None and found.is_live else ""
    return {"transfer": found, "transfer_code": code, "dossier_id": dossier_id}


def _transfer(request: WardpostRequest, dossier_id: UUID) -> billing.CollectionInfo | None:
    if not Dossier.objects.seen_by(request.actor).filter(id=dossier_id).exists():
        raise Http404
    return billing.collection_of("dossier", dossier_id, request.actor)

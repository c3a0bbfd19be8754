"""The national portal on screens: how far it knows what we know, and what a person has to settle."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.errors import DossierNotFound
from intake.portal import queries, settling
from intake.views.answers import said
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, Role

READERS: Final = (*sorted(CENTRE_ROLES), Role.AUDITOR, Role.ADMINISTRATOR)
SETTLERS: Final = (*sorted(CENTRE_ROLES), Role.ADMINISTRATOR)


@never_cache
@require_GET
@require_role(*READERS)
def portal(request: WardpostRequest) -> HttpResponse:
    """Counts, what is parked with its cause, what differs."""
    part = "#situation" if request.htmx else ""
    return render(request, f"intake/portal/portal.html{part}", {
        "situation": queries.situation(request.actor), "now": timezone.now(),
        "may_settle": request.actor.role in SETTLERS})


@never_cache
@require_GET
@require_role(*READERS)
def trail(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """What the portal was told of one dossier."""
    try:
        found = queries.trail(dossier_id, actor=request.actor)
    except DossierNotFound:
        raise Http404 from None
    part = "#trail" if request.htmx else ""
    return render(request, f"intake/portal/dossier.html{part}", {
        "trail": found, "may_settle": request.actor.role in SETTLERS})


@require_POST
@require_role(*SETTLERS)
def release(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Send a parked dossier, or one that differs, again."""
    settle = settling.tell_again if request.POST.get("do") == "tell-again" else settling.release
    try:
        settle(dossier_id=dossier_id, by=request.actor, at=timezone.now())
        messages.success(request, _("It is sent to the portal again."))
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said(refusal))
    return redirect("intake:portal-trail", dossier_id=dossier_id)

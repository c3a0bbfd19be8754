"""Corrections that wait for a second person's approval."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.errors import CorrectionNotFound
from intake.operations import corrections
from intake.queries.corrections import dossier_of, waiting_corrections
from intake.views.desk_work_sections import shown_correction
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES

STAFF = tuple(sorted(CENTRE_ROLES))


@never_cache
@require_GET
@require_role(*STAFF)
def waiting(request: WardpostRequest) -> HttpResponse:
    """Every open correction of the centre, the longest waiting first."""
    rows = [(row, shown_correction(row, request.actor.id)) for row in waiting_corrections(request.actor)]
    return render(request, "intake/centre/corrections.html", {"rows": rows, "tab": "corrections"})


@require_POST
@require_role(*STAFF)
def decide(request: WardpostRequest, correction_id: UUID) -> HttpResponse:
    """Approve a correction or turn it down; back to its dossier."""
    dossier_id = dossier_of(correction_id, request.actor)
    if dossier_id is None:
        raise Http404
    note = request.POST.get("note", "")[:500]
    try:
        if request.POST.get("answer") == "approve":
            corrections.approve(correction_id=correction_id, note=note, by=request.actor, at=timezone.now())
            messages.success(request, _("Corrected, with both names on record."))
        else:
            corrections.reject(correction_id=correction_id, note=note, by=request.actor, at=timezone.now())
            messages.success(request, _("The correction was turned down."))
    except CorrectionNotFound:
        raise Http404 from None
    except DomainError as refusal:
        told = "; ".join(str(error.message) for error in refusal.errors) or str(refusal.detail)
        messages.warning(request, f"{refusal.title}. {told}")
    return redirect("intake:desk", dossier_id=dossier_id)

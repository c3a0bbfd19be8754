"""Official papers as PDF, for whoever may see the dossier."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.errors import DossierNotFound, PaperNotReady
from intake.models.papers import PaperKind
from intake.operations.papers import issue_paper
from intake.papers.render import render_pdf
from shared.api import WardpostRequest
from shared.roles import Role

READERS = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER, Role.CENTRE_OFFICER, Role.CENTRE_MANAGER)
NAMES = {PaperKind.RECEIPT: "giay-tiep-nhan", PaperKind.SLIP: "phieu-gui", PaperKind.CONTROL: "phieu-kiem-soat"}


@require_GET
@never_cache
@require_role(*READERS)
def receipt(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """Form 01, issued when the centre received the dossier."""
    return issued(request, dossier_id, PaperKind.RECEIPT)


@require_GET
@never_cache
@require_role(*READERS)
def slip(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The outlet's slip, from submission on."""
    return issued(request, dossier_id, PaperKind.SLIP)


def issued(request: WardpostRequest, dossier_id: UUID, kind: PaperKind) -> HttpResponse:
    """The paper as it was issued; one that cannot be issued yet sends back to the dossier and says so."""
    try:
        paper = issue_paper(dossier_id=dossier_id, kind=kind, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    except PaperNotReady as refusal:
        messages.warning(request, str(refusal.title))
        at_outlet = request.actor.outlet_id is not None
        return redirect("intake:dossier" if at_outlet else "intake:desk", dossier_id=dossier_id)
    name = f"{NAMES[kind]}-{paper.data.get('code') or paper.data.get('reference')}.pdf"
    pdf = render_pdf(kind.value, paper.data, dated=paper.dated)
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})

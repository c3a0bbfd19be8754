"""An envelope between citizen, outlet and centre: what lies in it, and its label."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.auth import require_role
from intake.errors import DossierNotFound
from intake.models.dossiers import Dossier
from intake.operations.sent_papers import PapersInput, expect_papers, send_to_outlet
from intake.views.answers import errors_of
from intake.views.take_entries import number
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

PAGE: Final = "intake/sent_papers.html"


@never_cache
@require_http_methods(["GET", "POST"])
@require_role(*sorted(OUTLET_ROLES | CENTRE_ROLES))
def sent_papers(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The outlet expects papers from the citizen; the centre sends papers to the outlet."""
    dossier = Dossier.objects.seen_by(request.actor).select_related("citizen", "outlet").filter(id=dossier_id).first()
    if dossier is None:
        raise Http404
    if request.method != "POST":
        return _page(request, dossier)
    lines = tuple(line.strip()[:200] for line in request.POST.get("contents", "").splitlines() if line.strip())[:50]
    papers = PapersInput((dossier_id,), lines, number(request.POST.get("weight_grams", "")))
    act = expect_papers if request.actor.outlet_id is not None else send_to_outlet
    try:
        parcel = act(papers, by=request.actor, at=timezone.now())
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, dossier, errors=errors_of(refusal))
    messages.success(request, _("Booked as %(number)s. Print its label.") % {"number": parcel.number})
    return redirect("delivery:parcel", parcel_id=parcel.id)


def _page(request: WardpostRequest, dossier: Dossier, errors: dict[str, str] | None = None) -> HttpResponse:
    is_outlet = request.actor.outlet_id is not None
    return render(request, PAGE, {
        "dossier": dossier, "reference": dossier.code or dossier.agent_ref, "is_outlet": is_outlet,
        "outlet_name": dossier.outlet.name if dossier.outlet is not None else "", "errors": errors or {},
        "entered": request.POST,
        "back": reverse("intake:dossier" if is_outlet else "intake:desk", args=[dossier.id]),
    }, status=422 if errors else 200)  # fmt: skip

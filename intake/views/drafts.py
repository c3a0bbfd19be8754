"""Drafts while they are typed: kept without a page in between; the come-back slip as PDF."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.errors import DossierChanged
from intake.models.counter import ComeBackSlip
from intake.models.dossiers import Dossier
from intake.operations.drafts import save_draft
from intake.papers.render import render_pdf
from intake.queries.sessions import open_session_of
from intake.views.answers import said
from intake.views.draft_parts import conflict_of
from intake.views.take_entries import number, read_entries
from shared import formatting
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role


@require_POST
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def keep(request: WardpostRequest) -> JsonResponse:
    """Keep the form as it stands. The page's script hears a version, or who was first, or nothing."""
    session = open_session_of(request.actor)
    entries = read_entries(request.POST, request.actor.province_code)
    if session is None:
        return JsonResponse({"stop": True, "note": _("The session was closed meanwhile. Nothing more is kept.")})
    if not entries.procedure_code:
        return JsonResponse({})
    channel = entries.channel if entries.channel in {"online", "post"} else "online"
    now = timezone.now()
    try:
        draft = save_draft(replace(entries, channel=channel).as_filing(session.citizen_id), by=request.actor, at=now,
                           version=number(entries.draft_version) or None)
    except DossierChanged as refusal:
        note = render_to_string("intake/counter/draft_conflict.html", {"conflict": conflict_of(refusal)}, request)
        return JsonResponse({"conflict": note})
    except DomainError as refusal:
        return JsonResponse({"stop": True, "note": said(refusal)})
    kept = _("Kept as a draft at %(clock)s") % {"clock": formatting.clock(now)}
    return JsonResponse({"version": draft.version, "note": kept})


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def come_back_slip(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """The last slip of a draft, as it was given."""
    seen = Dossier.objects.seen_by(request.actor).filter(id=dossier_id)
    slip = ComeBackSlip.objects.filter(dossier__in=seen).order_by("-number").first()
    if slip is None:
        raise Http404
    pdf = render_pdf("come_back", slip.data, dated=slip.issued_at)
    name = f"phieu-hen-{slip.data['reference']}-{slip.number}.pdf"
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{name}"'})

"""Who else has this dossier open, and whether it has changed since it was opened."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agents.auth import require_role
from intake.errors import DossierNotFound
from intake.operations.presence import note_presence
from intake.queries.presence import changes_since, others_at
from shared.api import WardpostRequest
from shared.roles import CENTRE_ROLES

STAFF: Final = tuple(sorted(CENTRE_ROLES))


@never_cache
@require_POST
@require_role(*STAFF)
def presence(request: WardpostRequest, dossier_id: UUID) -> HttpResponse:
    """A desk says every half minute that it is open; the answer is who else is there and what has changed."""
    now = timezone.now()
    try:
        note_presence(dossier_id=dossier_id, by=request.actor, at=now)
    except DossierNotFound:
        raise Http404 from None
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    return render(request, "intake/centre/with.html", {
        "others": others_at(dossier_id, request.actor, now=now), "now": now, "dossier_id": dossier_id,
        "changes": changes_since(dossier_id, version, request.actor) if version is not None else ()})

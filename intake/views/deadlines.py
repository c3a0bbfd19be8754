"""What is nearly due, late, or stands still: for centres, outlets, operators and the city."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.queries.deadlines import deadlines
from shared.api import WardpostRequest
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

READERS: Final = (*sorted(CENTRE_ROLES), *sorted(OUTLET_ROLES), Role.OPERATOR_HQ, Role.AUDITOR, Role.ADMINISTRATOR)


@never_cache
@require_GET
@require_role(*READERS)
def deadlines_page(request: WardpostRequest) -> HttpResponse:
    """Who has each dossier now, since when, until when, what to do; `?ai=ta` keeps what lies with one's own place."""
    only_ours = request.GET.get("ai") == "ta"
    return render(request, "intake/deadlines.html", {
        "found": deadlines(request.actor, now=timezone.now(), only_ours=only_ours), "only_ours": only_ours,
        "now": timezone.now(), "has_place": bool(request.actor.centre_id or request.actor.outlet_id),
        "opens": "desk" if request.actor.centre_id else "dossier" if request.actor.outlet_id else ""})

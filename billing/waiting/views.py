"""What of the money waits for a person, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.auth import require_role
from billing.queries.books import ROLES
from billing.waiting.queries import waiting
from billing.waiting.rules import Family
from shared.api import WardpostRequest
from shared.roles import Role


@never_cache
@require_GET
@require_role(*sorted(ROLES))
def work(request: WardpostRequest) -> HttpResponse:
    """Open work of the city's finance or of the operator's headquarters, the oldest duty first."""
    asked = request.GET.get("loai", "")
    family = asked if asked in set(Family) else ""
    now = timezone.now()
    return render(request, "billing/waiting.html", {
        "page": waiting(request.actor, family=family, now=now), "family": family,
        "is_operator": request.actor.role == Role.OPERATOR_HQ})

"""A citizen's page at the outlet: what she agreed to, helps and referrals; a yes can be taken back at any time."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.coaching.queries import sessions_of
from intake.errors import CitizenNotFound
from intake.models.citizens import Citizen, ConsentPurpose
from intake.operations.citizens import see_citizen
from intake.operations.sessions import CHANNELS, withdraw_at_any_time
from intake.queries.account_help import helps_of, referrals_of
from intake.queries.sessions import consent_history, last_words
from intake.views.answers import go, said
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def citizen(request: WardpostRequest, citizen_id: UUID) -> HttpResponse:
    """The page; looking is written down."""
    try:
        see_citizen(citizen_id=citizen_id, by=request.actor, at=timezone.now())
    except CitizenNotFound:
        raise Http404 from None
    words = last_words(citizen_id)
    person = Citizen.objects.select_related("commune__province", "former_commune").get(id=citizen_id)
    return render(request, "intake/counter/citizen.html", {
        "citizen": person, "consents": [(purpose, words.get(purpose.value, False)) for purpose in ConsentPurpose],
        "history": consent_history(citizen_id)[:20], "helps": helps_of(request.actor, citizen_id=citizen_id),
        "referrals": referrals_of(request.actor, citizen_id=citizen_id), "channels": _channels(),
        "coached": sessions_of(request.actor, citizen_id=citizen_id)})


def _channels() -> list[tuple[str, str]]:
    words = {"counter": _("at the counter"), "phone": _("by telephone"), "paper": _("on paper")}
    return [(channel, words[channel]) for channel in CHANNELS]


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def withdraw(request: WardpostRequest, citizen_id: UUID) -> HttpResponse:
    """Take back a yes outside a session."""
    try:
        withdraw_at_any_time(citizen_id=citizen_id, purpose=request.POST.get("purpose", ""),
                             channel=request.POST.get("channel", ""), by=request.actor, at=timezone.now())
    except CitizenNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, said(refusal))
    else:
        messages.success(request, _("Taken back. Whoever works under it stops now."))
    return go(request, "intake:citizen", citizen_id=citizen_id)

"""The counter's day, and forwarding paper dossiers from it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from delivery import public as delivery
from intake.errors import DossierNotFound
from intake.operations.forwarding import forward_on_paper
from intake.queries.catalogue import search_procedures
from intake.queries.counter import common_procedures, counter_day
from intake.queries.counter_citizens import citizens_in_reach
from intake.queries.sessions import consents_of, open_session_of
from intake.views.answers import errors_of, go
from intake.views.take_entries import number, uuid_or_none
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import Role

HEAVIEST_GRAMS = 30_000


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def counter(request: WardpostRequest) -> HttpResponse:
    """What is waiting, what is late, what to do next."""
    session = open_session_of(request.actor)
    citizen = citizens_in_reach(request.actor).get(id=session.citizen_id) if session is not None else None
    return render(request, "intake/counter/day.html", {
        "day": counter_day(request.actor, timezone.now()), "session": session, "citizen": citizen,
        "agreed": consents_of(session) if session is not None else frozenset(),
        "is_manager": request.actor.role == Role.OUTLET_MANAGER})


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def forward(request: WardpostRequest) -> HttpResponse:
    """Send the ticked dossiers of one centre in one parcel."""
    chosen = [dossier_id for text in request.POST.getlist("dossier") if (dossier_id := uuid_or_none(text))]
    weight = number(request.POST.get("weight", ""))
    if not chosen:
        messages.warning(request, _("Tick the dossiers that go into the parcel."))
        return go(request, "intake:counter")
    if not 1 <= weight <= HEAVIEST_GRAMS:
        messages.warning(request, _("Weigh the parcel: between 1 and 30,000 grams."))
        return go(request, "intake:counter")
    return _forward(request, chosen, weight)


def _forward(request: WardpostRequest, chosen: list[UUID], weight: int) -> HttpResponse:
    try:
        sent = forward_on_paper(dossier_ids=chosen, by=request.actor, at=timezone.now(), weight_grams=weight)
    except DossierNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, " ".join(errors_of(refusal).values()))
        return go(request, "intake:counter")
    done = ngettext("%(n)s dossier goes as parcel %(number)s. Stick the label on and hand it to the carrier.",
                    "%(n)s dossiers go as parcel %(number)s. Stick the label on and hand it to the carrier.", len(sent))
    messages.success(request, done % {"n": len(sent), "number": sent[0].parcel_number})
    (parcel,) = delivery.parcels_by_code(sent[0].parcel_number, request.actor)
    return go(request, "delivery:parcel", parcel_id=parcel.id)


@require_GET
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def procedure_offers(request: WardpostRequest) -> HttpResponse:
    """Offer procedures for the words that are being typed."""
    typed, today = request.GET.get("procedure_q", "").strip(), local(timezone.now()).date()
    found = search_procedures(typed, today, limit=8)
    common = [] if typed else common_procedures(request.actor, today)
    return render(request, "intake/counter/procedure_offers.html", {"found": found, "typed": typed, "common": common})

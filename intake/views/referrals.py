"""Referrals: made with a slip, listed until somebody has asked what became of them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents import public as agents
from agents.auth import require_role
from intake.errors import ReferralNotFound
from intake.models.account_help import Referral
from intake.models.citizens import ActingSession
from intake.operations.referrals import ReferralInput, record_outcome, refer_citizen
from intake.papers.referral import referral_data
from intake.papers.render import render_pdf
from intake.queries.account_help import ReferralLine, counted, find_referral, referrals_of
from intake.queries.catalogue import get_procedure
from intake.queries.counter_citizens import citizens_in_reach
from intake.queries.offers import Wish, filing_offer
from intake.rules.account_help_words import OUTCOME_WORDS
from intake.views.answers import errors_of, go, said
from intake.views.take_entries import Entries, uuid_or_none
from intake.views.typed_moments import typed_moment
from shared.actors import Actor
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.roles import Role

STAFF: Final = (Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
OF_POLICE: Final = "identity_residence"
"""The field of the catalogue whose procedures the police of a commune handle."""


def refer_in_session(actor: Actor, session: ActingSession, entries: Entries, *, at: datetime) -> Referral:
    """Refer the citizen of the session about the chosen procedure; raises what refer_citizen does."""
    citizen = citizens_in_reach(actor).get(id=session.citizen_id)
    procedure = get_procedure(entries.procedure_code, local(at).date())
    centre_id = None
    if procedure.field != OF_POLICE:
        wish = Wish(citizen=citizen, procedure_code=procedure.code, place=entries.place.choice)
        receiving = filing_offer(wish, outlet=agents.get_outlet(session.outlet_id), at=at).route.receiving
        centre_id = receiving.id if receiving is not None else None
    return refer_citizen(ReferralInput(citizen_id=citizen.id, procedure_code=procedure.code, centre_id=centre_id),
                         by=actor, at=at)


@require_GET
@never_cache
@require_role(*STAFF)
def referrals(request: WardpostRequest) -> HttpResponse:
    """All referrals of the outlet, what is open first, with this month's counts."""
    now = timezone.now()
    return render(request, "intake/counter/referrals.html", {
        "lines": referrals_of(request.actor), "counted": counted(request.actor, now), "now": now,
        "outcomes": list(OUTCOME_WORDS.items())})


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF)
def refer(request: WardpostRequest, citizen_id: UUID) -> HttpResponse:
    """Refer a citizen outside a dossier: for an ID card, electronic identity, certified copies."""
    citizen = citizens_in_reach(request.actor).filter(id=citizen_id).first()
    if citizen is None:
        raise Http404
    context: dict[str, object] = {"citizen": citizen, "entries": request.POST, "help_id": request.GET.get("help", ""),
                                  "centres": _centres(request.actor), "errors": {}}
    if request.method == "GET":
        return render(request, "intake/counter/refer.html", context)
    try:
        made = refer_citizen(_typed(request, citizen_id), by=request.actor, at=timezone.now())
    except ValueError:
        context["errors"] = {"booked_for": _("Give day and time.")}
    except DomainError as refusal:
        context["errors"] = errors_of(refusal)
    else:
        return go(request, "intake:referral", referral_id=made.id)
    context["help_id"] = request.POST.get("account_help_id", "")
    return render(request, "intake/counter/refer.html", context, status=422)


def _centres(actor: Actor) -> list[agents.CentreInfo]:
    return list(agents.centres_of_province(actor.province_code, local(timezone.now()).date()))


def _typed(request: WardpostRequest, citizen_id: UUID) -> ReferralInput:
    """Raises ValueError for a moment that is none."""
    posted = request.POST
    booked = posted.get("booked_for", "").strip()
    return ReferralInput(
        citizen_id=citizen_id, procedure_code=posted.get("procedure_code", "").strip(),
        centre_id=uuid_or_none(posted.get("centre_id", "")),
        account_help_id=uuid_or_none(posted.get("account_help_id", "")),
        place_address=posted.get("place_address", ""), place_hours=posted.get("place_hours", ""),
        place_phone=posted.get("place_phone", ""), booked_for=typed_moment(booked) if booked else None,
        note=posted.get("note", ""))


@require_GET
@never_cache
@require_role(*STAFF)
def referral(request: WardpostRequest, referral_id: UUID) -> HttpResponse:
    """One referral: where, when, with what; the slip to print, and what became of it."""
    return render(request, "intake/counter/referral.html", {
        "line": _found(request, referral_id), "outcomes": list(OUTCOME_WORDS.items())})


@require_GET
@never_cache
@require_role(*STAFF)
def slip(request: WardpostRequest, referral_id: UUID) -> HttpResponse:
    """The referral slip as PDF."""
    found = _found(request, referral_id).referral
    pdf = render_pdf("referral", referral_data(found), dated=found.made_at)
    return HttpResponse(pdf, content_type="application/pdf", headers={
        "Content-Disposition": f'inline; filename="giay-gioi-thieu-{found.code}.pdf"'})


@require_POST
@require_role(*STAFF)
def outcome(request: WardpostRequest, referral_id: UUID) -> HttpResponse:
    """Write down what became of a referral."""
    try:
        record_outcome(referral_id=referral_id, outcome=request.POST.get("outcome", ""),
                       note=request.POST.get("note", ""), by=request.actor, at=timezone.now())
    except ReferralNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, said(refusal))
    return go(request, "intake:referrals")


def _found(request: WardpostRequest, referral_id: UUID) -> ReferralLine:
    found = find_referral(referral_id, request.actor)
    if found is None:
        raise Http404
    return found

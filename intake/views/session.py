"""The acting-for session on screen: who stands here, what was agreed, under what is filed, and whose paper that is."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from agents.auth import require_role
from intake.errors import StopNotFound
from intake.models.citizens import ConsentPurpose
from intake.models.documents import Document
from intake.models.mandates import SecondCitizenStop
from intake.operations import mandates, second_citizen, sessions
from intake.operations.citizens import find_by_national_id
from intake.operations.mandates import RECORDED, MandateInput
from intake.operations.second_citizen import StopAnswer
from intake.queries.acting import Acting, acting_for
from intake.queries.sessions import consent_history
from intake.rules.mandate_words import DECISION_WORDS, MANDATE_WORDS, RELATION_WORDS
from intake.rules.second_citizen import StopDecision, choices_of
from intake.views.answers import errors_of, go, show, tell_if_masked
from intake.views.take_entries import uuid_or_none
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role

PAGE: Final = "intake/counter/session.html"
ASKED: Final = (ConsentPurpose.ASSIST_FILING, ConsentPurpose.DELIVER_HOME, ConsentPurpose.NOTIFY,
                ConsentPurpose.KEEP_COPIES)
TYPED: Final = ("kind", "relation", "representative_name", "national_id", "reference", "introduction", "certified_by",
                "valid_to", "document_id", "stop_id")
WANTED: Final = "phục vụ tại quầy"
"""Why the other citizen of a scanned card is looked up."""


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def session(request: WardpostRequest) -> HttpResponse:
    """The session as a drawer over the page, or as a page of its own."""
    acting = acting_for(request.actor)
    if acting is None:
        return _nobody(request)
    return _page(request, acting)


def _nobody(request: WardpostRequest) -> HttpResponse:
    messages.info(request, _("Nobody is acted for now. Begin with the citizen."))
    return go(request, "intake:take")


def _page(request: WardpostRequest, acting: Acting, *, entries: Mapping[str, str] | None = None,
          errors: Mapping[str, str] | None = None, stop_errors: Mapping[str, str] | None = None, note: str = "",
          is_changed: bool = False) -> HttpResponse:
    """`is_changed`: the strip is sent along, because it says something else now."""
    scans = Document.objects.filter(outlet=request.actor.outlet_id, dossier=None, uploaded_by=request.actor.id)
    return show(request, PAGE, "drawer", {
        "acting": acting, "strip": acting, "is_changed": is_changed, "entries": entries or {}, "errors": errors or {},
        "stop_errors": stop_errors or {}, "note": note,
        "kinds": [(kind.value, MANDATE_WORDS[kind]) for kind in RECORDED],
        "relations": [(code, words) for code, words in RELATION_WORDS.items()],
        "choices": _choices(acting), "scans": scans.order_by("-uploaded_at", "-id")[:12],
        "consents": [(purpose.value, purpose.value in acting.agreed) for purpose in ASKED],
        "history": consent_history(acting.citizen.id)[:12],
    }, status=422 if errors or stop_errors else 200)


def _choices(acting: Acting) -> list[tuple[str, object, object]]:
    if acting.stop is None:
        return []
    return [(decision.value, *DECISION_WORDS[decision]) for decision in choices_of(acting.stop.cause)]


def _again(request: WardpostRequest, note: str = "") -> HttpResponse:
    """What stands now: in the drawer it came from, or on its page."""
    acting = acting_for(request.actor)
    if acting is None:
        return go(request, "intake:take")
    if request.htmx:
        return _page(request, acting, note=note, is_changed=True)
    if note:
        messages.success(request, note)
    return redirect("intake:session")


@require_POST
@sensitive_post_parameters()
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def record(request: WardpostRequest) -> HttpResponse:
    """Record a mandate; what is wrong comes back beside its field with everything that was typed."""
    acting = acting_for(request.actor)
    if acting is None:
        return _nobody(request)
    entries = {name: request.POST.get(name, "").strip() for name in TYPED}
    try:
        typed = _typed(request.POST)
        mandates.record_mandate(session_id=acting.session.id, typed=typed, by=request.actor, at=timezone.now())
    except ValueError:
        return _page(request, acting, entries=entries, errors={"valid_to": _("Choose the last day of the mandate.")})
    except DomainError as refusal:
        return _page(request, acting, entries=entries, errors=errors_of(refusal))
    return _again(request, _("Recorded. What is filed from now on may rest on it."))


def _typed(posted: QueryDict) -> MandateInput:
    """Raises ValueError for a day that is none."""
    until = posted.get("valid_to", "").strip()
    texts = {name: posted.get(name, "") for name in TYPED[:7]}
    return MandateInput(**texts, valid_to=date.fromisoformat(until) if until else None,
                        document_id=uuid_or_none(posted.get("document_id", "")),
                        stop_id=uuid_or_none(posted.get("stop_id", "")))


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def withdraw(request: WardpostRequest, mandate_id: UUID) -> HttpResponse:
    """The citizen takes a mandate back."""
    try:
        mandates.withdraw_mandate(mandate_id=mandate_id, by=request.actor, at=timezone.now())
    except DomainError:
        raise Http404 from None
    return _again(request, _("Taken back. Nothing is filed under it any more."))


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def consent(request: WardpostRequest) -> HttpResponse:
    """A yes given or taken back; without a yes to the help itself the session is over."""
    acting = acting_for(request.actor)
    if acting is None:
        return _nobody(request)
    word, _colon, purpose = request.POST.get("consent", "").partition(":")
    if purpose not in ConsentPurpose.values:
        raise Http404
    if word == "withdraw":
        sessions.withdraw_consent(session_id=acting.session.id, purpose=purpose, by=request.actor, at=timezone.now())
        if purpose == ConsentPurpose.ASSIST_FILING:
            messages.success(request, _("The citizen took back the yes to our help: the session is closed."))
            return go(request, "intake:counter")
    else:
        sessions.open_session(citizen_id=acting.citizen.id, purposes=[ConsentPurpose.ASSIST_FILING, purpose],
                              by=request.actor, at=timezone.now())
    return _again(request)


# --- a second citizen's paper ---------------------------------------------------------------------------------------


@require_POST
@sensitive_post_parameters()
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def card(request: WardpostRequest) -> HttpResponse:
    """A card was scanned while somebody is acted for: her own, or a stop."""
    acting = acting_for(request.actor)
    if acting is None:
        return _nobody(request)
    try:
        stop = second_citizen.note_card(session_id=acting.session.id, text=request.POST.get("text", ""),
                                        by=request.actor, at=timezone.now())
    except DomainError:
        return _nobody(request)
    return _again(request, "" if stop is not None else _("This is the citizen’s own card, or one you have explained."))


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def decide(request: WardpostRequest, stop_id: UUID) -> HttpResponse:
    """The clerk says whose paper that is; switching and representing lead on to their own step."""
    acting = acting_for(request.actor)
    if acting is None or acting.stop is None or acting.stop.id != stop_id:
        raise Http404
    answer = StopAnswer(request.POST.get("decision", ""), request.POST.get("stop_relation", ""),
                        request.POST.get("note", ""))
    try:
        stop = second_citizen.decide_stop(stop_id=stop_id, answer=answer, by=request.actor, at=timezone.now())
    except StopNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, acting, stop_errors=errors_of(refusal), entries={"decision": answer.decision,
                                                                               "note": answer.note})
    tell_if_masked(request, answer.note)
    if stop.decision == StopDecision.SWITCH:
        return _switch(request, acting, second_citizen.number_of(stop))
    if stop.decision == StopDecision.REPRESENTATIVE:
        return _introduce(request, stop)
    return _again(request, _("Written down. You can go on."))


def _switch(request: WardpostRequest, acting: Acting, number: str) -> HttpResponse:
    """End this session and begin with the other citizen, when she is known."""
    sessions.close_session(session_id=acting.session.id, by=request.actor, at=timezone.now(), because="switched")
    known = None
    if number:
        known = find_by_national_id(national_id=number, purpose=WANTED, by=request.actor, at=timezone.now())
    messages.success(request, _("The session is closed. Begin with the other citizen."))
    where = reverse("intake:take")
    return go(request, f"{where}?citizen={known.id}" if known is not None else where)


def _introduce(request: WardpostRequest, stop: SecondCitizenStop) -> HttpResponse:
    """The form of a mandate with the person of the scanned card in it; the number stays where it is sealed."""
    acting = acting_for(request.actor)
    if acting is None:
        return _nobody(request)
    entries = {"kind": "written", "representative_name": stop.other_name, "stop_id": str(stop.id),
               "scanned": stop.number_masked}
    return _page(request, acting, entries=entries, is_changed=True,
                 note=_("Now record under what this person acts for the citizen."))

"""Help with accounts: what is open at this outlet, and one help step by step. No field takes a password or a code."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents.auth import require_role
from intake.errors import AccountHelpNotFound
from intake.models.documents import Document
from intake.operations.account_help import StepInput, open_help, take_help_step
from intake.operations.documents import store_document
from intake.queries.account_help import HelpLine, find_help, helps_of, next_steps, steps_of
from intake.queries.counter_citizens import citizens_in_reach
from intake.rules.account_help_words import KIND_WORDS
from intake.views.answers import errors_of, go, tell_if_masked
from intake.views.take_entries import uuid_or_none
from intake.views.typed_moments import typed_moment
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import Role


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def helps(request: WardpostRequest) -> HttpResponse:
    """What is open, those that wait longest first; with a citizen, hers and the beginning of a new one."""
    wanted = uuid_or_none(request.POST.get("citizen", "") or request.GET.get("citizen", ""))
    citizen = citizens_in_reach(request.actor).filter(id=wanted).first() if wanted is not None else None
    if request.method == "POST":
        if citizen is None:
            raise Http404
        return _open(request, citizen.id)
    lines = helps_of(request.actor, citizen_id=citizen.id if citizen else None, only_open=citizen is None)
    return render(request, "intake/counter/account_helps.html", {
        "lines": lines, "citizen": citizen, "kinds": list(KIND_WORDS.items()), "now": timezone.now()})


def _open(request: WardpostRequest, citizen_id: UUID) -> HttpResponse:
    try:
        made = open_help(citizen_id=citizen_id, kind=request.POST.get("kind", ""), by=request.actor, at=timezone.now())
    except DomainError:
        raise Http404 from None
    return go(request, "intake:account-help", help_id=made.id)


@require_GET
@never_cache
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def one(request: WardpostRequest, help_id: UUID) -> HttpResponse:
    """One help: what was done, with its proof, and what comes next."""
    return _page(request, _found(request, help_id))


def _page(request: WardpostRequest, line: HelpLine, errors: dict[str, str] | None = None) -> HttpResponse:
    return render(request, "intake/counter/account_help.html", {
        "line": line, "steps": steps_of(line.help), "next_steps": next_steps(line.help), "errors": errors or {},
        "entries": request.POST}, status=422 if errors else 200)


def _found(request: WardpostRequest, help_id: UUID) -> HelpLine:
    line = find_help(help_id, request.actor)
    if line is None:
        raise Http404
    return line


@require_POST
@require_role(Role.OUTLET_CLERK, Role.OUTLET_MANAGER)
def step(request: WardpostRequest, help_id: UUID) -> HttpResponse:
    """Record the next step; a photo of the screen or of a paper may show it."""
    line = _found(request, help_id)
    booked = request.POST.get("booked_for", "").strip()
    try:
        take_help_step(help_id=help_id, by=request.actor, at=timezone.now(), step=StepInput(
            action=request.POST.get("action", ""), note=request.POST.get("note", ""),
            booked_for=typed_moment(booked) if booked else None, document_id=_proof(request)))
    except ValueError:
        return _page(request, line, {"booked_for": _("Give day and time.")})
    except AccountHelpNotFound:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, line, errors_of(refusal))
    tell_if_masked(request, request.POST.get("note", ""))
    return go(request, "intake:account-help", help_id=help_id)


def _proof(request: WardpostRequest) -> UUID | None:
    """The photo that came along, stored; raises as store_document does."""
    upload = request.FILES.get("proof")
    if upload is None:
        return None
    stored: Document = store_document(chunks=upload.chunks(), name=upload.name or "", component="other",
                                      by=request.actor, at=timezone.now())
    return stored.id

"""Competence at a centre: questions that wait, opinions that were asked, precedents that hold."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents import public as agents
from agents.auth import require_role
from intake.operations import precedents
from intake.operations.authority import take_on
from intake.queries.opinions import opinion_rows, question_rows, questions_seen_by
from intake.queries.precedents import find_precedent, search_precedents
from intake.views.authority import ANSWERERS
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, Role

READERS: Final = (*sorted(CENTRE_ROLES), Role.AUDITOR, Role.ADMINISTRATOR)
TABS: Final = ("cau-hoi", "y-kien", "tien-le")


@never_cache
@require_GET
@require_role(*READERS)
def competence(request: WardpostRequest) -> HttpResponse:
    """`?tab=` chooses among questions, opinions and precedents; `?q=` searches the precedents."""
    tab, now, actor = request.GET.get("tab", TABS[0]), timezone.now(), request.actor
    if tab not in TABS:
        raise Http404
    context = {"tab": tab, "now": now, "may_answer": actor.role in ANSWERERS,
               "may_ask": actor.role in CENTRE_ROLES}
    if tab == "cau-hoi":
        context["questions"] = question_rows(questions_seen_by(actor), actor=actor, now=now)
    elif tab == "y-kien":
        context |= {"waiting": opinion_rows(actor, now=now), "settled": opinion_rows(actor, now=now, is_open=False)}
    else:
        text = request.GET.get("q", "")[:120]
        context |= {"query": text, "found": search_precedents(actor, text=text,
                                                              only_in_force=request.GET.get("het") != "1"),
                    "with_ended": request.GET.get("het") == "1"}
    return render(request, "intake/opinions/competence.html", context)


@require_POST
@require_role(*ANSWERERS)
def own(request: WardpostRequest, question_id: UUID) -> HttpResponse:
    """Take a question on, or give it to the manager chosen as `owner`."""
    try:
        owner = UUID(request.POST["owner"]) if request.POST.get("owner") else None
        take_on(question_id=question_id, owner_id=owner, by=request.actor, at=timezone.now())
    except ValueError:
        raise Http404 from None
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.warning(request, f"{refusal.title}. {refusal.detail}")
    else:
        messages.success(request, _("The question has an owner now."))
    return redirect(reverse("intake:competence"))


def owners(request: WardpostRequest) -> list[tuple[UUID, str, str]]:
    """Who may be given a question."""
    return agents.centre_managers(request.actor.province_code) if request.actor.province_code else []


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*READERS)
def precedent(request: WardpostRequest, precedent_id: UUID) -> HttpResponse:
    """One precedent with its source, scope and uses; a manager takes it back with a reason."""
    found = find_precedent(precedent_id, request.actor)
    if found is None:
        raise Http404
    error = ""
    if request.method == "POST":
        if request.actor.role not in ANSWERERS:
            raise PermissionDenied
        try:
            precedents.withdraw(precedent_id=precedent_id, reason=request.POST.get("reason", ""), by=request.actor,
                                at=timezone.now())
        except DomainError as refusal:
            error = str(refusal.errors[0].message if refusal.errors else refusal.title)
        else:
            messages.success(request, _("The precedent was taken back."))
            return redirect("intake:precedent", precedent_id)
    return render(request, "intake/opinions/precedent.html", {
        "said": found, "error": error, "typed": request.POST.get("reason", ""),
        "may_withdraw": found.is_in_force and request.actor.role in ANSWERERS}, status=422 if error else 200)

"""One's delegations: what one has handed on, what one was handed, and what was done under it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.auth import EVERY_ROLE, require_role
from agents.duties import operations
from agents.duties.forms import DelegationForm
from agents.duties.queries import acts_under, delegations_seen_by, may_receive, of_person
from agents.duties.rules import duties_of
from agents.forms import show
from agents.models.people import StaffAccount
from agents.people.proof_views import fresh_proof
from agents.scope import accounts_seen_by
from shared.api import WardpostRequest
from shared.errors import DomainError


@require_safe
@require_role(*EVERY_ROLE)
def own_duties(request: WardpostRequest) -> HttpResponse:
    """What I have handed on and was handed; hand duties on."""
    return redirect("agents:person-duties", request.actor.id)


@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
@fresh_proof()
def duties(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """What a person has handed on and was handed; hand her duties on."""
    person = accounts_seen_by(request.actor).filter(id=account_id).first()
    if person is None:
        raise Http404
    form = _form(request, person)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _given(request, person, form):
            messages.success(request, _("The duties are handed on."))
            return redirect("agents:person-duties", account_id)
    context = {"form": form, "rows": _told(person, timezone.localdate()), "person": person,
               "is_me": str(person.pk) == request.actor.id, "has_duties": bool(duties_of(person.role))}
    return render(request, "agents/duties/list.html", context, status=422 if form and form.errors else 200)


def _form(request: WardpostRequest, person: StaffAccount) -> DelegationForm | None:
    """None: she has nothing to hand on, nobody to hand it to, or it is not for who asks."""
    today = timezone.localdate()
    if not operations.may_hand_on(request.actor, person) or not person.has_access(today):
        return None
    hers = duties_of(person.role)
    colleagues = may_receive(person, hers, today)
    return DelegationForm(request.POST or None, duties=hers, colleagues=colleagues) if colleagues else None


def _told(person: StaffAccount, today: date) -> list[dict[str, Any]]:
    return [{"each": each, "is_over": each.is_over(today), "runs": each.runs(today),
             "is_given": each.giver_id == person.pk} for each in of_person(person.pk)]


def _given(request: WardpostRequest, person: StaffAccount, form: DelegationForm) -> bool:
    data = form.cleaned_data
    try:
        operations.give(giver_id=person.pk, receiver_id=data["receiver_id"], duties=data["duties"],
                        from_date=data["from_date"], until_date=form.until_date, reason=data["reason"],
                        by=request.actor, at=timezone.now())
    except DomainError as error:
        if error.status == 403:
            raise PermissionDenied from error
        _show(error, form)
        return False
    return True


def _show(error: DomainError, form: DelegationForm) -> None:
    show(error, form, renamed={"until_date": "last_day"})


@require_safe
@require_role(*EVERY_ROLE)
def delegation(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """One delegation, and what was done under it."""
    found = delegations_seen_by(request.actor).filter(id=delegation_id).first()
    if found is None:
        raise Http404
    today = timezone.localdate()
    context = {"each": found, "acts": acts_under(found.id), "is_over": found.is_over(today), "runs": found.runs(today),
               "may_end": operations.may_end(found, request.actor) and not found.is_over(today)}
    return render(request, "agents/duties/delegation.html", context)


@require_POST
@require_role(*EVERY_ROLE)
def end(request: WardpostRequest, delegation_id: UUID) -> HttpResponse:
    """Take them back."""
    try:
        operations.end(delegation_id=delegation_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        if error.status == 404:
            raise Http404 from error
        messages.warning(request, str(error.title))
    else:
        messages.success(request, _("The delegation of duties has ended."))
    return redirect("agents:delegation", delegation_id)

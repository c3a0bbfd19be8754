"""Asking people in, and their answer."""

from typing import Any, Final
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agents.auth import require_role
from agents.forms import show
from agents.models.people import StaffAccount
from agents.people import inviting
from agents.people.errors import InvitationNotFound
from agents.people.forms import AcceptForm, CodeForm, InvitationForm
from agents.people.mailing import is_connected, link_of
from agents.people.proof_views import fresh_proof
from agents.people.queries import invitation_of_code
from agents.rules import GRANTS
from agents.views.staff import ENROLLERS
from agents.workplaces import place_choices, read_place
from shared.api import WardpostRequest
from shared.crypto import open_text, seal_text
from shared.errors import DomainError
from shared.roles import OUTLET_ROLES, Role

_CODE: Final = "invitation_code"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*ENROLLERS)
@fresh_proof()
def invite(request: WardpostRequest) -> HttpResponse:
    """Ask somebody in; the link is shown once."""
    places = place_choices(request.actor)
    form = InvitationForm(request.POST or None, roles=GRANTS[request.actor.role], places=places,
                          initial=_suggested(request, places))
    if request.method == "POST" and form.is_valid():
        invited = _invited(request, form)
        if invited is not None:
            return _link_page(request, invited)
    return render(request, "agents/people/invite.html", {"form": form}, status=422 if form.errors else 200)


def _suggested(request: WardpostRequest, places: list[Any]) -> dict[str, str]:
    """Where only one place is possible it is chosen already."""
    if request.actor.role == Role.OUTLET_MANAGER or len(places) == 1 == len(places[0][1]):
        return {"place": places[0][1][0][0]} if places else {}
    return {}


def _invited(request: WardpostRequest, form: InvitationForm) -> inviting.Invited | None:
    data = form.cleaned_data
    try:
        return inviting.invite(
            display_name=data["display_name"], email=data["email"], phone=data["phone"], role=data["role"],
            place=read_place(data["place"]), procedure_groups=data["procedure_groups"], works_until=form.works_until,
            by=request.actor, at=timezone.now())
    except DomainError as error:
        show(error, form)
        return None


def _link_page(request: WardpostRequest, invited: inviting.Invited) -> HttpResponse:
    link = link_of(invited.code)
    context = {"invitation": invited.invitation, "link": link, "is_mailed": is_connected() and invited.invitation.email,
               "picture": segno.make(link, error="m", micro=False).svg_data_uri(border=2, scale=4)}
    return render(request, "agents/people/invited.html", context)


@never_cache
@require_POST
@require_role(*ENROLLERS)
@fresh_proof()
def resend(request: WardpostRequest, invitation_id: UUID) -> HttpResponse:
    """A new link; the old one is worth nothing."""
    try:
        invited = inviting.resend(invitation_id=invitation_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        return _back(request, error)
    return _link_page(request, invited)


@require_POST
@require_role(*ENROLLERS)
def revoke(request: WardpostRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    try:
        inviting.revoke(invitation_id=invitation_id, by=request.actor, at=timezone.now())
    except DomainError as error:
        return _back(request, error)
    messages.success(request, _("The invitation is taken back; its link opens nothing any more."))
    return redirect("agents:staff")


def _back(request: WardpostRequest, error: DomainError) -> HttpResponse:
    if error.status == 403:
        raise PermissionDenied from error
    messages.error(request, str(error.detail))
    return redirect("agents:staff")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: WardpostRequest) -> HttpResponse:
    """Where a link leads: the code goes into the session, and the browser's history forgets it."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip()
        if invitation_of_code(code, timezone.now()) is not None:
            request.session[_CODE] = seal_text(code, bound_to=_CODE)
            return redirect("agents:accept-invitation")
        form.add_error("code", _("This invitation does not hold (any more). Ask whoever invited you for a new one."))
    return render(request, "agents/people/code.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: WardpostRequest) -> HttpResponse:
    """Choose a user name and a password, and begin to work."""
    code = open_text(request.session.get(_CODE, ""), bound_to=_CODE)
    found = invitation_of_code(code, timezone.now()) if code else None
    if found is None:
        return redirect("agents:invitation")
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = _accepted(code, form)
        if account is not None:
            request.session.flush()
            login(request, account, backend="agents.backends.StaffBackend")
            messages.success(request, _("Welcome, %(name)s. Your account is open.") % {"name": account.display_name})
            return redirect("agents:training" if account.role in OUTLET_ROLES else "agents:home")
    context = {"form": form, "invitation": found}
    return render(request, "agents/people/accept.html", context, status=422 if form.errors else 200)


def _accepted(code: str, form: AcceptForm) -> StaffAccount | None:
    data = form.cleaned_data
    try:
        return inviting.accept(code=code, username=data["username"], password=data["password"], at=timezone.now())
    except InvitationNotFound:
        form.add_error(None, _("This invitation does not hold (any more). Ask whoever invited you for a new one."))
    except DomainError as error:
        show(error, form)
    return None

"""One's own account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agents.auth import EVERY_ROLE, require_role
from agents.forms import PasswordForm, show
from agents.models.people import StaffAccount
from agents.operations import accounts
from agents.people.own_password import refusal_of
from shared.api import WardpostRequest
from shared.errors import DomainError


@sensitive_post_parameters("old_password", "password")
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*EVERY_ROLE)
def account(request: WardpostRequest) -> HttpResponse:
    """Show who one is here; change one's password, which ends every other session of the account."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("agents:account")
    status = 422 if form.errors else 200
    return render(request, "agents/account.html", {"form": form, "account": request.user}, status=status)


def _changed(request: WardpostRequest, form: PasswordForm) -> bool:
    if not isinstance(request.user, StaffAccount):
        raise PermissionDenied
    refusal = refusal_of(request, request.user, form.cleaned_data["old_password"])
    if refusal is not None:
        form.add_error("old_password", str(refusal))
        return False
    try:
        changed = accounts.set_password(account_id=UUID(request.actor.id), password=form.cleaned_data["password"],
                                        by=request.actor, at=timezone.now())
    except DomainError as error:
        show(error, form)
        return False
    update_session_auth_hash(request, changed)
    return True

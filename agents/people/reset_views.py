"""A colleague's lost phone or key: asked by one, settled by another."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.auth import require_role
from agents.forms import ReasonForm, show
from agents.people import resets
from agents.people.proof_views import fresh_proof
from agents.people.rules import ResetStep
from agents.views.staff import ENROLLERS, detail, seen
from shared.api import WardpostRequest
from shared.errors import DomainError


@require_POST
@require_role(*ENROLLERS)
def ask(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Ask that her second factors are taken off."""
    account, form = seen(request, account_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            resets.ask_reset(account_id=account_id, reason=form.cleaned_data["reason"], by=request.actor,
                             at=timezone.now())
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            show(error, form)
        else:
            messages.success(request, _("Asked. Another person who answers for her takes it off within a day."))
            return redirect("agents:staff-account", account_id)
    return detail(request, account, lost=form)


@require_POST
@require_role(*ENROLLERS)
@fresh_proof(steps={ResetStep.CONFIRM.value})
def settle(request: WardpostRequest, reset_id: UUID, step: str) -> HttpResponse:
    """The second person's word."""
    if step not in {ResetStep.CONFIRM.value, "turn-down"}:
        raise Http404
    chosen = ResetStep.CONFIRM if step == ResetStep.CONFIRM else ResetStep.TURN_DOWN
    try:
        reset = resets.settle_reset(reset_id=reset_id, step=chosen, by=request.actor, at=timezone.now())
    except DomainError as error:
        if error.status == 403:
            raise PermissionDenied from error
        if error.status == 404:
            raise Http404 from error
        messages.error(request, str(error.detail))
        return redirect("agents:staff")
    messages.success(request, _("Done."))
    return redirect("agents:staff-account", reset.account_id)

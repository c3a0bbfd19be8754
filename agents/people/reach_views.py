"""How far somebody's account reaches, set by whoever answers for her."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.auth import require_role
from agents.forms import show
from agents.people import reach
from agents.people.forms import ReachForm, after_last
from agents.views.staff import ENROLLERS, detail, seen
from shared.api import WardpostRequest
from shared.errors import DomainError


@require_POST
@require_role(*ENROLLERS)
def set_reach(request: WardpostRequest, account_id: UUID) -> HttpResponse:
    """Bind a person to procedure groups and to a last day."""
    account, form = seen(request, account_id), ReachForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            reach.set_reach(account_id=account_id, procedure_groups=data["procedure_groups"],
                            works_until=after_last(data["last_day"]), reason=data["reason"], by=request.actor,
                            at=timezone.now())
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            show(error, form)
        else:
            messages.success(request, _("The reach is changed; it holds from her next click on."))
            return redirect("agents:staff-account", account_id)
    return detail(request, account, reach=form)

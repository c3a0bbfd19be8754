"""Work about a parcel that a person ends."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.auth import require_role
from delivery.errors import ParcelNotFound, WorkNotFound
from delivery.forms import EndWorkForm
from delivery.operations.parcel_work import MAY_END, end_work
from delivery.queries.parcels import find_seen
from delivery.views.parcels import ended_badly
from shared.api import WardpostRequest
from shared.errors import DomainError


@require_POST
@require_role(*sorted(MAY_END))
def end(request: WardpostRequest, parcel_id: UUID, kind: str) -> HttpResponse:
    """Say what was found or done; what somebody else has ended meanwhile is over all the same."""
    try:
        parcel = find_seen(request.actor, parcel_id)
    except ParcelNotFound:
        raise Http404 from None
    form = EndWorkForm(request.POST)
    if not form.is_valid():
        return ended_badly(request, parcel, kind, form)
    try:
        end_work(parcel_id=parcel_id, kind=kind, words=form.cleaned_data["words"], by=request.actor, at=timezone.now())
        messages.success(request, _("Noted. It is off the list."))
    except WorkNotFound:
        messages.info(request, _("It was off the list already."))
    except DomainError as refusal:
        form.add_error("words", str(refusal.detail or refusal.title))
        return ended_badly(request, parcel, kind, form)
    return redirect("delivery:parcel", parcel_id=parcel_id)

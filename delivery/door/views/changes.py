"""A delivery ordered otherwise: by the citizen behind her tracking code, by staff on the parcel's page."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.auth import require_role
from delivery.door import wording
from delivery.door.errors import ChangeClosed
from delivery.door.operations import changes
from delivery.door.queries import citizen_changes, live_result, pick_up_outlets
from delivery.door.rules import MOST_CHANGES, Change, open_changes, open_days
from delivery.door.views.answers import errors_of
from delivery.errors import ParcelNotFound
from delivery.models.parcels import Parcel
from delivery.opened import remembered
from delivery.queries.parcels import find_seen
from delivery.rules import Direction, ParcelState
from shared import places, scope
from shared.api import WardpostRequest
from shared.calendar import local
from shared.errors import DomainError
from shared.working_days import work_calendar

STAFF: Final = tuple(sorted(changes.MAY_CHANGE))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_by_citizen(request: HttpRequest) -> HttpResponse:
    """Another day, or a post office; only who has shown code and digits gets here."""
    now = timezone.now()
    opened = remembered(request.session, now=now)
    if opened is None:
        return redirect("delivery:track")
    with scope.everything():
        parcel_id = live_result(opened.dossier_id, opened.parcel_id)
        if parcel_id is None:
            return redirect("delivery:tracked")
        errors: dict[str, str] = {}
        if request.method == "POST":
            try:
                changes.change_by_citizen(parcel_id=parcel_id, given=_given(request), at=now)
            except (ChangeClosed, ParcelNotFound):
                return redirect("delivery:tracked")
            except DomainError as refusal:
                errors = errors_of(refusal)
            else:
                messages.success(request, _("Noted. The post is being told."))
                return redirect("delivery:tracked")
        told = _choices(Parcel.objects.get(id=parcel_id), request, errors, by_citizen=True)
        answer = render(request, "delivery/door/change.html", told, status=422 if errors else 200)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_role(*STAFF)
def change_by_staff(request: WardpostRequest, parcel_id: UUID) -> HttpResponse:
    """The same for whoever has seen who the addressee is; another door as well."""
    try:
        parcel = find_seen(request.actor, parcel_id)
    except ParcelNotFound:
        raise Http404 from None
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            changes.change_by_staff(parcel_id=parcel_id, given=_given(request), by=request.actor, at=timezone.now())
            messages.success(request, _("Ordered. The carrier is being told."))
            return redirect("delivery:parcel", parcel_id=parcel_id)
        except ParcelNotFound:
            raise Http404 from None
        except DomainError as refusal:
            errors = errors_of(refusal)
    told = _choices(parcel, request, errors, by_citizen=False)
    return render(request, "delivery/door/change_staff.html", told, status=422 if errors else 200)


def _given(request: HttpRequest) -> changes.ChangeInput:
    posted = request.POST
    return changes.ChangeInput(
        kind=posted.get("kind", "")[:20], wanted_date=_day(posted.get("wanted_date", "")),
        outlet_id=_uuid(posted.get("outlet_id", "")), commune_code=posted.get("commune_code", "")[:5],
        address=posted.get("address", "")[:400], why=posted.get("why", "")[:300])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _choices(parcel: Parcel, request: HttpRequest, errors: Mapping[str, str], *, by_citizen: bool) -> dict[str, Any]:
    now, state = timezone.now(), ParcelState(parcel.state)
    made = citizen_changes(parcel.id).count() if by_citizen else 0
    allowed = open_changes(state, Direction(parcel.direction), made=made, by_citizen=by_citizen)
    chosen = request.POST.get("kind", "")
    return {
        "parcel": parcel, "errors": errors, "entered": request.POST, "left": MOST_CHANGES - made,
        "kinds": [(kind, wording.CHANGES[kind]) for kind in Change if kind in allowed],
        "chosen": chosen or next((kind.value for kind in Change if kind in allowed and kind != Change.ADDRESS), ""),
        "days": open_days(local(now).date(), work_calendar()) if Change.ANOTHER_DAY in allowed else (),
        "offers": pick_up_outlets(parcel, now) if Change.PICK_UP in allowed else (),
        "communes": places.places_of_province(parcel.province_code) if Change.ADDRESS in allowed else ()}

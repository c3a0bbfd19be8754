"""The photo of a hand-over, for whoever may see the parcel; every look is written down."""

from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.auth import require_role
from delivery.door import photos
from delivery.door.models import DoorAct
from delivery.door.operations.looks import note_look
from delivery.errors import ParcelNotFound
from delivery.queries.parcels import find_seen
from shared.api import WardpostRequest
from shared.roles import CENTRE_ROLES, OUTLET_ROLES, Role

READERS: Final = (*sorted(OUTLET_ROLES), *sorted(CENTRE_ROLES), Role.OPERATOR_HQ, Role.AUDITOR)


@never_cache
@require_safe
@require_role(*READERS)
def photo(request: WardpostRequest, parcel_id: UUID, act_id: UUID) -> HttpResponse:
    """The picture, drawn anew when it came: it holds no position and no hidden content."""
    try:
        find_seen(request.actor, parcel_id)
        act = DoorAct.objects.exclude(photo="").get(id=act_id, parcel_id=parcel_id)
        picture = photos.read(act.photo)
    except (ParcelNotFound, DoorAct.DoesNotExist, FileNotFoundError, InvalidTag):
        raise Http404 from None
    note_look(act_id=act.id, parcel_id=parcel_id, by=request.actor, at=timezone.now())
    shown = {"Content-Disposition": 'inline; filename="anh.jpg"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, content_type="image/jpeg", headers=shown)

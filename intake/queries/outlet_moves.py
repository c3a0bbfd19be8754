"""Whom an outlet's move concerns: the citizens whose dossiers are open there, and the centres that have them."""

from uuid import UUID

from django.db.models.functions import Coalesce

from intake.models.dossiers import Dossier
from intake.rules.states import FINAL_HANDLING


def open_at_outlet(outlet_id: UUID) -> list[UUID]:
    """Dossiers filed at the outlet whose handling has not ended, oldest first."""
    rows = Dossier.objects.filter(outlet_id=outlet_id).exclude(handling__in=FINAL_HANDLING)
    return list(rows.order_by("submitted_at", "id").values_list("id", flat=True))


def centres_of_open(outlet_id: UUID) -> list[UUID]:
    """Centres that receive or decide them."""
    rows = Dossier.objects.filter(outlet_id=outlet_id).exclude(handling__in=FINAL_HANDLING).annotate(
        at=Coalesce("authority_centre_id", "receiving_centre_id")).exclude(at=None)
    return sorted(set(rows.order_by().values_list("at", flat=True)))

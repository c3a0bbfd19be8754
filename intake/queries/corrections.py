"""Corrections that a centre's people propose and approve."""

from typing import Any
from uuid import UUID

from django.db.models import FETCH_RAISE, F, QuerySet
from django.db.models.functions import Coalesce

from intake.models.corrections import Correction, CorrectionState
from shared.actors import Actor

MOST: int = 200


def waiting_corrections(actor: Actor) -> QuerySet[Any]:
    """Open ones of the actor's centre, longest waiting first, each with its dossier's reference and citizen."""
    if actor.centre_id is None:
        return Correction.objects.none()
    waiting = Correction.objects.filter(centre_id=actor.centre_id, state=CorrectionState.PROPOSED)
    return waiting.annotate(
        reference=Coalesce(F("dossier__code"), F("dossier__agent_ref")), citizen_name=F("dossier__citizen__full_name"),
    ).fetch_mode(FETCH_RAISE).order_by("proposed_at", "id")[:MOST]


def dossier_of(correction_id: UUID, actor: Actor) -> UUID | None:
    """Whose correction it is, if it is one of the actor's centre; decided ones too."""
    if actor.centre_id is None:
        return None
    mine = Correction.objects.filter(centre_id=actor.centre_id, id=correction_id)
    return mine.values_list("dossier_id", flat=True).first()

"""Complaints for those who answer for an outlet, and for the citizen herself."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from intake.complaints.models import Complaint
from intake.complaints.operations import may_complain
from intake.complaints.rules import ComplaintState
from intake.models.dossiers import Dossier
from shared.actors import Actor


def complaints(actor: Actor) -> QuerySet[Any]:
    """Open ones first, the soonest due at the top; with outlet and the dossier's reference."""
    seen = Complaint.objects.seen_by(actor).select_related("outlet").annotate(
        reference=F("dossier__agent_ref"), dossier_code=F("dossier__code"), is_open=Q(state=ComplaintState.OPEN))
    return seen.order_by("-is_open", F("decided_at").desc(nulls_first=True), "due_at", "id")


def open_count(actor: Actor) -> int:
    return Complaint.objects.seen_by(actor).filter(state=ComplaintState.OPEN).count()


def told_to_citizen(dossier_id: UUID) -> Sequence[Complaint]:
    """What she said about her dossier and was answered."""
    return list(Complaint.objects.filter(dossier_id=dossier_id).order_by("-said_at"))


def is_possible(dossier_id: UUID) -> bool:
    dossier = Dossier.objects.filter(id=dossier_id).first()
    return dossier is not None and may_complain(dossier)

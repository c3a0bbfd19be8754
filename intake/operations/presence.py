"""Who has a dossier open on the desk: a hint for the other one, never a lock."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from intake.errors import DossierNotFound
from intake.models.desk import DeskPresence
from intake.models.dossiers import Dossier
from shared.actors import Actor, ActorKind
from shared.transactions import operation

STILL_THERE: Final = timedelta(seconds=75)
"""A desk says every half minute that it is open; two missed ones and it is closed."""


@operation
def note_presence(*, dossier_id: UUID, by: Actor, at: datetime) -> None:
    """`by` has the dossier open now. Not a change of the dossier: neither its version nor the audit hears of it.

    Raises:
        DossierNotFound: `by` sees no such dossier.
    """
    if not Dossier.objects.seen_by(by).filter(id=dossier_id).exists():
        raise DossierNotFound
    if by.kind != ActorKind.PERSON:
        return
    DeskPresence.objects.bulk_create(
        [DeskPresence(dossier_id=dossier_id, account_id=UUID(by.id), account_name=by.name, seen_at=at)],
        update_conflicts=True, unique_fields=["dossier", "account"], update_fields=["seen_at", "account_name"])


@operation
def forget_presence(*, before: datetime) -> int:
    """Drop hints that are past; returns how many."""
    deleted, _per_model = DeskPresence.objects.filter(seen_at__lt=before).delete()
    return deleted

"""What is read of disputes. Both sides read the same."""

from uuid import UUID

from billing.disputes.files import unseal
from billing.disputes.models import Dispute, DisputeFile
from billing.errors import DisputeNotFound
from shared.actors import Actor


def file_of(actor: Actor, file_id: UUID) -> tuple[DisputeFile, bytes]:
    """A file of a dispute that `actor` sees, and its content as it was given. Raises DisputeNotFound."""
    found = DisputeFile.objects.filter(id=file_id, dispute__in=Dispute.objects.seen_by(actor)).first()
    if found is None:
        raise DisputeNotFound
    return found, unseal(bytes(found.sealed), found.dispute_id)

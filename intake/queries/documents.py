"""Documents that an actor may open, and whose paper a file already is."""

from uuid import UUID

from django.db.models import Q, QuerySet

from intake.models.documents import Document
from intake.models.dossiers import Dossier
from shared import scope
from shared.actors import Actor


def documents_seen_by(actor: Actor) -> QuerySet[Document]:
    """Papers of dossiers that outlets and centres see, and an outlet's own uploads that wait for theirs.

    Operators, finance and auditors see dossiers, but no papers.
    """
    if actor.outlet_id is not None:
        waiting = Q(dossier=None, outlet_id=actor.outlet_id)
    elif actor.centre_id is not None:
        waiting = Q(dossier=None, centre_id=actor.centre_id)
    else:
        return Document.objects.none()
    return Document.objects.filter(waiting | Q(dossier__in=Dossier.objects.seen_by(actor).values("pk")))


def other_owner_of(sha256: str, citizen_id: UUID) -> UUID | None:
    """The citizen whose paper a file with this hash already is, when that is somebody else; the first one.

    Looks at every place's papers: the same sheet may have been handed in elsewhere. Tell the person at the counter only
    that it is somebody else's; who that is belongs to those who may see that citizen.
    """
    with scope.everything():
        others = Document.objects.filter(sha256=sha256).exclude(citizen_id=citizen_id).exclude(citizen__isnull=True)
        return others.order_by("uploaded_at").values_list("citizen_id", flat=True).first()

"""Documents that an actor may open."""

from django.db.models import Q, QuerySet

from intake.models.documents import Document
from intake.models.dossiers import Dossier
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

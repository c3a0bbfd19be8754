"""Opening a paper that lies beside an opinion: for whoever sees the opinion, and every opening is written down."""

from datetime import datetime
from uuid import UUID

from intake import blobs
from intake.errors import DocumentNotFound, DocumentQuarantined
from intake.models.documents import Document, ScanVerdict
from intake.models.opinions import Opinion, OpinionPaper
from shared import audit, scope
from shared.actors import Actor
from shared.transactions import operation


@operation
def open_paper(*, opinion_id: UUID, document_id: UUID, by: Actor, at: datetime) -> tuple[str, bytes]:
    """Content type and bytes of the paper.

    Raises:
        DocumentNotFound: the actor sees no opinion with this paper.
        DocumentQuarantined: the antivirus found something.
    """
    seen = Opinion.objects.seen_by(by).filter(id=opinion_id)
    if not OpinionPaper.objects.filter(opinion__in=seen, document_id=document_id).exists():
        raise DocumentNotFound
    # The paper may be another centre's: who was asked reads what lies beside the question.
    scope.open_until_commit()
    document = Document.objects.get(id=document_id)
    if document.verdict == ScanVerdict.INFECTED:
        raise DocumentQuarantined
    audit.record(actor=by, action="document.open", object_type="document", object_id=document.id, at=at,
                 after={"opinion": str(opinion_id)})
    return document.content_type, blobs.read(document.blob_name)

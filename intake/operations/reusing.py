"""A paper of an earlier dossier serves again: asked of the citizen, shown where it comes from, stored once."""

from datetime import datetime
from uuid import UUID

from intake.errors import ConsentMissing, DocumentNotFound, NoOpenSession
from intake.models.citizens import ConsentPurpose
from intake.models.documents import Document, DocumentOrigin
from intake.operations.documents import Place, enter_copy
from intake.queries.reusable import reusable_papers
from intake.queries.sessions import has_consent, open_session_of
from shared.actors import Actor
from shared.calendar import local
from shared.transactions import operation


@operation
def reuse_document(*, document_id: UUID, component: str, valid_months: int | None = None, by: Actor,
                   at: datetime) -> Document:
    """Put a paper of an earlier dossier of the same citizen among those that wait for this one.

    Raises:
        NoOpenSession: nobody is acted for.
        ConsentMissing: the citizen has not agreed that copies are kept.
        DocumentNotFound: not a paper of hers for this component that may be used again today.
    """
    session = open_session_of(by)
    if session is None:
        raise NoOpenSession
    if not has_consent(session, ConsentPurpose.KEEP_COPIES):
        raise ConsentMissing(purpose=ConsentPurpose.KEEP_COPIES.value)
    offered = reusable_papers(session.citizen_id, {component: valid_months}, by=by, on=local(at).date())
    source = next((each for each in offered.get(component, ()) if each.id == document_id), None)
    if source is None:
        raise DocumentNotFound
    return enter_copy(source, Place(component, source.original_name, by, at, citizen_id=session.citizen_id,
                                    origin=DocumentOrigin.REUSED, reused_from_id=source.id))

"""A paper is opened: only its view, only when it may be shown, and every opening is written down."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag

from intake import antivirus, blobs
from intake.errors import (
    DocumentDamaged,
    DocumentNotChecked,
    DocumentNotFound,
    DocumentNotReadable,
    DocumentQuarantined,
)
from intake.inspection import thumbs
from intake.models.documents import Document
from intake.operations.inspecting import note_damage
from intake.queries.documents import documents_seen_by
from intake.rules.document_states import DocumentState
from intake.rules.papers import Opening, opening
from shared import audit
from shared.actors import Actor
from shared.errors import DomainError
from shared.transactions import operation


@dataclass(frozen=True, slots=True)
class Opened:
    document: Document
    content: bytes
    content_type: str


_REFUSALS: Final[dict[Opening, type[DomainError]]] = {
    Opening.WAIT: DocumentNotChecked, Opening.INFECTED: DocumentQuarantined, Opening.UNREADABLE: DocumentNotReadable,
    Opening.DAMAGED: DocumentDamaged}


def open_document(*, document_id: UUID, by: Actor, at: datetime) -> Opened:
    """The view of a document, for one reader.

    Raises:
        DocumentNotFound: unknown, or of another place.
        DocumentNotChecked: still in quarantine, or the antivirus has not answered.
        DocumentQuarantined, DocumentNotReadable, DocumentDamaged: nothing of it may or can be shown.
    """
    document = _note_opening(document_id=document_id, by=by, at=at, action="document.open")
    content = _read(document, document.view_name, document.view_sha256, at)
    return Opened(document, content, document.content_type)


def open_original(*, document_id: UUID, by: Actor, at: datetime) -> Opened:
    """The file as it was sent, byte by byte: for checking a digital signature elsewhere. Raises as open_document."""
    document = _note_opening(document_id=document_id, by=by, at=at, action="document.open_original")
    content = _read(document, document.blob_name, document.sha256, at)
    return Opened(document, content, document.original_type or document.content_type)


def page_picture(*, document: Document, number: int, at: datetime) -> bytes | None:
    """The small picture of a page of a paper that the caller may see; None when there is none to show."""
    if not document.thumbs_name or opening_of(document) != Opening.VIEW:
        return None
    return thumbs.nth(_read(document, document.thumbs_name, "", at), number)


def opening_of(document: Document) -> Opening:
    return opening(DocumentState(document.state), has_engine=antivirus.is_configured())


@operation
def _note_opening(*, document_id: UUID, by: Actor, at: datetime, action: str) -> Document:
    document = documents_seen_by(by).filter(id=document_id).first()
    if document is None:
        raise DocumentNotFound
    allowed = opening_of(document)
    if allowed != Opening.VIEW:
        raise _REFUSALS[allowed]
    audit.record(actor=by, action=action, object_type="document", object_id=document.id, at=at,
                 after={"dossier": str(document.dossier_id or "")})
    return document


def _read(document: Document, name: str, expected: str, at: datetime) -> bytes:
    """A stored file that is still what it was; `expected` is its hash, empty where the seal alone must do."""
    try:
        content = blobs.read(name)
    except (OSError, InvalidTag):
        content = None
    if content is None or (expected and sha256(content).hexdigest() != expected):
        note_damage(document_id=document.id, at=at)
        raise DocumentDamaged
    return content

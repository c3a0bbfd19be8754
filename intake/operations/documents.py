"""Scans and electronic papers: received, looked at, sealed; a paper waits for its dossier or belongs to it."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from intake import blobs
from intake.errors import (
    DocumentLimit,
    DocumentNotFound,
    DocumentQuarantined,
    DocumentRefused,
    DossierNotFound,
    NotAnOutlet,
)
from intake.models.documents import Document, ScanVerdict
from intake.models.dossiers import Dossier
from intake.queries.documents import documents_seen_by
from intake.queries.sessions import open_session_of
from intake.rules.faults import fault
from intake.wording import field_error
from shared import audit
from shared.actors import Actor
from shared.transactions import operation

MOST_FILES: Final = 40
MOST_BYTES: Final = 200 * 1024 * 1024
MOST_WAITING: Final = 400
"""Files of one outlet that no dossier has taken yet."""


def store_document(*, chunks: Iterable[bytes], name: str, component: str, by: Actor, at: datetime,
                   dossier_id: UUID | None = None) -> Document:
    """Keep an upload for a dossier, or for one that is still to be submitted. The same file again is the same document.

    Raises:
        DocumentTooLarge, DocumentTypeRefused, DocumentRefused: the file itself.
        DossierNotFound, NotAnOutlet: nothing of the actor's that it could belong to.
        DocumentLimit: 40 files or 200 MB are there already.
    """
    received = blobs.receive(chunks)
    try:
        return _store(received=received, name=name, component=component, by=by, at=at, dossier_id=dossier_id)
    finally:
        received.path.unlink(missing_ok=True)


@operation
def _store(*, received: blobs.Received, name: str, component: str, by: Actor, at: datetime,
           dossier_id: UUID | None) -> Document:
    dossier = _locked(dossier_id, by) if dossier_id is not None else None
    if dossier is not None:
        _must_be_listed(component, dossier, by)
    beside = Document.objects.filter(dossier=dossier) if dossier is not None else _waiting(by)
    twin = beside.filter(component=component, sha256=received.sha256, uploaded_by=by.id).first()
    if twin is not None:
        return twin
    _must_fit(beside, received, is_waiting=dossier is None)
    document = Document.objects.create(
        dossier=dossier, citizen_id=_whose(dossier, by), outlet_id=by.outlet_id, centre_id=by.centre_id if by.outlet_id is None else None,
        component=component, original_name=shown_name(name), blob_name=blobs.keep(received),
        content_type=received.content_type, size_bytes=received.size_bytes, sha256=received.sha256,
        pages=received.pages, uploaded_by=by.id, uploaded_at=at)
    audit.record(actor=by, action="document.store", object_type="document", object_id=document.id, at=at,
                 after={"dossier": str(dossier_id or ""), "component": component, "sha256": document.sha256})
    return document


def _whose(dossier: Dossier | None, by: Actor) -> UUID | None:
    """The citizen of the dossier, or the one the clerk acts for now."""
    if dossier is not None:
        return dossier.citizen_id
    session = open_session_of(by)
    return session.citizen_id if session is not None else None


def _waiting(by: Actor) -> QuerySet[Document]:
    """Uploads of the actor's place that no dossier has taken yet."""
    waiting = Document.objects.filter(dossier=None)
    if by.outlet_id is not None:
        return waiting.filter(outlet_id=by.outlet_id)
    if by.centre_id is not None:
        return waiting.filter(centre_id=by.centre_id)
    raise NotAnOutlet


def _locked(dossier_id: UUID, by: Actor) -> Dossier:
    reach = Dossier.objects.seen_by(by).select_related("procedure")
    dossier = reach.select_for_update(of=("self",)).filter(id=dossier_id).first()
    if dossier is None:
        raise DossierNotFound
    return dossier


def _must_be_listed(component: str, dossier: Dossier, by: Actor) -> None:
    """Nothing outside the published list is asked for; results come from centres only."""
    listed = {paper["code"] for paper in dossier.procedure.documents} | {"other"}
    if component not in listed and not (component == "result" and by.centre_id is not None):
        wrong = fault("unknown-paper", paper=component)
        raise DocumentRefused(cause="unknown-paper", errors=(field_error("/component", wrong),))


def _must_fit(beside: QuerySet[Document], received: blobs.Received, *, is_waiting: bool) -> None:
    sums = beside.aggregate(files=Count("id"), bytes=Sum("size_bytes"))
    if sums["files"] >= (MOST_WAITING if is_waiting else MOST_FILES):
        raise DocumentLimit
    if not is_waiting and (sums["bytes"] or 0) + received.size_bytes > MOST_BYTES:
        raise DocumentLimit


def shown_name(name: str) -> str:
    """The sender's file name for people to recognise: no folders, nothing hidden, at most 255 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return visible.strip()[:255]


@operation
def open_document(*, document_id: UUID, by: Actor, at: datetime) -> tuple[Document, bytes]:
    """A document and its content, for one reader; every opening is written down.

    Raises:
        DocumentNotFound: unknown, or of another place.
        DocumentQuarantined: the antivirus found something.
    """
    document = documents_seen_by(by).filter(id=document_id).first()
    if document is None:
        raise DocumentNotFound
    if document.verdict == ScanVerdict.INFECTED:
        raise DocumentQuarantined
    audit.record(actor=by, action="document.open", object_type="document", object_id=document.id, at=at,
                 after={"dossier": str(document.dossier_id or "")})
    return document, blobs.read(document.blob_name)


@operation
def remove_waiting_document(*, document_id: UUID, by: Actor, at: datetime) -> None:
    """Take back an upload that no dossier has taken yet; what belongs to a dossier stays.

    Raises:
        DocumentNotFound: unknown, of another outlet, or part of a dossier.
    """
    document = _waiting(by).select_for_update().filter(id=document_id).first()
    if document is None:
        raise DocumentNotFound
    audit.record(actor=by, action="document.remove", object_type="document", object_id=document.id, at=at,
                 before={"sha256": document.sha256})
    document.delete()
    transaction.on_commit(partial(blobs.remove, document.blob_name))

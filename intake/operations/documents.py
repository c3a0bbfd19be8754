"""Scans and electronic papers: received, looked at, sealed; a paper waits for its dossier or belongs to it.

What follows (antivirus, the rebuilt view, signatures) happens behind the counter's back: `operations.inspecting`.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from intake import blobs
from intake.errors import DocumentLimit, DocumentNotFound, DocumentRefused, DossierNotFound, NotAnOutlet
from intake.events import DocumentStored
from intake.filing import MOST_FILE_BYTES, MOST_FILES
from intake.mandates import is_evidence
from intake.models.documents import Document, DocumentOrigin
from intake.models.dossiers import Dossier
from intake.queries.sessions import open_session_of
from intake.rules.document_states import DocumentState
from intake.rules.faults import fault
from intake.wording import field_error
from shared import audit, scope
from shared.actors import Actor
from shared.outbox.publishing import publish
from shared.transactions import operation

MOST_WAITING: Final = 400
"""Files of one outlet that no dossier has taken yet."""

_USABLE: Final = (DocumentState.QUARANTINED, DocumentState.SAFE, DocumentState.CLEAN)
_OF_THE_FILE: Final = (
    "blob_name", "content_type", "original_type", "size_bytes", "sha256", "pages", "state", "verdict", "verdict_at",
    "verdict_by", "view_name", "view_sha256", "thumbs_name", "notes", "signatures", "verified_at")
"""What two rows about one stored file have in common."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an upload goes: to a dossier, or among those of a place that wait for theirs."""

    component: str
    name: str
    by: Actor
    at: datetime
    dossier_id: UUID | None = None
    citizen_id: UUID | None = None
    """Known beforehand, where `by` is nobody who has a session."""
    origin: str = DocumentOrigin.FILE
    phone_link_id: UUID | None = None
    reused_from_id: UUID | None = None


def store_document(*, chunks: Iterable[bytes], name: str, component: str, by: Actor, at: datetime,
                   dossier_id: UUID | None = None) -> Document:
    """Keep an upload for a dossier, or for one that is still to be submitted. The same file again is the same document.

    Raises:
        DocumentTooLarge, DocumentTypeRefused, DocumentRefused: the file itself.
        DossierNotFound, NotAnOutlet: nothing of the actor's that it could belong to.
        DocumentLimit: 40 files or 200 MB are there already.
    """
    return store_at(Place(component, name, by, at, dossier_id), chunks=chunks)


def store_at(place: Place, *, chunks: Iterable[bytes]) -> Document:
    """As store_document, for callers that know more about where the file comes from."""
    received = blobs.receive(chunks)
    try:
        return _store(received=received, place=place)
    finally:
        received.path.unlink(missing_ok=True)


@operation
def store_by_hash(*, sha256: str, name: str, component: str, by: Actor, at: datetime,
                  dossier_id: UUID | None = None) -> Document:
    """Keep a file that is here already as a paper of the same citizen: its bytes need not be sent again.

    Raises:
        DocumentNotFound: no such file of this citizen is within the actor's reach; send the bytes.
        DossierNotFound, NotAnOutlet, DocumentRefused, DocumentLimit: as store_document.
    """
    place = Place(component, name, by, at, dossier_id)
    dossier, beside = _beside(place)
    citizen_id = _whose(dossier, place)
    twin = _earlier(sha256, citizen_id)
    if twin is None:
        raise DocumentNotFound
    return _twin_of(beside, sha256, place) or _enter(twin, dossier=dossier, beside=beside, place=place)


def enter_copy(source: Document, place: Place) -> Document:
    """A further row about a stored file, inside the caller's operation; raises as store_document."""
    dossier, beside = _beside(place)
    return _twin_of(beside, source.sha256, place) or _enter(source, dossier=dossier, beside=beside, place=place)


@operation
def _store(*, received: blobs.Received, place: Place) -> Document:
    dossier, beside = _beside(place)
    twin = _twin_of(beside, received.sha256, place)
    if twin is not None:
        return twin
    earlier = _earlier(received.sha256, _whose(dossier, place))
    if earlier is not None:
        return _enter(earlier, dossier=dossier, beside=beside, place=place)
    _must_fit(beside, received.size_bytes, is_waiting=dossier is None)
    return _created({
        "blob_name": blobs.keep(received), "content_type": received.shown_type,
        "original_type": received.content_type if received.content_type != received.shown_type else "",
        "size_bytes": received.size_bytes, "sha256": received.sha256, "pages": received.pages}, dossier, place)


def _beside(place: Place) -> tuple[Dossier | None, QuerySet[Document]]:
    """The dossier, locked, and the papers that are where the upload goes."""
    if place.dossier_id is None:
        return None, _waiting(place.by)
    dossier = _locked(place.dossier_id, place.by)
    _must_be_listed(place.component, dossier, place.by)
    return dossier, Document.objects.filter(dossier=dossier)


def _twin_of(beside: QuerySet[Document], sha256: str, place: Place) -> Document | None:
    """The same file for the same paper: in a dossier whoever brought it, among waiting uploads one's own."""
    same = beside.filter(component=place.component, sha256=sha256)
    return (same if place.dossier_id is not None else same.filter(uploaded_by=place.by.id)).first()


def _earlier(sha256: str, citizen_id: UUID | None) -> Document | None:
    """A stored file of the same citizen with this content, locked so that it stays while it is shared."""
    if citizen_id is None:
        return None
    same = Document.objects.filter(sha256=sha256, citizen_id=citizen_id, state__in=_USABLE)
    return same.select_for_update().order_by("uploaded_at", "id").first()


def _enter(source: Document, *, dossier: Dossier | None, beside: QuerySet[Document], place: Place) -> Document:
    _must_fit(beside, source.size_bytes, is_waiting=dossier is None)
    return _created({name: getattr(source, name) for name in _OF_THE_FILE}, dossier, place)


def _created(of_the_file: dict[str, Any], dossier: Dossier | None, place: Place) -> Document:
    by = place.by
    document = Document.objects.create(
        dossier=dossier, citizen_id=_whose(dossier, place), outlet_id=by.outlet_id,
        centre_id=by.centre_id if by.outlet_id is None else None, component=place.component, origin=place.origin,
        phone_link_id=place.phone_link_id, reused_from_id=place.reused_from_id, original_name=shown_name(place.name),
        uploaded_by=by.id, uploaded_at=place.at, **of_the_file)
    audit.record(actor=by, action="document.store", object_type="document", object_id=document.id, at=place.at, after={
        "dossier": str(place.dossier_id or ""), "component": place.component, "sha256": document.sha256,
        "origin": place.origin})
    if document.state == DocumentState.QUARANTINED:
        publish(DocumentStored(document.id))
    return document


def _whose(dossier: Dossier | None, place: Place) -> UUID | None:
    """The citizen of the dossier, or the one the clerk acts for now."""
    if dossier is not None:
        return dossier.citizen_id
    if place.citizen_id is not None:
        return place.citizen_id
    session = open_session_of(place.by)
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


def _must_fit(beside: QuerySet[Document], size_bytes: int, *, is_waiting: bool) -> None:
    sums = beside.aggregate(files=Count("id"), bytes=Sum("size_bytes"))
    if sums["files"] >= (MOST_WAITING if is_waiting else MOST_FILES):
        raise DocumentLimit
    if not is_waiting and (sums["bytes"] or 0) + size_bytes > MOST_FILE_BYTES:
        raise DocumentLimit


def shown_name(name: str) -> str:
    """The sender's file name for people to recognise: no folders, nothing hidden, at most 255 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return visible.strip()[:255]


@operation
def remove_waiting_document(*, document_id: UUID, by: Actor, at: datetime) -> None:
    """Take back an upload that no dossier has taken yet; what belongs to a dossier stays.

    Raises:
        DocumentNotFound: unknown, of another outlet, or part of a dossier.
    """
    document = _waiting(by).select_for_update().filter(id=document_id).first()
    if document is None or is_evidence(document_id):
        raise DocumentNotFound
    forget(document, by=by, at=at)


def forget(document: Document, *, by: Actor, at: datetime) -> None:
    """Delete a locked row, and after the commit its files unless another row is about them; inside an operation."""
    audit.record(actor=by, action="document.remove", object_type="document", object_id=document.id, at=at,
                 before={"sha256": document.sha256})
    document.delete()
    with scope.everything():
        is_shared = Document.objects.filter(blob_name=document.blob_name).exists()
    if not is_shared:
        for name in filter(None, (document.blob_name, document.view_name, document.thumbs_name)):
            transaction.on_commit(partial(blobs.remove, name))

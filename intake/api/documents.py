"""Papers: sent in, listed, opened one at a time by who may see the dossier."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from agents.auth import allow
from intake.downloads import EXTENSIONS, attachment
from intake.operations import documents, opening
from intake.queries.documents import documents_seen_by
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.openapi import refusing
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

router = Router(tags=["documents"])
BOTH = OUTLET_ROLES | CENTRE_ROLES
READS = allow(roles=BOTH, scopes={"documents:read"})
WRITES = allow(roles=BOTH, scopes={"documents:write"})

# A form sends an empty field for what is left out.
_ID_OR_NOTHING = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"


class UploadIn(In):
    component: Annotated[str, Field(min_length=1, max_length=40, description="A code of the procedure's list, or "
                                                                             "“other”.")]
    dossier_id: Annotated[str, Field(max_length=36, pattern=_ID_OR_NOTHING, description="Left out or empty: it waits "
                                     "for a dossier to be submitted.")] = ""


class DocumentSignatureOut(Out):
    standing: str = Field(description="valid, altered, broken, expired, revoked, untrusted or unreadable.")
    by: str = ""
    organisation: str = ""
    issuer: str = ""
    at: str = Field(default="", description="When it was signed (ISO 8601), as far as the file says.")
    is_stamped: bool = Field(default=False, description="A trusted time stamp vouches for the time.")
    ends: str = Field(default="", description="When the certificate ends.")


class HashIn(In):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Of the file, worked out by the sender.")]
    name: Annotated[str, Field(max_length=255)] = ""
    component: Annotated[str, Field(min_length=1, max_length=40)]
    dossier_id: UUID | None = None


class DocumentOut(Out):
    id: UUID
    dossier_id: UUID | None
    component: str
    original_name: str
    content_type: str = Field(description="Of the view; found in the content, never believed from the name.")
    size_bytes: int
    pages: int | None
    sha256: str = Field(description="Of the file as it was sent.")
    state: str = Field(description="quarantined, safe (rebuilt, no verdict of the antivirus yet), clean, infected, "
                                   "unreadable or damaged.")
    verdict: str = Field(description="What the antivirus said: not_checked, clean or infected.")
    origin: str = Field(description="file, phone, arranged or reused.")
    digitisation: int = Field(description="The national code: 1 scanned, 2 reused, 3 from a result.")
    notes: list[str] = Field(description="What was taken out of the view or noticed on it: javascript, blurred …")
    signatures: list[DocumentSignatureOut] = Field(description="Digital signatures of the original, in their order.")
    uploaded_at: datetime


@router.post("/documents", response={201: DocumentOut}, auth=WRITES, summary="Send in a paper")
def upload(request: WardpostRequest, form: Form[UploadIn], file: File[UploadedFile]) -> HttpResponse:
    """Take a PDF, JPEG, PNG or HEIC of up to 20 MB, by its content. It lies in quarantine until it was looked at."""
    return idempotent(request, status=201, schema=DocumentOut, call=lambda: documents.store_document(
        chunks=file.chunks(), name=file.name or "", component=form.component, by=request.actor, at=timezone.now(),
        dossier_id=UUID(form.dossier_id) if form.dossier_id else None))


@router.post("/documents/by-hash", response={201: DocumentOut}, auth=WRITES,
             summary="Name a paper that is here already")
def name_by_hash(request: WardpostRequest, body: HashIn) -> HttpResponse:
    """Add a file of the same citizen without sending its bytes again. 404: it is not here, send it."""
    return idempotent(request, status=201, schema=DocumentOut, call=lambda: documents.store_by_hash(
        sha256=body.sha256, name=body.name, component=body.component, by=request.actor, at=timezone.now(),
        dossier_id=body.dossier_id))


class DocumentsAsked(PageAsked):
    dossier_id: UUID | None = Field(default=None, description="Left out: uploads that wait for their dossier.")


@router.get("/documents", response=Page[DocumentOut], auth=READS, summary="Papers of a dossier")
def listed(request: WardpostRequest, filters: Query[DocumentsAsked]) -> Any:
    """List the papers of a dossier, or those that wait for one."""
    rows = documents_seen_by(request.actor)
    rows = rows.filter(dossier=None) if filters.dossier_id is None else rows.filter(dossier_id=filters.dossier_id)
    found, following = page_of(rows, asked=filters, order=("uploaded_at", "id"))
    return {"items": found, "next": following}


FILE = {"responses": refusing(409) | {200: {"description": "The file.", "content": {
    each: {"schema": {"type": "string", "format": "binary"}} for each in EXTENSIONS}}}}


@router.get("/documents/{uuid:document_id}/content", auth=READS, summary="Open a paper", response={200: bytes},
            openapi_extra=FILE)
def content(request: WardpostRequest, document_id: UUID) -> HttpResponse:
    """Give out the view of one file as an attachment; each opening is written down. 409 while it is being checked."""
    found = opening.open_document(document_id=document_id, by=request.actor, at=timezone.now())
    return attachment(found.content, found.content_type, found.document.original_name or str(document_id))


@router.get("/documents/{uuid:document_id}/original", auth=READS, summary="Take the file as it was sent",
            response={200: bytes}, openapi_extra=FILE)
def original(request: WardpostRequest, document_id: UUID) -> HttpResponse:
    """Give out the bytes as they came, for checking a digital signature elsewhere. Do not open them unprotected."""
    found = opening.open_original(document_id=document_id, by=request.actor, at=timezone.now())
    return attachment(found.content, found.content_type, found.document.original_name or str(document_id))


@router.delete("/documents/{uuid:document_id}", response={204: None}, auth=WRITES, summary="Take an upload back")
def remove(request: WardpostRequest, document_id: UUID) -> Any:
    """Remove an upload that no dossier has taken yet."""
    documents.remove_waiting_document(document_id=document_id, by=request.actor, at=timezone.now())
    return Status(204, None)

"""Papers: sent in, listed, opened one at a time by who may see the dossier."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from agents.auth import allow
from intake.operations import documents
from intake.queries.documents import documents_seen_by
from shared.api import In, Out, Page, PageAsked, WardpostRequest, idempotent, page_of
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

router = Router(tags=["documents"])
BOTH = OUTLET_ROLES | CENTRE_ROLES
READS = allow(roles=BOTH, scopes={"documents:read"})
WRITES = allow(roles=BOTH, scopes={"documents:write"})

# A form sends an empty field for what is left out.
_ID_OR_NOTHING = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"
EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


class UploadIn(In):
    component: Annotated[str, Field(min_length=1, max_length=40, description="A code of the procedure's list, or "
                                                                             "“other”.")]
    dossier_id: Annotated[str, Field(max_length=36, pattern=_ID_OR_NOTHING, description="Left out or empty: it waits "
                                     "for a dossier to be submitted.")] = ""


class DocumentOut(Out):
    id: UUID
    dossier_id: UUID | None
    component: str
    original_name: str
    content_type: str = Field(description="Found in the content, never believed from the name.")
    size_bytes: int
    pages: int | None
    sha256: str
    verdict: str = Field(description="What the antivirus said: not_checked, clean or infected.")
    uploaded_at: datetime


@router.post("/documents", response={201: DocumentOut}, auth=WRITES, summary="Send in a paper")
def upload(request: WardpostRequest, form: Form[UploadIn], file: File[UploadedFile]) -> HttpResponse:
    """Take a PDF, JPEG or PNG of up to 20 MB, by its content. HEIC is not accepted: save it as JPEG first."""
    return idempotent(request, status=201, schema=DocumentOut, call=lambda: documents.store_document(
        chunks=file.chunks(), name=file.name or "", component=form.component, by=request.actor, at=timezone.now(),
        dossier_id=UUID(form.dossier_id) if form.dossier_id else None))


class DocumentsAsked(PageAsked):
    dossier_id: UUID | None = Field(default=None, description="Left out: uploads that wait for their dossier.")


@router.get("/documents", response=Page[DocumentOut], auth=READS, summary="Papers of a dossier")
def listed(request: WardpostRequest, filters: Query[DocumentsAsked]) -> Any:
    """List the papers of a dossier, or those that wait for one."""
    rows = documents_seen_by(request.actor)
    rows = rows.filter(dossier=None) if filters.dossier_id is None else rows.filter(dossier_id=filters.dossier_id)
    found, following = page_of(rows, asked=filters, order=("uploaded_at", "id"))
    return {"items": found, "next": following}


@router.get("/documents/{uuid:document_id}/content", auth=READS, summary="Open a paper",
            response={200: bytes}, openapi_extra={"responses": {200: {"description": "The file as it was sent in.",
                      "content": {each: {"schema": {"type": "string", "format": "binary"}} for each in EXTENSIONS}}}})
def content(request: WardpostRequest, document_id: UUID) -> HttpResponse:
    """Give out one file as an attachment; each opening is written down."""
    document, inside = documents.open_document(document_id=document_id, by=request.actor, at=timezone.now())
    return attachment(inside, document.content_type, document.original_name or str(document.id))


def attachment(inside: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that no browser runs, guesses at or keeps; its extension says what it really is."""
    response = HttpResponse(inside, content_type=content_type)
    stem = name.rsplit(".", 1)[0] if "." in name else name
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{stem or 'document'}{EXTENSIONS.get(content_type, '')}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@router.delete("/documents/{uuid:document_id}", response={204: None}, auth=WRITES, summary="Take an upload back")
def remove(request: WardpostRequest, document_id: UUID) -> Any:
    """Remove an upload that no dossier has taken yet."""
    documents.remove_waiting_document(document_id=document_id, by=request.actor, at=timezone.now())
    return Status(204, None)

"""A scanned paper, shown inside the page to whoever may see its dossier; every opening is written down."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.downloads import attachment
from intake.errors import (
    DocumentDamaged,
    DocumentNotChecked,
    DocumentNotFound,
    DocumentNotReadable,
    DocumentQuarantined,
)
from intake.operations import opening
from intake.queries.documents import documents_seen_by
from shared.api import WardpostRequest
from shared.errors import DomainError
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

# Our own pages show papers in a frame; nothing in a paper may load anything, and a picture has no rights at all.
_POLICY = {"default-src": [CSP.NONE], "frame-ancestors": [CSP.SELF]}
_PICTURE_POLICY = "default-src 'none'; frame-ancestors 'self'; sandbox"
_READERS = sorted(CENTRE_ROLES | OUTLET_ROLES)


@never_cache
@require_GET
@xframe_options_sameorigin
@csp_override(_POLICY)
@require_role(*_READERS)
def scan(request: WardpostRequest, document_id: UUID) -> HttpResponse:
    """The view as its content says it is, whatever its name claims; in plain words why there is none (yet)."""
    try:
        found = opening.open_document(document_id=document_id, by=request.actor, at=timezone.now())
    except DocumentNotFound:
        raise Http404 from None
    except (DocumentNotChecked, DocumentQuarantined, DocumentNotReadable, DocumentDamaged) as refusal:
        return _no_view(request, refusal)
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=False, filename=found.document.original_name) or "inline"
    if found.content_type.startswith("image/"):
        # Browsers show PDFs with a viewer of their own, which a sandbox would stop.
        response["Content-Security-Policy"] = _PICTURE_POLICY
    return _private(response)


@never_cache
@require_GET
@require_role(*_READERS)
def original(request: WardpostRequest, document_id: UUID) -> HttpResponse:
    """The file as it was sent, to be kept, never shown: the only copy on which a digital signature still holds."""
    try:
        found = opening.open_original(document_id=document_id, by=request.actor, at=timezone.now())
    except DocumentNotFound:
        raise Http404 from None
    except (DocumentNotChecked, DocumentQuarantined, DocumentNotReadable, DocumentDamaged) as refusal:
        return _no_view(request, refusal)
    return attachment(found.content, found.content_type, found.document.original_name or str(document_id))


@never_cache
@require_GET
@require_role(*_READERS)
def page_picture(request: WardpostRequest, document_id: UUID, number: int) -> HttpResponse:
    """The small picture of one page, for putting pages in order."""
    document = documents_seen_by(request.actor).filter(id=document_id).first()
    picture = opening.page_picture(document=document, number=number, at=timezone.now()) if document else None
    if picture is None:
        raise Http404
    return _private(HttpResponse(picture, content_type="image/jpeg"))


def _no_view(request: WardpostRequest, refusal: DomainError) -> HttpResponse:
    return _private(render(request, "intake/papers/no_view.html", {"refusal": refusal}))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response

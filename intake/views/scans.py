"""A scanned paper, shown inside the page to whoever may see its dossier; every opening is written down."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET

from agents.auth import require_role
from intake.errors import DocumentNotFound, DocumentQuarantined
from intake.operations.documents import open_document
from shared.api import WardpostRequest
from shared.roles import CENTRE_ROLES, OUTLET_ROLES

# Our own pages show papers in a frame; nothing in a paper may load anything.
_POLICY = {"frame-ancestors": [CSP.SELF], "script-src": [CSP.NONE], "connect-src": [CSP.NONE]}


@never_cache
@require_GET
@xframe_options_sameorigin
@csp_override(_POLICY)
@require_role(*sorted(CENTRE_ROLES | OUTLET_ROLES))
def scan(request: WardpostRequest, document_id: UUID) -> HttpResponse:
    """The file as its content says it is, whatever its name claims."""
    try:
        document, content = open_document(document_id=document_id, by=request.actor, at=timezone.now())
    except (DocumentNotFound, DocumentQuarantined):
        raise Http404 from None
    disposition = content_disposition_header(as_attachment=False, filename=document.original_name)
    return HttpResponse(content, content_type=document.content_type, headers={
        "Content-Disposition": disposition or "inline", "X-Content-Type-Options": "nosniff"})

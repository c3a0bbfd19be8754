"""All that a counter needs to work on its own: one versioned bundle per outlet."""

import gzip
import json
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from agents.auth import allow
from intake.errors import NotAnOutlet
from intake.models.counter import ReferenceBundle
from intake.operations.reference_bundles import refresh_bundle
from intake.queries.reference_bundles import changes_since, current_bundle
from shared.api import Asked, Out, WardpostRequest
from shared.roles import OUTLET_ROLES

router = Router(tags=["catalogue"])
READS = allow(roles=OUTLET_ROLES, scopes={"catalogue:read"})


class BundleAsked(Asked):
    since: Annotated[str, Field(max_length=66, description="The version you have: only what changed is sent.")] = ""


class PartOut(Out):
    set: dict[str, Any]
    gone: list[str]


class ReferenceBundleOut(Out):
    etag: str = Field(description="SHA-256 of the content; also the strong ETag.")
    since: str = Field(description="The version that `parts` builds on; empty: they are whole.")
    parts: dict[str, PartOut] = Field(description="By name: outlet, procedures, communes, calendar, rates, checks …")


@router.get("/outlets/{uuid:outlet_id}/reference-bundle", response=ReferenceBundleOut, auth=READS,
            summary="Everything a counter needs, in one version",
            openapi_extra={"responses": {304: {"description": "Nothing changed."}}})
def one(request: WardpostRequest, outlet_id: UUID, filters: Query[BundleAsked]) -> Any:
    """Send the outlet's bundle, or what changed `since` a version; `If-None-Match` of the current one is a 304."""
    if request.actor.outlet_id != outlet_id:
        raise NotAnOutlet
    bundle = current_bundle(outlet_id) or refresh_bundle(outlet_id=outlet_id, at=timezone.now())
    since = filters.since.strip('"')
    if _has(request, bundle.etag):
        return _with_headers(HttpResponse(status=304), bundle)
    changes = changes_since(bundle, since) if since else None
    return _answer(request, bundle, since, changes)


def _has(request: WardpostRequest, etag: str) -> bool:
    wanted = [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]
    return f'"{etag}"' in wanted or "*" in wanted


def _answer(request: WardpostRequest, bundle: ReferenceBundle, since: str,
            changes: dict[str, Any] | None) -> HttpResponse:
    body = bytes(bundle.body_gzip) if changes is None else gzip.compress(json.dumps(
        {"etag": bundle.etag, "since": since, "parts": changes}, ensure_ascii=False, separators=(",", ":")).encode(),
        6, mtime=0)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(body if is_packed else gzip.decompress(body), content_type="application/json")
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return _with_headers(response, bundle)


def _with_headers(response: HttpResponse, bundle: ReferenceBundle) -> HttpResponse:
    response["ETag"] = f'"{bundle.etag}"'
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "private, no-cache"
    response["X-Bundle-Size"] = f"{bundle.size_bytes}"
    return response

"""The reference bundle of an outlet: built by the worker, named by its content, sent whole or as what changed."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from agents import public as agents
from intake.models.counter import ReferenceBundle, ReferencePart
from intake.queries.reference_parts import reference_parts
from shared.calendar import local
from shared.transactions import operation
from shared.working_days import work_calendar

KEPT_VERSIONS: Final = 20
"""A counter that was away longer fetches the whole bundle again."""


@operation
def refresh_bundle(*, outlet_id: UUID, at: datetime) -> ReferenceBundle:
    """Build the outlet's bundle as the rules are at `at`; the same content is the same version, and nothing is written.

    Raises:
        OutletNotFound: there is no such outlet.
    """
    outlet = agents.get_outlet(outlet_id)
    parts = reference_parts(outlet, local(at).date(), work_calendar())
    digests = {name: digest_of(items) for name, items in parts.items()}
    etag = digest_of(digests)
    current = ReferenceBundle.objects.select_for_update().filter(outlet_id=outlet_id, is_current=True).first()
    if current is not None and current.etag == etag:
        return current
    ReferencePart.objects.bulk_create(
        [ReferencePart(digest=digests[name], items=items, built_at=at) for name, items in parts.items()],
        ignore_conflicts=True)
    ReferenceBundle.objects.filter(outlet_id=outlet_id, is_current=True).update(is_current=False)
    bundle = _stored(outlet_id, etag, digests, parts, at)
    _forget_oldest(outlet_id)
    return bundle


def _stored(outlet_id: UUID, etag: str, digests: Mapping[str, str], parts: Mapping[str, Any],
            at: datetime) -> ReferenceBundle:
    body = json.dumps({"etag": etag, "since": "", "parts": {
        name: {"set": items, "gone": []} for name, items in parts.items()}}, ensure_ascii=False,
        separators=(",", ":"), sort_keys=True).encode()
    bundle, _is_new = ReferenceBundle.objects.update_or_create(outlet_id=outlet_id, etag=etag, defaults={
        "parts": dict(digests), "size_bytes": len(body), "body_gzip": gzip.compress(body, 9, mtime=0), "built_at": at,
        "is_current": True})
    return bundle


def _forget_oldest(outlet_id: UUID) -> None:
    versions = ReferenceBundle.objects.filter(outlet_id=outlet_id)
    newest = list(versions.order_by("-built_at", "-id").values_list("id", flat=True)[:KEPT_VERSIONS])
    versions.exclude(id__in=newest).delete()


def digest_of(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()

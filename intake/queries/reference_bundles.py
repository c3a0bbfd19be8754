"""An outlet's reference bundle: as it stands, and what changed since a version that a counter has."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from intake.models.counter import ReferenceBundle, ReferencePart


def current_bundle(outlet_id: UUID) -> ReferenceBundle | None:
    return ReferenceBundle.objects.filter(outlet_id=outlet_id, is_current=True).first()


def outlets_with_bundles() -> list[UUID]:
    return list(ReferenceBundle.objects.filter(is_current=True).values_list("outlet_id", flat=True))


def changes_since(bundle: ReferenceBundle, etag: str) -> dict[str, Any] | None:
    """What a counter that has version `etag` must set and drop, by part; None when that version is not known any more.

    Two questions, whatever changed.
    """
    versions = ReferenceBundle.objects.filter(outlet_id=bundle.outlet_id, etag=etag)
    known = versions.values_list("parts", flat=True).first()
    if known is None:
        return None
    changed = {name: (known.get(name, ""), digest) for name, digest in bundle.parts.items()
               if known.get(name) != digest}
    digests = {digest for pair in changed.values() for digest in pair if digest}
    items = dict(ReferencePart.objects.filter(digest__in=digests).values_list("digest", "items"))
    return {name: _difference(items.get(old, {}), items[new]) for name, (old, new) in changed.items()}


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {"set": {key: item for key, item in new.items() if key not in old or old[key] != item},
            "gone": sorted(key for key in old if key not in new)}

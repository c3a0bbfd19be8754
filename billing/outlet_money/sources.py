"""What others told us of the event behind a line, word for word. Who knows it registers here (config/sources.py).

What a message says of a person (a name, a number, an address) is covered for every reader alike; the digest is that
of the bytes as they came, so that whoever holds the original can compare.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

COVERED: Final = "•••"
_PERSONAL: Final = ("name", "phone", "address", "street", "id_number", "receiver", "recipient", "signature", "photo",
                    "email", "landmark", "lat", "lon")
_KEPT: Final = frozenset({"id_kind", "relation"})


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """One thing that was told. `raw` is empty where nothing came in writing."""

    happened_at: datetime
    told_at: datetime
    by: str
    """Carrier, centre, outlet: a code."""
    code: str
    words_vi: str
    words_en: str
    place: str = ""
    event_id: str = ""
    raw: str = ""
    sha256: str = ""


type Find = Callable[[UUID], Sequence[SourceEvent]]

_sources: Final[dict[str, Find]] = {}


def register_source(source_type: str, find: Find) -> None:
    """Let lines of `source_type` be traced to what was told; registering again replaces."""
    _sources[source_type] = find


def events_behind(source_type: str, source_id: UUID) -> list[SourceEvent]:
    """Oldest first; empty where nobody knows more than the line itself."""
    find = _sources.get(source_type)
    return sorted(find(source_id), key=lambda each: (each.happened_at, each.told_at)) if find else []


def covered(raw: bytes) -> tuple[str, str]:
    """A message with everything personal covered, and the digest of it as it came."""
    digest = sha256(raw).hexdigest()
    try:
        told = json.loads(raw)
    except ValueError:
        return COVERED, digest
    return json.dumps(_without_persons(told), ensure_ascii=False, indent=1), digest


def _without_persons(told: Any, key: str = "") -> Any:
    if isinstance(told, Mapping):
        return {name: _without_persons(value, str(name)) for name, value in told.items()}
    if isinstance(told, list):
        return [_without_persons(each, key) for each in told]
    return COVERED if told and _is_personal(key) else told


def _is_personal(key: str) -> bool:
    lowered = key.lower()
    return lowered not in _KEPT and any(part in lowered for part in _PERSONAL)

"""What a citizen has opened by code and digits, remembered in her session for half an hour."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from delivery.operations.tracking import Opened

KEPT: Final = "tracking"
KEPT_FOR: Final = timedelta(minutes=30)


def remember(session: MutableMapping[str, Any], opened: Opened, *, now: datetime) -> None:
    """Keep what was opened; never in an address."""
    session[KEPT] = {"dossier": str(opened.dossier_id or ""), "parcel": str(opened.parcel_id or ""),
                     "until": (now + KEPT_FOR).isoformat()}  # fmt: skip


def remembered(session: MutableMapping[str, Any], *, now: datetime) -> Opened | None:
    """What is still open; None: code and digits are asked for again."""
    kept = session.get(KEPT)
    if not isinstance(kept, dict) or datetime.fromisoformat(kept["until"]) < now:
        return None
    return Opened(UUID(kept["dossier"]) if kept["dossier"] else None, UUID(kept["parcel"]) if kept["parcel"] else None)

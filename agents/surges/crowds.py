"""Which outlets have an unusual crowd just now, for whoever looks for one; a process asks once a minute."""

import time
from datetime import datetime
from typing import Final
from uuid import UUID

from agents.surges.models import PlaceLoad
from agents.surges.queries import NOW_IS, surges
from shared import scope

_KEPT_SECONDS: Final = 60.0
_kept: tuple[float, frozenset[UUID]] | None = None


def crowded_outlets(at: datetime) -> frozenset[UUID]:
    """Outlets with at least twice their usual number in the running hour or the one before, all over the country."""
    global _kept  # noqa: PLW0603  # one memory of this process
    if _kept is None or time.monotonic() - _kept[0] >= _KEPT_SECONDS:
        # Whoever asks first asks for everybody; that a place is crowded may be known to all, its numbers are not told.
        with scope.everything():
            found = surges(PlaceLoad.objects.filter(outlet__isnull=False), at - NOW_IS, at)
        _kept = time.monotonic(), frozenset(each.place_id for each in found)
    return _kept[1]


def forget() -> None:
    """Drop what is remembered."""
    global _kept  # noqa: PLW0603  # the same
    _kept = None

"""Which place in the software leads to which entry: kept in the cache, so that a page asks the database nothing.

Written with each decision and once a minute; without a cache there are no links and the pages stay as they are.
"""

from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from agents.handbook.models import HandbookVersion
from agents.handbook.queries import in_force
from shared.actors import Actor
from shared.calendar import local

KEY: Final = "handbook:fields"
KEEPS_SECONDS: Final = 600


def remember() -> None:
    """Write down the links of today."""
    linked = in_force(HandbookVersion.objects.exclude(field_key=""), local(timezone.now()).date())
    rows = linked.order_by("number").values_list("entry__province_code", "field_key", "entry_id")
    cache.set(KEY, {f"{province}:{field}": str(entry) for province, field, entry in rows}, KEEPS_SECONDS)


def entry_for(field_key: str, actor: Actor) -> UUID | None:
    """The entry that explains a place in the software, the city's own before the country's."""
    known = cache.get(KEY) or {}
    found = known.get(f"{actor.province_code}:{field_key}") or known.get(f":{field_key}")
    return UUID(found) if found else None

"""What must have happened by now and has not: found from the rows themselves, whatever became of the messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Final
from uuid import UUID

from billing import public as billing
from billing.records import DeliveredPostage
from config.subscriptions import delivered_postage
from delivery.models.parcels import Parcel
from delivery.rules import ParcelState

SETTLED_BY: Final = timedelta(hours=1)
"""A delivery's own message has had its chances by then."""
LOOKS_BACK: Final = timedelta(days=62)
"""As far as a month that may still be open."""
_AT_ONCE: Final = 5000


def settle_unposted(*, now: datetime) -> int:
    """Post delivered parcels that the books do not know; returns how many. Running it again changes nothing."""
    return sum(billing.post_many(_told(missing), at=now) for missing in _unposted(now))


def _unposted(now: datetime) -> Iterator[set[UUID]]:
    delivered = Parcel.objects.filter(state=ParcelState.DELIVERED, delivered_at__gt=now - LOOKS_BACK,
                                      delivered_at__lte=now - SETTLED_BY)
    for ids in batched(delivered.values_list("id", flat=True).iterator(_AT_ONCE), _AT_ONCE, strict=False):
        if missing := billing.unposted_parcels(ids):
            yield missing


def _told(parcel_ids: set[UUID]) -> Iterator[DeliveredPostage]:
    for parcel in Parcel.objects.filter(id__in=parcel_ids).select_related("proof").iterator(_AT_ONCE):
        if parcel.delivered_at is not None:
            proof = getattr(parcel, "proof", None)
            yield delivered_postage(parcel.id, delivered_at=parcel.delivered_at,
                                    relation=proof.relation if proof is not None else "")

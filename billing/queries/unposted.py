"""Which delivered parcels the books do not know yet: the sweep's question."""

from collections.abc import Collection
from uuid import UUID

from billing.models.ledger import Charge
from billing.rules.plans import POSTAGE


def unposted_parcels(parcel_ids: Collection[UUID]) -> set[UUID]:
    """Those of `parcel_ids` that have no line of postage."""
    posted = Charge.objects.filter(source_type="parcel", source_id__in=parcel_ids, kind=POSTAGE, reverses=None)
    return set(parcel_ids) - set(posted.values_list("source_id", flat=True))

"""The second wall of each table: a forgotten filter shows nothing instead of everything."""

from collections.abc import Mapping
from typing import Final

from shared.scope import OPERATOR_BY_CODE, policy_sql

_PLACED: Final = {"outlet": "outlet_id", "centre": "centre_id", "province": "province_code"}
# Whoever may know of a parcel may know what happened to it; the wall of parcels decides.
_ITS_PARCEL: Final = "EXISTS (SELECT 1 FROM delivery_parcel p WHERE p.id = parcel_id)"

WALLS: Final[Mapping[str, str]] = {
    **{table: policy_sql(table, columns=_PLACED, also=OPERATOR_BY_CODE) for table in (
        "delivery_parcel", "delivery_dispatch", "delivery_cutoff", "delivery_searchcase", "delivery_indemnity")},
    # Addresses stay with the place that wrote them down.
    "delivery_address": policy_sql("delivery_address", columns={"outlet": "outlet_id", "centre": "centre_id"}),
    "delivery_deliveryround": policy_sql(
        "delivery_deliveryround", columns={"outlet": "outlet_id", "province": "province_code"}, also=OPERATOR_BY_CODE),
    **{table: policy_sql(table, columns={"outlet": "outlet_id"}, also=_ITS_PARCEL) for table in (
        "delivery_dooract", "delivery_deliverychange", "delivery_pickup")},
}

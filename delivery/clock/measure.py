"""The promise of each parcel of an outlet, for its scorecard: by the month of the promised day, once that is over."""

from typing import Final

from agents.quality.ports import Source
from delivery.clock.counting import OUTCOMES

_OF_MONTH: Final = OUTCOMES.replace("%(first)s", "(%(since)s AT TIME ZONE 'Asia/Ho_Chi_Minh')::date").replace(
    "p.promised_date < %(today)s",
    "p.promised_date < least(%(today)s, (%(until)s AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)")
# Nothing of ours can delay a parcel that the carrier has: a fault counts from the booking until the carrier took it.
_CASES: Final = f"""
    SELECT o.outlet_id, o.parcel_id::text AS key, o.parcel_id AS subject, o.number AS reference,
           o.outcome = 'kept' AS ok, 1 AS amount, o.booked_at AS since,
           coalesce(o.accepted_at, o.booked_at + interval '1 day') AS until
    FROM ({_OF_MONTH}) o
    WHERE o.province_code = %(province)s AND o.outcome <> 'uncounted' AND o.outlet_id IS NOT NULL
"""  # noqa: S608  # constants of the house

SOURCE: Final = Source(_CASES, page="delivery:parcel")

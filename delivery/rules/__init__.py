"""Pure rules of delivery: here directions and states, beside them event codes, standings and transit times."""

from enum import StrEnum


class Direction(StrEnum):
    """Where a parcel goes. The tariff knows two of them: sending a dossier, returning a result."""

    DOSSIER = "dossier"
    """From the outlet to the centre."""
    RESULT = "result"
    """From the centre to the citizen."""
    POSTED_IN = "posted_in"
    """From the citizen to the outlet: papers that she need not bring herself."""
    TO_OUTLET = "to_outlet"
    """From the centre to the outlet: what the citizen collects there."""


_PACKED_AT_CENTRE = frozenset({Direction.RESULT, Direction.TO_OUTLET})


def tariff_direction(direction: Direction) -> str:
    """The tariff's word for this direction: everything towards the authority costs what sending a dossier costs.

    Circular 22/2017/TT-BTTTT prices sending dossiers and returning results; that the two legs through an outlet are
    priced like them is assumed.
    """
    return Direction.RESULT if direction in _PACKED_AT_CENTRE else Direction.DOSSIER


class ParcelState(StrEnum):
    """What the set of a parcel's tracking events amounts to."""

    BOOKED = "booked"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    ARRIVED = "arrived"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    HELD = "held"
    AT_COLLECTION_POINT = "at_collection_point"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"
    """Called off by whoever packed it, before the post had it; the carrier agreed."""
    NEEDS_REVIEW = "needs_review"


FINAL_PARCEL_STATES = frozenset({
    ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.LOST, ParcelState.CANCELLED})

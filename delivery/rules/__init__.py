"""Pure rules of delivery: here directions and states, beside them event codes, standings and transit times."""

from enum import StrEnum


class Direction(StrEnum):
    """Where a parcel goes. The tariff knows two: sending a dossier, returning a result."""

    DOSSIER = "dossier"
    """From the outlet (or the citizen) to the centre."""
    RESULT = "result"
    """From the centre to the citizen."""


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
    NEEDS_REVIEW = "needs_review"


FINAL_PARCEL_STATES = frozenset({ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.LOST})

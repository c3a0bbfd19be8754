"""What a carrier may be asked about a parcel that it knows, when, and what becomes of the asking."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from delivery.rules import FINAL_PARCEL_STATES, ParcelState


class RequestKind(StrEnum):
    CANCEL = "cancel"
    """Do not fetch it: before the post has accepted it."""
    REDIRECT = "redirect"
    """Bring it to another address, or keep it at a collection point (Postal Law 49/2010/QH12, Art. 16)."""
    RESCHEDULE = "reschedule"
    """Come on another day."""
    RETURN = "return"
    """Bring it back to whoever sent it (Postal Law 49/2010/QH12, Art. 16)."""


class RequestState(StrEnum):
    WAITING = "waiting"
    """Not yet told."""
    UNKNOWN = "unknown"
    """Told, or about to be; the carrier has not said whether it has it. It is asked before it is told again."""
    BY_HAND = "by_hand"
    """It has no interface for this: a person tells it and writes down the answer."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
    """The trip ended, or went another way, before the carrier was told."""


FINAL_REQUEST_STATES: Final = frozenset({RequestState.ACCEPTED, RequestState.REFUSED, RequestState.OVERTAKEN})

_S: Final = RequestState
REQUEST_MOVES: Final[Mapping[tuple[RequestState, str], RequestState]] = MappingProxyType({
    (_S.WAITING, "try"): _S.UNKNOWN,
    (_S.UNKNOWN, "try"): _S.UNKNOWN,
    (_S.UNKNOWN, "accept"): _S.ACCEPTED,
    (_S.UNKNOWN, "refuse"): _S.REFUSED,
    (_S.UNKNOWN, "hand_over"): _S.BY_HAND,
    (_S.UNKNOWN, "overtake"): _S.OVERTAKEN,
    (_S.WAITING, "overtake"): _S.OVERTAKEN,
    (_S.BY_HAND, "overtake"): _S.OVERTAKEN,
    (_S.BY_HAND, "accept"): _S.ACCEPTED,
    (_S.BY_HAND, "refuse"): _S.REFUSED,
})  # fmt: skip
"""(state, action) → state; what is not here cannot happen."""

_MOVING: Final = frozenset(ParcelState) - {
    *FINAL_PARCEL_STATES, ParcelState.RETURNING, ParcelState.NEEDS_REVIEW}
ALLOWED_IN: Final[Mapping[RequestKind, frozenset[ParcelState]]] = MappingProxyType({
    RequestKind.CANCEL: frozenset({ParcelState.BOOKED}),
    RequestKind.REDIRECT: _MOVING,
    RequestKind.RESCHEDULE: _MOVING,
    RequestKind.RETURN: _MOVING - {ParcelState.BOOKED},
})  # fmt: skip
"""Where a parcel must stand for the asking to make sense."""

REQUEST_DETAILS: Final[Mapping[RequestKind, frozenset[str]]] = MappingProxyType({
    RequestKind.CANCEL: frozenset(),
    RequestKind.REDIRECT: frozenset({"address", "commune_code", "commune", "name", "phone", "point"}),
    RequestKind.RESCHEDULE: frozenset({"day", "part"}),
    RequestKind.RETURN: frozenset(),
})  # fmt: skip
"""What may be told with it. `commune` is the full name with its province; `point` an office's code or name, where the
parcel is to be kept; `day` as 2026-01-20; `part` "morning" or "afternoon"."""


def moved(state: RequestState, action: str) -> RequestState:
    """Where `action` leads; raises KeyError for what cannot happen."""
    return REQUEST_MOVES[state, action]

"""How well a place on the ground is known, and what becomes of the search for it."""

from collections.abc import Mapping
from enum import StrEnum
from math import pi, sqrt
from types import MappingProxyType
from typing import Final


class Precision(StrEnum):
    """How well the point of an address is known, the best first."""

    PIN = "pin"
    """Somebody who knows the place put it on the map."""
    HOUSE = "house"
    STREET = "street"
    AREA = "area"
    """A hamlet, a neighbourhood."""
    COMMUNE = "commune"
    """Only the middle of the commune."""


RADIUS_METRES: Final[Mapping[Precision, int]] = MappingProxyType({
    Precision.PIN: 20, Precision.HOUSE: 50, Precision.STREET: 500, Precision.AREA: 1500, Precision.COMMUNE: 5000})
"""Within what distance the door is looked for; that of a commune is worked out from its area where that is known."""


class Search(StrEnum):
    """What has become of the search for an address's point."""

    NOT_ASKED = "not_asked"
    """No geocoder is configured, or a person has put the pin already."""
    WAITING = "waiting"
    FOUND = "found"
    NOTHING = "nothing"
    """The geocoder knows no such place."""
    ELSEWHERE = "elsewhere"
    """It named a place outside the commune: not believed."""
    GAVE_UP = "gave_up"
    """It did not answer, again and again."""


MOST_TRIES: Final = 6
WIDEST_ADDRESS: Final = 12_000
"""Metres from the middle of a commune beyond which a point is not in it, when its area is not known."""


def reach_metres(area_km2: float | None) -> float:
    """How far from its middle a point of a commune may lie: twice the radius of a disc of its area, and 2 km.

    Communes are no discs; an answer beyond this names another place of the same name.
    """
    return 2 * sqrt(area_km2 / pi) * 1000 + 2000 if area_km2 else WIDEST_ADDRESS


def middle_radius_metres(area_km2: float | None) -> int:
    """How far from a commune's middle its farthest door may be, rounded up to 500 m."""
    if not area_km2:
        return RADIUS_METRES[Precision.COMMUNE]
    return int(-(-sqrt(area_km2 / pi) * 1000 // 500) * 500)

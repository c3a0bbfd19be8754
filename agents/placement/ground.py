"""Ways on the ground, all at once. Pure: numbers in, numbers out."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from agents.placement.terms import Demand, Place

EARTH_KM: Final = 6371.0088
"""Mean radius (IUGG). On a sphere a distance is at most 0.56 % off; a road bends far more than that."""


def ways_km(demands: Sequence[Demand], places: Sequence[Place]) -> np.ndarray:
    """[i, j]: km as the crow flies from demand i to place j, times the demand's terrain factor."""
    here = np.radians([[each.latitude, each.longitude] for each in demands]).reshape(-1, 2)
    there = np.radians([[each.latitude, each.longitude] for each in places]).reshape(-1, 2)
    lat, lon = here[:, :1], here[:, 1:]
    up, along = there[:, 0] - lat, there[:, 1] - lon
    chord = np.sin(up / 2) ** 2 + np.cos(lat) * np.cos(there[:, 0]) * np.sin(along / 2) ** 2
    factors = np.array([float(each.terrain_factor) for each in demands]).reshape(-1, 1)
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))) * factors)

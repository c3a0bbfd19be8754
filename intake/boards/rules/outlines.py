"""What an outline must be: a closed Polygon or MultiPolygon in WGS 84 degrees that holds or lies near its commune."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

MOST_CORNERS: Final = 50_000
NEAR: Final = 0.25
"""Degrees by which a commune's known middle may lie outside the outline's frame: another commune's is farther off."""
EAST: Final = (101.0, 118.0)
NORTH: Final = (6.0, 24.0)
"""Việt Nam with its archipelagos."""

type Ring = Sequence[Sequence[float]]


def problem_of(shape: Any, middle: tuple[float, float]) -> str:
    """What is wrong with a geometry for a commune whose middle is (latitude, longitude); empty: nothing."""
    rings = rings_of(shape)
    if rings is None:
        return "is neither a Polygon nor a MultiPolygon with lists of corners"
    if any(len(ring) < 4 or list(ring[0][:2]) != list(ring[-1][:2]) for ring in rings):
        return "has a ring that is not closed or has fewer than four corners"
    corners = [corner for ring in rings for corner in ring]
    if len(corners) > MOST_CORNERS:
        return f"has {len(corners)} corners, more than {MOST_CORNERS}; simplify it"
    lons, lats = [corner[0] for corner in corners], [corner[1] for corner in corners]
    if not (EAST[0] <= min(lons) <= max(lons) <= EAST[1] and NORTH[0] <= min(lats) <= max(lats) <= NORTH[1]):
        return "lies outside Việt Nam: corners are longitude, latitude in WGS 84 degrees"
    inside = min(lats) - NEAR <= middle[0] <= max(lats) + NEAR and min(lons) - NEAR <= middle[1] <= max(lons) + NEAR
    return "" if inside else "lies far from the middle of the commune that its code names"


def rings_of(shape: Any) -> list[Ring] | None:
    """All rings of a geometry; None when it is none that we draw."""
    if not isinstance(shape, dict) or not isinstance(shape.get("coordinates"), list):
        return None
    parts = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}.get(str(shape.get("type")))
    if not parts or not all(isinstance(part, list) and part for part in parts):
        return None
    rings = [ring for part in parts for ring in part]
    return rings if all(_is_ring(ring) for ring in rings) else None


def _is_ring(ring: Any) -> bool:
    return isinstance(ring, list) and bool(ring) and all(
        isinstance(corner, list) and len(corner) >= 2
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in corner[:2])
        for corner in ring)


def outlines(shape: Any) -> Iterable[Sequence[tuple[float, float]]]:
    """Rings as (latitude, longitude), as maps are drawn."""
    for ring in rings_of(shape) or ():
        yield [(round(corner[1], 5), round(corner[0], 5)) for corner in ring]

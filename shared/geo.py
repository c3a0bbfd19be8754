"""Distances on the ground."""

from geopy.distance import geodesic


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Geodesic distance of two (latitude, longitude) points in degrees, WGS 84."""
    return float(geodesic(a, b).kilometers)

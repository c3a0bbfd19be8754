"""What a choice of sites means for people: figures before and after, and the reasons of each site. Pure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from agents.placement.terms import Demand, Place


@dataclass(frozen=True, slots=True)
class Figures:
    """Demand is what the set counts (people, or dossiers a year); means are by weight, in km."""

    demand: int
    covered_before: int
    covered_after: int
    weight: float
    weight_before: float
    weight_after: float
    mean_before: float | None
    """None: nothing stands yet."""
    mean_after: float
    farthest_before: float | None
    farthest_after: float


@dataclass(frozen=True, slots=True)
class SiteReasons:
    """Why a site was chosen."""

    key: str
    code: str
    name: str
    address: str
    latitude: float
    longitude: float
    communes: int
    """For how many communes it is the nearest."""
    demand: int
    only: int
    """Demand that this site reaches and no other."""
    newly: int
    """Demand within its reach that had nothing within reach before."""
    mean_before: float | None
    """The mean way of those for whom it is the nearest; before it opens and after."""
    mean_after: float | None


@dataclass(frozen=True, slots=True)
class CommuneReach:
    code: str
    name: str
    latitude: float
    longitude: float
    demand: int
    elderly_share: float | None
    online_rate: float | None
    terrain_factor: float
    weight: float
    before: str
    """The nearest outlet; empty: none."""
    after: str
    km_before: float | None
    km_after: float
    is_covered_before: bool
    is_covered_after: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    figures: Figures
    sites: Sequence[SiteReasons]
    communes: Sequence[CommuneReach]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Outcome":
        return cls(Figures(**data["figures"]), [SiteReasons(**each) for each in data["sites"]],
                   [CommuneReach(**each) for each in data["communes"]])


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ways from every demand to every place, and which places are open before and after."""

    demands: Sequence[Demand]
    places: Sequence[Place]
    ways: np.ndarray
    before: Sequence[int]
    after: Sequence[int]
    chosen: Sequence[int]
    reach_km: float

    def outcome(self) -> Outcome:
        return Outcome(self._figures(), [self._site(at) for at in self.chosen],
                       [self._commune(at) for at in range(len(self.demands))])

    @property
    def _people(self) -> np.ndarray:
        return np.array([each.demand for each in self.demands], dtype=np.int64)

    @property
    def _weights(self) -> np.ndarray:
        return np.array([each.weight for each in self.demands])

    def _nearest(self, sites: Sequence[int]) -> np.ndarray:
        if not len(sites):
            return np.full(len(self.demands), np.inf)
        return np.asarray(self.ways[:, list(sites)].min(axis=1))

    def _figures(self) -> Figures:
        near, far = self._nearest(self.before), self._nearest(self.after)
        was, now = near <= self.reach_km, far <= self.reach_km
        weights, people = self._weights, self._people
        return Figures(
            int(people.sum()), int(people[was].sum()), int(people[now].sum()), float(weights.sum()),
            float(weights[was].sum()), float(weights[now].sum()), _mean(near, weights), _mean(far, weights) or 0.0,
            _finite(near[people > 0].max()), float(far[people > 0].max()))

    def _site(self, at: int) -> SiteReasons:
        place, people, mine = self.places[at], self._people, self.ways[:, at] <= self.reach_km
        others = self._nearest([each for each in self.after if each != at]) <= self.reach_km
        before = self._nearest(self.before)
        # Of places equally near, the first one serves.
        order = list(self.after)
        served = np.array(order)[self.ways[:, order].argmin(axis=1)] == at
        return SiteReasons(
            place.key, place.code, place.name, place.address, place.latitude, place.longitude, int(served.sum()),
            int(people[served].sum()), int(people[mine & ~others].sum()),
            int(people[mine & (before > self.reach_km)].sum()), _mean(before[served], self._weights[served]),
            _mean(self.ways[served, at], self._weights[served]))

    def _commune(self, at: int) -> CommuneReach:
        demand = self.demands[at]
        before, after = self._one(at, self.before), self._one(at, self.after)
        return CommuneReach(
            demand.code, demand.name, demand.latitude, demand.longitude, demand.demand, _share(demand.elderly_share),
            _share(demand.online_rate), float(demand.terrain_factor), demand.weight, *_names(before, after),
            before[1] if before else None, after[1] if after else 0.0,
            bool(before and before[1] <= self.reach_km), bool(after and after[1] <= self.reach_km))

    def _one(self, at: int, sites: Sequence[int]) -> tuple[str, float] | None:
        """Name and way of the nearest of `sites`."""
        if not len(sites):
            return None
        nearest = min(sites, key=lambda each: float(self.ways[at, each]))
        return self.places[nearest].name, float(self.ways[at, nearest])


def _names(before: tuple[str, float] | None, after: tuple[str, float] | None) -> tuple[str, str]:
    return before[0] if before else "", after[0] if after else ""


def _share(value: object) -> float | None:
    return None if value is None else float(str(value))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _mean(ways: np.ndarray, weights: np.ndarray) -> float | None:
    if not weights.sum() or not np.isfinite(ways).all():
        return None
    return float((ways * weights).sum() / weights.sum())

"""Which sites can still be in the best choice for distance: a good choice first, then a proof about all others. Pure.

The p-median of a city has a tight Lagrangian bound (Cornuéjols, Fisher and Nemhauser 1977; Beasley 1993): demand i pays
a price u_i for being served, and each site earns what its prices are above its costs. For any prices

    L(u) = sum u_i + sum min(0, standing_i - u_i) + the `wanted` smallest of r_j
    r_j = sum over i of min(0, c_ij - u_i)

is a cost that no choice beats. To force a site in or out raises that bound by how far its r_j lies from the threshold:
where the raised bound is above the cost of a choice we have, every choice that has (or lacks) the site is dearer. What
is left, a handful of sites, is solved exactly.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

ROUNDS: Final = 600
PATIENCE: Final = 20
"""Rounds without a better bound before the step is halved."""
SLACK: Final = 1e-9
"""Relative: what rounding may hide. A site is left out only when it is dearer by more."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """`kept`: sites that can be in a best choice, ascending; `fixed` are in all of them."""

    kept: np.ndarray
    fixed: frozenset[int]
    incumbent: tuple[int, ...]
    """A choice at hand, the best that was met."""
    cost: float
    """Of the incumbent, in weighted km."""


def prune(costs: np.ndarray, standing: np.ndarray, wanted: int) -> Pruned:
    """`costs[i, j]`: weight × km of demand i at site j; `standing[i]`: at the nearest outlet that stands, inf: none."""
    everything = np.arange(costs.shape[1])
    if wanted >= len(everything):
        return Pruned(everything, frozenset(everything.tolist()), tuple(everything.tolist()),
                      _cost(costs, standing, everything))
    chosen = _improved(costs, standing, _greedy(costs, standing, wanted))
    search = _Search(costs, standing, wanted, chosen)
    search.run()
    return search.pruned()


def _cost(costs: np.ndarray, standing: np.ndarray, chosen: np.ndarray) -> float:
    return float(np.minimum(costs[:, chosen].min(axis=1), standing).sum())


def _greedy(costs: np.ndarray, standing: np.ndarray, wanted: int) -> np.ndarray:
    """One site after the other, each the one that shortens most."""
    now = np.where(np.isfinite(standing), standing, costs.max(axis=1))
    chosen: list[int] = []
    for _ in range(wanted):
        totals = np.minimum(costs, now[:, None]).sum(axis=0)
        totals[chosen] = np.inf
        best = int(totals.argmin())
        chosen.append(best)
        now = np.minimum(now, costs[:, best])
    return np.array(chosen)


def _improved(costs: np.ndarray, standing: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Exchange one site for another while that shortens (Teitz and Bart 1968), always the best exchange."""
    best = _cost(costs, standing, chosen)
    while True:
        found = _best_exchange(costs, standing, chosen)
        if found is None or found[0] >= best * (1 - SLACK):
            return np.sort(chosen)
        best, out, new = found
        chosen = np.append(np.delete(chosen, out), new)


def _best_exchange(costs: np.ndarray, standing: np.ndarray, chosen: np.ndarray) -> tuple[float, int, int] | None:
    """Cost after it, the position that leaves, the site that comes."""
    near, first, second = _two_nearest(costs[:, chosen], standing)
    best: tuple[float, int, int] | None = None
    for new in np.setdiff1d(np.arange(costs.shape[1]), chosen):
        kept, lost = np.minimum(costs[:, new], first), np.minimum(costs[:, new], second)
        rise = np.bincount(near, weights=lost - kept, minlength=len(chosen) + 1)[:len(chosen)]
        out = int(rise.argmin())
        total = float(kept.sum() + rise[out])
        if best is None or total < best[0]:
            best = total, out, int(new)
    return best


def _two_nearest(ways: np.ndarray, standing: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The position of the cheapest site (the number of sites where one stands nearer), its cost, the next cost."""
    big = np.where(np.isfinite(standing), standing, ways.max(axis=1) * 1e6 + 1)
    both = np.column_stack([ways, big])
    near = both.argmin(axis=1)
    ordered = np.partition(both, 1, axis=1)
    return near, ordered[:, 0], ordered[:, 1]


class _Search:
    """Subgradient steps on the prices, with choices found on the way, and what they prove."""

    def __init__(self, costs: np.ndarray, standing: np.ndarray, wanted: int, chosen: np.ndarray) -> None:
        self.costs, self.standing, self.wanted = costs, standing, wanted
        self.chosen, self.cost = chosen, _cost(costs, standing, chosen)
        self.bound = -np.inf
        sites = costs.shape[1]
        self.is_out, self.is_in = np.zeros(sites, bool), np.zeros(sites, bool)

    def run(self) -> None:
        prices = np.minimum(np.sort(self.costs, axis=1)[:, min(1, self.costs.shape[1] - 1)], self.standing)
        scale, waited = 1.5, 0
        for _ in range(ROUNDS):
            earned = np.minimum(0.0, self.costs - prices[:, None]).sum(axis=0)
            order = np.argsort(earned, kind="stable")
            open_ = order[:self.wanted]
            bound = float(prices.sum() + np.minimum(0.0, self.standing - prices).sum() + earned[open_].sum())
            waited = 0 if bound > self.bound + abs(self.cost) * 1e-7 else waited + 1
            if bound > self.bound:
                self.bound = bound
                self._try(open_)
            self._prove(earned, order, bound)
            if waited >= PATIENCE:
                scale, waited = scale / 2, 0
            served = (self.costs[:, open_] < prices[:, None]).sum(axis=1) + (self.standing < prices)
            slope = 1.0 - served
            if not slope.any() or self.cost - bound <= abs(self.cost) * SLACK or scale < 1e-4:
                return
            prices = prices + scale * (self.cost - bound) / float((slope ** 2).sum()) * slope

    def _try(self, open_: np.ndarray) -> None:
        if _cost(self.costs, self.standing, open_) < self.cost * 1.02:
            better = _improved(self.costs, self.standing, open_)
            cost = _cost(self.costs, self.standing, better)
            if cost < self.cost:
                self.chosen, self.cost = better, cost

    def _prove(self, earned: np.ndarray, order: np.ndarray, bound: float) -> None:
        """A site whose change of side lifts the bound above the choice at hand is settled, for good."""
        limit = self.cost + abs(self.cost) * SLACK
        last_in, first_out = earned[order[self.wanted - 1]], earned[order[self.wanted]]
        inside = np.zeros(len(earned), bool)
        inside[order[:self.wanted]] = True
        self.is_out |= ~inside & (bound + earned - last_in > limit)
        self.is_in |= inside & (bound - earned + first_out > limit)

    def pruned(self) -> Pruned:
        # The choice at hand stays possible: no proof was made against it, and rounding must not lose it.
        kept = np.union1d(np.flatnonzero(~self.is_out), self.chosen)
        fixed = frozenset(np.flatnonzero(self.is_in).tolist()) & frozenset(self.chosen.tolist())
        return Pruned(kept, fixed, tuple(int(each) for each in self.chosen), self.cost)

"""The best n of the candidate sites, by a mixed-integer solver that proves it. Pure: numbers in, numbers out.

Two questions are asked of the same distances. *Coverage* (Church and ReVelle 1974): serve as much demand as possible
within a reach. *Distance* (p-median, Hakimi 1964): make the way of everybody to her nearest outlet as short as possible
on average. Both are solved by HiGHS to optimality, or stopped at a time limit with the gap that is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import highspy
import numpy as np

from agents.placement.pruning import prune

SECONDS_AT_MOST: Final = 60.0
"""A worker gives up here and says how far from proven the answer is."""
PROVEN_GAP: Final = 1e-6


class Objective(StrEnum):
    COVERAGE = "coverage"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Question:
    """`distances[i, j]`: km from demand i to site j, existing sites first. `weights[i]`: how much demand i counts.

    The first `existing` sites stand already and stay; `wanted` of the others are chosen.
    """

    distances: np.ndarray
    weights: np.ndarray
    existing: int
    wanted: int
    objective: Objective
    reach_km: float

    @property
    def candidates(self) -> int:
        return int(self.distances.shape[1]) - self.existing


@dataclass(frozen=True, slots=True)
class Answer:
    """`chosen`: positions among the candidates, ascending. `value`: weight served, or weighted mean km."""

    chosen: tuple[int, ...]
    value: float
    bound: float
    """What no choice can beat."""
    is_proven: bool


class NoAnswer(Exception):
    """The solver found no choice at all within its time."""


def solve(question: Question, *, seconds: float = SECONDS_AT_MOST) -> Answer:
    """The best sites.

    Raises:
        ValueError: more sites are wanted than there are candidates, or nothing is demanded.
        NoAnswer: the time ran out before a first choice was found.
    """
    if not 0 < question.wanted <= question.candidates:
        raise ValueError("between one and all of the candidates can be chosen")
    if question.weights.sum() <= 0:
        raise ValueError("no demand has a weight")
    if question.objective is Objective.COVERAGE:
        return _most_coverage(question, seconds)
    return _least_distance(question, seconds)


def weighted_mean_km(question: Question, sites: Sequence[int]) -> float:
    """The mean way to the nearest of `sites` (positions among all of them), each demand by its weight."""
    nearest = question.distances[:, list(sites)].min(axis=1)
    return float((nearest * question.weights).sum() / question.weights.sum())


def weight_within_reach(question: Question, sites: Sequence[int]) -> float:
    """The weight of all demand that has one of `sites` within reach."""
    if not len(sites):
        return 0.0
    near = (question.distances[:, list(sites)] <= question.reach_km).any(axis=1)
    return float(question.weights[near].sum())


def _most_coverage(question: Question, seconds: float) -> Answer:
    """Binary y_j: site j is opened; z_i: demand i is served, at most the sum of the y_j within its reach."""
    near = question.distances <= question.reach_km
    served = near[:, :question.existing].any(axis=1)
    model = _model(seconds)
    open_ = [model.addBinary() for _ in range(question.candidates)]
    model.addConstr(model.qsum(open_) == question.wanted)
    gains = []
    for i in np.flatnonzero(~served & (question.weights > 0)):
        sites = np.flatnonzero(near[i, question.existing:])
        if not sites.size:
            continue
        z = model.addVariable(lb=0.0, ub=1.0)
        model.addConstr(z <= model.qsum([open_[j] for j in sites]))
        gains.append(float(question.weights[i]) * z)
    already = float(question.weights[served].sum())
    if not gains:
        return Answer(tuple(range(question.wanted)), already, already, is_proven=True)
    model.maximize(model.qsum(gains))
    chosen, bound = _chosen(model, open_)
    all_sites = _with_existing(question, chosen)
    value = weight_within_reach(question, all_sites)
    return _answer(chosen, value, already + bound)


def _least_distance(question: Question, seconds: float) -> Answer:
    """Sites that cannot be in a best choice are left out by proof; HiGHS solves and proves the rest.

    Radius form (Elloumi 2010): each demand pays the steps between its sorted distances until a site is open. Each row
    names only the sites that lie at its own distance, so it stays sparse. Distances beyond the nearest existing site
    are never paid.
    """
    costs, standing = _priced(question)
    pruned = prune(costs, standing, question.wanted)
    model = _model(seconds)
    open_ = [model.addVariable(lb=float(int(j) in pruned.fixed), ub=1.0, type=highspy.HighsVarType.kInteger)
             for j in pruned.kept]
    model.addConstr(model.qsum(open_) == question.wanted)
    steps, certain = [], 0.0
    for row in _capped(costs[:, pruned.kept], standing, question.wanted):
        levels = np.unique(row)
        certain += float(levels[0])
        unmet: highspy.highs_var | float = 1.0  # 1: nothing is open within the level before
        for lower, upper in pairwise(levels):
            here = model.qsum([open_[j] for j in np.flatnonzero(row == lower)])
            still = model.addVariable(lb=0.0, ub=1.0)
            model.addConstr(still + here >= unmet)
            steps.append(float(upper - lower) * still)
            unmet = still
    if steps:
        model.minimize(model.qsum(steps))
    among, bound = _chosen(model, open_)
    chosen = tuple(int(pruned.kept[j]) for j in among)
    value = weighted_mean_km(question, _with_existing(question, chosen))
    # Whatever was left out costs more than the choice at hand.
    least = min(certain + bound, pruned.cost)
    return _answer(chosen, value, least / float(question.weights.sum()))


def _priced(question: Question) -> tuple[np.ndarray, np.ndarray]:
    """Weighted km of every demand that counts: at each candidate, and at the nearest outlet that stands (inf: none)."""
    counts = question.weights > 0
    ways, weights = question.distances[counts], question.weights[counts]
    standing = ways[:, :question.existing].min(axis=1) * weights if question.existing else np.full(len(weights), np.inf)
    return ways[:, question.existing:] * weights[:, None], standing


def _capped(costs: np.ndarray, standing: np.ndarray, wanted: int) -> np.ndarray:
    """What each site would cost each demand, no more than its dearest case.

    The nearest existing site bounds it; and with n of m candidates open, one of the nearest m - n + 1 always is.
    """
    dearest = np.minimum(np.sort(costs, axis=1)[:, costs.shape[1] - wanted], standing)
    return np.asarray(np.minimum(costs, dearest[:, None]))


class _Quiet(highspy.Highs):
    """HiGHS prints its banner to standard output while it is made, unless it is silenced before its callbacks begin."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # highspy's own

    def enableCallbacks(self) -> None:  # noqa: N802  # highspy's own name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy's own


def _model(seconds: float) -> highspy.Highs:
    model = _Quiet()
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("random_seed", 1)
    model.setOptionValue("threads", 1)
    return model


def _chosen(model: highspy.Highs, open_: Sequence[highspy.highs_var]) -> tuple[tuple[int, ...], float]:
    model.run()
    info = model.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise NoAnswer
    values = model.getSolution().col_value
    return tuple(j for j, each in enumerate(open_) if values[each.index] > 0.5), float(info.mip_dual_bound)


def _with_existing(question: Question, chosen: Sequence[int]) -> list[int]:
    return [*range(question.existing), *(question.existing + j for j in chosen)]


def _answer(chosen: tuple[int, ...], value: float, bound: float) -> Answer:
    gap = abs(value - bound) / max(abs(value), 1e-9)
    return Answer(chosen, value, bound, is_proven=gap <= PROVEN_GAP)

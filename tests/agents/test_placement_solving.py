"""The solver's choice is the best there is: compared with every other choice on small cases."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.placement.pruning import prune
from agents.placement.solving import (
    Objective,
    Question,
    solve,
    weight_within_reach,
    weighted_mean_km,
)


@st.composite
def questions(draw, objective):
    demands, existing = draw(st.integers(1, 7)), draw(st.integers(0, 2))
    candidates = draw(st.integers(1, 6))
    cells = st.integers(0, 30).map(float)
    ways = draw(st.lists(st.lists(cells, min_size=existing + candidates, max_size=existing + candidates),
                         min_size=demands, max_size=demands))
    weights = draw(st.lists(st.integers(0, 9).map(float), min_size=demands, max_size=demands).filter(any))
    return Question(np.array(ways), np.array(weights), existing, draw(st.integers(1, candidates)), objective,
                    draw(st.integers(1, 20).map(float)))


def every_choice(question):
    for chosen in combinations(range(question.candidates), question.wanted):
        yield [*range(question.existing), *(question.existing + each for each in chosen)]


@settings(max_examples=25, deadline=None)
@given(questions(Objective.COVERAGE))
def test_no_choice_serves_more_than_the_one_for_coverage(question):
    answer = solve(question)

    best = max(weight_within_reach(question, sites) for sites in every_choice(question))
    assert answer.value == pytest.approx(best)
    assert answer.is_proven
    assert len(set(answer.chosen)) == question.wanted


@settings(max_examples=25, deadline=None)
@given(questions(Objective.DISTANCE))
def test_no_choice_has_a_shorter_mean_way_than_the_one_for_distance(question):
    answer = solve(question)

    best = min(weighted_mean_km(question, sites) for sites in every_choice(question))
    assert answer.value == pytest.approx(best)
    assert answer.is_proven
    assert len(set(answer.chosen)) == question.wanted


@pytest.mark.parametrize("wanted", [0, 3])
def test_more_sites_than_there_are_or_none_at_all_is_no_question(wanted):
    with pytest.raises(ValueError, match="candidates"):
        solve(Question(np.ones((1, 2)), np.ones(1), 0, wanted, Objective.COVERAGE, 5.0))


def test_nobody_s_demand_is_no_question():
    with pytest.raises(ValueError, match="weight"):
        solve(Question(np.ones((1, 2)), np.zeros(1), 0, 1, Objective.DISTANCE, 5.0))


@settings(max_examples=25, deadline=None)
@given(questions(Objective.DISTANCE))
def test_what_is_left_out_by_proof_is_in_no_best_choice(question):
    counts = question.weights > 0
    ways, weights = question.distances[counts], question.weights[counts]
    costs = ways[:, question.existing:] * weights[:, None]
    standing = (ways[:, :question.existing].min(axis=1) * weights if question.existing
                else np.full(len(weights), np.inf))

    pruned = prune(costs, standing, question.wanted)

    totals = {chosen: float(np.minimum(costs[:, chosen].min(axis=1), standing).sum())
              for chosen in combinations(range(question.candidates), question.wanted)}
    best = min(totals.values())
    for chosen, total in totals.items():
        if total < best + 1e-9:
            assert set(chosen) <= set(pruned.kept.tolist())
            assert pruned.fixed <= set(chosen)
    assert pruned.cost == pytest.approx(totals[pruned.incumbent])


def test_a_city_is_solved_among_the_few_sites_that_can_be_in_a_best_choice():
    """Forty communes and eighty sites: what the proof leaves is a fraction, and the whole agrees with it."""
    points = np.random.default_rng(7).random((120, 2)) * 40
    ways = np.linalg.norm(points[:40, None] - points[None, 40:], axis=2)
    question = Question(ways, np.arange(1.0, 41.0), 0, 10, Objective.DISTANCE, 3.0)

    answer = solve(question)
    pruned = prune(ways * question.weights[:, None], np.full(40, np.inf), 10)

    assert len(pruned.kept) < 40
    assert set(answer.chosen) <= set(pruned.kept.tolist())
    assert answer.is_proven
    assert answer.bound <= answer.value + 1e-9


def test_the_solver_says_nothing_on_standard_output(capfd):
    solve(Question(np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2), 0, 1, Objective.DISTANCE, 1.0))

    assert capfd.readouterr().out == ""

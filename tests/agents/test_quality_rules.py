"""The formula: it rises with each measure, needs a sample, gives the same for the same, and no fault makes it worse."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.quality.rules import (
    APPEAL_MOVES,
    PRAISE_MOVES,
    WATCH_MOVES,
    WHOLE,
    AppealState,
    AppealStep,
    Counted,
    Marks,
    Measure,
    Praise,
    PraiseState,
    PraiseStep,
    WatchState,
    WatchStep,
    Weighed,
    appealable_until,
    earned_praise,
    forward_limit,
    month_after,
    month_before,
    points,
    score,
)
from shared.calendar import WorkCalendar
from tests.intake.moments import local

cases = st.integers(0, 60)
counted = st.builds(Counted, cases, cases, cases, cases)
formulas = st.lists(st.sampled_from(list(Measure)), min_size=1, max_size=7, unique=True).flatmap(
    lambda names: st.tuples(*[st.builds(
        lambda name, weight, floor, width, least: Weighed(name, weight, floor, floor + width, least),
        st.just(name), st.integers(1, 100), st.integers(0, 9000), st.integers(1, 1000), st.integers(1, 20))
        for name in names]))
counts = st.fixed_dictionaries({}, optional=dict.fromkeys(Measure, counted))
few = settings(max_examples=30, deadline=None)


def total(formula, found):
    return score(formula, found, least_weight=50).total


@few
@given(formulas, counts, st.sampled_from(list(Measure)))
def test_one_case_more_that_was_met_instead_of_missed_never_lowers_a_score(formula, found, name):
    before = found.get(name, Counted())
    if not before.missed:
        return
    after = found | {name: Counted(before.met + 1, before.missed - 1, before.faulty, before.spared)}

    assert (total(formula, after) is None) == (total(formula, found) is None)
    assert (total(formula, after) or 0) >= (total(formula, found) or 0)


@few
@given(formulas, counts, st.sampled_from(list(Measure)), st.booleans())
def test_taking_a_miss_out_never_worsens_a_score(formula, found, name, is_fault):
    before = found.get(name, Counted())
    if not before.missed:
        return
    out = (before.faulty + 1, before.spared) if is_fault else (before.faulty, before.spared + 1)
    after = found | {name: Counted(before.met, before.missed - 1, *out)}

    new, old = total(formula, after), total(formula, found)
    assert (new is None) == (old is None)
    assert new is None or new >= old


@few
@given(formulas, counts)
def test_the_same_facts_give_the_same_score_within_its_bounds(formula, found):
    first, again = score(formula, found, least_weight=50), score(formula, dict(found), least_weight=50)

    assert first == again
    assert first.total is None or 0 <= first.total <= WHOLE
    assert all(part.points is None or 0 <= part.points <= WHOLE for part in first.parts)


@few
@given(st.integers(1, 30), counted)
def test_below_the_smallest_sample_there_is_no_score(least, found):
    weighed = Weighed(Measure.VISITS, 10, 5000, 9500, least)

    assert (points(weighed, found) is None) == (found.seen < least)


@pytest.mark.parametrize(("found", "earned"), [
    (Counted(met=95, missed=5), WHOLE), (Counted(met=5, missed=5), 0), (Counted(met=4, missed=6), 0),
    (Counted(met=29, missed=11), 5000), (Counted(met=10, faulty=3), WHOLE), (Counted(faulty=12), WHOLE),
    (Counted(met=4), None), (Counted(met=1, missed=0, faulty=2, spared=2), WHOLE)])
def test_points_run_straight_from_floor_to_target(found, earned):
    assert points(Weighed(Measure.VISITS, 10, 5000, 9500, 5), found) == earned


def test_a_total_needs_enough_of_the_weight():
    formula = (Weighed(Measure.VISITS, 40, 0, WHOLE, 5), Weighed(Measure.TRAINING, 60, 0, WHOLE, 5))

    assert total(formula, {Measure.VISITS: Counted(met=9)}) is None
    assert total(formula, {Measure.TRAINING: Counted(met=9, missed=3)}) == 7500


def test_a_measure_all_of_whose_cases_are_taken_out_stays_judged_but_earns_no_praise():
    weighed = Weighed(Measure.VISITS, 10, 5000, 9500, 5)
    month = score((weighed,), {Measure.VISITS: Counted(faulty=4, spared=2)}, least_weight=50)

    assert points(weighed, Counted(missed=6)) == 0
    assert month.total == WHOLE
    assert earned_praise([month], MARKS) == set()


@pytest.mark.parametrize(("taken", "limit"), [
    ("2026-01-13 14:59", "2026-01-14 00:00"), ("2026-01-13 15:00", "2026-01-14 12:00"),
    ("2026-01-16 16:00", "2026-01-19 12:00"), ("2026-01-17 09:00", "2026-01-19 12:00")])
def test_a_paper_dossier_leaves_the_same_day_or_the_next_morning(taken, limit):
    assert forward_limit(local(taken), WorkCalendar()) == local(limit)


def test_months_follow_one_another():
    assert month_after(date(2025, 12, 1)) == date(2026, 1, 1)
    assert month_before(date(2026, 3, 1)) == date(2026, 2, 1)
    assert appealable_until(date(2026, 1, 1), 15) == date(2026, 2, 15)


def _month(points_each, answers=(0, 0)):
    formula = (Weighed(Measure.SATISFACTION, 50, 0, WHOLE, 1), Weighed(Measure.VISITS, 50, 0, WHOLE, 1))
    return score(formula, {Measure.SATISFACTION: Counted(*answers),
                           Measure.VISITS: Counted(met=points_each, missed=100 - points_each)}, least_weight=50)


MARKS = Marks(excellent=9500, steady=9000, kind_answers=10)


@pytest.mark.parametrize(("months", "earned"), [
    ([], set()), ([_month(98, (20, 0))], {Praise.EXCELLENT, Praise.KIND}), ([_month(98, (19, 1))], {Praise.EXCELLENT}),
    ([_month(99)], set()), ([_month(91)] * 3, {Praise.STEADY}), ([_month(91)] * 2, set()),
    ([_month(91), _month(91), _month(50)], set())])
def test_praise_is_earned_by_the_published_marks(months, earned):
    assert earned_praise(months, MARKS) == earned


@pytest.mark.parametrize(("moves", "states", "steps", "final"), [
    (APPEAL_MOVES, AppealState, AppealStep, set(AppealState) - {AppealState.OPEN}),
    (WATCH_MOVES, WatchState, WatchStep, {WatchState.ENDED}),
    (PRAISE_MOVES, PraiseState, PraiseStep, {PraiseState.CONFIRMED, PraiseState.DECLINED})])
def test_what_is_decided_stays_decided(moves, states, steps, final):
    assert not {(state, step) for state, step in product(states, steps) if state in final} & set(moves)

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import ZERO, Money, total

amounts = st.integers(-10**15, 10**15).map(Money)
rates = st.fractions(0, 2, max_denominator=10_000)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_splitting_loses_no_dong(amount, weights):
    assert total(amount.split(weights)) == amount


@given(amounts, weights)
def test_a_share_is_its_proportion_to_the_dong(amount, weights):
    whole = sum(weights)
    for share, weight in zip(amount.split(weights), weights, strict=True):
        assert abs(share.amount - Fraction(amount.amount * weight, whole)) < 1


@given(amounts, st.integers(1, 30))
def test_equal_weights_get_shares_that_differ_by_one_dong_at_most(amount, number):
    shares = [share.amount for share in amount.split([1] * number)]

    assert max(shares) - min(shares) <= 1


@given(amounts, rates)
def test_a_portion_is_rounded_to_the_nearest_dong(amount, rate):
    assert abs(amount.portion(rate).amount - amount.amount * rate) <= Fraction(1, 2)


@given(amounts, rates)
def test_what_is_owed_is_rounded_like_what_is_had(amount, rate):
    assert (-amount).portion(rate) == -(amount.portion(rate))


@pytest.mark.parametrize(("amount", "rate", "portion"), [
    (5, Fraction(1, 2), 3), (-5, Fraction(1, 2), -3), (26_000, Fraction(1), 26_000),
    (30_500, Fraction(80, 100), 24_400), (1, Fraction(1, 3), 0), (2, Fraction(1, 3), 1), (0, Fraction(1, 2), 0),
])
def test_halves_are_rounded_away_from_zero(amount, rate, portion):
    assert Money(amount).portion(rate) == Money(portion)


@given(amounts, amounts)
def test_addition_and_subtraction_undo_each_other(one, other):
    assert one + other - other == one
    assert one + (-one) == ZERO


@pytest.mark.parametrize("wrong", [1.0, 1.5, True, "1000", Fraction(1), None])
def test_nothing_but_a_whole_number_is_money(wrong: Any):
    with pytest.raises(TypeError):
        Money(wrong)


def test_nothing_is_false_and_something_is_true():
    assert not Money(0)
    assert Money(-1)

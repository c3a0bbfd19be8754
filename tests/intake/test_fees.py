"""What a procedure costs, as far as it is known; and that what is not known is said."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.fees import FeeCase, fee_of
from shared.money import ZERO, Money

CASE = FeeCase(fee={"kind": "free"}, legal_basis="Luật thử", confidence="verified", channel="online",
               on=date(2026, 1, 15), province_code="46", managed_by_city=True)
PER_COPY = {"kind": "per_copy", "amounts_vnd": {"direct": 8000, "online": 8000, "post": 8000}}
PAGES = {"kind": "per_page_steps", "max_per_copy_vnd": 200_000,
         "steps": [{"from_page": 1, "amount_vnd": 2000}, {"from_page": 3, "amount_vnd": 1000}]}
COUNCIL = {"kind": "council_set", "listed_vnd": 150_000}
HALVED = {"kind": "per_case", "amounts_vnd": {"direct": 50_000, "online": 50_000},
          "reduced": {"numerator": 1, "denominator": 2, "valid_to": "2027-01-01"}}


def amount(**changes) -> Money | None:
    return fee_of(replace(CASE, **changes)).amount


def test_free_is_free():
    assert amount() == ZERO


def test_copies_are_paid_each():
    assert amount(fee=PER_COPY, copies=3) == Money(24_000)


@pytest.mark.parametrize(("pages", "copies", "expected"), [(1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (10, 2, 24_000),
                                                           (500, 1, 200_000)])
def test_pages_cost_less_from_the_third_and_a_copy_has_a_maximum(pages, copies, expected):
    assert amount(fee=PAGES, channel="direct", pages=pages, copies=copies) == Money(expected)


def test_the_channel_may_change_the_amount():
    fee = {"kind": "per_case", "amounts_vnd": {"direct": 20_000, "online": 10_000}}

    assert (amount(fee=fee, channel="direct"), amount(fee=fee)) == (Money(20_000), Money(10_000))
    assert amount(fee=fee, channel="post") is None


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 12, 31), 25_000), (date(2027, 1, 1), 50_000)])
def test_a_temporary_reduction_ends(on, expected):
    assert amount(fee=HALVED, on=on) == Money(expected)


def test_a_fee_that_the_council_sets_is_not_guessed():
    fee = fee_of(replace(CASE, fee=COUNCIL))

    assert not fee.is_known
    assert "Hội đồng nhân dân" in fee.words.vi
    assert "150.000" in fee.words.vi
    assert "150,000" in fee.words.en


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, ZERO),
    ({"on": date(2025, 12, 31)}, None),
    ({"channel": "post"}, None),
    ({"province_code": "46"}, None),
    ({"managed_by_city": False}, None),
])
def test_hanoi_takes_nothing_online_from_2026_for_what_its_own_authorities_decide(changes, expected):
    assert amount(**({"fee": COUNCIL, "province_code": "01"} | changes)) == expected


def test_the_rule_behind_a_hanoi_zero_is_named():
    assert fee_of(replace(CASE, fee=COUNCIL, province_code="01")).rule == "NQ77-2025-IV"
    assert fee_of(replace(CASE, fee=PER_COPY, province_code="01")).rule == "NQ77-2025-III"


@pytest.mark.parametrize(("group", "expected"), [("poor_household", ZERO), ("war_invalid", ZERO), ("", None)])
def test_a_proven_group_is_exempt_where_the_procedure_says_so(group, expected):
    fee = COUNCIL | {"exempt": ["merit", "poor_household", "disabled"]}

    assert amount(fee=fee, beneficiary_class=group, channel="post") == expected


def test_what_the_catalogue_does_not_show_is_said():
    fee = fee_of(replace(CASE, fee={"kind": "not_shown"}))

    assert not fee.is_known
    assert fee.words.vi
    assert fee.words.en


@given(st.integers(min_value=1, max_value=400), st.integers(min_value=1, max_value=200))
def test_more_pages_never_cost_less(pages, copies):
    fewer = amount(fee=PAGES, channel="direct", pages=pages, copies=copies)
    more = amount(fee=PAGES, channel="direct", pages=pages + 1, copies=copies)

    assert fewer is not None
    assert more is not None
    assert ZERO < fewer <= more <= Money(200_000) * copies

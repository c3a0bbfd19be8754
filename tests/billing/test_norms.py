"""What a city owes for work: the amount that fits best, what modifies it, and an outlet's whole month."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.records import WorkFacts
from billing.rules.compensation import cap_steps, compensation_steps, owed, stand_by_steps
from billing.rules.plans import compensation_plan
from billing.rules.rates import BudgetStopCard, ModifierCard, NormCard, NormItemCard, ProvinceCard, RateBook
from shared.money import ZERO, Money, total

ON = date(2026, 6, 10)


def card(**changes):
    return NormCard(**{
        "code": "DM-1", "name_vi": "Định mức thử", "name_en": "Trial norm", "valid_from": date(2026, 1, 1),
        "valid_to": None, "legal_basis": "Quyết định thử nghiệm 1/2026", "confidence": "assumed",
        "province_code": "01", "amounts": {"accepted_online": Money(12000), "accepted_paper": Money(9001)}, **changes})


def steps(norm, task="accepted_online", **facts):
    book = RateBook(norms=(norm,), provinces={"01": ProvinceCard("Hà Nội", "north")})
    return compensation_steps(task=task, province_code="01", on=ON, book=book, facts=WorkFacts(**facts))


def amount(norm, task="accepted_online", **facts):
    return owed(steps(norm, task, **facts)).amount


ITEMS = (NormItemCard(task="accepted_online", amount=Money(20000), procedure_group="land"),
         NormItemCard(task="accepted_online", amount=Money(26000), procedure_group="land", complexity="complex"),
         NormItemCard(task="accepted_online", amount=Money(14000), complexity="complex"))


@pytest.mark.parametrize(("facts", "expected"), [
    ({}, 12000), ({"procedure_group": "land"}, 20000), ({"complexity": "complex"}, 14000),
    ({"procedure_group": "land", "complexity": "complex"}, 26000),
    ({"procedure_group": "civil_status", "complexity": "simple"}, 12000)])
def test_the_most_particular_item_counts(facts, expected):
    assert amount(card(items=ITEMS), **facts) == expected


REMOTE = ModifierCard(kind="remote_area", share=Fraction(1, 5), communes=("00004",))
RIGHT = ModifierCard(kind="first_time_right", amount=Money(2000))
LATE = ModifierCard(kind="late_hand_over", share=Fraction(1, 10), late_after_days=2)


def test_modifiers_are_steps_of_the_arithmetic_each_with_its_reason():
    found = steps(card(modifiers=(REMOTE, RIGHT, LATE)), "accepted_paper", outlet_commune="00004",
                  is_first_time_right=True, hand_over_days=3)

    assert [(step.kind, step.amount.amount) for step in found] == [
        ("compensation", 9001), ("remote_area", 1800), ("first_time_right", 2000), ("late_hand_over", -900),
        ("compensation_total", 11901)]
    assert "sau 3 ngày làm việc, định mức cho 2" in found[3].reason_vi
    assert "xã 00004" in found[1].reason_vi


@pytest.mark.parametrize("facts", [
    {}, {"outlet_commune": "00008"}, {"is_first_time_right": False}, {"hand_over_days": 2}])
def test_what_does_not_hold_or_nobody_told_modifies_nothing(facts):
    assert len(steps(card(modifiers=(REMOTE, RIGHT, LATE)), **facts)) == 1


def test_a_pilot_of_0_dong_stays_0_whatever_modifies_it():
    norm = card(amounts={"accepted_online": ZERO}, modifiers=(RIGHT,))

    assert amount(norm, is_first_time_right=True) == 0
    assert steps(norm, is_first_time_right=True)[0].reason_code == "pilot-norm"


def test_a_deduction_never_takes_more_than_there_is():
    norm = card(modifiers=(ModifierCard(kind="late_hand_over", amount=Money(50000), late_after_days=0),))

    assert amount(norm, hand_over_days=1) == 0


@given(st.integers(0, 10**7), st.fractions(0, 2, max_denominator=100), st.integers(0, 10**6))
def test_the_total_is_the_sum_of_its_steps_and_never_below_zero(base, rate, bonus):
    norm = card(amounts={"accepted_online": Money(base)}, modifiers=tuple(
        modifier for modifier in (
            ModifierCard(kind="late_hand_over", share=rate, late_after_days=1) if rate else None,
            ModifierCard(kind="first_time_right", amount=Money(bonus)) if bonus else None) if modifier))
    found = steps(norm, is_first_time_right=True, hand_over_days=5)

    parts = [step for step in found if step.kind != "compensation_total"]
    assert owed(found) == max(ZERO, total(step.amount for step in parts))


def test_stand_by_is_paid_by_the_days_under_agreement():
    norm = card(items=(NormItemCard(task="stand_by", amount=Money(3_000_000), unit="month"),))

    assert owed(stand_by_steps(norm, days=30, of_days=30)) == Money(3_000_000)
    assert owed(stand_by_steps(norm, days=7, of_days=31)) == Money(677_419)
    assert stand_by_steps(norm, days=0, of_days=31) == ()
    assert stand_by_steps(card(), days=31, of_days=31) == ()


def test_the_cap_takes_back_what_is_above_it():
    norm = card(modifiers=(ModifierCard(kind="period_cap", amount=Money(5_000_000)),))

    assert cap_steps(norm, Money(5_000_000)) == ()
    assert owed(cap_steps(norm, Money(5_200_000))) == Money(-200_000)


def test_work_after_the_budget_is_used_up_is_owed_and_waits():
    stop = BudgetStopCard(province_code="01", budget_line="DL-2026", valid_from=date(2026, 6, 1), valid_to=None,
                          when_empty="citizen_pays")
    book = RateBook(norms=(card(budget_line="DL-2026"),), stops=(stop,))
    plan = compensation_plan(task="accepted_online", province_code="01", operator_code="VNPOST", on=ON, book=book)

    assert (plan.compensation, plan.reason_code) == (Money(12000), "budget-queued")
    assert "chờ dự toán bổ sung" in plan.steps[0].reason_vi
    assert total(leg.amount for leg in plan.legs) == ZERO

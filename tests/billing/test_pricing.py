"""What one trip costs whom."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.errors import NoTariff, WeightNotPriced, ZoneNotPriced
from billing.records import PostageCase
from billing.rules.plain_data import quote_as_data, quote_from_data
from billing.rules.pricing import HEAVIEST_GRAMS, quote
from billing.rules.repeats import Bearer
from billing.rules.subsidies import EXCEPTIONS
from shared.money import ZERO, Money
from tests.billing.rates import shipped_book

BOOK = shipped_book()
HOME = PostageCase(operator_code="VNPOST", direction="result", zone="intra_province", weight_grams=100,
                   on=date(2026, 1, 15), channel="online", province_code="01", managed_by_city=True)

WORKED_EXAMPLES = [
    ("1 same district, 2025", {"zone": "intra_district", "on": date(2025, 9, 10)}, (26000, 0, 26000, 0)),
    ("2 other district, 2025", {"on": date(2025, 9, 10)}, (30000, 0, 26000, 4000)),
    ("3 the same in 2026", {}, (30000, 0, 30000, 0)),
    ("4 war invalid", {"beneficiary_class": "war_invalid"}, (30000, 15000, 15000, 0)),
    ("5 paper", {"channel": "post"}, (30000, 0, 0, 30000)),
    ("6a Heroic Mother, paper, result",
     {"zone": "intra_district", "channel": "post", "beneficiary_class": "heroic_mother"}, (26000, 26000, 0, 0)),
    ("6b Heroic Mother, paper, dossier",
     {"zone": "intra_district", "channel": "post", "beneficiary_class": "heroic_mother", "direction": "dossier"},
     (26000, 26000, 0, 0)),
    ("7 far province, 620 g", {"zone": "inter_far_region", "weight_grams": 620}, (46300, 0, 46300, 0)),
]


def amounts(answer):
    return tuple(int(value) for value in (
        answer.gross, answer.national_reduction, answer.city_subsidy, answer.citizen_share))


def step(answer, kind):
    return next(step for step in answer.steps if step.kind == kind)


@pytest.mark.parametrize(("changes", "expected"), [pytest.param(c, e, id=name) for name, c, e in WORKED_EXAMPLES])
def test_the_worked_examples_come_out_to_the_dong(changes, expected):
    assert amounts(quote(replace(HOME, **changes), BOOK)) == expected


def test_both_ways_of_a_heroic_mother_cost_52_000_and_nobody_pays_twice():
    mother = replace(HOME, zone="intra_district", channel="post", beneficiary_class="heroic_mother")
    trips = [quote(replace(mother, direction=way), BOOK) for way in ("dossier", "result")]

    assert sum(int(trip.gross) for trip in trips) == 52000
    assert sum(int(trip.city_subsidy + trip.citizen_share) for trip in trips) == 0
    assert {step(trip, "city_subsidy").reason_code for trip in trips} == {"nothing-left"}


def test_a_cap_that_bites_says_so():
    capped = step(quote(replace(HOME, on=date(2025, 12, 31)), BOOK), "city_subsidy")

    assert capped.amount == Money(-26000)
    assert capped.reason_code == "capped"
    assert capped.reason_vi == "Đạt mức trần 26.000\u00a0đ một lượt, vượt 4.000\u00a0đ."
    assert capped.reason_en == "The cap of 26,000\u00a0VND a trip is reached, 4,000\u00a0VND are above it."
    assert capped.rule == "NQ39-2024"


def test_the_rules_of_2026_begin_on_the_first_of_january():
    before, after = (quote(replace(HOME, on=day), BOOK) for day in (date(2025, 12, 31), date(2026, 1, 1)))

    assert (step(before, "city_subsidy").rule, step(after, "city_subsidy").rule) == ("NQ39-2024", "NQ77-2025")


def test_a_paper_dossier_is_told_why_the_city_pays_nothing():
    refused = step(quote(replace(HOME, channel="post"), BOOK), "city_subsidy")

    assert refused.reason_code == "not-online"
    assert refused.reason_vi == (
        "Hồ sơ giấy không được hỗ trợ: Nghị quyết 77/2025/NQ-HĐND chỉ trả cho hồ sơ nộp trực tuyến.")
    assert refused.reason_en == (
        "A paper dossier is not supported: Resolution 77/2025/NQ-HĐND only pays for dossiers filed online.")


@pytest.mark.parametrize(("changes", "code", "words"), [
    ({"province_code": "46"}, "no-known-rule", "Chưa biết chính sách hỗ trợ của Huế."),
    ({"on": date(2024, 12, 9)}, "no-known-rule", "Chưa biết chính sách hỗ trợ của Hà Nội."),
    ({"managed_by_city": False}, "not-city",
     "Thủ tục không thuộc thẩm quyền của Hà Nội: Nghị quyết 77/2025/NQ-HĐND không áp dụng."),
])
def test_an_unsupported_trip_is_told_why(changes, code, words):
    answer = quote(replace(HOME, **changes), BOOK)

    assert (answer.city_subsidy, answer.citizen_share) == (ZERO, Money(30000))
    assert (step(answer, "city_subsidy").reason_code, step(answer, "city_subsidy").reason_vi) == (code, words)


def test_a_direction_outside_the_rule_is_not_paid():
    one_way = replace(BOOK, subsidies=tuple(replace(rule, directions=("result",)) for rule in BOOK.subsidies))

    refused = step(quote(replace(HOME, direction="dossier"), one_way), "city_subsidy")

    assert refused.reason_code == "direction-not-covered"


def test_of_several_classes_only_the_best_counts():
    answer = quote(replace(HOME, beneficiary_class="poor_household, heroic_mother"), BOOK)

    assert answer.national_reduction == Money(30000)
    assert "chỉ tính mức cao nhất" in step(answer, "national_reduction").reason_vi


def test_a_class_without_a_reduction_that_day_pays_the_full_price_and_reads_why():
    answer = quote(replace(HOME, beneficiary_class="unheard_of"), BOOK)

    assert answer.national_reduction == ZERO
    assert step(answer, "national_reduction").reason_code == "class-not-reduced"


@pytest.mark.parametrize(("grams", "price"), [
    (1, 31000), (100, 31000), (101, 35000), (250, 35000), (251, 40000), (500, 40000), (501, 46300), (1000, 46300),
    (1001, 52600), (30000, 40000 + 59 * 6300),
])
def test_each_weight_step_begins_at_its_gram(grams, price):
    assert quote(replace(HOME, zone="inter_far_region", weight_grams=grams), BOOK).gross == Money(price)


def test_a_heavy_parcel_shows_its_further_steps():
    label = step(quote(replace(HOME, zone="inter_far_region", weight_grams=620), BOOK), "tariff").label_vi

    assert label == "Cước trả kết quả, 500\u00a0g đầu + 1 × 500\u00a0g"


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"weight_grams": 0}, WeightNotPriced), ({"weight_grams": -5}, WeightNotPriced),
    ({"weight_grams": 30001}, WeightNotPriced), ({"zone": "moon"}, ZoneNotPriced),
    ({"operator_code": "NOBODY"}, NoTariff), ({"on": date(2021, 4, 19)}, NoTariff),
])
def test_what_no_tariff_prices_is_refused(changes, refusal):
    with pytest.raises(refusal):
        quote(replace(HOME, **changes), BOOK)


def test_a_zone_of_former_districts_is_marked_as_assumed():
    tariff = step(quote(HOME, BOOK), "tariff")

    assert tariff.confidence == "assumed"
    assert "huyện trước 01/7/2025" in tariff.reason_vi


cases = st.builds(
    PostageCase, operator_code=st.sampled_from(["VNPOST", "VTPOST"]), direction=st.sampled_from(["dossier", "result"]),
    zone=st.sampled_from(["intra_district", "intra_province", "inter_same_region", "inter_far_region"]),
    weight_grams=st.integers(1, HEAVIEST_GRAMS), on=st.dates(date(2024, 12, 9), date(2027, 12, 31)),
    channel=st.sampled_from(["online", "post", "direct"]), province_code=st.sampled_from(["01", "46", "99"]),
    managed_by_city=st.booleans(),
    beneficiary_class=st.lists(
        st.sampled_from([card.beneficiary_class for card in BOOK.reductions]), max_size=3).map(",".join),
    borne_by=st.sampled_from(["", "", "", *Bearer]))


@given(cases)
def test_the_steps_add_up_and_nothing_is_negative(case):
    answer = quote(case, BOOK)

    assert answer.national_reduction + answer.city_subsidy + answer.citizen_share == answer.gross
    assert min(amounts(answer)) >= 0
    tariff, reduction, subsidy, citizen = answer.steps
    assert tariff.amount + reduction.amount + subsidy.amount == citizen.amount
    assert (tariff.amount, -reduction.amount, -subsidy.amount) == (
        answer.gross, answer.national_reduction, answer.city_subsidy)


@given(cases)
def test_the_city_never_pays_what_the_nation_removed(case):
    answer = quote(case, BOOK)
    rule = BOOK.subsidy(case.province_code, case.on)

    assert answer.city_subsidy <= answer.gross - answer.national_reduction
    is_capped = rule is not None and rule.cap is not None and case.borne_by != Bearer.SENDER
    assert not is_capped or answer.city_subsidy <= rule.cap


@given(cases, st.integers(0, 5000))
def test_a_heavier_parcel_never_costs_less(case, more):
    heavier = replace(case, weight_grams=min(case.weight_grams + more, HEAVIEST_GRAMS))
    light, heavy = quote(case, BOOK), quote(heavier, BOOK)

    assert all(a <= b for a, b in zip(amounts(light), amounts(heavy), strict=True))


@given(cases)
def test_a_reduction_never_makes_the_citizen_or_the_city_pay_more(case):
    with_class, without = quote(case, BOOK), quote(replace(case, beneficiary_class=""), BOOK)

    assert with_class.citizen_share <= without.citizen_share
    assert with_class.city_subsidy <= without.city_subsidy


@given(cases)
def test_every_step_names_its_rule_its_basis_and_how_sure_it_is(case):
    for part in quote(case, BOOK).steps:
        assert part.label_vi
        assert part.label_en
        assert part.rule
        assert part.confidence in {"verified", "known", "assumed"}
        assert part.legal_basis or part.rule == "none"
        assert part.amount or part.kind == "citizen_share" or part.reason_vi


@given(cases)
def test_a_quote_survives_being_kept_as_data(case):
    answer = quote(case, BOOK)

    assert quote_from_data(quote_as_data(answer)) == answer


def test_a_subsidy_of_part_of_the_price_rounds_to_the_dong_and_the_citizen_takes_the_rest():
    from fractions import Fraction

    third = replace(BOOK, subsidies=tuple(replace(rule, share=Fraction(1, 3), cap=None) for rule in BOOK.subsidies))
    answer = quote(replace(HOME, weight_grams=600, beneficiary_class="war_invalid"), third)

    assert amounts(answer) == (35400, 17700, 5900, 11800)
    assert EXCEPTIONS.isdisjoint({step(answer, "city_subsidy").reason_code})

"""The rules of the check before sending, and the little language they are written in."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.precheck import filing
from intake.rules.precheck.catalogue import RULES, check, checks_for
from intake.rules.precheck.check import as_rule_data
from intake.rules.precheck.facts import Facts, PaperFact
from intake.rules.precheck.language import add_months, fill, holds
from intake.rules.reasons import REFUSAL_REASONS, SUPPLEMENT_REASONS

DAY = date(2026, 11, 23)
DECLARATION = PaperFact("to_khai", "Tờ khai", "Declaration", "original", is_required=True, is_shown=True)
MARITAL = PaperFact("hon_nhan", "Giấy xác nhận tình trạng hôn nhân", "Certificate of marital status", "original",
                    is_required=True, is_scanned=True, pages=1, content_types=("application/pdf",), valid_months=6,
                    dated=date(2026, 9, 1))
RIGHT = Facts(
    on=DAY, procedure_code="1.000894", channel="online", modes=("ONLINE", "PAPER"), channels=("online", "post"),
    outlet_province="01", place_province="01", home_province="01", street="Số 1", phone="+84914275268",
    papers=(DECLARATION, MARITAL))


def codes(facts: Facts) -> list[str]:
    return [finding.code for finding in check(facts)]


def test_a_filing_in_which_everything_is_right_has_no_finding():
    assert check(RIGHT) == ()


@pytest.mark.parametrize(("changes", "code"), [
    ({"modes": ("PAPER",)}, "channel-closed"),
    ({"channel": "post", "is_paper_forbidden": True}, "paper-forbidden"),
    ({"channel": "post", "place_province": "46", "home_province": "46"}, "outside-province"),
    ({"place_province": "46", "home_province": "46"}, "other-province-online"),
    ({"is_authority_clear": False}, "authority-unclear"),
    ({"duplicates": ("7K3M-9PXD",)}, "duplicate-open"),
    ({"street": ""}, "address-missing"),
    ({"phone": ""}, "phone-missing"),
    ({"home_province": "46"}, "home-elsewhere"),
    ({"result_choice": "collect"}, "collect-reason-missing"),
    ({"fee_vnd": None}, "fee-unknown"),
    ({"fee_vnd": 150_000, "is_fee_due_at_filing": True}, "fee-due"),
    ({"needs_presence": True}, "presence-needed"),
    ({"papers": (replace(DECLARATION, is_shown=False), MARITAL)}, "paper-missing"),
    ({"papers": (DECLARATION, replace(MARITAL, pages=0))}, "paper-empty"),
    ({"papers": (DECLARATION, replace(MARITAL, content_types=("text/plain",)))}, "paper-type"),
    ({"papers": (DECLARATION, replace(MARITAL, dated=date(2026, 5, 22)))}, "paper-expired"),
    ({"papers": (DECLARATION, replace(MARITAL, dated=None))}, "paper-undated"),
])
def test_each_thing_that_can_be_checked_is_found_alone(changes, code):
    assert codes(replace(RIGHT, **changes)) == [code]


def test_every_rule_about_the_filing_is_tried():
    tried = {case[1] for case in test_each_thing_that_can_be_checked_is_found_alone.pytestmark[0].args[1]}

    assert {rule.code for rule in filing.RULES} <= tried


def test_a_referral_is_not_checked_like_a_filing():
    assert check(replace(RIGHT, channel="refer", papers=(replace(DECLARATION, is_shown=False),))) == ()


def test_what_stops_stands_before_what_warns():
    found = [(finding.code, finding.is_stop) for finding in check(replace(RIGHT, duplicates=("A",), phone=""))]

    assert found == [("phone-missing", True), ("duplicate-open", False)]


def test_a_finding_names_the_paper_and_says_what_to_do():
    (found,) = check(replace(RIGHT, papers=(replace(DECLARATION, is_shown=False), MARITAL)))

    assert found.component == "to_khai"
    assert found.words.vi == "Còn thiếu: Tờ khai"
    assert found.words.en == "Missing: Declaration"
    assert found.advice.vi


def test_a_paper_is_good_on_the_last_day_of_its_months_and_not_after():
    dated = replace(MARITAL, dated=date(2026, 5, 23))

    assert codes(replace(RIGHT, papers=(DECLARATION, dated))) == []
    assert codes(replace(RIGHT, on=date(2026, 11, 24), papers=(DECLARATION, dated))) == ["paper-expired"]


def test_months_end_on_the_last_day_of_a_shorter_month():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_adding_months_never_leaves_the_month_it_should_reach(day, months):
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_a_word_that_the_language_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        holds(["guess", "channel"], {"channel": "online"})


def test_zero_is_not_false():
    assert holds(["is", "pages", 0], {"pages": 0})
    assert not holds(["is", "pages", 0], {"pages": False})
    assert not holds(["is", "pages", 0], {"pages": None})


def test_words_are_filled_from_facts():
    assert fill("{paper.name}: {duplicates}", {"paper": {"name": "Đơn"}, "duplicates": ["A", "B"]}) == "Đơn: A, B"


def test_every_rule_says_itself_in_both_languages_and_knows_its_reasons():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all((rule.words.vi, rule.words.en, rule.advice.vi, rule.advice.en)), rule.code
        assert set(rule.prevents) <= SUPPLEMENT_REASONS.keys() | REFUSAL_REASONS.keys(), rule.code


def test_the_reasons_that_we_could_have_spared_are_known():
    assert checks_for("missing") == ("paper-missing",)
    assert "paper-expired" in checks_for("expired")
    assert checks_for("mismatch") == ()


def test_rules_travel_as_plain_data():
    first = as_rule_data(RULES)[0]

    assert first["code"] == "channel-closed"
    assert first["when"][0] == "all"
    assert set(first["words"]) == {"vi", "en"}

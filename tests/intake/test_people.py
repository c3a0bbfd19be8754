"""National ID numbers, phones and births: what is refused, what is only doubted, what is kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules import people
from intake.rules.faults import Fault
from intake.rules.people import Birth
from intake.wording import words_of
from shared.identifiers import NationalId

TODAY = date(2026, 1, 12)


@pytest.mark.parametrize("typed", ["046192004127", "046 192 004 127", "046.192.004.127", " 046-192-004127 "])
def test_twelve_digits_are_a_number_however_they_are_grouped(typed):
    assert people.check_national_id(typed) == NationalId("046192004127")


@pytest.mark.parametrize(("typed", "code"), [
    ("04619200412", "length"), ("0461920041277", "length"), ("046192O04127", "not-digits"),
    ("０４６１９２００４１２７", "not-digits"), ("٠٤٦١٩٢٠٠٤١٢٧", "not-digits"), ("191234567", "old-identity-card"),
    ("000000000000", "all-zeros"), ("", "required"), ("abc", "not-digits"), ("046192004127;", "not-digits"),
])
def test_what_is_no_number_is_refused_with_a_reason(typed, code):
    found = people.check_national_id(typed)

    assert isinstance(found, Fault)
    assert found.code == code
    assert str(words_of(found))


@pytest.mark.parametrize(("digits", "birth", "sex", "codes"), [
    ("038192001234", date(1992, 1, 1), "female", []),
    ("001205012345", date(2005, 6, 1), "male", []),
    ("001205012345", date(2005, 6, 1), "female", ["sex-differs"]),
    ("038192001234", date(1991, 1, 1), "male", ["birth-year-differs", "sex-differs"]),
    ("038192001234", None, "", []),
    ("099192001234", date(1992, 1, 1), "female", ["unknown-province"]),
    ("003192001234", None, "", ["unknown-province"]),
])
def test_what_does_not_fit_is_a_doubt_and_not_a_refusal(digits, birth, sex, codes):
    born = Birth(birth, is_year_only=False) if birth else None

    assert [doubt.code for doubt in people.doubts_of(NationalId(digits), born, sex)] == codes


def test_provinces_of_the_number_are_the_old_ones():
    # Thanh Hoá, Hà Tĩnh and Bình Dương, which no longer is a province of its own.
    assert {"038", "042", "074"} <= people.BIRTH_PROVINCES
    assert len(people.BIRTH_PROVINCES) == 63


@pytest.mark.parametrize("typed", ["0914275268", "0914 275 268", "+84914275268", "84914275268", "+84 0914 275 268",
                                   "(0914) 275.268", "+84 (0) 914-275-268"])
def test_a_mobile_number_is_kept_in_one_form(typed):
    assert people.check_phone(typed) == "+84914275268"


def test_a_landline_and_a_number_abroad_are_numbers():
    assert people.check_phone("0234 3822 222") == "+842343822222"
    assert people.check_phone("+1 415 555 2671") == "+14155552671"


@pytest.mark.parametrize(("typed", "suggestion"), [
    ("01201234567", "0701234567"), ("0168 123 4567", "0381234567"), ("+84 168 123 4567", "0381234567"),
    ("01991234567", "0591234567"),
])
def test_an_old_eleven_digit_number_gets_its_new_form_suggested(typed, suggestion):
    found = people.check_phone(typed)

    assert isinstance(found, Fault)
    assert (found.code, found.facts["suggestion"]) == ("old-prefix", suggestion)


@pytest.mark.parametrize(("typed", "code"), [
    ("091427526", "phone-number"), ("09142752689", "phone-number"), ("0914275abc", "phone-characters"),
    ("19001234", "phone-number"), ("113", "phone-number"), ("0000000000", "phone-number"), ("+999 1", "phone-number"),
])
def test_what_is_no_phone_is_refused(typed, code):
    found = people.check_phone(typed)

    assert isinstance(found, Fault)
    assert found.code == code
    assert str(words_of(found))


@pytest.mark.parametrize(("typed", "day", "is_year_only"), [
    ("1992-03-14", date(1992, 3, 14), False), ("14/03/1992", date(1992, 3, 14), False),
    ("1/2/1950", date(1950, 2, 1), False), ("14-3-1992", date(1992, 3, 14), False),
    ("1958", date(1958, 1, 1), True), ("2024-02-29", date(2024, 2, 29), False), ("2026", date(2026, 1, 1), True),
    ("2026-01-12", date(2026, 1, 12), False),
])
def test_a_birth_may_be_a_day_or_a_year(typed, day, is_year_only):
    assert people.check_birth(typed, TODAY) == Birth(day, is_year_only)


@pytest.mark.parametrize(("typed", "code"), [
    ("31/02/1990", "no-such-day"), ("29/02/2023", "no-such-day"), ("1990-13-01", "no-such-day"),
    ("03/14/1992", "no-such-day"), ("14/03/92", "birth-format"), ("92", "birth-format"), ("0001", "implausible"),
    ("1/1/0001", "implausible"), ("1876-05-01", "implausible"), ("2026-01-13", "in-the-future"),
    ("2031", "in-the-future"), ("1992-03-14T24:00", "birth-format"), ("", "birth-format"), ("hôm qua", "birth-format"),
])
def test_a_birth_that_cannot_be_is_refused(typed, code):
    found = people.check_birth(typed, TODAY)

    assert isinstance(found, Fault)
    assert found.code == code
    assert str(words_of(found))


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_checks(typed):
    for check in (people.check_national_id, people.check_phone, lambda text: people.check_birth(text, TODAY)):
        found = check(typed)
        assert not isinstance(found, Fault) or str(words_of(found))

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identifiers import (
    NationalId,
    dossier_code,
    is_dossier_code,
    is_s10,
    is_spoken_code,
    mask_tail,
    s10_check_digit,
    s10_number,
    spoken_code,
)

serials = st.integers(0, 99_999_999)


@pytest.mark.parametrize(("serial", "digit"), [
    ("47312482", 9),  # the example of the standard (UPU S10-12)
    ("00000000", 5),  # 11 - 0 = 11 is written 5
    ("00000012", 0),  # 11 - 1 = 10 is written 0
    ("12345678", 5), ("00000007", 6),
])
def test_the_check_digit_of_the_standard(serial, digit):
    assert s10_check_digit(serial) == digit


def test_ten_and_eleven_are_written_zero_and_five():
    remainders = {11 - sum(int(d) * w for d, w in zip(f"{n:08d}", (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11: n
                  for n in range(200)}

    assert s10_check_digit(f"{remainders[10]:08d}") == 0
    assert s10_check_digit(f"{remainders[11]:08d}") == 5


@given(st.sampled_from(["RR", "EH", "CP"]), serials)
def test_a_number_we_give_is_valid(service, serial):
    assert is_s10(s10_number(service, serial))


@given(serials, st.integers(0, 7), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(serial, place, shift):
    number = s10_number("RR", serial)
    typed = list(number)
    typed[2 + place] = str((int(typed[2 + place]) + shift) % 10)

    # 10 and 11 share digits with others (0, 5): those pairs the standard itself cannot tell apart.
    before, after = (11 - sum(int(d) * w for d, w in zip(text[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
                     for text in (number, "".join(typed)))
    assert is_s10("".join(typed)) == ({10: 0, 11: 5}.get(before, before) == {10: 0, 11: 5}.get(after, after))
    assert before != after


@pytest.mark.parametrize("wrong", [
    "", "RR473124820VN", "rr473124829VN", "RR473124829", "RR 473124829 VN", "R4473124829VN", "RR47312482٩VN",
    "RR473124829VNX", "RR473124829VN\n",
])
def test_what_is_no_parcel_number(wrong):
    assert not is_s10(wrong)


def test_the_example_of_the_standard_is_valid():
    assert is_s10("RR473124829VN")


@pytest.mark.parametrize("code", [
    "H57.31-260114-0221", "H57.31-250703-0001", "H26-251231-12345", "H57.31.02-250703-0001",
    "000.00.31.H57-250703-0001", "000.12.34.H57-20250703-0001", "G22.99-250703-00000001",
])
def test_dossier_codes_of_both_circulars_are_known(code):
    assert is_dossier_code(code)


@pytest.mark.parametrize("code", [
    "", "H57.31-2501-0221", "H57.31-260114-022", "h57.31-260114-0221", "H57.31-260114-0221 ", "H57.31/260114/0221",
    "H57.31-260114-123456789", "57.31-260114-0221", "H57.31-260114-0221\n",
])
def test_what_is_no_dossier_code(code):
    assert not is_dossier_code(code)


def test_the_code_we_issue_has_day_and_sequence_and_is_known():
    assert dossier_code("H57.31", date(2025, 7, 3), 1) == "H57.31-250703-0001"
    assert dossier_code("H57.31", date(2025, 7, 3), 12_345) == "H57.31-250703-12345"
    assert is_dossier_code(dossier_code("H57.31", date(2025, 7, 3), 12_345))


def test_a_spoken_code_checks_itself_and_avoids_letters_that_sound_or_look_alike():
    codes = {spoken_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(is_spoken_code(code) and not set(code) & set("0O1IL5S8B") for code in codes)


@given(st.integers(0, 9), st.integers(1, 26))
def test_a_spoken_code_with_one_wrong_sign_is_noticed(place, shift):
    alphabet = "234679ACDEFGHJKMNPQRTUVWXYZ"
    code = spoken_code()
    typed = list(code)
    typed[place] = alphabet[(alphabet.index(typed[place]) + shift) % len(alphabet)]

    assert is_spoken_code("".join(typed)) == _cancels(place, shift, len(alphabet))


def _cancels(place: int, shift: int, size: int) -> bool:
    """A weight that shares a factor with 27 lets some wrong signs through; the check sign itself never does."""
    return place < 9 and (place + 2) * shift % size == 0


@pytest.mark.parametrize(("typed", "digits"), [
    ("046095001234", "046095001234"), ("046 095 001 234", "046095001234"), ("046.095-001234", "046095001234"),
    ("04609500123", None), ("0460950012345", None), ("000000000000", None), ("04609500123a", None),
    ("٠٤٦٠٩٥٠٠١٢٣٤", None), ("０４６０９５００１２３４", None), ("123456789", None), ("", None),
])
def test_a_national_id_is_twelve_ascii_digits_whatever_stands_between_them(typed, digits):
    parsed = NationalId.parse(typed)

    assert (parsed.digits if parsed else None) == digits


@pytest.mark.parametrize(("digits", "year", "is_female"), [
    ("046095001234", 1995, False), ("046195001234", 1995, True), ("046205001234", 2005, False),
    ("046305001234", 2005, True), ("046000001234", 1900, False),
])
def test_century_and_sex_are_one_digit(digits, year, is_female):
    parsed = NationalId(digits)

    assert (parsed.birth_year, parsed.is_female, parsed.province_code) == (year, is_female, "046")


def test_a_masked_number_shows_what_the_eye_needs_to_match_a_card():
    assert NationalId("046095004127").masked == "046•••••4127"
    assert mask_tail("0914275268", 3) == "•••268"
    assert mask_tail("", 3) == ""

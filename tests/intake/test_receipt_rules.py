"""Amounts in words, as receipts write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.receipts import is_told_in_time, line_kind, written
from shared.money import Money
from shared.spoken_money import in_words
from tests.intake.moments import local

DIGITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
          "tám": 8, "chín": 9}


@pytest.mark.parametrize(("amount", "words"), [
    (0, "Không đồng"), (8_000, "Tám nghìn đồng"), (10_000, "Mười nghìn đồng"), (15_000, "Mười lăm nghìn đồng"),
    (21_000, "Hai mươi mốt nghìn đồng"), (55_000, "Năm mươi lăm nghìn đồng"), (101_000, "Một trăm linh một nghìn đồng"),
    (1_005, "Một nghìn không trăm linh năm đồng"), (1_050_000, "Một triệu không trăm năm mươi nghìn đồng"),
    (110_000, "Một trăm mười nghìn đồng"), (2_500_000_000, "Hai tỷ năm trăm triệu đồng"),
    (1_000_000_001, "Một tỷ không trăm linh một đồng"), (11_000, "Mười một nghìn đồng"),
])
def test_an_amount_is_written_out_as_people_say_it(amount, words):
    assert in_words(Money(amount)) == words


@given(st.integers(min_value=0, max_value=999_999_999_999))
def test_what_is_written_out_reads_back_as_the_same_amount(amount):
    assert _read(in_words(Money(amount)).lower().removesuffix(" đồng")) == amount


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_two_amounts_never_read_alike(one, other):
    assert (in_words(Money(one)) == in_words(Money(other))) == (one == other)


def test_a_negative_amount_is_no_amount():
    with pytest.raises(ValueError, match="negative"):
        in_words(Money(-1))


def test_certification_takes_a_fee_and_registers_a_charge():
    assert line_kind("Chứng thực bản sao từ bản chính") == "P"
    assert line_kind("Đăng ký khai sinh") == "LP"


def test_a_number_is_printed_with_seven_digits_at_least():
    assert (written(7), written(12_345_678)) == ("0000007", "12345678")


def test_the_tax_office_hears_three_days_before():
    first = local("2026-07-10 00:00").date()
    assert is_told_in_time(local("2026-07-07 00:00").date(), first)
    assert not is_told_in_time(local("2026-07-08 00:00").date(), first)


def _read(words: str) -> int:
    """Read Vietnamese words back, by their grammar alone."""
    total = group = 0
    for word in words.split():
        if word in DIGITS:
            group += DIGITS[word]
        elif word == "mười":
            group += 10
        elif word == "mươi":
            group = group // 10 * 10 + group % 10 * 10 if group < 10 else group - group % 10 + group % 10 * 10
        elif word == "trăm":
            group *= 100
        elif word == "nghìn":
            total, group = total + group * 1_000, 0
        elif word == "triệu":
            total, group = total + group * 1_000_000, 0
        elif word == "tỷ":
            total, group = (total + group) * 1_000_000_000, 0
    return total + group

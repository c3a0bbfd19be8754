"""A payment code says what every bank's app reads."""

import pytest

from billing.payments.rules.vietqr import payload, purpose_of
from shared.money import Money


@pytest.mark.parametrize(("bank_bin", "account", "amount", "purpose", "text"), [
    ("970415", "0011001932418", 120_000, "ung ho lu lut",
     ("00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN"
      "62170813ung ho lu lut6304C15C")),
    ("970436", "1023456789", 1_943_000, "TT000069",
     ("00020101021238540010A00000072701240006970436011010234567890208QRIBFTTA5303704540719430005802VN"
      "62120808TT0000696304A8E5")),
])
def test_codes_published_elsewhere_are_reproduced_to_the_byte(bank_bin, account, amount, purpose, text):
    assert payload(bank_bin=bank_bin, account_number=account, amount=Money(amount), purpose=purpose) == text


def test_without_an_amount_the_payer_types_it():
    text = payload(bank_bin="970436", account_number="1023456789")
    assert text.startswith("000201010211")
    assert "5303704" + "5802VN" in text


@pytest.mark.parametrize("wrong", [
    {"bank_bin": "97043"}, {"bank_bin": "97043６"}, {"account_number": ""}, {"account_number": "1" * 20},
    {"account_number": "12-34"}, {"amount": Money(-1)}, {"purpose": "Nộp phí"}, {"purpose": "x" * 26}])
def test_what_a_bank_would_change_or_refuse_is_refused_here(wrong):
    with pytest.raises(ValueError, match=r"BIN|account|amount|purpose"):
        payload(**{"bank_bin": "970436", "account_number": "1023456789", **wrong})


def test_a_purpose_loses_what_banks_drop():
    assert purpose_of("Lệ phí: Đoàn Thị Ánh – hồ sơ") == "Le phi Doan Thi Anh ho so"[:25]

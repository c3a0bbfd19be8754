"""The text of a VietQR code: NAPAS's profile of EMVCo's merchant-presented QR, each field as tag, length, value.

A code for one payment carries its amount and a purpose by which the bank line is known again. Banks drop accents and
punctuation from purposes, so ours has neither.
"""

from binascii import crc_hqx
from typing import Final

from shared.money import ZERO, Money
from shared.text import fold

NAPAS: Final = "A000000727"
TO_ACCOUNT: Final = "QRIBFTTA"
DONG: Final = "704"
LONGEST_PURPOSE: Final = 25


def payload(*, bank_bin: str, account_number: str, amount: Money = ZERO, purpose: str = "") -> str:
    """The text to draw as a QR code; without an amount the payer types it.

    Raises:
        ValueError: a BIN of other than six digits, an account number of other than 1 to 19 letters and digits, a
            negative amount, or a purpose that banks would change.
    """
    if len(bank_bin) != 6 or not (bank_bin.isascii() and bank_bin.isdecimal()):
        raise ValueError("A bank's BIN has six digits.")
    if not (1 <= len(account_number) <= 19 and account_number.isascii() and account_number.isalnum()):
        raise ValueError("An account number has 1 to 19 letters and digits.")
    if amount < ZERO or len(str(amount.amount)) > 13:
        raise ValueError("An amount in a code is positive and has at most 13 digits.")
    if purpose != purpose_of(purpose):
        raise ValueError("A purpose has at most 25 plain letters, digits and spaces.")
    receiver = _field("00", bank_bin) + _field("01", account_number)
    text = "".join((
        _field("00", "01"), _field("01", "12" if amount else "11"),
        _field("38", _field("00", NAPAS) + _field("01", receiver) + _field("02", TO_ACCOUNT)),
        _field("53", DONG), _field("54", str(amount.amount)) if amount else "", _field("58", "VN"),
        _field("62", _field("08", purpose)) if purpose else "", "6304"))
    return f"{text}{crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def purpose_of(text: str) -> str:
    """`text` as every bank carries it: plain letters, digits and single spaces, 25 at most."""
    plain = "".join(letter for letter in _unaccented(text) if letter.isascii() and (letter.isalnum() or letter == " "))
    return " ".join(plain.split())[:LONGEST_PURPOSE].rstrip()


def _unaccented(text: str) -> str:
    """Without accents, with its capitals."""
    return "".join(folded.upper() if letter.isupper() else folded for letter in text for folded in fold(letter) or " ")


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"

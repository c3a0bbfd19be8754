"""Amounts of money in words, as Vietnamese papers write them out."""

from typing import Final

from shared.money import Money

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS: Final = ("", "nghìn", "triệu")


def in_words(amount: Money) -> str:
    """An amount as papers write it out: 15.000 is "Mười lăm nghìn đồng".

    `mốt` and `tư` stay what they are after tens ("hai mươi mốt"), `lăm` after ten, `linh` for an empty ten.

    Raises:
        ValueError: below zero.
    """
    if amount.amount < 0:
        raise ValueError("No paper writes out a negative amount.")
    words = _read(amount.amount) or "không"
    return f"{words[0].upper()}{words[1:]} đồng"


def _read(number: int) -> str:
    """Whole number in words; empty for zero. Billions are read apart, then what is below them in full."""
    billions, rest = divmod(number, 1_000_000_000)
    if not billions:
        return " ".join(_groups(rest, is_first=True))
    return " ".join([_read(billions), "tỷ", *_groups(rest, is_first=False)])


def _groups(number: int, *, is_first: bool) -> list[str]:
    parts: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            parts += [*_hundreds(group, is_first=is_first and not parts), _GROUPS[power]]
    return [part for part in parts if part]


def _hundreds(group: int, *, is_first: bool) -> list[str]:
    """Three digits; hundreds and an empty ten are said only after something larger."""
    hundred, ten, one = group // 100, group // 10 % 10, group % 10
    words = [] if is_first and not hundred else [_DIGITS[hundred], "trăm"]
    if ten == 0:
        return words + ([*(["linh"] if words else []), _DIGITS[one]] if one else [])
    words += ["mười"] if ten == 1 else [_DIGITS[ten], "mươi"]
    return words + ([_unit(ten, one)] if one else [])


def _unit(ten: int, one: int) -> str:
    if one == 5:
        return "lăm"
    return "mốt" if one == 1 and ten > 1 else _DIGITS[one]

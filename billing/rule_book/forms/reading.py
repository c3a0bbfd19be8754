"""How amounts and shares are typed, and shown again."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from shared.formatting import number

_AMOUNT: Final = re.compile(r"(-?)([\d.,\s\u00a0]+)(?:đ|vnd|vnđ)?", re.IGNORECASE)
_SHARE: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?")
_FRACTION: Final = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")


def dong(text: str) -> object:
    """`12.000 đ` as a whole number; what is none stays as typed, to be refused at its place."""
    found = _AMOUNT.fullmatch(text.strip())
    digits = re.sub(r"\D", "", found[2]) if found else ""
    return int(f"{found[1]}{digits}") if found and digits else text.strip()


def whole(text: str) -> object:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text.strip()) else text.strip()


def parts_of_share(text: str) -> dict[str, object]:
    """`50 %`, `33,5 %` or `1/3` as two whole numbers."""
    text = text.strip()
    if found := _FRACTION.fullmatch(text):
        return {"numerator": int(found[1]), "denominator": int(found[2])}
    if found := _SHARE.fullmatch(text):
        decimals = found[2] or ""
        rate = Fraction(int(found[1] + decimals), 100 * 10 ** len(decimals))
        return {"numerator": rate.numerator, "denominator": rate.denominator}
    return {"numerator": text} if text else {}


def share_text(data: Mapping[str, Any]) -> str:
    if data.get("numerator") is None:
        return ""
    rate = Fraction(data["numerator"], data["denominator"]) * 100
    return f"{rate.numerator} %" if rate.denominator == 1 else f"{data['numerator']}/{data['denominator']}"


def amount_text(value: int | None) -> str:
    return "" if value is None else number(value).replace("\u2212", "-")

"""The words of the arithmetic, in both languages at once: they are stored with the figures and never change later."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shared.money import Money

_NO_BREAK: Final = "\u00a0"
_KINDS_OF_ACT: Final = (
    ("Nghị quyết", "Resolution"), ("Nghị định", "Decree"), ("Thông tư", "Circular"), ("Quyết định", "Decision"),
    ("Luật", "Law"), ("Thoả thuận", "Agreement"),
)
_END_OF_TITLE: Final = re.compile(r" ngày |[:,;]")

CHANNELS_VI: Final = {"online": "trực tuyến", "post": "qua bưu chính", "direct": "trực tiếp"}
CHANNELS_EN: Final = {"online": "online", "post": "by post", "direct": "in person"}


@dataclass(frozen=True, slots=True)
class Words:
    vi: str
    en: str


def dong(amount: Money) -> Words:
    """`26.000 đ` and `26,000 VND`, each on one line."""
    grouped = f"{amount.amount:,}"
    return Words(f"{grouped.replace(',', '.')}{_NO_BREAK}đ", f"{grouped}{_NO_BREAK}VND")


def grams(weight: int) -> Words:
    grouped = f"{weight:,}"
    return Words(f"{grouped.replace(',', '.')}{_NO_BREAK}g", f"{grouped}{_NO_BREAK}g")


def share(rate: Fraction) -> Words:
    """`50 %` and `50%`; a share that is no whole per cent stays a fraction."""
    hundredths = rate * 100
    if hundredths.denominator == 1:
        return Words(f"{hundredths.numerator}{_NO_BREAK}%", f"{hundredths.numerator}%")
    return Words(f"{rate}", f"{rate}")


def act(legal_basis: str) -> Words:
    """The act's short title: `Nghị quyết 77/2025/NQ-HĐND`, `Resolution 77/2025/NQ-HĐND`."""
    vi = _END_OF_TITLE.split(legal_basis, maxsplit=1)[0].strip()
    for vietnamese, english in _KINDS_OF_ACT:
        if vi.startswith(vietnamese):
            return Words(vi, english + vi.removeprefix(vietnamese))
    return Words(vi, vi)


def channels(codes: Iterable[str]) -> Words:
    known = list(codes)
    return Words(", ".join(CHANNELS_VI.get(code, code) for code in known),
                 ", ".join(CHANNELS_EN.get(code, code) for code in known))

"""Codes that other people issue: checked here, never repaired."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Final

# UPU S10: two letters, eight digits, check digit, country.
_S10 = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})", re.ASCII)
_S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)

# Circular 03/2025/TT-VPCP and the older Circular 01/2018/TT-VPCP; the code is the authority's, so both are accepted.
_DOSSIER_CODE = re.compile(
    r"(?:000\.)?(?:[A-Z]\d{2}(?:\.\d{1,3}){0,4}|(?:\d{2,3}\.){1,3}[A-Z]\d{2})-\d{6}(?:\d{2})?-\d{4,8}", re.ASCII
)

# No 0/O, 1/I/L, 5/S, 8/B: a code is read out over the phone.
_SPOKEN: Final = "234679ACDEFGHJKMNPQRTUVWXYZ"


def s10_check_digit(serial: str) -> int:
    """The check digit of an eight-digit UPU S10 serial (standard S10): 47312482 gives 9."""
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(remainder, remainder)


def s10_number(service: str, serial: int, country: str = "VN") -> str:
    """The item number for a service indicator ("RR", "EH") and a serial below 100,000,000."""
    digits = f"{serial:08d}"
    return f"{service}{digits}{s10_check_digit(digits)}{country}"


def is_s10(number: str) -> bool:
    match = _S10.fullmatch(number)
    return match is not None and s10_check_digit(match[2]) == int(match[3])


def is_dossier_code(code: str) -> bool:
    return _DOSSIER_CODE.fullmatch(code) is not None


def dossier_code(agency: str, day: date, sequence: int) -> str:
    """`{agency}-{YYMMDD}-{seq}`, the sequence of four digits or more restarting daily (Circular 03/2025/TT-VPCP)."""
    return f"{agency}-{day:%y%m%d}-{sequence:04d}"


def _spoken_check(body: str) -> str:
    return _SPOKEN[sum((i + 2) * _SPOKEN.index(c) for i, c in enumerate(body)) % len(_SPOKEN)]


def spoken_code(length: int = 9) -> str:
    """A random code of `length` letters and digits plus one check character; safe to say aloud."""
    body = "".join(secrets.choice(_SPOKEN) for _ in range(length))
    return body + _spoken_check(body)


def is_spoken_code(code: str) -> bool:
    return len(code) > 1 and set(code) <= set(_SPOKEN) and _spoken_check(code[:-1]) == code[-1]


@dataclass(frozen=True, slots=True)
class NationalId:
    """A 12-digit personal identification number. It has no check digit (Decree 137/2015/NĐ-CP, Article 13).

    Digits 1–3 are the province of birth registration in the codes before 1 July 2025, digit 4 century and sex,
    digits 5–6 the year of birth.
    """

    digits: str

    @classmethod
    def parse(cls, typed: str) -> "NationalId | None":
        """The number in `typed`, separators dropped; None unless twelve ASCII digits, not all zero, remain."""
        digits = re.sub(r"[\s.\-]", "", typed)
        is_number = len(digits) == 12 and digits.isascii() and digits.isdecimal() and digits.strip("0") != ""
        return cls(digits) if is_number else None

    @property
    def masked(self) -> str:
        """`046•••••4127`: enough to match a card in the hand."""
        return f"{self.digits[:3]}•••••{self.digits[-4:]}"

    @property
    def birth_year(self) -> int:
        return 1900 + 100 * (int(self.digits[3]) // 2) + int(self.digits[4:6])

    @property
    def is_female(self) -> bool:
        return int(self.digits[3]) % 2 == 1

    @property
    def province_code(self) -> str:
        return self.digits[:3]


def mask_tail(text: str, keep: int, mask: str = "•••") -> str:
    return f"{mask}{text[-keep:]}" if text else ""



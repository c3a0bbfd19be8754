"""Numbers of people in what somebody typed: hidden before it is kept, because such texts are read by many."""

import re
from typing import Final

from shared.formatting import mask_phone
from shared.identifiers import NationalId

# Twelve digits as people write them: in one go, or in groups parted alike. Amounts have dots, dossier codes letters.
_NATIONAL_ID: Final = re.compile(
    r"(?<![\d.\-])(?:\d{12}|\d{3}([ -])\d{3}\1\d{3}\1\d{3}|\d{4}([ -])\d{4}\2\d{4}|\d{3}([ -])\d{3}\3\d{6})(?![\d\-])")
# Ten digits from 0, or +84 and nine, in one go or in groups; hotlines of four or eight digits stay readable.
_PHONE: Final = re.compile(r"(?<![\d.\-+])(?:\+84[ .\-]?|0)\d(?:[ .\-]?\d){8}(?![\d\-])")


def without_national_ids(text: str) -> tuple[str, int]:
    """`text` with every national ID number masked as screens mask it, and how many there were."""
    return _NATIONAL_ID.subn(_masked, text)


def without_numbers(text: str) -> str:
    """`text` with national ID numbers and phone numbers of people masked."""
    return _PHONE.sub(lambda found: mask_phone(found.group()), without_national_ids(text)[0])


def _masked(found: re.Match[str]) -> str:
    number = NationalId.parse(found.group())
    return number.masked if number is not None else found.group()

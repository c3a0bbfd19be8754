"""Practice: the same program as a process of its own, whose people, numbers and papers are made up and say so.

Whether this process is one is decided by its settings, once; everything that differs asks here.
"""

import re
from typing import Final

from django.conf import settings

NUMBERS_BEGIN: Final = "999"
"""The first three digits of every ID number in practice: no province has this code (Circular 59/2021/TT-BCA, annex I),
so no citizen's number begins with it. Practice takes no other, the live house takes none of them."""
LINES_BEGIN: Final = "0992"
"""Phone numbers of practice: 099 with a 2 behind it is in nobody's range, and fails the check of the live house."""
PARCEL_SERVICE: Final = "ZZ"
"""Begins the item numbers of practice: no service of the post is called so (UPU S10)."""
SAID: Final = "luyen-tap=practice"
WORDS: Final = "LUYỆN TẬP / PRACTICE"
_LINE: Final = re.compile(rf"{LINES_BEGIN}[0-9]{{6}}", re.ASCII)


def is_on() -> bool:
    """Whether this process is a practice house."""
    return bool(settings.WARDPOST_PRACTICE)


def marked(address: str) -> str:
    """What a QR code says; an address made in practice says so to whoever reads it."""
    if not is_on() or not address.startswith("http"):
        return address
    return f"{address}{'&' if '?' in address else '?'}{SAID}"


def made_up_line(national: str) -> str | None:
    """E.164 of a phone number of practice, such as 0992123456; None: it is none."""
    return f"+84{national[1:]}" if _LINE.fullmatch(national) else None

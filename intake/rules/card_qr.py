"""What the QR code of a Vietnamese ID card says, as a keyboard scanner types it.

`012345678901|123456789|Nguyễn Văn A|14031992|Nam|Thôn 1, Phong Chương, Phong Điền, Thừa Thiên Huế|01072021`: number,
old number (may be empty), name, birth, sex, residence, day of issue; newer cards add fields at the end.
"""

import re
from dataclasses import dataclass
from typing import Final

_SEXES: Final = {"nam": "male", "nữ": "female", "nu": "female"}
_FEWEST_FIELDS: Final = 6


@dataclass(frozen=True, slots=True)
class Card:
    """`birth` as people write it, 14/03/1992; empty when the card has none that is a day. `address` is one line."""

    national_id: str
    full_name: str
    birth: str
    sex: str
    address: str


def is_card(text: str) -> bool:
    return read_card(text) is not None


def read_card(text: str) -> Card | None:
    """The card in `text`; None when it is none."""
    fields = [field.strip() for field in text.strip().split("|")]
    if len(fields) < _FEWEST_FIELDS or not re.fullmatch(r"\d{12}", fields[0], re.ASCII):
        return None
    return Card(fields[0], fields[2], _spelled(fields[3]), _SEXES.get(fields[4].lower(), ""), fields[5])


def _spelled(day: str) -> str:
    found = re.fullmatch(r"(\d{2})(\d{2})(\d{4})", day, re.ASCII)
    return f"{found[1]}/{found[2]}/{found[3]}" if found else ""

"""Which clean lines a citizen is asked about before money moves: drawn by risk, and repeatable by anybody.

Each line has a weight from its signs of risk; a line's key is -ln(u) / weight, with u from the SHA-256 of the file's
digest and the parcel's number, and the smallest keys are drawn (weighted sampling without replacement, Efraimidis and
Spirakis 2006). Nobody can choose who is asked, and everybody can check the choice.
"""

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words

RISKS: Final[Mapping[str, tuple[int, Words]]] = MappingProxyType({
    "one-address": (3, Words("Nhiều bưu gửi về một địa chỉ", "Many parcels to one address")),
    "too-fast": (3, Words("Phát quá nhanh sau khi nhận gửi", "Delivered very soon after posting")),
    "somebody-else": (2, Words("Người khác nhận thay", "Somebody else received it")),
    "signature-only": (1, Words("Chỉ có chữ ký, không có OTP", "A signature only, no one-time code")),
    "highest-amount": (1, Words("Số tiền thuộc nhóm cao nhất", "Among the highest amounts")),
})
"""What makes a line worth a call, with its points; a line without any still has a small chance."""

ONE_ADDRESS: Final = 6
"""So many parcels of one file to one address are a sign."""
TOO_FAST_MINUTES: Final = 60
SHARE_PERCENT: Final = 1
FEWEST: Final = 5
MOST: Final = 200


def sample_size(clean: int) -> int:
    """How many of `clean` lines are asked about: one per cent, at least 5, at most 200, never more than there are."""
    return min(clean, max(FEWEST, min(MOST, ceil(clean * SHARE_PERCENT / 100))))


def weight(points: int) -> int:
    return 1 + points * points

"""Why a result is collected although the city sends results home by post: the exceptions, by code.

Hà Nội since 1 January 2026: paper results go to the registered address, unless the law of the field says otherwise;
exceptions as in notice 243/TB-TTPVHCC: originals to be compared, a signature in the original register, the original
certificate itself.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

OTHER: Final = "other"
COLLECT_REASONS: Final[Mapping[str, Words]] = MappingProxyType({
    "compare-originals": Words("Phải đối chiếu bản chính khi nhận", "Originals are compared on collection"),
    "sign-register": Words("Phải ký vào sổ gốc", "The original register is signed"),
    "original-certificate": Words("Nhận hoặc đổi bản chính giấy chứng nhận",
                                  "The original certificate is handed out or exchanged"),
    "by-law-in-person": Words("Pháp luật chuyên ngành buộc nhận trực tiếp", "The law of the field says in person"),
    "no-safe-address": Words("Người dân không có địa chỉ nhận thư an toàn", "There is no safe address for post"),
    OTHER: Words("Lý do khác", "Another reason"),
})


def reason_words(reason: str) -> str:
    """A reason of the list in the reader's language; a written one as it was written."""
    known = COLLECT_REASONS.get(reason)
    return str(known) if known is not None else reason

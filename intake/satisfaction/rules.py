"""The questions and their five answers. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

QUESTIONS: Final[Mapping[str, Words]] = MappingProxyType({
    "bring": Words("Được hướng dẫn rõ cần mang gì", "It was clear what to bring"),
    "attitude": Words("Thái độ của người phục vụ", "How the staff treated you"),
    "waiting": Words("Thời gian chờ", "How long you waited"),
    "trips": Words("Số lần phải đi lại", "How often you had to come"),
    "delivery": Words("Việc giao kết quả", "How the result reached you"),
    "overall": Words("Nhìn chung", "All in all"),
})
"""A short form of the surveys that cities run; "overall" is the one that must be answered."""
MUST: Final = "overall"

ANSWERS: Final[Mapping[int, Words]] = MappingProxyType({
    5: Words("Rất hài lòng", "Very satisfied"), 4: Words("Hài lòng", "Satisfied"), 3: Words("Bình thường", "Neither"),
    2: Words("Không hài lòng", "Dissatisfied"), 1: Words("Rất không hài lòng", "Very dissatisfied"),
})
CONTENT: Final = 4
"""From here on an answer counts as satisfied."""

MONEY_AT: Final[Mapping[str, Words]] = MappingProxyType({
    "outlet": Words("Bưu cục, điểm phục vụ", "The post office"), "centre": Words("Trung tâm", "The centre"),
    "carrier": Words("Người giao kết quả", "Whoever brought the result"),
    "elsewhere": Words("Nơi khác, người khác", "Elsewhere, somebody else"),
})

LEAST_SHOWN: Final = 5
"""Fewer answers than this are counted and not rated: one bad day is no verdict on five people."""
LONGEST: Final = 1000


def share(content: int, answered: int) -> int | None:
    """Per cent satisfied; None when too few have answered to say."""
    return round(100 * content / answered) if answered >= LEAST_SHOWN else None

"""What one may complain about, and the life of a complaint. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

SUBJECTS: Final[Mapping[str, Words]] = MappingProxyType({
    "attitude": Words("Thái độ phục vụ", "How I was treated"),
    "waiting": Words("Phải chờ lâu", "I waited too long"),
    "instructions": Words("Hướng dẫn sai hoặc thiếu", "I was told wrong, or not enough"),
    "refused": Words("Không nhận hồ sơ mà không nói lý do", "My dossier was not taken, without a reason"),
    "papers": Words("Giấy tờ bị mất, hỏng hoặc giữ lại", "Papers lost, damaged or kept"),
    "hours": Words("Điểm đóng cửa trong giờ mở", "It was closed in its opening hours"),
    "other": Words("Việc khác", "Something else"),
})
ANSWERED_WITHIN: Final = 5 * 480
"""Working minutes: five days, the programme's own rule."""
LONGEST: Final = 1000
MOST_OF_A_DOSSIER: Final = 3


class ComplaintState(StrEnum):
    OPEN = "open"
    FOUNDED = "founded"
    UNFOUNDED = "unfounded"


class ComplaintStep(StrEnum):
    EXPLAIN = "explain"
    UPHOLD = "uphold"
    DISMISS = "dismiss"


COMPLAINT: Final[Mapping[tuple[ComplaintState, ComplaintStep], ComplaintState]] = MappingProxyType({
    (ComplaintState.OPEN, ComplaintStep.EXPLAIN): ComplaintState.OPEN,
    (ComplaintState.OPEN, ComplaintStep.UPHOLD): ComplaintState.FOUNDED,
    (ComplaintState.OPEN, ComplaintStep.DISMISS): ComplaintState.UNFOUNDED,
})
FINAL_COMPLAINT: Final = frozenset({ComplaintState.FOUNDED, ComplaintState.UNFOUNDED})
COMPLAINT_WORDS: Final[Mapping[ComplaintState, Words]] = MappingProxyType({
    ComplaintState.OPEN: Words("Đang xem xét", "Being looked into"),
    ComplaintState.FOUNDED: Words("Phản ánh đúng", "Found right"),
    ComplaintState.UNFOUNDED: Words("Không có cơ sở", "Not confirmed"),
})

"""Who owes an answer until when, and what a message may not carry. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words
from shared.calendar import WorkCalendar


class InquiryKind(StrEnum):
    QUESTION = "question"
    EXPEDITE = "expedite"


class Side(StrEnum):
    """The two who speak with each other on a dossier."""

    OUTLET = "outlet"
    CENTRE = "centre"

    @property
    def other(self) -> "Side":
        return Side.CENTRE if self is Side.OUTLET else Side.OUTLET


KINDS: Final[Mapping[InquiryKind, Words]] = MappingProxyType({
    InquiryKind.QUESTION: Words("Câu hỏi", "Question"),
    InquiryKind.EXPEDITE: Words("Đề nghị giải quyết gấp", "Request to hurry"),
})

EXPEDITE_REASONS: Final[Mapping[str, Words]] = MappingProxyType({
    "overdue": Words("Đã quá hạn hẹn trả", "Past its due moment"),
    "health": Words("Khám chữa bệnh, cấp cứu", "Medical treatment"),
    "funeral": Words("Việc tang, thân nhân mất", "A death in the family"),
    "travel": Words("Đã có ngày xuất cảnh hoặc đi xa", "A fixed day of departure"),
    "school": Words("Hạn nộp của nhà trường, kỳ thi", "A deadline of a school or exam"),
    "hardship": Words("Người yếu thế, đi lại khó khăn", "Hardship, cannot come again"),
    "other": Words("Lý do khác, ghi trong nội dung", "Another reason, told in the message"),
})
"""Why a dossier should go before others; the authority stays free to say no."""

USUAL_MINUTES: Final[Mapping[InquiryKind, int]] = MappingProxyType({
    InquiryKind.QUESTION: 120, InquiryKind.EXPEDITE: 60,
})
"""Working minutes for an answer where a centre has set none of its own."""
LEAST_MINUTES: Final = 15
MOST_MINUTES: Final = 3 * 8 * 60
LONGEST: Final = 2000
MOST_PAPERS: Final = 10

def due_at(asked_at: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """When an answer is owed to what was asked at `asked_at`."""
    return calendar.add_working_minutes(asked_at, minutes)

"""What is taught, and what our data can know of a coached citizen afterwards. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

WINDOW: Final = timedelta(days=180)
"""So long after a session it is looked whether the citizen files, and how."""
CONSENT_TEXT: Final = "coaching-2026-11"
"""Version of the words on the screen (Law on Personal Data Protection 91/2025/QH15)."""
FEWEST_MINUTES: Final = 1
MOST_MINUTES: Final = 240
KEEPS_BACK_DAYS: Final = 7
"""A session may be entered so many days after it was held."""


class Topic(StrEnum):
    LOG_IN = "log_in"
    FILL_IN = "fill_in"
    SCAN = "scan"
    PAY = "pay"
    FOLLOW = "follow"
    RESULT = "result"


TOPICS: Final[Mapping[str, Words]] = MappingProxyType({
    Topic.LOG_IN: Words("Đăng nhập bằng VNeID của chính mình", "Log in with one’s own VNeID"),
    Topic.FILL_IN: Words("Tìm thủ tục và điền tờ khai điện tử", "Find a procedure and fill in its form"),
    Topic.SCAN: Words("Chụp và đính kèm giấy tờ", "Photograph and attach papers"),
    Topic.PAY: Words("Nộp phí, lệ phí trực tuyến", "Pay fees online"),
    Topic.FOLLOW: Words("Tra cứu hồ sơ, trả lời yêu cầu bổ sung", "Follow a dossier, answer a request for more"),
    Topic.RESULT: Words("Nhận và lưu kết quả điện tử", "Receive and keep an electronic result"),
})


class Later(StrEnum):
    """What is known of a citizen after her session, the strongest first."""

    ALONE = "alone"
    """She filed alone and showed the dossier's code, which is of none of ours."""
    SAID_ALONE = "said_alone"
    """She says that she filed alone, and showed no code."""
    HELPED = "helped"
    """A dossier of hers came through an outlet: seen in our data."""
    AT_CENTRE = "at_centre"
    """A dossier of hers was taken at a centre's own counter: seen in our data."""
    NOT_KNOWN = "not_known"
    """Nothing reached us. What a citizen files alone on the national portal does not come to this software."""


ORDER: Final = tuple(Later)
LATER: Final[Mapping[str, Words]] = MappingProxyType({
    Later.ALONE: Words("tự nộp, có mã hồ sơ", "filed alone, code shown"),
    Later.SAID_ALONE: Words("tự nộp, theo lời kể", "filed alone, by word"),
    Later.HELPED: Words("lại nộp qua điểm", "filed again with help"),
    Later.AT_CENTRE: Words("nộp tại quầy trung tâm", "at a centre’s counter"),
    Later.NOT_KNOWN: Words("chưa biết", "not known"),
})
SAID: Final[Mapping[str, Words]] = MappingProxyType({
    "alone": Words("Đã tự nộp", "She has filed alone"),
    "with_help": Words("Vẫn cần người giúp", "She still needs help"),
    "no_need": Words("Chưa có việc cần nộp", "She has had nothing to file"),
})
"""What a citizen may answer when she is asked later."""

"""Checks of who acts and who must come: presence, mandates, consents."""

from typing import Final

from intake.rules.precheck.check import Rule, Severity
from intake.rules.wording import Words

_SENT = ["in", "channel", ["online", "post"]]

RULES: Final = (
    Rule("second-citizen", Severity.STOP, ["set", "has_second_citizen"],
         Words("Có giấy tờ của người khác trong phiên này.", "Another citizen’s paper turned up in this session."),
         Words("Hãy xác định đó là gì trước; chưa nộp được gì cho đến lúc đó.",
               "Say first what it is; nothing is filed until then."),
         "/mandate"),
    Rule("mandate-missing", Severity.STOP, ["all", _SENT, ["set", "lacks_mandate_vi"]],
         Words("{lacks_mandate_vi}", "{lacks_mandate_en}"),
         Words("Ghi nhận căn cứ nộp thay ở thanh trên cùng.", "Record the mandate from the bar at the top."),
         "/mandate", prevents=("in-person-only",)),
    Rule("presence-needed", Severity.WARN, ["all", _SENT, ["set", "needs_presence"]],
         Words("Người dân phải có mặt ở trung tâm để ký hoặc nhận.",
               "The citizen must appear at the centre in person."),
         Words("Nói trước ngày hẹn và giấy tờ phải mang theo.", "Say beforehand when, and what to bring."),
         "/channel", prevents=("in-person-only",)),
)

"""Checks of who acts and who must come: presence, mandates, consents."""

from typing import Final

from intake.rules.precheck.check import Rule, Severity
from intake.rules.wording import Words

_SENT = ["in", "channel", ["online", "post"]]

RULES: Final = (
    Rule("presence-needed", Severity.WARN, ["all", _SENT, ["set", "needs_presence"]],
         Words("Người dân phải có mặt ở trung tâm để ký hoặc nhận.",
               "The citizen must appear at the centre in person."),
         Words("Nói trước ngày hẹn và giấy tờ phải mang theo.", "Say beforehand when, and what to bring."),
         "/channel", prevents=("in-person-only",)),
)

"""The brief as PDF: one sheet, Vietnamese, of what was released and nothing else; the same brief, the same bytes."""

from pathlib import Path
from typing import Any, Final

from django.utils.translation import override

from agents.briefs.models import Brief
from agents.briefs.queries import ActionShown, shown_actions, told
from agents.briefs.rules import ActionState, Half
from shared.calendar import local
from shared.formatting import clock, full_day, full_stamp, stamp
from shared.models.places import Province
from shared.typesetting import Typesetter

TYPESETTER: Final = Typesetter(Path(__file__).parent / "typst")
MOST_ACTIONS: Final = 12
"""On the sheet; the open ones first. The screen has them all."""
MOST_LINES: Final = 20
_TITLES: Final = {Half.PLAN: "Giao ban đầu ngày", Half.REVIEW: "Giao ban cuối ngày"}
_STATES: Final = {ActionState.OPEN: "đang làm", ActionState.DONE: "đã xong", ActionState.DROPPED: "thôi không làm"}


def brief_pdf(brief: Brief) -> bytes:
    """Of a draft too, which says that it is one."""
    with override("vi"):
        return TYPESETTER.pdf("brief", brief_data(brief), dated=brief.released_at or brief.made_at)


def brief_data(brief: Brief) -> dict[str, Any]:
    city = Province.objects.filter(code=brief.province_code).values_list("name", flat=True).first() or ""
    actions = sorted(shown_actions(brief), key=lambda each: each.state != ActionState.OPEN)
    title = f"{_TITLES[Half(brief.half)]} {full_day(brief.day)}"
    return {
        "title": title, "agency": f"Phòng điều hành dịch vụ công – {city}",
        "as_of": f"Số liệu đến {clock(brief.as_of)} ngày {full_day(local(brief.as_of).date())}",
        "span": f"Kể từ {full_stamp(brief.since)}", "sections": told(brief, "vi"),
        "actions": [_action(each) for each in actions[:MOST_ACTIONS]],
        "more_actions": max(0, len(actions) - MOST_ACTIONS),
        "remarks": _lines(brief.remarks), "foot": title, "released": _released(brief)}


def _lines(remarks: str) -> list[str]:
    """As they were written; of a long list the end runs on in one paragraph, for the sheet is one page."""
    lines = [line for line in remarks.splitlines() if line.strip()]
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES - 1], " · ".join(lines[MOST_LINES - 1:])]


def _action(action: ActionShown) -> dict[str, str]:
    state = _STATES[ActionState(action.state)]
    carried = f", chuyển tiếp {action.carried} lần" if action.carried else ""
    outcome = f": {action.outcome}" if action.outcome else ""
    return {"text": action.text, "owner": action.owner_name, "due": stamp(action.due_at),
            "state": f"{state}{carried}{outcome}"}


def _released(brief: Brief) -> str:
    if brief.released_at is None:
        return "BẢN NHÁP – chưa phát hành."
    return f"Phát hành {full_stamp(brief.released_at)}, {brief.released_by_name}."

"""The machines of the operations room."""

from typing import Final

from agents.briefs import rules as briefs
from agents.room import rules as room
from agents.room import wording
from billing.rules.words import Words
from config.drawing.machines import Machine, Owner

_ROOM: Final = "operations_officer"
_CLIMBS: Final = Owner(_ROOM, "a work item from its report on; the clock tells the next level")
_S, _B, _A = room.IncidentState, briefs.BriefState, briefs.ActionState
MACHINES: Final = (
    Machine(
        "An incident", _S, room.INCIDENT, room.FINAL_INCIDENT, wording.STATES,
        dict.fromkeys(room.UNSOLVED, _CLIMBS) | {
            _S.SOLVED: Owner(_ROOM, "closed after a working day in which nobody said otherwise")},
        intro="From `agents/room/rules.py`: who is told, and when, is the ladder there."),
    Machine(
        "A brief", _B, briefs.BRIEF, briefs.FINAL_BRIEF, {
            _B.DRAFT: Words("Bản nháp", "Draft"), _B.RELEASED: Words("Đã phát hành", "Released")},
        {_B.DRAFT: Owner(_ROOM, "a work item, due half an hour after it is made")},
        intro="From `agents/briefs/rules.py`."),
    Machine(
        "An action of a brief", _A, briefs.ACTION, briefs.FINAL_ACTION, {
            _A.OPEN: Words("Đang làm", "Open"), _A.DONE: Words("Đã xong", "Done"),
            _A.DROPPED: Words("Thôi không làm", "Dropped")},
        {_A.OPEN: Owner(_ROOM, "a work item, and every brief that follows")}),
)

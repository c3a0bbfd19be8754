"""The life of a case, the signals and the questions of a call-back. Pure tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from intake.rules.wording import Words

DAY: Final = 8 * 60
"""Working minutes of a day."""
MOST_EVIDENCE: Final = 200
"""So many dossiers of a signal are kept by name; how many there were is counted in full."""
MOST_TRIES: Final = 3
"""Not reached after so many calls: nobody is pursued."""
LEAST_SAMPLE: Final = 1
MOST_SAMPLE: Final = 50
LOOKS_BACK_DAYS: Final = 90
"""Whose dossiers are drawn from when a case has no signal that names its days."""


class CaseState(StrEnum):
    OPENED = "opened"
    LOOKED_AT = "looked_at"
    CALLING = "calling"
    PROPOSED = "proposed"
    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    NOT_ENOUGH = "not_enough"


class Step(StrEnum):
    LOOK = "look"
    ASK_CALLS = "ask_calls"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    LEAVE_OPEN = "leave_open"


S = CaseState
MOVES: Final[Mapping[tuple[CaseState, Step], CaseState]] = MappingProxyType({
    (S.OPENED, Step.LOOK): S.LOOKED_AT,
    (S.LOOKED_AT, Step.ASK_CALLS): S.CALLING,
    (S.LOOKED_AT, Step.PROPOSE): S.PROPOSED,
    (S.LOOKED_AT, Step.DISMISS): S.UNFOUNDED,
    (S.LOOKED_AT, Step.LEAVE_OPEN): S.NOT_ENOUGH,
    (S.CALLING, Step.ASK_CALLS): S.CALLING,
    (S.CALLING, Step.PROPOSE): S.PROPOSED,
    (S.CALLING, Step.DISMISS): S.UNFOUNDED,
    (S.CALLING, Step.LEAVE_OPEN): S.NOT_ENOUGH,
    (S.PROPOSED, Step.CONFIRM): S.FOUNDED,
    (S.PROPOSED, Step.SEND_BACK): S.LOOKED_AT,
})
FINAL: Final = frozenset({S.FOUNDED, S.UNFOUNDED, S.NOT_ENOUGH})
WITH_REASON: Final = frozenset({Step.PROPOSE, Step.SEND_BACK, Step.CONFIRM, Step.DISMISS, Step.LEAVE_OPEN})
BY_ANOTHER: Final = frozenset({Step.CONFIRM})
"""Taken by another person than the one who proposed it: four eyes."""
BY_HAND: Final = frozenset(Step) - {Step.ASK_CALLS}
"""Steps that are decided on; calls are asked by drawing whom to call."""

WITHIN_DAYS: Final[Mapping[CaseState, int]] = MappingProxyType({
    S.OPENED: 2, S.LOOKED_AT: 5, S.CALLING: 5, S.PROPOSED: 2})
"""Working days after which somebody is told that a case stays where it is."""


def next_state(state: CaseState, step: Step) -> CaseState | None:
    """None: the table has no such step."""
    return MOVES.get((state, step))


def steps_from(state: CaseState) -> tuple[Step, ...]:
    return tuple(step for (before, step) in MOVES if before is state and step in BY_HAND)


class Call(StrEnum):
    """How far one call-back is."""

    WAITING = "waiting"
    REACHED = "reached"
    DECLINED = "declined"
    UNREACHED = "unreached"


class Heard(StrEnum):
    """What a try at calling came to."""

    TALKED = "talked"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"


CALLS: Final[Mapping[tuple[Call, Heard], Call]] = MappingProxyType({
    (Call.WAITING, Heard.TALKED): Call.REACHED,
    (Call.WAITING, Heard.DECLINED): Call.DECLINED,
    (Call.WAITING, Heard.NO_ANSWER): Call.WAITING,
})
"""The third try without an answer ends as UNREACHED."""
FINAL_CALLS: Final = frozenset({Call.REACHED, Call.DECLINED, Call.UNREACHED})


class Signal(StrEnum):
    SAME_PHONE = "same_phone"
    SAME_ADDRESS = "same_address"
    PAIR = "pair"
    ABSENT = "absent"
    AFTER_HOURS = "after_hours"
    MONEY = "money"
    SUBMITTER = "submitter"
    ONE_CLERK = "one_clerk"
    REFILED = "refiled"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a call-back; `alarming` is the answer that speaks for a broker."""

    code: str
    words: Words
    alarming: str


ANSWERS: Final = ("yes", "no", "unsure")
SCRIPT: Final = (
    Question("present", Words("Ông/bà có tự đến điểm phục vụ để nộp hồ sơ này không?",
                              "Did you go to the outlet yourself to file this dossier?"), "no"),
    Question("middleman", Words("Có ai nhận làm hộ, hứa làm nhanh hơn không?",
                                "Did anybody offer to arrange it, or promise it faster?"), "yes"),
    Question("money", Words("Có ai đòi tiền ngoài số ghi trên biên lai không?",
                            "Did anybody ask for money beyond the receipt?"), "yes"),
    Question("own_contact", Words("Số điện thoại và địa chỉ nhận kết quả có phải của ông/bà không?",
                                  "Are the phone number and the address for the result your own?"), "no"),
)

"""A dispute's states, clock and vocabulary. Pure.

Nobody is called wrong before the cause is found: a cause starts as unknown, and while it is unknown no deduction can
be left standing. Silence is never agreement: what ends by the clock says so.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from billing.rules.words import Words
from shared.calendar import CLOSING, WorkCalendar, at_local, local
from shared.money import Money


class DisputeState(StrEnum):
    RAISED = "raised"
    IN_REVIEW = "in_review"
    ASKED = "asked"
    PROPOSED = "proposed"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class DisputeAction(StrEnum):
    """`GO_ON`: the question was not answered in time, and the review goes on with what is there. `SETTLE`: confirmed,
    and nothing is left to appeal against. `LAPSE`: the time to appeal is over and nobody has answered.
    """

    TAKE = "take"
    STEP_ASIDE = "step_aside"
    ASK = "ask"
    REPLY = "reply"
    GO_ON = "go_on"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    SETTLE = "settle"
    ACCEPT = "accept"
    APPEAL = "appeal"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


S, A = DisputeState, DisputeAction
DISPUTE: Final[Mapping[tuple[DisputeState, DisputeAction], DisputeState]] = MappingProxyType({
    (S.RAISED, A.TAKE): S.IN_REVIEW,
    (S.RAISED, A.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, A.STEP_ASIDE): S.RAISED,
    (S.IN_REVIEW, A.ASK): S.ASKED,
    (S.IN_REVIEW, A.PROPOSE): S.PROPOSED,
    (S.IN_REVIEW, A.WITHDRAW): S.WITHDRAWN,
    (S.ASKED, A.REPLY): S.IN_REVIEW,
    (S.ASKED, A.GO_ON): S.IN_REVIEW,
    (S.ASKED, A.WITHDRAW): S.WITHDRAWN,
    (S.PROPOSED, A.SEND_BACK): S.IN_REVIEW,
    (S.PROPOSED, A.CONFIRM): S.DECIDED,
    (S.PROPOSED, A.SETTLE): S.CLOSED,
    (S.DECIDED, A.ACCEPT): S.CLOSED,
    (S.DECIDED, A.APPEAL): S.APPEALED,
    (S.DECIDED, A.LAPSE): S.CLOSED,
    (S.APPEALED, A.TAKE): S.IN_REVIEW,
})
FINAL: Final = frozenset({S.CLOSED, S.WITHDRAWN})
HOLDING: Final = frozenset(S) - FINAL
"""While a dispute is in one of these, its lines are on hold."""

OWNERS: Final[Mapping[DisputeState, tuple[str, str]]] = MappingProxyType({
    S.RAISED: ("finance_reviewer", "disputes nobody has taken"),
    S.IN_REVIEW: ("finance_reviewer", "disputes past their day"),
    S.ASKED: ("outlet_manager", "questions without an answer"),
    S.PROPOSED: ("finance_approver", "decisions nobody has confirmed"),
    S.DECIDED: ("outlet_manager", "decisions without an answer"),
    S.APPEALED: ("finance_approver", "disputes nobody has taken"),
})
"""Who answers for a dispute that stays in a state, and which sweep of billing/disputes/sweeps.py notices."""

STATES: Final[Mapping[DisputeState, Words]] = MappingProxyType({
    S.RAISED: Words("Chờ người xem xét", "Waits for a reviewer"),
    S.IN_REVIEW: Words("Đang xem xét", "Under review"),
    S.ASKED: Words("Chờ bên nêu trả lời", "Waits for the other side's answer"),
    S.PROPOSED: Words("Chờ người thứ hai xác nhận", "Waits for the second person"),
    S.DECIDED: Words("Đã kết luận, còn quyền khiếu nại tiếp", "Decided, may be appealed"),
    S.APPEALED: Words("Khiếu nại tiếp, chờ người xem xét khác", "Appealed, waits for another reviewer"),
    S.CLOSED: Words("Đã khép", "Closed"),
    S.WITHDRAWN: Words("Đã rút", "Withdrawn"),
})


class EvidenceState(StrEnum):
    """What a look at a file of evidence came to; before the first look it is `WAITING`. `SAFE`: rebuilt by us, no
    antivirus has spoken.
    """

    WAITING = "waiting"
    SAFE = "safe"
    CLEAN = "clean"
    INFECTED = "infected"
    UNREADABLE = "unreadable"


EVIDENCE_STATES: Final[Mapping[EvidenceState, Words]] = MappingProxyType({
    EvidenceState.WAITING: Words("Đang kiểm tra", "Being checked"),
    EvidenceState.SAFE: Words("Chưa quét vi-rút", "Not yet checked for viruses"),
    EvidenceState.CLEAN: Words("Đã kiểm tra, an toàn", "Checked and clean"),
    EvidenceState.INFECTED: Words("Có vi-rút, đã cách ly: gửi lại tệp khác", "Infected, kept apart: give another file"),
    EvidenceState.UNREADABLE: Words("Không đọc được tệp: gửi lại", "Cannot be read: give it again"),
})


def may_open(state: EvidenceState, *, has_engine: bool) -> bool:
    """Where an antivirus is configured nothing is opened before its verdict, whether it answers today or not."""
    return state is EvidenceState.CLEAN or (state is EvidenceState.SAFE and not has_engine)


class Side(StrEnum):
    """Who says something in a dispute. Everybody on it reads everything."""

    OUTLET = "outlet"
    OPERATOR = "operator"
    CITY = "city"
    SYSTEM = "system"


class Reason(StrEnum):
    UNCLEAR = "unclear"
    TOO_LITTLE = "too_little"
    TAKEN_BACK = "taken_back"
    TWICE = "twice"
    NOT_OURS = "not_ours"
    WRONG_FACTS = "wrong_facts"
    WRONG_RULE = "wrong_rule"
    MISSING = "missing"
    OTHER = "other"


REASONS: Final[Mapping[Reason, Words]] = MappingProxyType({
    Reason.UNCLEAR: Words("Không hiểu vì sao ra số tiền này", "We do not see why it is this amount"),
    Reason.TOO_LITTLE: Words("Số tiền thấp hơn mức phải có", "The amount is too low"),
    Reason.TAKEN_BACK: Words("Bị thu hồi, khấu trừ không đúng", "Taken back or deducted wrongly"),
    Reason.TWICE: Words("Bị tính hai lần", "Counted twice"),
    Reason.NOT_OURS: Words("Không phải việc của điểm này", "Not this outlet's work"),
    Reason.WRONG_FACTS: Words("Sai dữ kiện: khối lượng, vùng, đối tượng, kênh nộp",
                              "Wrong facts: weight, zone, class of person, channel"),
    Reason.WRONG_RULE: Words("Áp dụng sai quy định", "The wrong rule was used"),
    Reason.MISSING: Words("Việc đã làm nhưng không có dòng nào", "Work was done and no line is there"),
    Reason.OTHER: Words("Lý do khác", "Another reason"),
})


class Cause(StrEnum):
    """Why a line was wrong, once that is known."""

    UNKNOWN = "unknown"
    SYSTEM = "system"
    RULE = "rule"
    CARRIER = "carrier"
    CENTRE = "centre"
    ENTRY = "entry"
    NOTHING_WRONG = "nothing_wrong"


CAUSES: Final[Mapping[Cause, Words]] = MappingProxyType({
    Cause.UNKNOWN: Words("Chưa rõ nguyên nhân", "Not known yet"),
    Cause.SYSTEM: Words("Lỗi của hệ thống", "A fault of the system"),
    Cause.RULE: Words("Quy định hoặc biểu giá nhập sai", "A rule or price was entered wrongly"),
    Cause.CARRIER: Words("Tin của đơn vị vận chuyển", "A message of the carrier"),
    Cause.CENTRE: Words("Bản ghi của trung tâm", "A record of the centre"),
    Cause.ENTRY: Words("Dữ kiện nhập tại quầy, có bằng chứng", "What was entered at the counter, with evidence"),
    Cause.NOTHING_WRONG: Words("Dòng đúng, đã đối chiếu bằng chứng", "The line is right, compared with its evidence"),
})


class Outcome(StrEnum):
    UPHELD = "upheld"
    PARTLY = "partly"
    REFUSED = "refused"


OUTCOMES: Final[Mapping[str, Words]] = MappingProxyType({
    Outcome.UPHELD: Words("Chấp nhận", "Upheld"),
    Outcome.PARTLY: Words("Chấp nhận một phần", "Upheld in part"),
    Outcome.REFUSED: Words("Không chấp nhận", "Not upheld"),
})
ANSWERS: Final[Mapping[str, Words]] = MappingProxyType({
    "accepted": Words("Bên nêu đồng ý", "Accepted by who raised it"),
    "appealed": Words("Bên nêu khiếu nại tiếp", "Appealed"),
    "none": Words("Bên nêu không trả lời; im lặng không phải là đồng ý", "No answer; silence is not agreement"),
})

TAKE_WORKING_DAYS: Final = 2
"""Until a reviewer has a dispute. The programme's own promise: no law sets a term for these accounts."""
DECIDE_WORKING_DAYS: Final = 10
REPLY_WORKING_DAYS: Final = 5
CONFIRM_WORKING_DAYS: Final = 2
APPEAL_WORKING_DAYS: Final = 10
REMIND_WORKING_DAYS: Final = 2
"""Before the day, whoever has the dispute is reminded."""
LONGEST_TEXT: Final = 2000
MOST_LINES: Final = 500
MOST_FILES: Final = 10
LARGEST_FILE: Final = 8 * 1024 * 1024
ROUNDS: Final = 2
"""The decision, and one appeal before another reviewer."""


def due(start: datetime, working_days: int, calendar: WorkCalendar) -> datetime:
    """The end of the last of `working_days` after the day of `start`."""
    day = calendar.due_date(local(start).date(), working_days)
    return at_local(day, calendar.closing_of(day) if calendar.is_working(day) else CLOSING)


def reminder_day(due_at: datetime, calendar: WorkCalendar) -> date:
    """The local day from which on a reminder is out: REMIND_WORKING_DAYS before the due day."""
    day, left = local(due_at).date(), REMIND_WORKING_DAYS
    while left:
        day = date.fromordinal(day.toordinal() - 1)
        left -= calendar.is_working(day)
    return day


def holds(reason: Reason, city_owes: Money) -> bool:
    """Whether the line is left out of every payment and deduction while disputed.

    What only asks for more is paid as it stands meanwhile: nobody waits for what is not in dispute.
    """
    return not (reason in {Reason.TOO_LITTLE, Reason.MISSING} and city_owes.amount >= 0)


def overall(outcomes: list[str]) -> str:
    """The outcome of a dispute from those of its lines."""
    if all(each == Outcome.UPHELD for each in outcomes):
        return Outcome.UPHELD
    return Outcome.REFUSED if all(each == Outcome.REFUSED for each in outcomes) else Outcome.PARTLY


def number_of(province_code: str, year: int, serial: int) -> str:
    """`TC-01-26-00042`: said aloud on the phone, printed on letters."""
    return f"TC-{province_code}-{year % 100:02d}-{serial:05d}"
